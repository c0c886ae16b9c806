#include "harness/search/policy_tester.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "oracle/diagnosis/evidence.h"
#include "oracle/verdict/history_before_search.h"
#include "sim/base/result.h"

namespace rebisect {
namespace {

bool HasCrash(const std::vector<Run>& runs) {
  return std::any_of(runs.begin(), runs.end(), [](const Run& run) {
    return run.outcome == RunOutcome::kCrashed;
  });
}

}  // namespace

bool HasRuns(const Recording& recording) {
  return std::any_of(recording.events.begin(), recording.events.end(),
                     [](const Event& event) {
                       const auto* const test = std::get_if<Test>(&event);
                       return test != nullptr && !test->runs.empty();
                     });
}

/// One test, from the plan to the verdict.
class PolicyTester::Making {
 public:
  Making(PolicyTester& tester, const CommitId& commit, NewRuns* new_runs,
         TestPurpose purpose)
      : tester_(tester), commit_(commit), new_runs_(new_runs) {
    test_.commit = commit.Hex();
    test_.purpose = purpose;
    confirms_ = purpose == TestPurpose::kCulprit;
    if (tester.rules_.retry != nullptr) {
      budget_ =
          tester.rules_.retry->Runs({purpose, tester.tests_made_}, History());
    }
    const auto made = tester.made_.find(commit);
    if (confirms_ && made != tester.made_.end()) {
      // The runs of before count too.
      const TestPurpose now = test_.purpose;
      test_ = made->second;
      test_.purpose = now;
      ExpandRuns();
      if (budget_.runs) *budget_.runs += Count();
    }
  }

  Result<TestedCommit> Run() {
    REBISECT_RETURN_IF_ERROR(Begin());
    if (result_.verdict || result_.needs_runs) return std::move(result_);
    while (Wants() > 0) {
      REBISECT_ASSIGN_OR_RETURN(const auto more, Add(Wants()));
      if (!more) return Lacking(Wants());
    }
    while (true) {
      result_.ruling = tester_.rules_.verdict->Decide(test_, History());
      if (result_.ruling.kind != RulingKind::kMoreRuns) break;
      REBISECT_ASSIGN_OR_RETURN(const auto more, Add(1));
      if (!more) return Lacking(std::max(1, result_.ruling.runs_wanted));
    }
    return Finish();
  }

 private:
  [[nodiscard]] const VerdictHistory& History() const {
    return tester_.history_;
  }
  [[nodiscard]] int Count() const {
    return static_cast<int>(test_.runs.size());
  }

  /// What the record has of it, for the first test of a commit.
  Result<void> Begin() {
    if (Count() > 0) return {};
    const int most = budget_.runs.value_or(0);
    auto answer = tester_.oracle_.Ask({commit_, most});
    if (!answer) {
      if (answer.error().code != ErrorCode::kNeedsUntested) {
        return tl::unexpected(std::move(answer.error()));
      }
      return Untested();
    }
    result_.stated = answer->stated;
    const TestPurpose purpose = test_.purpose;
    test_ = std::move(answer->test);
    if (confirms_) test_.purpose = purpose;
    if (test_.runs.empty()) {
      result_.verdict = answer->stated;
      result_.ruling.reason = "no runs are recorded; the verdict stands";
      result_.ruling.kind = KindOf(*answer->stated);
      return {};
    }
    if (budget_.runs) ExpandRuns();
    if (budget_.runs && Count() > *budget_.runs) {
      test_.runs.resize(static_cast<std::size_t>(*budget_.runs));
    }
    if (budget_.until_crash) {
      const auto crash = std::find_if(
          test_.runs.begin(), test_.runs.end(),
          [](const auto& r) { return r.outcome == RunOutcome::kCrashed; });
      if (crash != test_.runs.end()) {
        test_.runs.erase(crash + 1, test_.runs.end());
      }
    }
    result_.recorded_runs = Count();
    return {};
  }

  Result<void> Untested() {
    result_.is_new = true;
    if (new_runs_ == nullptr) {
      result_.needs_runs = true;
      result_.runs_needed = budget_.runs;
      result_.ruling.kind = RulingKind::kMoreRuns;
      result_.ruling.reason = "the record has no run of this commit";
    } else if (!tester_.has_runs_) {
      const Verdict verdict = new_runs_->Stated(commit_);
      result_.verdict = CrashVerdict(tester_.kind_, verdict);
      result_.ruling.kind = KindOf(*result_.verdict);
    } else if (!budget_.runs) {
      budget_.runs = tester_.rules_.verdict->UsualRuns(History());
    }
    return {};
  }

