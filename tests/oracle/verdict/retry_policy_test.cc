#include "oracle/verdict/retry_policy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace rebisect {
namespace {

using ::testing::HasSubstr;

struct Situation {
  TestPurpose purpose = TestPurpose::kStep;
  int tests_made = 1;
  bool flaky = false;
};

/// The number of runs ("all" if not limited), "!" if a crash ends the test.
std::string Runs(const std::string& text, const Situation& now) {
  const auto policy = MakeRetryPolicy(text);
  if (!policy) return FormatError(policy.error());
  VerdictHistory history;
  history.flaky = now.flaky;
  const RunBudget budget =
      (*policy)->Runs({now.purpose, now.tests_made}, history);
  return (budget.runs ? std::to_string(*budget.runs) : "all") +
         (budget.until_crash ? "!" : "");
}

TEST(RetryPolicyTest, HowManyRuns) {
  const Situation first{TestPurpose::kStart, 0, false};
  const Situation step{};
  const Situation flaky{TestPurpose::kStep, 1, true};
  const Situation check{TestPurpose::kCulprit, 9, false};
  const struct {
    const char* text;
    const char* first;
    const char* step;
    const char* flaky;
    const char* check;
  } rows[] = {
      {"recorded", "all", "all", "all", "all"},
      {"fixed", "10", "10", "10", "10"},
      {"fixed:n=3", "3", "3", "3", "3"},
      {"syzkaller-2020-11", "20", "10", "10", "10"},
      {"syzkaller-2021", "20", "10", "20", "10"},
      {"until-bad:n=5", "5!", "5!", "5!", "5!"},
      {"confirm-last:n=30", "all", "all", "all", "30"},
      {"confirm-last+syzkaller-2021", "20", "10", "20", "10"},
      {"confirm-last:n=7+fixed:n=3", "3", "3", "3", "7"},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(Runs(row.text, first), row.first) << row.text;
    EXPECT_EQ(Runs(row.text, step), row.step) << row.text;
    EXPECT_EQ(Runs(row.text, flaky), row.flaky) << row.text;
    EXPECT_EQ(Runs(row.text, check), row.check) << row.text;
    const auto policy = MakeRetryPolicy(row.text);
    EXPECT_EQ((*policy)->Name(), row.text);
    EXPECT_EQ((*policy)->ConfirmsEnd(),
              std::string(row.text).starts_with("confirm-last"));
  }
}

TEST(RetryPolicyTest, ErrorsSayWhereAndWhatThereIs) {
  const struct {
    const char* text;
    int column;
    const char* message;
  } cases[] = {
      {"twice", 1, "choose one of recorded, fixed, syzkaller-2020-11"},
      {"fixed:n=0", 7, "from 1 to 10000"},
      {"recorded:n=1", 10, "it takes none"},
      {"fixed+until-bad", 7, "one retry policy too many"},
      {"fixed+confirm-last", 7, "confirm-last in front"},
      {"confirm-last+confirm-last", 14, "one retry policy too many"},
  };
  for (const auto& one : cases) {
    const auto policy = MakeRetryPolicy(one.text);
    ASSERT_FALSE(policy.has_value()) << one.text;
    EXPECT_EQ(policy.error().where.column, one.column) << one.text;
    EXPECT_THAT(policy.error().message, HasSubstr(one.message));
  }
}

}  // namespace
}  // namespace rebisect
