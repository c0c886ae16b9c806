#include "oracle/diagnosis/hypotheses.h"

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rebisect {
namespace {

enum : std::uint8_t { kFromBad = 1, kFromGood = 2 };

/// What is left of a prior for each build that it says to differ from itself.
constexpr double kSameBuild = 1e-3;
/// However many builds those are: a number that has a logarithm.
constexpr double kMinPrior = 1e-200;

class Maker {
 public:
  Maker(const Evidence& evidence, const SearchSpace& space,
        const ModelPriors& priors)
      : evidence_(evidence), space_(space), priors_(priors) {}

  HypothesisSpace Run() {
    FindTested();
    result_.groups = GroupByTests(*space_.graph, space_.suspects, vertices_);
    Contained();
    HasGood();
    const std::vector<std::string> newer = NewerReleases();
    const double besides =
        priors_.older + priors_.unrelated + (newer.empty() ? 0 : priors_.newer);
    for (const TestedGroup& group : result_.groups) {
      Hypothesis hypothesis;
      hypothesis.commits = group.suspects.size();
      hypothesis.prior = (1 - besides) *
                         static_cast<double>(hypothesis.commits) /
                         static_cast<double>(space_.suspects.size());
      for (std::size_t c = 0; c < evidence_.commits.size(); ++c) {
        hypothesis.presence.push_back(
            Shown(c, space_.tested[c] && group.contained[slot_[c]]));
      }
      if (space_.culprit_parent) {
        const auto [culprit, parent] = *space_.culprit_parent;
        if (group.contained[slot_[culprit]] &&
            !std::binary_search(group.suspects.begin(), group.suspects.end(),
                                *space_.tested[culprit])) {
          hypothesis.presence[parent] = Shown(parent, true);
        }
      }
      result_.hypotheses.push_back(std::move(hypothesis));
    }
    AddOlder();
    AddUnrelated();
    AddNewer();
    CompareBuilds();
    return std::move(result_);
  }

 private:
  /// Commits that the graph lacks have no slot of their own.
  void FindTested() {
    for (std::size_t c = 0; c < evidence_.commits.size(); ++c) {
      slot_.push_back(vertices_.size());
      if (space_.tested[c]) vertices_.push_back(*space_.tested[c]);
    }
  }

  [[nodiscard]] Presence Shown(std::size_t commit, bool contains) const {
    if (!space_.tested[commit]) return Presence::kEither;
    if (evidence_.kind != RecordingKind::kFix) {
      return contains ? Presence::kPresent : Presence::kAbsent;
    }
    if (contains) return Presence::kAbsent;
    return had_it_[commit] ? Presence::kPresent : Presence::kEither;
  }

  void Contained() {
    const std::size_t count = evidence_.commits.size();
    result_.contains.assign(count, std::vector<bool>(count, false));
    const std::vector<TestedGroup> groups =
        GroupByTests(*space_.graph, vertices_, vertices_);
    for (std::size_t j = 0; j < count; ++j) {
      if (!space_.tested[j]) continue;
      for (const TestedGroup& group : groups) {
        if (std::find(group.suspects.begin(), group.suspects.end(),
                      *space_.tested[j]) == group.suspects.end()) {
          continue;
        }
        for (std::size_t i = 0; i < count; ++i) {
          result_.contains[i][j] =
              space_.tested[i] && group.contained[slot_[i]];
        }
      }
    }
  }

  /// Tested commits that contain an end at which the crash was seen.
  void HasGood() {
    had_it_.assign(evidence_.commits.size(), false);
    for (std::size_t j = 0; j < evidence_.commits.size(); ++j) {
      if (!space_.tested[j] ||
          std::find(space_.goods.begin(), space_.goods.end(),
                    *space_.tested[j]) == space_.goods.end()) {
        continue;
      }
      for (std::size_t i = 0; i < evidence_.commits.size(); ++i) {
        if (result_.contains[i][j]) had_it_[i] = true;
      }
    }
  }

  void AddOlder() {
    Hypothesis& hypothesis = result_.hypotheses.emplace_back();
    hypothesis.name = "older";
    hypothesis.prior = priors_.older;
    for (std::size_t c = 0; c < evidence_.commits.size(); ++c) {
      const bool may_lack_it =
          evidence_.kind == RecordingKind::kFix && !had_it_[c];
      hypothesis.presence.push_back(may_lack_it ? Presence::kEither
                                                : Presence::kPresent);
    }
  }

  void AddUnrelated() {
    Hypothesis& hypothesis = result_.hypotheses.emplace_back();
    hypothesis.name = "unrelated";
    hypothesis.prior = priors_.unrelated;
    hypothesis.presence.assign(evidence_.commits.size(), Presence::kApart);
  }

  /// Indices of bad releases, newest first, the order in which they are
  /// stepped over.
  [[nodiscard]] std::vector<std::string> NewerReleases() {
    std::vector<std::string> names;
    if (evidence_.kind == RecordingKind::kFix) return names;
    for (std::size_t c = 0; c < evidence_.commits.size(); ++c) {
      const CommitEvidence& commit = evidence_.commits[c];
      if (commit.purpose == TestPurpose::kRelease &&
          commit.verdict == Verdict::kBad) {
        releases_.push_back(c);
        names.push_back(commit.commit);
      }
    }
    return names;
  }

  /// The bug came after the k-th of them: those before it have it, by chance
  /// or not at all the others.
  void AddNewer() {
    for (std::size_t k = 0; k < releases_.size(); ++k) {
      Hypothesis hypothesis;
      hypothesis.name = "newer";
      hypothesis.prior = priors_.newer / static_cast<double>(releases_.size());
      for (std::size_t c = 0; c < evidence_.commits.size(); ++c) {
        const bool before =
            evidence_.commits[c].purpose == TestPurpose::kStart ||
            std::find(releases_.begin(),
                      releases_.begin() + static_cast<std::ptrdiff_t>(k),
                      c) != releases_.begin() + static_cast<std::ptrdiff_t>(k);
        hypothesis.presence.push_back(before ? Presence::kPresent
                                             : Presence::kAbsent);
      }
      result_.hypotheses.push_back(std::move(hypothesis));
    }
  }

  /// Commits with the same build have the bug all, or none of them.
  void CompareBuilds() {
    std::map<std::string_view, std::vector<std::size_t>> builds;
    for (std::size_t c = 0; c < evidence_.commits.size(); ++c) {
      for (const std::string& signature : evidence_.commits[c].signatures) {
        builds[signature].push_back(c);
      }
    }
    for (Hypothesis& hypothesis : result_.hypotheses) {
      for (const auto& [signature, commits] : builds) {
        if (!Parts(hypothesis, commits)) continue;
        hypothesis.prior = std::max(hypothesis.prior * kSameBuild, kMinPrior);
      }
    }
  }

  static bool Parts(const Hypothesis& hypothesis,
                    const std::vector<std::size_t>& commits) {
    Presence first = Presence::kEither;
    for (const std::size_t c : commits) {
      const Presence presence = hypothesis.presence[c];
      if (presence == Presence::kEither) continue;
      if (first != Presence::kEither && presence != first) return true;
      first = presence;
    }
    return false;
  }

  const Evidence& evidence_;
  const SearchSpace& space_;
  const ModelPriors& priors_;
  HypothesisSpace result_;
  std::vector<Vertex> vertices_;   // of the tested commits, and one more
  std::vector<std::size_t> slot_;  // by commit of the evidence: in vertices_
  std::vector<bool> had_it_;
  std::vector<std::size_t> releases_;
};

}  // namespace

std::vector<Vertex> SuspectsBetween(const CommitGraph& graph, Vertex bad,
                                    const std::vector<Vertex>& goods,
                                    bool first_parent) {
  std::vector<std::uint8_t> from(graph.size(), 0);
  from[bad] = kFromBad;
  for (const Vertex good : goods) from[good] |= kFromGood;
  for (auto v = static_cast<Vertex>(graph.size()); v-- > 0;) {
    const auto parents = graph.Parents(v);
    for (std::size_t i = 0; i < parents.size(); ++i) {
      // What a good commit has is all its ancestors', on whatever way.
      const auto passed = static_cast<std::uint8_t>(
          first_parent && i > 0 ? from[v] & kFromGood : from[v]);
      from[parents[i]] |= passed;
    }
  }
  std::vector<Vertex> suspects;
  for (Vertex v = 0; v < graph.size(); ++v) {
    if (from[v] == kFromBad) suspects.push_back(v);
  }
  return suspects;
}

std::optional<std::pair<std::size_t, std::size_t>> CulpritAndParent(
    const Evidence& evidence, const std::string& culprit) {
  std::optional<std::size_t> found;
  std::optional<std::size_t> last_good;
  const Verdict below = CrashVerdict(evidence.kind, Verdict::kGood);
  for (std::size_t c = 0; c < evidence.commits.size(); ++c) {
    const CommitEvidence& commit = evidence.commits[c];
    if (SameCommit(commit.commit, culprit)) found = c;
    if (commit.step > 0 && commit.verdict == below &&
        (!last_good || commit.step > evidence.commits[*last_good].step)) {
      last_good = c;
    }
  }
  if (!found || !last_good) return std::nullopt;
  return std::make_pair(*found, *last_good);
}

HypothesisSpace MakeHypotheses(const Evidence& evidence,
                               const SearchSpace& space,
                               const ModelPriors& priors) {
  return Maker(evidence, space, priors).Run();
}

std::optional<std::size_t> GroupOf(const HypothesisSpace& space,
                                   Vertex suspect) {
  for (std::size_t g = 0; g < space.groups.size(); ++g) {
    const auto& suspects = space.groups[g].suspects;
    if (std::binary_search(suspects.begin(), suspects.end(), suspect)) {
      return g;
    }
  }
  return std::nullopt;
}

}  // namespace rebisect
