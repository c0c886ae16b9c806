#include "tests/examples/streak_rule.h"

#include <algorithm>

namespace rebisect::examples {

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

}  // namespace rebisect::examples
