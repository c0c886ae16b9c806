#include "tests/examples/streak_rule.h"

#include <gtest/gtest.h>

namespace rebisect::examples {
namespace {

/// The rule's verdict on runs that crashed (x), passed (.) or did not boot (-).
RulingKind Decided(const std::string& runs) {
  Test test;
  for (const char run : runs) {
    test.runs.push_back({run == 'x'   ? RunOutcome::kCrashed
                         : run == '.' ? RunOutcome::kOk
                                      : RunOutcome::kBootFailed});
  }
  return StreakRule(3).Decide(test, {}).kind;
}

TEST(StreakRule, CountsCrashesInARow) {
  EXPECT_EQ(Decided(".xxx."), RulingKind::kBad);
  EXPECT_EQ(Decided("xx.xx.xx"), RulingKind::kGood);
  EXPECT_EQ(Decided("xx-x"), RulingKind::kSkip);
  EXPECT_EQ(Decided(""), RulingKind::kSkip);
}

}  // namespace
}  // namespace rebisect::examples
