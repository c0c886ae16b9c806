#include "tests/examples/streak_rule.h"

#include <gtest/gtest.h>

#include <array>

#include "oracle/verdict/verdict_filters.h"

namespace rebisect::examples {
namespace {

/// Runs that crashed (x), passed (.) or did not boot (-).
Test TestOf(const std::string& runs) {
  Test test;
  for (const char run : runs) {
    test.runs.push_back({run == 'x'   ? RunOutcome::kCrashed
                         : run == '.' ? RunOutcome::kOk
                                      : RunOutcome::kBootFailed});
  }
  return test;
}

RulingKind Decided(const std::string& runs) {
  return StreakRule(3).Decide(TestOf(runs), {}).kind;
}

TEST(StreakRule, CountsCrashesInARow) {
  EXPECT_EQ(Decided(".xxx."), RulingKind::kBad);
  EXPECT_EQ(Decided("xx.xx.xx"), RulingKind::kGood);
  EXPECT_EQ(Decided("xx-x"), RulingKind::kSkip);
  EXPECT_EQ(Decided(""), RulingKind::kSkip);
}

TEST(StreakRule, HasANameAndGoesBehindFilters) {
  constexpr std::array kList = {&kSameTitleEntry, &kStreakEntry};
  const auto make = [&](std::string_view text) {
    return MakeVerdictPolicyOf(kList, *ParsePolicyChain(text, {"here", 1, 1}));
  };
  const auto rule = make("same-title+streak:k=2");
  ASSERT_TRUE(rule.has_value());
  EXPECT_EQ((*rule)->Decide(TestOf("xx."), {}).kind, RulingKind::kBad);
  EXPECT_EQ(FormatError(make("streak:n=2").error()),
            "here:1:8: error: verdict policy 'streak' has no parameter 'n'; it "
            "takes k");
}

}  // namespace
}  // namespace rebisect::examples
