#include "tests/examples/streak_rule.h"

#include <algorithm>
#include <array>
#include <memory>

#include "oracle/verdict/verdict_runs.h"

namespace rebisect::examples {
namespace {

constexpr std::array kStreakParameters = {
    ParameterInfo{"k", 3, "this many crashes in a row make it bad"}};

Result<std::unique_ptr<VerdictPolicy>> MakeStreak(PolicyParameters& params) {
  return std::make_unique<StreakRule>(params.Int("k", 1, kMaxRuns));
}

}  // namespace

std::string StreakRule::Name() const {
  return "streak:k=" + std::to_string(k_);
}

Ruling StreakRule::Decide(const Test& test, const VerdictHistory&) const {
  int longest = 0;
  int streak = 0;
  bool passed = false;
  for (const Run& run : test.runs) {
    streak = run.outcome == RunOutcome::kCrashed ? streak + 1 : 0;
    longest = std::max(longest, streak);
    passed = passed || run.outcome == RunOutcome::kOk;
  }
  Ruling ruling;
  ruling.kind = longest >= k_ ? RulingKind::kBad
                : passed      ? RulingKind::kGood
                              : RulingKind::kSkip;
  ruling.reason = std::to_string(longest) + " crashes in a row; bad needs " +
                  std::to_string(k_);
  ruling.runs_used = static_cast<int>(test.runs.size());
  return ruling;
}

constinit const VerdictEntry kStreakEntry{
    .info = {"streak",
             "bad after k crashes in a row, else good if any run passed, else "
             "skip",
             kStreakParameters},
    .make = &MakeStreak,
};

}  // namespace rebisect::examples
