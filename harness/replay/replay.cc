#include "harness/replay/replay.h"

#include <algorithm>
#include <map>
#include <memory>
#include <utility>

#include "harness/graph/commit_names.h"
#include "harness/replay/explain.h"
#include "harness/replay/follow.h"
#include "oracle/answers/recorded_oracle.h"
#include "scenarios/recording/recording_names.h"
#include "sim/base/result.h"

namespace rebisect {
namespace {

/// A search halves; no record of one has as many marks as this. What has more
/// is no bisection, and following it would take time with the square of them.
constexpr std::size_t kMaxMoves = 10000;

std::string EndName(const StepReport& end) {
  switch (end.state) {
    case SessionState::kFound:
      return "culprit";
    case SessionState::kOnlySkipped:
      return "only-skipped";
    case SessionState::kError:
      return end.exit_code == 3 ? "merge-base-bad" : "error";
    case SessionState::kWaiting:
    case SessionState::kTesting:
    case SessionState::kMergeBase:
      break;
  }
  return "unfinished";
}

/// What git prints over several lines, in one.
std::string OneLine(std::string text) {
  while (!text.empty() && text.back() == '\n') text.pop_back();
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text;
}

class Replayer {
 public:
  Replayer(const Recording& recording, RecordedSearch search,
           GraphSource& source, const ReplayOptions& options)
      : recording_(recording),
        search_(std::move(search)),
        source_(source),
        options_(options),
        names_(recording, source),
        commit_of_([this](const std::string& name) { return names_(name); }),
        oracle_(recording, commit_of_),
        input_{recording,  search_, source,
               commit_of_, oracle_, options.policy} {}

  Result<ReplayResult> Run() {
    REBISECT_ASSIGN_OR_RETURN(auto best, ChooseVersion());
    ReplayResult result;
    result.git = best.options;
    result.version_was_chosen = !options_.version;
    result.tried_first = best.options == tried_first_;
    REBISECT_RETURN_IF_ERROR(ExplainByVersions(best));
    CheckReleases(result);
    result.steps = std::move(best.steps);
    result.divergences.insert(result.divergences.end(),
                              best.divergences.begin(), best.divergences.end());
    result.missing = std::move(best.missing);
    result.inexact = best.inexact;
    result.untested = std::move(best.untested);
    result.suspects_left = best.suspects_left;
    result.agrees = result.divergences.empty();
    Conclude(best, result);
    CompareWithNewest(best, result);
    if (options_.search_graph) {
      result.search_graph =
          GraphOfSearch(recording_, search_, StepsOfMoves(result), source_);
    }
    return result;
  }

 private:
  /// A commit-graph changes the order of merge bases from 2.31.0 on.
  static bool CommitGraphMatters(const GitVersion& version) {
    return version >= GitVersion{2, 31, 0, 0};
  }

  Result<const Followed*> Follow(const SearchOptions& candidate) {
    const auto known = followed_.find(candidate);
    if (known != followed_.end()) return &known->second;
    REBISECT_ASSIGN_OR_RETURN(auto followed, FollowRecord(input_, candidate));
    return &followed_.emplace(candidate, std::move(followed)).first->second;
  }

  /// Likeliest first.
  [[nodiscard]] static std::vector<SearchOptions> Candidates() {
    std::vector<SearchOptions> candidates;
    for (const GitVersion& version : GitFamilies()) {
      for (const bool run : {false, true}) {
        if (run && version < kRunIsOneProcess) continue;
        candidates.push_back({version, false, run});
        if (CommitGraphMatters(version)) {
          candidates.push_back({version, true, run});
        }
      }
    }
    return candidates;
  }

  /// Whether another version could follow the record better.
  [[nodiscard]] bool WantsOthers(const Followed& followed) const {
    return !EndsAsRecorded(followed) ||
           std::any_of(followed.divergences.begin(), followed.divergences.end(),
                       [](const Divergence& d) { return !d.explained; });
  }

  /// A policy's verdicts may lead elsewhere, and many records have no end.
  [[nodiscard]] bool EndsAsRecorded(const Followed& followed) const {
    const End& end = recording_.end;
    if (options_.policy != nullptr || end.kind != EndKind::kCulprit) {
      return true;
    }
    return followed.end.culprit &&
           followed.end.culprit == commit_of_(end.culprit);
  }

  [[nodiscard]] bool FitsBetter(const Followed& one,
                                const Followed& other) const {
    return std::make_pair(one.Agreeing(), EndsAsRecorded(one)) >
           std::make_pair(other.Agreeing(), EndsAsRecorded(other));
  }

