#include "oracle/verdict/verdict_expression.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "tests/oracle/verdict/judge_recording.h"

namespace rebisect {
namespace {

using ::testing::HasSubstr;

/// The built-in rules, written down again. `k` and such are as their own
/// defaults.
constexpr const char* kBuiltIn = R"(rebisect: rules/1
rules:
  my-any-crash:
    bad: bad > 0
    good: good > 0
  my-threshold:
    about: two crashes in ten runs
    runs: 10
    bad: bad >= 2
    good: bad + max(0, 10 - n) < 2 and bad + good > 0 and
      2 * (bad + good) >= max(n, 10)
    more-runs: 10 - n
  my-majority:
    bad: 2 * (bad + good) >= n and bad > good
    good: 2 * (bad + good) >= n and good > bad
  my-2018:
    bad: bad > 0
    skip: n - good - bad > n div 3 * 2
    good: unusable + infra <= n div 3 * 2 and good > 0
  my-2023-05:
    abort: infra > n div 2
    bad: bad > 0
    good: n - good <= n div 3 * 2 and good > 0
  my-2023-06:
    bad: bad > 0
    good: 2 * good > n
  my-2023:
    good: bad = 0 and good >= max(1, if flaky then n * 3 div 4 else n div 2)
    bad: bad > 0 and good + bad >= n div 2
    abort: infra > unusable and not (bad = 0 and good >= max(1, if flaky then
      n * 3 div 4 else n div 2)) and not (bad > 0 and good + bad >= n div 2)
  my-2024:
    good: bad = 0 and good >= max(1, if flaky then n * 3 div 4 else n div 2)
    bad: bad >= max(2, (n - infra) div 6) and good + bad >= n div 2
    abort: >
      infra > unusable
      and not (bad = 0 and good >=
               max(1, if flaky then n * 3 div 4 else n div 2))
      and not (bad >= max(2, (n - infra) div 6) and good + bad >= n div 2)
)";

VerdictRules Rules(const std::string& bytes) {
  auto rules = VerdictRules::ReadFile(bytes, "rules.yaml");
  EXPECT_TRUE(rules.has_value()) << FormatError(rules.error());
  return rules ? *std::move(rules) : VerdictRules{};
}

rebisect::Test TestOf(int crashed, int ok, int infra, int boot) {
  rebisect::Test test;
  test.commit = "c";
  const auto add = [&](int count, RunOutcome outcome, const char* title) {
    test.runs.insert(test.runs.end(), static_cast<std::size_t>(count),
                     rebisect::Run{outcome, title, {}});
  };
  add(crashed, RunOutcome::kCrashed, "WARNING in foo");
  add(ok, RunOutcome::kOk, "");
  add(infra, RunOutcome::kInfra, "");
  add(boot, RunOutcome::kBootFailed, "");
  return test;
}

std::unique_ptr<VerdictPolicy> Policy(const std::string& text,
                                      const VerdictRules& rules) {
  const auto chain = ParsePolicyChain(text, {"test", 1, 1});
  EXPECT_TRUE(chain.has_value());
  auto policy = MakeVerdictPolicy(*chain, &rules);
  EXPECT_TRUE(policy.has_value()) << FormatError(policy.error());
  return *std::move(policy);
}

/// The same kind, runs wanted and history for all counts.
void ExpectSame(const std::string& own, const std::string& built_in,
                const VerdictRules& rules) {
  const auto a = Policy(own, rules);
  const auto b = Policy(built_in, rules);
  constexpr int kMax = 7;
  for (int code = 0; code < 2 * kMax * kMax * kMax * kMax; ++code) {
    const int crashed = code / 2 % kMax;
    const int ok = code / 2 / kMax % kMax;
    const int infra = code / 2 / kMax / kMax % kMax;
    const int boot = code / 2 / kMax / kMax / kMax;
    const rebisect::Test test = TestOf(crashed, ok, infra, boot);
    VerdictHistory before;
    before.flaky = code % 2 != 0;
    const Ruling of_a = a->Decide(test, before);
    const Ruling of_b = b->Decide(test, before);
    ASSERT_TRUE(of_a.kind == of_b.kind && of_a.runs_wanted == of_b.runs_wanted)
        << own << ": " << crashed << " crashed, " << ok << " ok, " << infra
        << " infra, " << boot << " boot, flaky: " << before.flaky << ": "
        << of_a.reason << " / " << of_b.reason;
  }
}

TEST(VerdictExpressionTest, TheBuiltInRulesAsExpressions) {
  const VerdictRules rules = Rules(kBuiltIn);
  ExpectSame("my-any-crash", "any-crash", rules);
  ExpectSame("my-threshold", "threshold", rules);
  ExpectSame("my-majority", "majority", rules);
  ExpectSame("my-2018", "syzkaller-2018", rules);
  ExpectSame("my-2023-05", "syzkaller-2023-05", rules);
  ExpectSame("my-2023-06", "syzkaller-2023-06", rules);
  ExpectSame("my-2023", "syzkaller-2023", rules);
  ExpectSame("my-2024", "syzkaller-2024", rules);
}

TEST(VerdictExpressionTest, LearnsAsSyzkallerDoes) {
  const VerdictRules rules = Rules(kBuiltIn);
  const auto own = Policy("my-2023", rules);
  const auto built_in = Policy("syzkaller-2023", rules);
  Recording recording;
  for (const auto& [crashed, purpose] :
       {std::pair{6, TestPurpose::kStart}, std::pair{0, TestPurpose::kStep},
        std::pair{1, TestPurpose::kStep}, std::pair{10, TestPurpose::kStep}}) {
    rebisect::Test test = TestOf(crashed, 10 - crashed, 0, 0);
    test.purpose = purpose;
    recording.events.emplace_back(test);
  }
  VerdictHistory a;
  VerdictHistory b;
  EXPECT_EQ(testing_support::JudgeRecording(recording, *own, &a).size(), 4U);
  EXPECT_EQ(testing_support::JudgeRecording(recording, *built_in, &b).size(),
            4U);
  EXPECT_TRUE(a.flaky);
  EXPECT_EQ(a.flaky, b.flaky);
  EXPECT_EQ(a.crash_chance, b.crash_chance);
  EXPECT_EQ(a.original_titles, b.original_titles);
}

/// What one rule says of a test.
std::string Say(const std::string& rule, const rebisect::Test& test,
                const VerdictHistory& history = {}) {
  const VerdictRules rules =
      Rules("rebisect: rules/1\nrules: {mine: {" + rule + "}}\n");
  const Ruling ruling = Policy("mine", rules)->Decide(test, history);
  std::string said(ToString(ruling.kind));
  if (ruling.runs_wanted > 0) said += '+' + std::to_string(ruling.runs_wanted);
  return said;
}

TEST(VerdictExpressionTest, TheFirstThatHolds) {
  const rebisect::Test test = TestOf(1, 1, 1, 1);
  EXPECT_EQ(Say("skip: true, good: true, bad: true, abort: true", test),
            "abort");
  EXPECT_EQ(Say("skip: true, good: true, bad: true", test), "bad");
  EXPECT_EQ(Say("skip: true, good: true", test), "good");
  EXPECT_EQ(Say("skip: true, bad: false, more-runs: 5", test), "skip");
  EXPECT_EQ(Say("bad: false, more-runs: 4.2", test), "more-runs+5");
  EXPECT_EQ(Say("bad: false, more-runs: 0 - 4", test), "skip");
  EXPECT_EQ(Say("bad: false, more-runs: 1 / 0", test), "skip");
  EXPECT_EQ(Say("bad: false", test), "skip");
  EXPECT_EQ(Say("bad: false, more-runs: 1000000", test), "more-runs+9996")
      << "no test has more than 10,000 runs";
}

TEST(VerdictExpressionTest, EveryVariable) {
  rebisect::Test test = TestOf(0, 3, 1, 2);
  const auto add = [&](RunOutcome outcome, const char* title) {
    test.runs.push_back({outcome, title, {}});
  };
  add(RunOutcome::kFailed, "");
  add(RunOutcome::kTestFailed, "");
  add(RunOutcome::kIgnored, "");
  add(RunOutcome::kBuildFailed, "");
  add(RunOutcome::kCrashed, "WARNING in __foo");
  add(RunOutcome::kCrashed, "WARNING in foo");
  add(RunOutcome::kCrashed, "WARNING in bar");
  add(RunOutcome::kCrashed, "WARNING in baz");
  VerdictHistory history;
  history.original_titles = {"WARNING in foo"};
  history.related_titles = {"WARNING in foo", "WARNING in bar"};
  history.flaky = true;
  history.crash_chance = 0.25;
  for (const char* const truth :
       {"n = 14", "bad = 4", "good = 3", "infra = 2", "unusable = 5",
        "boot_failed = 2", "test_failed = 1", "ignored = 1", "build_failed = 1",
        "same_title = 1", "same_family = 2", "related = 2", "titles = 4",
        "not start", "not release", "flaky", "crash_chance = 0.25"}) {
    EXPECT_EQ(Say(std::string("bad: ") + truth, test, history), "bad") << truth;
  }
  for (const char* const truth :
       {"same_title = 4", "same_family = 4", "related = 4", "not flaky",
        "crash_chance = 0"}) {
    EXPECT_EQ(Say(std::string("bad: ") + truth, test), "bad")
        << "nothing is known: " << truth;
  }
  test.purpose = TestPurpose::kStart;
  EXPECT_EQ(Say("bad: start", test), "bad");
  test.purpose = TestPurpose::kRelease;
  EXPECT_EQ(Say("bad: release", test), "bad");
  EXPECT_EQ(Say("bad: n = 2 and good = 2 and titles = 0, runs: 2", test),
            "bad");
}

TEST(VerdictExpressionTest, ARunThatStandsForAll) {
  rebisect::Test test = TestOf(1, 0, 0, 0);
  test.runs_alike = true;
  EXPECT_EQ(Say("bad: n = 10 and bad = 10 and same_title = 10", test), "bad");
  EXPECT_EQ(Say("bad: n = 3 and bad = 3 and same_title = 3, alike: 3", test),
            "bad");
}

TEST(VerdictExpressionTest, TheReasonHasTheExpression) {
  const VerdictRules rules = Rules(kBuiltIn);
  EXPECT_EQ(
      Policy("my-threshold", rules)->Decide(TestOf(2, 8, 0, 0), {}).reason,
      "2 of 10 runs crashed, 8 passed; bad as bad >= 2");
  EXPECT_EQ(
      Policy("my-threshold", rules)->Decide(TestOf(1, 0, 0, 0), {}).reason,
      "1 of 1 run crashed, 0 passed; 9 more by 10 - n");
}

TEST(VerdictExpressionTest, WorksBehindFilters) {
  const VerdictRules rules = Rules(kBuiltIn);
  VerdictHistory history;
  history.original_titles = {"another"};
  const auto policy = Policy("same-title+my-any-crash", rules);
  EXPECT_EQ(policy->Name(), "same-title+my-any-crash");
  EXPECT_EQ(policy->Decide(TestOf(1, 1, 0, 0), history).kind,
            RulingKind::kGood);
  EXPECT_EQ(policy->Decide({}, history).kind, RulingKind::kSkip);
}

TEST(VerdictExpressionTest, UnknownNamesAndParameters) {
  const VerdictRules rules = Rules(kBuiltIn);
  const auto error = [&](const char* text) {
    const auto policy =
        MakeVerdictPolicy(*ParsePolicyChain(text, {"v", 1, 1}), &rules);
    return policy ? "" : FormatError(policy.error());
  };
  EXPECT_THAT(error("my-any-crsh"), HasSubstr("v:1:1: error: there is no"));
  EXPECT_THAT(error("my-any-crsh"), HasSubstr("my-any-crash"));
  EXPECT_THAT(error("my-any-crash:k=2"), HasSubstr("has no parameter 'k'"));
  EXPECT_THAT(error("my-any-crash+same-title"), HasSubstr("put filters first"));
}

TEST(VerdictExpressionTest, ErrorsHaveTheirPlaceInTheFile) {
  const struct {
    const char* rest;  // after "rebisect: rules/1\n"
    const char* start;
  } cases[] = {
      {"rules:\n  a:\n    bad: bad > 1 +\n",
       "r:4:19: error: the expression ends where a value"},
      {"rules:\n  a: {bad: \"bda > 1\"}\n",
       "r:3:13: error: there is no variable 'bda'; did you mean 'bad'?"},
      {"rules:\n  a: {good: 'good + 1'}\n",
       "r:3:14: error: the whole expression is a number"},
      {"rules:\n  a:\n    bad: >\n      bad >\n      bda\n",
       "r:4:10: error: at character 7 of the expression: there is no variable"},
      {"rules:\n  a: {bad: \"bad > \\t1 2\"}\n",
       "r:3:12: error: at character 10 of the expression: there is '2'"},
      {"rules:\n  a: {bad: bad > 0, bed: 1}\n",
       "r:3:21: error: unknown key 'bed' in a rule; did you mean 'bad'?"},
      {"rules:\n  a: {bad: [1]}\n", "r:3:12: error: 'bad' has to be an expr"},
      {"rules:\n  a: {bad: bad > 0, runs: -1}\n",
       "r:3:27: error: 'runs' has to be from 0 to 10000"},
      {"rules:\n  a: {bad: bad > 0, alike: 0}\n",
       "r:3:28: error: 'alike' has to be from 1 to 10000"},
      {"rules:\n  a: {skip: n > 0}\n", "r:3:6: error: rule 'a' says neither"},
      {"rules:\n  a: bad > 0\n", "r:3:6: error: a rule has to be a mapping"},
      {"rules:\n  majority: {bad: bad > 0}\n",
       "r:3:3: error: there is a verdict policy 'majority' already"},
      {"rules:\n  exec: {bad: bad > 0}\n", "r:3:3: error: there is a verdict"},
      {"rules:\n  a+b: {bad: bad > 0}\n",
       "r:3:3: error: 'a+b' cannot be the name of a rule"},
      {"rules: 1\n", "r:2:8: error: rules have to be a mapping"},
      {"ruls: {}\n", "r:2:1: error: unknown key 'ruls' in a file of rules"},
      {"", "r:1:1: error: there is no mapping 'rules'"},
  };
  for (const auto& one : cases) {
    const auto rules = VerdictRules::ReadFile(
        std::string("rebisect: rules/1\n") + one.rest, "r");
    ASSERT_FALSE(rules.has_value()) << one.rest;
    EXPECT_EQ(
        FormatError(rules.error()).substr(0, std::string(one.start).size()),
        one.start)
        << FormatError(rules.error());
  }
  EXPECT_FALSE(VerdictRules::ReadFile("rebisect: noise/1\n", "r").has_value());
}

TEST(VerdictExpressionTest, TheCanonicalTextHasAllThatMatters) {
  const std::string text = Rules(
                               "rebisect: rules/1\nrules:\n"
                               "  b: {about: x, good: 'good > 0', runs: 3}\n"
                               "  a: {more-runs: \"1\", bad: bad > 0}\n")
                               .Canonical();
  EXPECT_EQ(text,
            "  a:\n    bad: \"bad > 0\"\n    more-runs: \"1\"\n    runs: 0\n"
            "    alike: 10\n"
            "  b:\n    good: \"good > 0\"\n    runs: 3\n    alike: 10\n");
}

}  // namespace
}  // namespace rebisect
