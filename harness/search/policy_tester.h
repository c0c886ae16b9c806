#pragma once

#include <map>
#include <optional>
#include <string>

#include "oracle/answers/recorded_oracle.h"
#include "oracle/diagnosis/posterior_world.h"
#include "oracle/verdict/retry_policy.h"
#include "oracle/verdict/verdict_policy.h"
#include "scenarios/recording/recording.h"
#include "sim/base/result.h"
#include "sim/graph/commit_id.h"

namespace rebisect {

/// Whether a policy has anything to judge.
[[nodiscard]] bool HasRuns(const Recording& recording);

/// Where runs come from that no record has. Absent: nowhere.
class NewRuns {
 public:
  virtual ~NewRuns() = default;
  /// The next run of the commit.
  [[nodiscard]] virtual Run Next(const CommitId& commit) = 0;
  /// For a record without runs: the crash's side of a verdict.
  [[nodiscard]] virtual Verdict Stated(const CommitId& commit) = 0;
};

/// What came of testing one commit.
struct TestedCommit {
  Ruling ruling{};  ///< the crash's side
  /// Git's side. Absent: the record does not hold what is asked for.
  std::optional<Verdict> verdict{};
  /// Without a verdict: how many runs more; absent: as many as one likes.
  std::optional<int> runs_needed{};
  bool needs_runs = false;          ///< why there is no verdict
  std::optional<Verdict> stated{};  ///< git's side, what the record says
  int recorded_runs = 0;
  int new_runs = 0;     ///< those that were looked at
  bool is_new = false;  ///< the record has nothing of it
};

/// Tests commits for one search as a retry policy says, with the runs of a
/// record first and then with new ones, and lets a verdict policy judge them.
/// A value: a copy goes on by itself.
class PolicyTester {
 public:
  struct Rules {
    const VerdictPolicy* verdict = nullptr;
    /// Null: recorded commits as recorded; others 10 runs, and 20 for
    /// syzkaller's rules once the reproducer is flaky.
    const RetryPolicy* retry = nullptr;
  };

  /// All borrowed. What was tested before the search is learned at once.
  PolicyTester(const Recording& recording, const CommitOf& commit_of,
               const Rules& rules);

  /// A step that was judged before has the verdict it had. When the record
  /// lacks runs, nothing has happened: ask again with new ones.
  /// Errors: those of the record's oracle but kNeedsUntested.
  [[nodiscard]] Result<TestedCommit> Judge(
      const CommitId& commit, NewRuns* new_runs,
      TestPurpose purpose = TestPurpose::kStep);

  [[nodiscard]] const Rules& rules() const { return rules_; }

 private:
  class Making;

  RecordingKind kind_;
  bool has_runs_ = false;
  Rules rules_;
  RecordedOracle oracle_;
  VerdictHistory history_;
  int tests_made_ = 0;
  std::map<CommitId, TestedCommit> judged_;
  std::map<CommitId, Test> made_;  ///< for tests that are added to later
};

}  // namespace rebisect