  Result<Followed> ChooseVersion() {
    if (options_.version) {
      REBISECT_ASSIGN_OR_RETURN(
          const auto followed,
          Follow({*options_.version, options_.commit_graph, options_.run}));
      return *followed;
    }
    const Followed* best = nullptr;
    for (const SearchOptions& candidate : Candidates()) {
      if (options_.commit_graph && !candidate.commit_graph) continue;
      // Before, a run was as many processes as marks one by one.
      if (options_.run && !candidate.run &&
          candidate.version >= kRunIsOneProcess) {
        continue;
      }
      REBISECT_ASSIGN_OR_RETURN(const auto followed, Follow(candidate));
      if (best == nullptr) tried_first_ = candidate;
      if (best == nullptr || FitsBetter(*followed, *best)) {
        best = followed;
      }
      if (!WantsOthers(*best)) break;
    }
    return *best;
  }

  /// By move: the number of the step that it is; 0: none.
  [[nodiscard]] std::vector<std::size_t> StepsOfMoves(
      const ReplayResult& result) const {
    std::vector<std::size_t> steps(search_.moves.size(), 0);
    for (const ReplayStep& step : result.steps) steps[step.move] = step.index;
    return steps;
  }

  /// Why an older family was chosen.
  void CompareWithNewest(const Followed& best, ReplayResult& result) {
    if (!result.version_was_chosen || result.tried_first) return;
    const Followed& newest = followed_.at(tried_first_);
    const std::string why =
        ExplainRules(tried_first_, best.options, TraitsOf(recording_));
    const std::string what =
        newest.Agreeing() < result.steps.size()
            ? " only " + std::to_string(newest.Agreeing()) + " of " +
                  std::to_string(result.steps.size()) + " steps would agree"
            : " the search would end otherwise";
    result.notes.push_back("as " + GitName(tried_first_) + what +
                           (why.empty() ? "" : ": " + why));
  }

  /// A divergence that another version does not have is explained by it.
  Result<void> ExplainByVersions(Followed& best) {
    if (!WantsOthers(best)) return {};
    for (Divergence& divergence : best.divergences) {
      if (divergence.kind != Divergence::Kind::kCommit &&
          divergence.kind != Divergence::Kind::kEnd) {
        continue;
      }
      for (const SearchOptions& candidate : Candidates()) {
        REBISECT_ASSIGN_OR_RETURN(const auto other, Follow(candidate));
        const std::size_t at = divergence.step - 1;
        if (at >= other->steps.size() || !other->steps[at].agrees) {
          continue;
        }
        ExplainBy(candidate, best, divergence);
        break;
      }
    }
    return {};
  }

  void ExplainBy(const SearchOptions& candidate, Followed& best,
                 Divergence& divergence) const {
    divergence.explained = true;
    std::string why =
        "; " + GitNames(candidate) + " proposes the recorded commit";
    const std::string rules =
        ExplainRules(best.options, candidate, TraitsOf(recording_));
    if (!rules.empty()) why += " (" + rules + ')';
    divergence.explanation += why;
    best.steps[divergence.step - 1].explanation += why;
  }

  void CheckReleases(ReplayResult& result) const {
    static const std::unique_ptr<VerdictPolicy> kAnyCrash =
        *MakeVerdictPolicy("any-crash");
    const VerdictPolicy& policy =
        options_.policy != nullptr ? *options_.policy : *kAnyCrash;
    result.releases = CheckReleaseStepping(recording_, policy);
    for (const ReleaseStep& release : result.releases) {
      if (release.agrees) continue;
      result.divergences.push_back(
          {Divergence::Kind::kRelease, 0, release.test->line, false,
           release.test->commit + ": " + release.explanation});
    }
  }

  void Conclude(const Followed& best, ReplayResult& result) {
    const End& end = recording_.end;
    result.recorded.end = std::string(NameOf(end.kind));
    result.recorded.steps = search_.Steps().size();
    result.replayed.end = EndName(best.end);
    result.replayed.steps = best.own_steps;
    if (best.end.culprit) {
      result.replayed.culprit = source_.Label(*best.end.culprit);
    }
    std::optional<CommitId> culprit;
    if (end.kind == EndKind::kCulprit) {
      culprit = commit_of_(end.culprit);
      result.recorded.culprit = culprit ? source_.Label(*culprit) : end.culprit;
    }
    if (!result.untested.empty()) {
      result.outcome = ReplayOutcome::kNeedsUntested;
      result.replayed.end = "needs-untested";
    } else if (end.kind == EndKind::kCulprit) {
      result.outcome = !best.end.culprit ? ReplayOutcome::kDifferentEnd
                       : best.end.culprit == culprit
                           ? ReplayOutcome::kSameCulprit
                           : ReplayOutcome::kDifferentCulprit;
    } else {
      result.outcome = SameEnd(best, result) ? ReplayOutcome::kSameEnd
                                             : ReplayOutcome::kDifferentEnd;
    }
  }

