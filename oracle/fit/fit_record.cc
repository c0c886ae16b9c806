#include "oracle/fit/fit_record.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "scenarios/recording/steps.h"

namespace rebisect {
namespace {

/// A search of more steps halves more than a double can tell apart.
constexpr int kMaxPlaced = 45;
/// What is left of the prior of what the known truth rules out.
constexpr double kRuledOut = 1e-9;

class LineMaker {
 public:
  LineMaker(const Recording& recording, const RecordedSearch& search)
      : recording_(recording), search_(search) {
    record_.name = recording.name;
    record_.evidence = CollectEvidence(recording, search);
  }

  Result<FitRecord> Run() {
    if (search_.bad.empty() || search_.goods.empty()) {
      return Fail(ErrorCode::kInput,
                  std::string("it has no ") +
                      (search_.bad.empty() ? "bad" : "good") + " end",
                  {recording_.file, 0, 0});
    }
    PlaceSteps();
    if (places_.empty()) {
      return Fail(ErrorCode::kInput, "no step of it was good or bad",
                  {recording_.file, 0, 0});
    }
    MakeLine();
    MakeRecordHypotheses();
    UseTruth();
    for (const Hypothesis& hypothesis : record_.hypotheses) {
      if (hypothesis.name == "newer") record_.stepped = true;
    }
    return std::move(record_);
  }

 private:
  [[nodiscard]] Verdict OfGit(const CommitEvidence& commit) const {
    return CrashVerdict(recording_.kind, *commit.verdict);
  }

  /// Steps of a search that was started anew do not count.
  [[nodiscard]] int StepsOfEarlierSearches() const {
    int steps = 0;
    int before = 0;
    for (const Move& move : search_.moves) {
      if (move.kind == MoveKind::kStart) before = steps;
      if (move.kind == MoveKind::kStep) ++steps;
    }
    return before;
  }

  void PlaceSteps() {
    const auto& commits = record_.evidence.commits;
    const int before = StepsOfEarlierSearches();
    std::vector<std::pair<int, std::size_t>> steps;
    for (std::size_t c = 0; c < commits.size(); ++c) {
      if (commits[c].step > before && commits[c].verdict &&
          *commits[c].verdict != Verdict::kSkip && commits[c].Tells()) {
        steps.emplace_back(commits[c].step, c);
      }
    }
    std::sort(steps.begin(), steps.end());
    double low = 0;
    double high = 1;
    for (const auto& [step, c] : steps) {
      if (places_.size() == kMaxPlaced) break;
      const double middle = (low + high) / 2;
      places_.emplace(middle, c);
      (OfGit(commits[c]) == Verdict::kBad ? high : low) = middle;
    }
  }

  void MakeLine() {
    CommitArrays arrays;
    const std::size_t count = places_.size() + 2;
    for (std::size_t i = 0; i < count; ++i) {
      CommitId id;
      id.bytes[0] = static_cast<std::uint8_t>(i + 1);
      arrays.ids.push_back(id);
      arrays.dates.push_back(static_cast<std::int64_t>(i));
      arrays.rows.push_back(static_cast<std::uint32_t>(arrays.parents.size()));
      if (i > 0) arrays.parents.push_back(static_cast<std::uint32_t>(i - 1));
    }
    arrays.rows.push_back(static_cast<std::uint32_t>(arrays.parents.size()));
    auto graph = CommitGraph::Build(std::move(arrays));
    graph_ = *std::move(graph);
    space_.graph = &graph_;
    const Vertex root = 0;
    const auto top = static_cast<Vertex>(count - 1);
    space_.goods = {root};
    const auto& commits = record_.evidence.commits;
    space_.tested.resize(commits.size());
    Vertex next = 1;
    double below = 0;
    widths_.push_back(0);
    for (const auto& [place, c] : places_) {
      space_.tested[c] = next;
      space_.suspects.push_back(next++);
      widths_.push_back(place - below);
      below = place;
    }
    space_.suspects.push_back(top);
    widths_.push_back(1 - below);
    for (std::size_t c = 0; c < commits.size(); ++c) {
      if (!space_.tested[c] && IsEnd(commits[c])) {
        space_.tested[c] = OfGit(commits[c]) == Verdict::kBad ? top : root;
      }
    }
  }

  /// Not a step, and beyond one end of the range or the other.
  [[nodiscard]] bool IsEnd(const CommitEvidence& commit) const {
    if (!commit.verdict || *commit.verdict == Verdict::kSkip) return false;
    switch (commit.purpose) {
      case TestPurpose::kStart:
      case TestPurpose::kHead:
      case TestPurpose::kRelease:
        return true;
      case TestPurpose::kMergeBase:
        return OfGit(commit) == Verdict::kGood;
      case TestPurpose::kConfig:
      case TestPurpose::kStep:
      case TestPurpose::kCulprit:
        return false;
    }
    return false;
  }

  /// On the line a vertex stands for all suspects above the one below it.
  void MakeRecordHypotheses() {
    made_ = MakeHypotheses(record_.evidence, space_, ModelPriors());
    for (std::size_t g = 0; g < made_.groups.size(); ++g) {
      double width = 0;
      for (const Vertex v : made_.groups[g].suspects) width += widths_[v];
      made_.hypotheses[g].prior *=
          width * static_cast<double>(space_.suspects.size()) /
          static_cast<double>(made_.groups[g].suspects.size());
    }
    record_.hypotheses = std::move(made_.hypotheses);
  }

  [[nodiscard]] std::optional<std::size_t> HypothesisOf(
      const std::string& culprit) const {
    const auto& commits = record_.evidence.commits;
    for (std::size_t c = 0; !culprit.empty() && c < commits.size(); ++c) {
      if (space_.tested[c] && SameCommit(commits[c].commit, culprit)) {
        return GroupOf(made_, *space_.tested[c]);
      }
    }
    return std::nullopt;
  }

  void UseTruth() {
    if (!recording_.truth) return;
    const Truth& truth = *recording_.truth;
    const bool wrong = truth.judgement == "wrong";
    if (!wrong && truth.judgement != "right") return;
    if (const auto culprit = HypothesisOf(truth.culprit)) {
      for (std::size_t h = 0; h < record_.hypotheses.size(); ++h) {
        if (h != *culprit) record_.hypotheses[h].prior *= kRuledOut;
      }
      record_.truth_known = true;
    } else if (const auto recorded = HypothesisOf(recording_.end.culprit);
               wrong && recorded) {
      record_.hypotheses[*recorded].prior *= kRuledOut;
      record_.truth_known = true;
    }
  }

  const Recording& recording_;
  const RecordedSearch& search_;
  FitRecord record_;
  std::map<double, std::size_t> places_;  // to commits of the evidence
  CommitGraph graph_;
  SearchSpace space_;
  std::vector<double> widths_;  // by vertex
  HypothesisSpace made_;
};

}  // namespace

Result<FitRecord> MakeFitRecord(const Recording& recording) {
  const RecordedSearch search = FindSteps(recording);
  return LineMaker(recording, search).Run();
}

}  // namespace rebisect
