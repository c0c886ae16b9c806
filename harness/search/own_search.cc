#include "harness/search/own_search.h"

#include <algorithm>

#include "oracle/diagnosis/hypotheses.h"
#include "sim/base/result.h"

namespace rebisect {
namespace {

/// A search halves; none of a real graph comes near this.
constexpr std::size_t kMaxTests = 1000;

void Count(const TestedCommit& tested, SearchStop& stop) {
  if (tested.new_runs > 0 || tested.is_new) ++stop.new_tests;
  stop.new_runs += static_cast<std::size_t>(tested.new_runs);
}

}  // namespace

OwnSearch::OwnSearch(SearchTree& tree, GraphSource& source, Node& start,
                     Node& at, PolicyTester tester)
    : tree_(&tree),
      source_(&source),
      start_(&start),
      at_(&at),
      tester_(std::move(tester)) {}

Result<SearchTree::Node*> OwnSearch::Mark(const CommitId& commit,
                                          Verdict verdict) {
  REBISECT_ASSIGN_OR_RETURN(const auto next,
                            tree_->Mark(*at_, commit, verdict));
  marks_.emplace_back(commit, verdict);
  at_ = next;
  return at_;
}

Result<SearchStop> OwnSearch::Run(NewRuns* new_runs, const Listener& listener) {
  SearchStop stop;
  for (std::size_t tests = 0; tests < kMaxTests;) {
    const StepReport& report = at_->report();
    if (Testing(report)) {
      ++tests;
      const CommitId commit = *report.next;
      REBISECT_ASSIGN_OR_RETURN(const auto tested,
                                tester_.Judge(commit, new_runs));
      Count(tested, stop);
      if (listener) listener(*at_, commit, tested);
      if (!tested.verdict) {
        stop.kind = StopKind::kLacking;
        stop.lack = Lack{commit, tested.runs_needed, tested.is_new};
        return stop;
      }
      if (tested.ruling.kind == RulingKind::kAbort) {
        stop.kind = StopKind::kAborted;
        return stop;
      }
      REBISECT_RETURN_IF_ERROR(Mark(commit, *tested.verdict));
      continue;
    }
    stop.culprit = report.culprit;
    stop.kind = report.state == SessionState::kFound ? StopKind::kFound
                : report.state == SessionState::kOnlySkipped
                    ? StopKind::kOnlySkipped
                    : StopKind::kError;
    const RetryPolicy* const retry = tester_.rules().retry;
    if (stop.kind != StopKind::kFound || retry == nullptr ||
        !retry->ConfirmsEnd()) {
      return stop;
    }
    REBISECT_ASSIGN_OR_RETURN(const auto holds,
                              Confirm(new_runs, listener, stop));
    if (holds || stop.kind != StopKind::kFound) return stop;
  }
  stop.kind = StopKind::kTooLong;
  stop.culprit.reset();
  return stop;
}

std::vector<std::pair<CommitId, Verdict>> OwnSearch::DecisiveCommits() const {
  std::vector<std::pair<CommitId, Verdict>> carriers;
  if (!at_->report().culprit) return carriers;
  const CommitId& culprit = *at_->report().culprit;
  carriers.emplace_back(culprit, Verdict::kBad);
  const std::vector<CommitId> range = tree_->SuspectsAt(*start_);
  const CommitGraph& graph = source_->graph();
  const auto v = graph.Find(culprit);
  if (!v) return carriers;
  for (const Vertex parent : graph.Parents(*v)) {
    const CommitId& id = graph.Id(parent);
    if (std::find(range.begin(), range.end(), id) != range.end()) {
      carriers.emplace_back(id, Verdict::kGood);
    }
  }
  return carriers;
}

/// Where the search is if this commit has that verdict instead of its own.
Result<SearchTree::Node*> OwnSearch::Without(const CommitId& commit,
                                             Verdict verdict) {
  Node* node = start_;
  bool marked = false;
  for (const auto& [known, old] : marks_) {
    const bool this_one = known == commit;
    marked = marked || this_one;
    auto next = tree_->Mark(*node, known, this_one ? verdict : old);
    if (!next) return next;
    node = *next;
  }
  return marked ? Result<Node*>(node) : tree_->Mark(*node, commit, verdict);
}

/// True: the end holds, or the search stops for the reason in `stop`.
Result<bool> OwnSearch::Confirm(NewRuns* new_runs, const Listener& listener,
                                SearchStop& stop) {
  for (const auto& carrier : DecisiveCommits()) {
    const CommitId& commit = carrier.first;
    if (!confirmed_.insert(commit).second) continue;
    REBISECT_ASSIGN_OR_RETURN(
        const auto tested,
        tester_.Judge(commit, new_runs, TestPurpose::kCulprit));
    Count(tested, stop);
    if (listener) listener(*at_, commit, tested);
    if (!tested.verdict) {
      confirmed_.erase(commit);
      stop.kind = StopKind::kLacking;
      stop.confirming = true;
      stop.lack = Lack{commit, tested.runs_needed, tested.is_new};
      return true;
    }
    if (tested.ruling.kind == RulingKind::kAbort) {
      stop.kind = StopKind::kAborted;
      return true;
    }
    if (*tested.verdict == carrier.second) continue;
    REBISECT_ASSIGN_OR_RETURN(const auto other,
                              Without(commit, *tested.verdict));
    const auto mark =
        std::find_if(marks_.begin(), marks_.end(),
                     [&](const auto& m) { return m.first == commit; });
    if (mark != marks_.end()) {
      mark->second = *tested.verdict;
    } else {
      marks_.emplace_back(commit, *tested.verdict);
    }
    at_ = other;
    return false;
  }
  return true;
}

Result<std::vector<CommitId>> OwnSearch::UnconfirmedSuspects() {
  std::set<CommitId> possible;
  if (at_->report().culprit) possible.insert(*at_->report().culprit);
  for (const auto& [commit, wanted] : DecisiveCommits()) {
    REBISECT_ASSIGN_OR_RETURN(
        const auto other,
        Without(commit,
                wanted == Verdict::kBad ? Verdict::kGood : Verdict::kBad));
    const std::vector<CommitId> left = tree_->SuspectsAt(*other);
    possible.insert(left.begin(), left.end());
  }
  std::vector<CommitId> suspects(possible.begin(), possible.end());
  const CommitGraph& graph = source_->graph();
  std::sort(suspects.begin(), suspects.end(),
            [&](const CommitId& a, const CommitId& b) {
              return graph.Find(a) < graph.Find(b);
            });
  return suspects;
}

}  // namespace rebisect
