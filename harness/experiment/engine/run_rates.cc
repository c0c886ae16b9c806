// Verdicts that are no more than a number of draws.

#include <vector>

#include "harness/experiment/engine/experiment_layout.h"

namespace rebisect {
namespace {

bool IsPlain(const RunNoise& noise) {
  const NoiseModel& model = noise.model;
  return !noise.crash.concentration && !model.false_crash.concentration &&
         model.infra_rate == 0 && model.boot_failure_rate == 0 &&
         model.test_failure_rate == 0 && model.bad_machine.share == 0 &&
         model.bad_build.share == 0 && model.bad_commit.share == 0;
}

/// Good or bad; anything else is nothing.
std::optional<bool> IsBad(const VerdictPolicy& policy, int crashes, int runs) {
  Test test;
  for (int i = 0; i < runs; ++i) {
    Run run;
    run.outcome = i < crashes ? RunOutcome::kCrashed : RunOutcome::kOk;
    test.runs.push_back(run);
  }
  const Ruling ruling = policy.Decide(test, {});
  if (ruling.kind == RulingKind::kBad) return true;
  if (ruling.kind == RulingKind::kGood) return false;
  return std::nullopt;
}

/// The chance that this many runs or more crash.
double ChanceOf(int runs, int at_least, double rate) {
  std::vector<double> chance(static_cast<std::size_t>(runs) + 1, 0);
  chance[0] = 1;
  for (int run = 0; run < runs; ++run) {
    for (auto crashes = static_cast<std::size_t>(run) + 1; crashes > 0;
         --crashes) {
      chance[crashes] =
          chance[crashes] * (1 - rate) + chance[crashes - 1] * rate;
    }
    chance[0] *= 1 - rate;
  }
  double sum = 0;
  for (auto crashes = static_cast<std::size_t>(at_least);
       crashes < chance.size(); ++crashes) {
    sum += chance[crashes];
  }
  return sum;
}

}  // namespace

std::optional<RunRates> RatesOf(const RunNoise& noise, const PolicyChain& retry,
                                const PolicyChain& verdict,
                                const RetryPolicy& retry_policy,
                                const VerdictPolicy& policy) {
  if (!GivesSameRuns(retry) || !IsPlain(noise) || !CountsCrashes(verdict)) {
    return std::nullopt;
  }
  const int runs = retry_policy.Runs({}, {}).runs.value_or(0);
  if (runs < 1 || runs > kMaxDrawnRuns) return std::nullopt;
  std::optional<int> bad_from;
  for (int crashes = 0; crashes <= runs; ++crashes) {
    const auto bad = IsBad(policy, crashes, runs);
    if (!bad || (!*bad && bad_from)) return std::nullopt;
    if (*bad && !bad_from) bad_from = crashes;
  }
  if (!bad_from || *bad_from == 0) return std::nullopt;
  return RunRates{runs, *bad_from, noise.crash.mean,
                  noise.model.false_crash.mean};
}

VerdictErrors ErrorsOf(const RunRates& rates) {
  return {ChanceOf(rates.runs, rates.bad_from, rates.false_crash),
          1 - ChanceOf(rates.runs, rates.bad_from, rates.crash)};
}

}  // namespace rebisect