  /// For records that name no culprit.
  bool SameEnd(const Followed& best, ReplayResult& result) {
    const End& end = recording_.end;
    switch (end.kind) {
      case EndKind::kUnfinished:
        if (best.end.state == SessionState::kError) {
          // A log does not say that git refused to go on.
          const std::string& said =
              best.end.errors.empty() ? best.end.output : best.end.errors;
          result.notes.push_back(
              "the marks of the record lead to an error of git: " +
              OneLine(said));
          // A merge base that is bad is an end that git's log has no word for.
          return best.end.exit_code == 3;
        }
        if (best.end.culprit) {
          // Up to 1.8.2 git's log did not say how a search ended.
          result.notes.push_back(
              "the record does not say how it ended; its marks lead to " +
              source_.Label(*best.end.culprit));
        }
        return best.missing.empty();
      case EndKind::kOnlySkippedLeft:
      case EndKind::kInconclusive: {
        if (best.end.state != SessionState::kOnlySkipped) return false;
        if (end.candidates.empty()) return true;
        std::vector<CommitId> recorded;
        for (const std::string& name : end.candidates) {
          const auto id = commit_of_(name);
          if (!id) return false;
          recorded.push_back(*id);
        }
        return SameSet(std::move(recorded), best.end.suspects);
      }
      case EndKind::kMergeBaseBad:
        return best.end.exit_code == 3;
      case EndKind::kStillOnHead:
      case EndKind::kOldestAlreadyBad:
        return search_.moves.empty();
      case EndKind::kError:
      case EndKind::kCulprit:
        break;
    }
    return true;
  }

  static bool SameSet(std::vector<CommitId> a, std::vector<CommitId> b) {
    std::sort(a.begin(), a.end());
    std::sort(b.begin(), b.end());
    return a == b;
  }

  const Recording& recording_;
  RecordedSearch search_;
  GraphSource& source_;
  const ReplayOptions& options_;
  CommitNames names_;
  CommitOf commit_of_;
  RecordedOracle oracle_;
  FollowInput input_;
  std::map<SearchOptions, Followed> followed_;
  SearchOptions tried_first_{};
};

}  // namespace

std::string_view NameOf(Divergence::Kind kind) {
  switch (kind) {
    case Divergence::Kind::kCommit:
      return "commit";
    case Divergence::Kind::kCounts:
      return "counts";
    case Divergence::Kind::kEnd:
      return "end";
    case Divergence::Kind::kMarkedAgain:
      return "marked-again";
    case Divergence::Kind::kOtherMark:
      return "other-mark";
    case Divergence::Kind::kVerdict:
      return "verdict";
    case Divergence::Kind::kRelease:
      return "release";
    case Divergence::Kind::kMissing:
      return "missing";
  }
  return "";
}

std::string_view NameOf(ReplayOutcome outcome) {
  switch (outcome) {
    case ReplayOutcome::kSameCulprit:
      return "same-culprit";
    case ReplayOutcome::kDifferentCulprit:
      return "different-culprit";
    case ReplayOutcome::kSameEnd:
      return "same-end";
    case ReplayOutcome::kDifferentEnd:
      return "different-end";
    case ReplayOutcome::kNeedsUntested:
      return "needs-untested";
  }
  return "";
}

bool ReplayResult::Holds() const {
  const bool same_end = outcome == ReplayOutcome::kSameCulprit ||
                        outcome == ReplayOutcome::kSameEnd;
  return same_end &&
         std::all_of(divergences.begin(), divergences.end(),
                     [](const Divergence& d) { return d.explained; });
}

Result<ReplayResult> ReplayRecording(const Recording& recording,
                                     GraphSource& source,
                                     const ReplayOptions& options) {
  RecordedSearch search = FindSteps(recording);
  if (search.moves.size() > kMaxMoves) {
    return Fail(ErrorCode::kUnsupported,
                "the record has more than " + std::to_string(kMaxMoves) +
                    " marks, so it is no bisection that can be replayed; cut "
                    "it to the search that is meant",
                {recording.file, search.moves[kMaxMoves].line, 0});
  }
  return Replayer(recording, std::move(search), source, options).Run();
}

}  // namespace rebisect
