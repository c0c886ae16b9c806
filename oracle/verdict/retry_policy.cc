#include "oracle/verdict/retry_policy.h"

#include <array>
#include <utility>

#include "oracle/verdict/verdict_runs.h"
#include "sim/base/result.h"

namespace rebisect {
namespace {

constexpr std::array kRunsParameter = {
    ParameterInfo{"n", "10", "how many runs"}};

enum PolicyIndex {
  kRecorded,
  kFixed,
  kSyzkaller2020,
  kSyzkaller2021,
  kUntilBad,
  kConfirmLast
};

constexpr std::array kPolicies = {
    PolicyInfo{"recorded", "as many runs as were recorded", {}},
    PolicyInfo{"fixed", "n runs for every test", kRunsParameter},
    PolicyInfo{
        "syzkaller-2020-11",
        "from 2020-11-17: 20 runs for the first test, 10 for the others, "
        "even if the reproducer is flaky (a bug of that time)",
        {}},
    PolicyInfo{"syzkaller-2021",
               "from 2021-02-20: 20 runs for the first test, and for every "
               "test once the reproducer is flaky; else 10",
               {}},
    PolicyInfo{"until-bad", "up to n runs; the first crash ends a test",
               kRunsParameter},
    PolicyInfo{"confirm-last",
               "before the result is believed, n runs more of the culprit and "
               "its parents; in front of another policy",
               kRunsParameter},
};

constexpr int kSyzkallerRuns = 10;

class SimpleRetryPolicy final : public RetryPolicy {
 public:
  SimpleRetryPolicy(PolicyIndex kind, int n, std::string name)
      : kind_(kind), n_(n), name_(std::move(name)) {}

  [[nodiscard]] std::string Name() const override { return name_; }

  [[nodiscard]] RunBudget Runs(const TestPlan& plan,
                               const VerdictHistory& history) const override {
    const bool first = plan.tests_made == 0;
    switch (kind_) {
      case kFixed:
        return {n_, false};
      case kSyzkaller2020:
        return {first ? 2 * kSyzkallerRuns : kSyzkallerRuns, false};
      case kSyzkaller2021:
        return {first || history.flaky ? 2 * kSyzkallerRuns : kSyzkallerRuns,
                false};
      case kUntilBad:
        return {n_, true};
      case kRecorded:
      case kConfirmLast:
        break;
    }
    return {};
  }

 private:
  PolicyIndex kind_;
  int n_;
  std::string name_;
};

class ConfirmLastPolicy final : public RetryPolicy {
 public:
  ConfirmLastPolicy(int n, std::unique_ptr<RetryPolicy> others,
                    std::string name)
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
  std::unique_ptr<RetryPolicy> others_;
  std::string name_;
};

}  // namespace

std::span<const PolicyInfo> RetryPolicies() { return kPolicies; }

Result<std::unique_ptr<RetryPolicy>> MakeRetryPolicy(const PolicyChain& chain) {
  std::unique_ptr<RetryPolicy> simple;
  std::optional<int> confirming_runs;
  for (const PolicySpec& spec : chain) {
    REBISECT_ASSIGN_OR_RETURN(const auto index,
                              FindPolicy(spec, kPolicies, "retry policy"));
    const auto kind = static_cast<PolicyIndex>(index);
    if (simple != nullptr || (kind == kConfirmLast && confirming_runs)) {
      return Fail(ErrorCode::kUsage,
                  "'" + spec.name +
                      "' is one retry policy too many; give one, with "
                      "confirm-last in front of it if need be",
                  spec.where);
    }
    int n = 0;
    if (!kPolicies[index].parameters.empty()) {
      PolicyParameters params(spec, kPolicies[index]);
      n = params.Int("n", 1, kMaxRuns);
      if (params.error()) return tl::unexpected(*params.error());
    }
    if (kind == kConfirmLast) {
      confirming_runs = n;
    } else {
      simple = std::make_unique<SimpleRetryPolicy>(kind, n, ToText({spec}));
    }
  }
  if (simple == nullptr) {
    simple = std::make_unique<SimpleRetryPolicy>(kRecorded, 0, "recorded");
  }
  if (!confirming_runs) return simple;
  return std::make_unique<ConfirmLastPolicy>(*confirming_runs,
                                             std::move(simple), ToText(chain));
}

Result<std::unique_ptr<RetryPolicy>> MakeRetryPolicy(std::string_view text,
                                                     const Position& where) {
  REBISECT_ASSIGN_OR_RETURN(const auto chain, ParsePolicyChain(text, where));
  return MakeRetryPolicy(chain);
}

}  // namespace rebisect
