#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "oracle/verdict/verdict_policy.h"
#include "scenarios/recording/recording.h"
#include "sim/base/result.h"
#include "sim/policies/policy_spec.h"

namespace rebisect {

/// The test that is about to be made.
struct TestPlan {
  TestPurpose purpose = TestPurpose::kStep;
  int tests_made = 0;  ///< before this one, of whatever purpose
};

/// How many runs a test gets.
struct RunBudget {
  /// Nothing: as many as were recorded, or as the oracle likes.
  std::optional<int> runs{};
  /// The first crash ends the test: the runs after it are not made.
  bool until_crash = false;

  friend bool operator==(const RunBudget&, const RunBudget&) = default;
};

/// Decides how often a commit is run, and whether the end is checked. Pure.
class RetryPolicy {
 public:
  virtual ~RetryPolicy() = default;

  /// The text that MakeRetryPolicy() makes the same policy of.
  [[nodiscard]] virtual std::string Name() const = 0;

  [[nodiscard]] virtual RunBudget Runs(const TestPlan& plan,
                                       const VerdictHistory& history) const = 0;

  /// Whether the culprit and its parents are tested again (a new build,
  /// TestPurpose::kCulprit) before the result is believed: the culprit has to
  /// be bad and every parent that is in the range good. When one is not, its
  /// new runs are added to the old ones and the search goes on with the
  /// verdict of all of them.
  [[nodiscard]] virtual bool ConfirmsEnd() const { return false; }
};

/// The policy of a text such as `syzkaller-2021` or
/// `confirm-last:n=20+fixed:n=10` (confirm-last goes in front of the policy of
/// all other tests; `recorded` if none is given).
/// Errors: kUsage, with the place in the text and what there is.
[[nodiscard]] Result<std::unique_ptr<RetryPolicy>> MakeRetryPolicy(
    const PolicyChain& chain);
[[nodiscard]] Result<std::unique_ptr<RetryPolicy>> MakeRetryPolicy(
    std::string_view text, const Position& where = {"policy", 1, 1});

/// Every retry policy that there is (RetryEntries()).
[[nodiscard]] std::span<const PolicyInfo> RetryPolicies();

/// Whether the chain gives every test the same number of runs, all of which are
/// made.
[[nodiscard]] bool GivesSameRuns(const PolicyChain& chain);

}  // namespace rebisect