  [[nodiscard]] RulingKind KindOf(Verdict verdict) const {
    switch (CrashVerdict(tester_.kind_, verdict)) {
      case Verdict::kGood:
        return RulingKind::kGood;
      case Verdict::kBad:
        return RulingKind::kBad;
      case Verdict::kSkip:
        break;
    }
    return RulingKind::kSkip;
  }

  /// "All runs" as this many, for rules that count them one by one.
  void ExpandRuns() {
    if (!test_.runs_alike || test_.runs.size() != 1) return;
    const auto run = test_.runs.front();
    test_.runs.assign(static_cast<std::size_t>(kRunsAlike), run);
    test_.runs_alike = false;
  }

  /// Runs that the retry policy wants beyond those there are.
  [[nodiscard]] int Wants() const {
    if (!budget_.runs) return 0;
    if (budget_.until_crash && HasCrash(test_.runs)) return 0;
    return std::max(0, *budget_.runs - Count());
  }

  /// Up to this many runs more: recorded ones first, of another build if need
  /// be, then new ones. False: there are none.
  Result<bool> Add(int runs) {
    ExpandRuns();
    if (!result_.is_new) {
      for (const bool rebuild : {confirms_, true}) {
        auto answer = tester_.oracle_.Ask({commit_, runs, rebuild});
        if (answer && !answer->test.runs.empty()) {
          Test& more = answer->test;
          if (more.runs_alike) {
            more.runs.resize(
                static_cast<std::size_t>(std::min(runs, kRunsAlike)),
                more.runs.front());
          }
          result_.recorded_runs += static_cast<int>(more.runs.size());
          test_.runs.insert(test_.runs.end(), more.runs.begin(),
                            more.runs.end());
          return true;
        }
        if (!answer && answer.error().code != ErrorCode::kNeedsUntested) {
          return tl::unexpected(std::move(answer.error()));
        }
      }
    }
    if (new_runs_ == nullptr) return false;
    // One at a time: who stops at the first crash wants no more.
    const int each = budget_.until_crash ? 1 : runs;
    for (int i = 0; i < each; ++i) {
      test_.runs.push_back(new_runs_->Next(commit_));
    }
    result_.new_runs += each;
    return true;
  }

  Result<TestedCommit> Lacking(int runs) {
    result_.needs_runs = true;
    result_.runs_needed = runs;
    if (result_.ruling.kind != RulingKind::kMoreRuns) {
      result_.ruling.kind = RulingKind::kMoreRuns;
      result_.ruling.reason =
          "the retry policy wants " + std::to_string(*budget_.runs) +
          " runs; the record has " + std::to_string(Count());
    }
    return std::move(result_);
  }

  Result<TestedCommit> Finish() {
    tester_.rules_.verdict->Learn(test_, result_.ruling, tester_.history_);
    ++tester_.tests_made_;
    result_.verdict = CrashVerdict(tester_.kind_, VerdictOf(result_.ruling));
    if (result_.new_runs > 0 && result_.ruling.runs_used > 0) {
      // A rule that decides run by run would have stopped there.
      const int unseen = std::max(0, Count() - result_.ruling.runs_used);
      result_.new_runs = std::max(0, result_.new_runs - unseen);
    }
    if (tester_.rules_.retry != nullptr && tester_.rules_.retry->ConfirmsEnd())
      tester_.made_[commit_] = std::move(test_);
    return std::move(result_);
  }

  PolicyTester& tester_;
  const CommitId& commit_;
  NewRuns* new_runs_;
  bool confirms_ = false;
  Test test_;
  RunBudget budget_;
  TestedCommit result_;
};

PolicyTester::PolicyTester(const Recording& recording,
                           const CommitOf& commit_of, const Rules& rules)
    : kind_(recording.kind),
      has_runs_(HasRuns(recording)),
      rules_(rules),
      oracle_(recording, commit_of),
      history_(HistoryBeforeSearch(recording, *rules.verdict)) {
  bool before = true;
  for (const Event& event : recording.events) {
    if (std::holds_alternative<Start>(event)) before = false;
    const auto* const test = std::get_if<Test>(&event);
    if (test == nullptr) continue;
    if (before) ++tests_made_;
  }
}

Result<TestedCommit> PolicyTester::Judge(const CommitId& commit,
                                         NewRuns* new_runs,
                                         TestPurpose purpose) {
  if (purpose == TestPurpose::kStep) {
    const auto known = judged_.find(commit);
    if (known != judged_.end()) return known->second;
  }
  std::optional<RecordedOracle> before;
  if (new_runs == nullptr) before = oracle_;
  auto tested = Making(*this, commit, new_runs, purpose).Run();
  if (!tested) return tested;
  if (!tested->verdict) {
    oracle_ = *std::move(before);
    return tested;
  }
  TestedCommit& kept = judged_[commit];
  kept = *tested;
  kept.new_runs = 0;
  kept.is_new = false;
  return tested;
}

}  // namespace rebisect
