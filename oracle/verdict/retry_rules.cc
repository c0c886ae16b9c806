#include "oracle/verdict/retry_rules.h"

#include <array>
#include <utility>

#include "oracle/verdict/verdict_runs.h"

namespace rebisect {
namespace {

using Policy = std::unique_ptr<RetryPolicy>;

constexpr std::array kRunsParameter = {ParameterInfo{"n", 10, "how many runs"}};

int ReadRuns(PolicyParameters& params) {
  return params.Int(kRunsParameter.front().name, 1, kMaxRuns);
}

/// The same for every test.
class EvenRetry final : public RetryPolicy {
 public:
  EvenRetry(const RunBudget& budget, std::string name)
      : budget_(budget), name_(std::move(name)) {}

  [[nodiscard]] std::string Name() const override { return name_; }

  [[nodiscard]] RunBudget Runs(const TestPlan&,
                               const VerdictHistory&) const override {
    return budget_;
  }

 private:
  RunBudget budget_;
  std::string name_;
};

/// Twice as many for the first test and, if that `minds_flaky`, for every test
/// once the reproducer is flaky.
class SyzkallerRetry final : public RetryPolicy {
 public:
  SyzkallerRetry(bool minds_flaky, std::string name)
      : minds_flaky_(minds_flaky), name_(std::move(name)) {}

  [[nodiscard]] std::string Name() const override { return name_; }

  [[nodiscard]] RunBudget Runs(const TestPlan& plan,
                               const VerdictHistory& history) const override {
    constexpr int kRuns = 10;
    const bool twice = plan.tests_made == 0 || (minds_flaky_ && history.flaky);
    return {twice ? 2 * kRuns : kRuns, false};
  }

 private:
  bool minds_flaky_;
  std::string name_;
};

class ConfirmLastPolicy final : public RetryPolicy {
 public:
  ConfirmLastPolicy(int n, Policy others, std::string name)
      : n_(n), others_(std::move(others)), name_(std::move(name)) {}

  [[nodiscard]] std::string Name() const override { return name_; }
  [[nodiscard]] bool ConfirmsEnd() const override { return true; }

  [[nodiscard]] RunBudget Runs(const TestPlan& plan,
                               const VerdictHistory& history) const override {
    if (plan.purpose == TestPurpose::kCulprit) return {n_, false};
    return others_->Runs(plan, history);
  }

 private:
  int n_;
  Policy others_;
  std::string name_;
};

Policy MakeRecorded(PolicyParameters&, std::string name, Policy) {
  return std::make_unique<EvenRetry>(RunBudget{}, std::move(name));
}

template <bool kUntilCrash>
Policy MakeEven(PolicyParameters& params, std::string name, Policy) {
  const RunBudget budget{ReadRuns(params), kUntilCrash};
  return std::make_unique<EvenRetry>(budget, std::move(name));
}

template <bool kMindsFlaky>
Policy MakeSyzkallerRetry(PolicyParameters&, std::string name, Policy) {
  return std::make_unique<SyzkallerRetry>(kMindsFlaky, std::move(name));
}

Policy MakeConfirmLast(PolicyParameters& params, std::string name,
                       Policy others) {
  return std::make_unique<ConfirmLastPolicy>(
      ReadRuns(params), std::move(others), std::move(name));
}

}  // namespace

constinit const RetryEntry kRecordedEntry{
    .info = {"recorded", "as many runs as were recorded", {}},
    .make = &MakeRecorded,
};

constinit const RetryEntry kFixedEntry{
    .info = {"fixed", "n runs for every test", kRunsParameter},
    .make = &MakeEven<false>,
    .same_runs = true,
};

constinit const RetryEntry kSyzkaller2020RunsEntry{
    .info = {"syzkaller-2020-11",
             "from 2020-11-17: 20 runs for the first test, 10 for the others, "
             "even if the reproducer is flaky (a bug of that time)",
             {}},
    .make = &MakeSyzkallerRetry<false>,
};

constinit const RetryEntry kSyzkaller2021RunsEntry{
    .info = {"syzkaller-2021",
             "from 2021-02-20: 20 runs for the first test, and for every test "
             "once the reproducer is flaky; else 10",
             {}},
    .make = &MakeSyzkallerRetry<true>,
};

constinit const RetryEntry kUntilBadEntry{
    .info = {"until-bad", "up to n runs; the first crash ends a test",
             kRunsParameter},
    .make = &MakeEven<true>,
};

constinit const RetryEntry kConfirmLastEntry{
    .info = {"confirm-last",
             "before the result is believed, n runs more of the culprit and "
             "its parents; in front of another policy",
             kRunsParameter},
    .make = &MakeConfirmLast,
    .goes_in_front = true,
};

}  // namespace rebisect
