// Each rule against its written text, in tables.
#include "oracle/verdict/verdict_policy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace rebisect {
namespace {

using ::testing::HasSubstr;

constexpr const char* kTitle = "WARNING in foo";

/// How many runs ended in which way.
struct Ran {
  int crashed = 0;
  int ok = 0;
  int infra = 0;
  int boot = 0;
};

rebisect::Test TestOf(const Ran& ran,
                      TestPurpose purpose = TestPurpose::kStep) {
  rebisect::Test test;
  test.commit = "c";
  test.purpose = purpose;
  const auto add = [&](int count, RunOutcome outcome, const char* title) {
    test.runs.insert(test.runs.end(), static_cast<std::size_t>(count),
                     rebisect::Run{outcome, title, {}});
  };
  add(ran.crashed, RunOutcome::kCrashed, kTitle);
  add(ran.ok, RunOutcome::kOk, "");
  add(ran.infra, RunOutcome::kInfra, "no machine");
  add(ran.boot, RunOutcome::kBootFailed, "no boot");
  return test;
}

rebisect::Test Alike(RunOutcome outcome, const char* title = "",
                     TestPurpose purpose = TestPurpose::kStep) {
  rebisect::Test test;
  test.commit = "c";
  test.purpose = purpose;
  test.runs = {{outcome, title, {}}};
  test.runs_alike = true;
  return test;
}

std::unique_ptr<VerdictPolicy> Policy(const std::string& text) {
  auto policy = MakeVerdictPolicy(text);
  EXPECT_TRUE(policy.has_value()) << FormatError(policy.error());
  return *std::move(policy);
}

/// "kind used", and "+wanted" for more runs.
std::string Say(const VerdictPolicy& policy, const rebisect::Test& test,
                const VerdictHistory& history = {}) {
  const Ruling ruling = policy.Decide(test, history);
  EXPECT_FALSE(ruling.reason.empty());
  std::string said(ToString(ruling.kind));
  if (ruling.runs_wanted > 0) said += '+' + std::to_string(ruling.runs_wanted);
  return said;
}

struct Row {
  Ran ran;
  const char* said;
};

void Check(const std::string& name, const std::vector<Row>& rows,
           const VerdictHistory& history = {}) {
  const auto policy = Policy(name);
  for (const auto& [ran, said] : rows) {
    EXPECT_EQ(Say(*policy, TestOf(ran), history), said)
        << name << ": " << ran.crashed << " crashed, " << ran.ok << " ok, "
        << ran.infra << " infra, " << ran.boot << " boot";
  }
}

TEST(VerdictPolicyTest, AnyCrash) {
  Check("any-crash", {{{1, 9}, "bad"},
                      {{0, 1, 9}, "good"},
                      {{0, 0, 5, 5}, "skip"},
                      {{}, "skip"}});
}

TEST(VerdictPolicyTest, Syzkaller2018) {
  // 10 div 3 * 2 = 6, 8 div 3 * 2 = 4, 20 div 3 * 2 = 12.
  Check("syzkaller-2018", {{{1, 9}, "bad"},
                           {{1, 0, 9}, "bad"},
                           {{0, 4, 6}, "good"},
                           {{0, 3, 3, 4}, "skip"},
                           {{0, 4, 0, 4}, "good"},
                           {{0, 3, 0, 5}, "skip"},
                           {{0, 8, 12}, "good"},
                           {{0, 7, 13}, "skip"},
                           {{0, 0, 0, 10}, "skip"}});
}

TEST(VerdictPolicyTest, SyzkallerMay2023AbortsOnInfrastructure) {
  Check("syzkaller-2023-05", {{{1, 9}, "bad"},
                              {{1, 4, 5}, "bad"},
                              {{1, 3, 6}, "abort"},
                              {{0, 5, 5}, "good"},
                              {{0, 4, 6}, "abort"},
                              {{0, 4, 5, 1}, "good"},
                              {{0, 3, 5, 2}, "skip"}});
}

TEST(VerdictPolicyTest, SyzkallerJune2023WantsMoreThanHalfToPass) {
  Check("syzkaller-2023-06", {{{1, 0, 0, 9}, "bad"},
                              {{0, 6, 4}, "good"},
                              {{0, 5, 5}, "skip"},
                              {{0, 5, 0, 4}, "good"},
                              {{0, 4, 0, 4}, "skip"}});
}

TEST(VerdictPolicyTest, Syzkaller2023) {
  Check("syzkaller-2023", {{{0, 5, 5}, "good"},
                           {{0, 4, 6}, "abort"},
                           {{0, 4, 3, 3}, "skip"},
                           {{0, 4, 4, 2}, "abort"},
                           {{1, 4, 5}, "bad"},
                           {{1, 9}, "bad"},
                           {{1, 3, 3, 3}, "skip"},
                           {{1, 3, 6}, "abort"},
                           {{0, 0, 0, 1}, "skip"},
                           {{0, 0, 1}, "abort"}});
  VerdictHistory flaky;
  flaky.flaky = true;
  Check("syzkaller-2023",
        {{{0, 15, 0, 5}, "good"},
         {{0, 14, 0, 6}, "skip"},
         {{0, 7, 0, 3}, "good"},
         {{0, 6, 4}, "abort"},
         {{1, 4, 0, 5}, "bad"}},
        flaky);
}

TEST(VerdictPolicyTest, Syzkaller2024WantsMoreThanOneCrash) {
  // (20 - 0) div 6 = 3, (20 - 3) div 6 = 2.
  Check("syzkaller-2024", {{{1, 9}, "skip"},
                           {{2, 8}, "bad"},
                           {{2, 18}, "skip"},
                           {{3, 17}, "bad"},
                           {{2, 15, 3}, "bad"},
                           {{2, 3, 0, 5}, "bad"},
                           {{2, 2, 0, 6}, "skip"},
                           {{2, 2, 6}, "abort"},
                           {{1, 3, 6}, "abort"},
                           {{0, 5, 0, 5}, "good"}});
}

TEST(VerdictPolicyTest, AFailureOfTheToolsCountsAsInfrastructure) {
  rebisect::Test test = TestOf({0, 4});
  test.runs.resize(10, rebisect::Run{RunOutcome::kFailed, "lost", {}});
  EXPECT_EQ(Say(*Policy("syzkaller-2023-05"), test), "abort");
}

TEST(VerdictPolicyTest, TheReasonHasTheRuleAndItsCounts) {
  EXPECT_EQ(Policy("threshold:k=2")->Decide(TestOf({1, 9}), {}).reason,
            "1 of 10 runs crashed, 9 passed; bad needs 2");
  EXPECT_THAT(
      Policy("syzkaller-2024")->Decide(TestOf({1, 9}), {}).reason,
      HasSubstr("bad needs 2 that crashed and 5 that crashed or passed"));
  EXPECT_EQ(Policy("threshold:k=2")->Decide(Alike(RunOutcome::kOk), {}).reason,
            "0 of 10 runs crashed, 10 passed (\"all runs\" taken as 10); bad "
            "needs 2");
}

TEST(VerdictPolicyTest, SyzkallerFlagsAFlakyReproducerForGood) {
  for (const char* const name : {"syzkaller-2018", "syzkaller-2024"}) {
    const auto policy = Policy(name);
    VerdictHistory history;
    const auto learn = [&](const Ran& ran) {
      const rebisect::Test test = TestOf(ran);
      policy->Learn(test, policy->Decide(test, history), history);
      return history.flaky;
    };
    EXPECT_FALSE(learn({0, 10}));
    EXPECT_FALSE(learn({10, 0}));
    EXPECT_FALSE(learn({5, 5})) << "half is not flaky";
    EXPECT_TRUE(learn({4, 6})) << name;
    EXPECT_TRUE(learn({10, 0})) << "it stays";
  }
}

TEST(VerdictPolicyTest, Since2023OnlyABadVerdictMakesFlaky) {
  const rebisect::Test test = TestOf({1, 9});
  for (const auto& [name, flaky] :
       {std::pair{"syzkaller-2018", true}, std::pair{"syzkaller-2023", true},
        std::pair{"syzkaller-2024", false}}) {
    const auto policy = Policy(name);
    VerdictHistory history;
    policy->Learn(test, policy->Decide(test, history), history);
    EXPECT_EQ(history.flaky, flaky) << name;
  }
}

TEST(VerdictPolicyTest, SyzkallersConfidence) {
  const auto policy = Policy("syzkaller-2023");
  VerdictHistory history;
  const auto learn = [&](const Ran& ran, TestPurpose purpose) {
    const rebisect::Test test = TestOf(ran, purpose);
    const Ruling ruling = policy->Decide(test, history);
    policy->Learn(test, ruling, history);
    return ruling;
  };
  EXPECT_FALSE(learn({0, 10}, TestPurpose::kStep).confidence.has_value())
      << "no start commit yet";
  learn({10, 10}, TestPurpose::kStart);
  EXPECT_DOUBLE_EQ(*history.crash_chance, 0.5);
  learn({1, 4, 0, 5}, TestPurpose::kRelease);
  EXPECT_DOUBLE_EQ(*history.crash_chance, 0.5) << "no step of the search";
  learn({10, 0}, TestPurpose::kStep);
  EXPECT_DOUBLE_EQ(*history.crash_chance, 0.5) << "never raised";
  learn({2, 6, 0, 2}, TestPurpose::kStep);
  EXPECT_DOUBLE_EQ(*history.crash_chance, 0.375);
  const Ruling good = learn({0, 8, 0, 2}, TestPurpose::kStep);
  const double right =
      1 - 0.625 * 0.625 * 0.625 * 0.625 * 0.625 * 0.625 * 0.625 * 0.625;
  EXPECT_NEAR(*good.confidence, right, 1e-15);
  EXPECT_NEAR(history.confidence, right, 1e-15);
  learn({0, 8, 0, 2}, TestPurpose::kRelease);
  EXPECT_NEAR(history.confidence, right, 1e-15) << "no step of the search";
  learn({0, 8, 0, 2}, TestPurpose::kStep);
  EXPECT_NEAR(history.confidence, right * right, 1e-15);
}

TEST(VerdictPolicyTest, AllRunsStandForTwiceAsManyOnTheStartCommit) {
  const auto policy = Policy("syzkaller-2023");
  EXPECT_EQ(policy->Decide(Alike(RunOutcome::kOk), {}).runs_used, 10);
  EXPECT_EQ(policy->Decide(Alike(RunOutcome::kOk, "", TestPurpose::kStart), {})
                .runs_used,
            20);
  VerdictHistory flaky;
  flaky.flaky = true;
  EXPECT_EQ(policy->Decide(Alike(RunOutcome::kOk), flaky).runs_used, 20);
  EXPECT_EQ(Policy("syzkaller-2023:alike=3")
                ->Decide(Alike(RunOutcome::kOk), {})
                .runs_used,
            3);
}

TEST(VerdictPolicyTest, CrashesOfTheMachineryAreIgnoredSince2023) {
  rebisect::Test test = TestOf({0, 5});
  test.runs.push_back({RunOutcome::kCrashed, "SYZFATAL: no fork", {}});
  test.runs.push_back(
      {RunOutcome::kCrashed, "lost connection to test machine", {}});
  VerdictHistory history;
  const auto policy = Policy("syzkaller-2023");
  EXPECT_EQ(Say(*policy, test, history), "bad") << "the original is unknown";
  history.original_titles = {kTitle};
  EXPECT_EQ(Say(*policy, test, history), "good");
  EXPECT_EQ(Say(*Policy("syzkaller-2023-06"), test, history), "bad");
  history.original_titles = {kTitle, "lost connection to test machine"};
  EXPECT_EQ(Say(*policy, test, history), "bad");
}

TEST(VerdictPolicyTest, ThresholdDecidesAsSoonAsItCan) {
  Check("threshold", {{{2, 0}, "bad"},
                      {{1, 3}, "more-runs+6"},
                      {{1, 9}, "good"},
                      {{0, 9}, "good"},
                      {{0, 8}, "more-runs+2"},
                      {{0, 4, 6}, "skip"},
                      {{1, 4, 5}, "good"},
                      {{0, 10, 0, 10}, "good"}});
  Check("threshold:k=1:n=0", {{{1, 0}, "bad"}, {{0, 1}, "good"}});
  Check("threshold:k=3:n=3", {{{1, 2}, "good"}, {{3, 0}, "bad"}});
}

TEST(VerdictPolicyTest, Majority) {
  Check("majority", {{{6, 4}, "bad"},
                     {{4, 6}, "good"},
                     {{5, 5}, "skip"},
                     {{3, 1, 6}, "skip"},
                     {{3, 2, 5}, "bad"}});
  Check("majority:n=5", {{{3, 0}, "bad"},
                         {{2, 0}, "more-runs+3"},
                         {{2, 3}, "good"},
                         {{2, 3, 0, 9}, "good"}});
}

TEST(VerdictPolicyTest, SprtStopsWhereWaldsLimitsSay) {
  // Limits 19 and 1/19; a crash brings 50, a pass 50/99: one crash decides,
  // and five passes do (0.505^4 = 0.065, 0.505^5 = 0.033).
  Check("sprt", {{{1, 0}, "bad"},
                 {{0, 4}, "more-runs+16"},
                 {{0, 5}, "good"},
                 {{0, 0, 20}, "skip"}});
  EXPECT_EQ(Policy("sprt")->Decide(TestOf({0, 10}), {}).runs_used, 5);
  // With p0 = 0.2 and p1 = 0.4 it takes five crashes: 2^4 = 16, 2^5 = 32.
  Check("sprt:p0=0.2:p1=0.4", {{{4, 0}, "more-runs+16"},
                               {{5, 0}, "bad"},
                               {{0, 10}, "more-runs+10"},
                               {{0, 11}, "good"}});
}

TEST(VerdictPolicyTest, UntilConfidentHasThePosteriorOfBetaRates) {
  // k passes: present 1 / (k + 1), absent nearly 1.
  Check("until-confident", {{{0, 10}, "more-runs+10"},
                            {{0, 20}, "good"},
                            {{1, 0}, "bad"},
                            {{0, 0, 0, 20}, "skip"}});
  const Ruling one =
      Policy("until-confident:c=0.6:b0=9:a0=1")->Decide(TestOf({1, 0}), {});
  EXPECT_EQ(one.kind, RulingKind::kBad);
  EXPECT_NEAR(*one.confidence, 0.5 / (0.5 + 0.1), 1e-12);
  const Ruling two =
      Policy("until-confident:c=0.7:b0=9:a0=1")->Decide(TestOf({0, 2}), {});
  // Passes: 1/2 * 2/3 against 9/10 * 10/11.
  EXPECT_EQ(two.kind, RulingKind::kGood);
  EXPECT_NEAR(*two.confidence, (9. / 11) / (9. / 11 + 1. / 3), 1e-12);
}

TEST(VerdictPolicyTest, TitleFilters) {
  rebisect::Test start = TestOf({2, 8}, TestPurpose::kStart);
  rebisect::Test release = TestOf({1, 9}, TestPurpose::kRelease);
  release.runs[0].title = "WARNING in bar";
  rebisect::Test family = TestOf({1, 9});
  family.runs[0].title = "WARNING in __foo (2)";
  rebisect::Test related = TestOf({1, 9});
  related.runs[0].title = "WARNING in bar";
  rebisect::Test other = TestOf({1, 9});
  other.runs[0].title = "INFO: task hung";
  for (const auto& [name, said] : {std::pair{"same-title", "good good good"},
                                   std::pair{"same-family", "bad good good"},
                                   std::pair{"related", "good bad good"}}) {
    const auto policy = Policy(name);
    VerdictHistory history;
    for (const rebisect::Test* test : {&start, &release}) {
      policy->Learn(*test, policy->Decide(*test, history), history);
    }
    EXPECT_EQ(Say(*policy, family, history) + ' ' +
                  Say(*policy, related, history) + ' ' +
                  Say(*policy, other, history),
              said)
        << name;
    EXPECT_EQ(Say(*policy, TestOf({1, 0}), history), "bad");
  }
}

TEST(VerdictPolicyTest, AnotherTitleIsUnusableUnlessItIsOk) {
  rebisect::Test test = TestOf({10, 0});
  VerdictHistory history;
  history.original_titles = {"WARNING in bar"};
  EXPECT_EQ(Say(*Policy("same-title"), test, history), "skip");
  EXPECT_EQ(Say(*Policy("same-title:other=ok"), test, history), "good");
  EXPECT_THAT(Policy("same-title")->Decide(test, history).reason,
              HasSubstr("10 crashes with another title count as unusable"));
  EXPECT_EQ(Say(*Policy("same-title"), test, {}), "bad");
  EXPECT_THAT(Policy("same-title")->Decide(test, {}).reason,
              HasSubstr("not known"));
  EXPECT_EQ(Say(*Policy("same-title:other=ok+syzkaller-2024"), test, history),
            "good");
}

TEST(VerdictPolicyTest, TheFlakyFlagSeesWhatTheFilterLeaves) {
  const auto policy = Policy("same-title+syzkaller-2018");
  VerdictHistory history;
  history.original_titles = {"WARNING in bar"};
  const rebisect::Test test = TestOf({1, 9});
  policy->Learn(test, policy->Decide(test, history), history);
  EXPECT_FALSE(history.flaky);
}

TEST(VerdictPolicyTest, AnEqualBuildTakesTheVerdict) {
  const auto policy = Policy("signature+any-crash");
  VerdictHistory history;
  rebisect::Test first = TestOf({10, 0});
  first.commit = "first";
  first.signature = "abc";
  policy->Learn(first, policy->Decide(first, history), history);
  rebisect::Test second = TestOf({0, 10});
  second.commit = "second";
  EXPECT_EQ(Say(*policy, second, history), "good") << "no signature";
  second.signature = "abd";
  EXPECT_EQ(Say(*policy, second, history), "good");
  second.signature = "abc";
  const Ruling taken = policy->Decide(second, history);
  EXPECT_EQ(taken.kind, RulingKind::kBad);
  EXPECT_EQ(taken.runs_used, 0);
  EXPECT_THAT(taken.reason, HasSubstr("first"));
  second.commit = "first";
  EXPECT_EQ(Say(*policy, second, history), "good") << "a retest is run";
}

TEST(VerdictPolicyTest, WhatWasNotRunIsASkipForEveryPolicy) {
  for (const std::string_view name : VerdictPolicyNames()) {
    const auto policy = Policy(std::string(name));
    EXPECT_EQ(Say(*policy, TestOf({})), "skip") << name;
    EXPECT_EQ(Say(*policy, Alike(RunOutcome::kBuildFailed)), "skip") << name;
  }
}

TEST(VerdictPolicyTest, NamesReadBack) {
  ASSERT_FALSE(VerdictPolicyNames().empty());
  for (const std::string_view name : VerdictPolicyNames()) {
    EXPECT_EQ(Policy(std::string(name))->Name(), name);
  }
  EXPECT_EQ(Policy("same-family+threshold:n=8:k=3")->Name(),
            "same-family+threshold:k=3:n=8");
  for (const PolicyInfo& policy : VerdictPolicies()) {
    EXPECT_TRUE(MakeVerdictPolicy(UsageOf(policy)).has_value())
        << "fallbacks are no values: " << policy.name;
  }
}

TEST(VerdictPolicyTest, ErrorsSayWhereAndWhatThereIs) {
  const struct {
    const char* text;
    int column;
    const char* message;
  } cases[] = {
      {"majority-of-none", 1, "there is no verdict policy 'majority-of-none'"},
      {"same-title+coin", 12, "any-crash, threshold"},
      {"threshold:q=1", 11, "has no parameter 'q'; it takes k, n, alike"},
      {"threshold:k=0", 11, "from 1 to 10000"},
      {"threshold:k=11", 11, "give no more than n"},
      {"any-crash+same-title", 11, "put filters first"},
      {"any-crash+majority", 11, "put filters first"},
      {"sprt:p0=0.5:p1=0.4", 13, "give more than p0"},
      {"sprt:alpha=0.6:beta=0.4", 16, "less than 1 - alpha"},
      {"until-confident:c=0.5", 17, "more than 0.5"},
      {"until-confident:prior=0.99", 17, "does not reach c"},
      {"until-confident:a0=20", 1, "likelier where the bug is present"},
      {"same-title:other=good", 12, "one of unusable, ok"},
  };
  for (const auto& one : cases) {
    const auto policy = MakeVerdictPolicy(one.text);
    ASSERT_FALSE(policy.has_value()) << one.text;
    EXPECT_EQ(policy.error().code, ErrorCode::kUsage);
    EXPECT_EQ(policy.error().where.column, one.column) << one.text;
    EXPECT_THAT(policy.error().message, HasSubstr(one.message));
  }
}

}  // namespace
}  // namespace rebisect
