#include "oracle/recorded_oracle.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "tests/support/graph_literal.h"

namespace rebisect {
namespace {

using testing_support::IdOf;

Test TestOf(const std::string& commit, std::vector<Run> runs,
            TestPurpose purpose = TestPurpose::kStep) {
  Test test;
  test.commit = commit;
  test.purpose = purpose;
  test.runs = std::move(runs);
  return test;
}

Mark MarkOf(Verdict verdict, const std::string& commit) {
  Mark mark;
  mark.verdict = verdict;
  mark.commits = {commit};
  return mark;
}

Start StartOf(const std::string& bad, const std::string& good) {
  Start start;
  start.bad = bad;
  start.goods = {good};
  return start;
}

const Run kOk{RunOutcome::kOk, "", {}};
const Run kCrash{RunOutcome::kCrashed, "WARNING in foo", {}};
const Run kInfra{RunOutcome::kInfra, "no machine", {}};

/// Every name is known but "elsewhere".
std::optional<CommitId> Known(const std::string& name) {
  if (name == "elsewhere") return std::nullopt;
  return IdOf(name);
}

Recording Record(RecordingKind kind, std::vector<Event> events) {
  Recording recording;
  recording.kind = kind;
  recording.events = std::move(events);
  return recording;
}

/// What the oracle says of a commit; "untested" for no answer.
std::string Say(RecordedOracle& oracle, const std::string& name) {
  const auto answer = oracle.Ask(IdOf(name));
  if (answer) return std::string(ToString(answer->verdict));
  return answer.error().code == ErrorCode::kNeedsUntested ? "untested"
                                                          : "other error";
}

TEST(RecordedOracleTest, AnswersWithStartAndMarksAndNothingElse) {
  const Recording recording =
      Record(RecordingKind::kMarks,
             {StartOf("tip", "base"), MarkOf(Verdict::kSkip, "middle"),
              MarkOf(Verdict::kBad, "elsewhere")});
  RecordedOracle oracle(recording, &Known, nullptr);
  EXPECT_EQ(Say(oracle, "tip"), "bad");
  EXPECT_EQ(Say(oracle, "base"), "good");
  EXPECT_EQ(Say(oracle, "middle"), "skip");
  EXPECT_EQ(Say(oracle, "elsewhere"), "untested");
  EXPECT_EQ(Say(oracle, "other"), "untested");
  EXPECT_EQ(oracle.size(), 3U);
}

TEST(RecordedOracleTest, NamesTheUntestedCommit) {
  const Recording recording;
  RecordedOracle oracle(recording, &Known, nullptr);
  const auto answer = oracle.Ask(IdOf("x"));
  ASSERT_FALSE(answer.has_value());
  EXPECT_NE(answer.error().message.find(IdOf("x").Hex()), std::string::npos);
}

TEST(RecordedOracleTest, TheLastVerdictWins) {
  const Recording recording =
      Record(RecordingKind::kMarks,
             {MarkOf(Verdict::kGood, "a"), MarkOf(Verdict::kSkip, "b"),
              MarkOf(Verdict::kBad, "a"), MarkOf(Verdict::kGood, "b")});
  RecordedOracle oracle(recording, &Known, nullptr);
  EXPECT_EQ(Say(oracle, "a"), "bad");
  EXPECT_EQ(Say(oracle, "b"), "good");
}

TEST(RecordedOracleTest, GivesTheRunsBehindAVerdict) {
  const Recording recording =
      Record(RecordingKind::kCause,
             {TestOf("a", {kOk}), TestOf("a", {kCrash, kOk}),
              MarkOf(Verdict::kBad, "a"), MarkOf(Verdict::kGood, "b")});
  RecordedOracle oracle(recording, &Known, nullptr);
  const auto answer = oracle.Ask(IdOf("a"));
  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ(answer->test, &std::get<rebisect::Test>(recording.events[1]));
  EXPECT_EQ(oracle.Ask(IdOf("b"))->test, nullptr);
}

TEST(RecordedOracleTest, APolicyJudgesTheRunsAnew) {
  const auto policy = *MakeVerdictPolicy("any-crash");
  const Recording recording = Record(
      RecordingKind::kCause,
      {TestOf("a", {kCrash, kOk}), MarkOf(Verdict::kGood, "a"),
       TestOf("unmarked", {kOk}), TestOf("no runs", {}),
       MarkOf(Verdict::kSkip, "no runs"), MarkOf(Verdict::kBad, "no test")});
  RecordedOracle oracle(recording, &Known, policy.get());
  EXPECT_EQ(Say(oracle, "a"), "bad");
  EXPECT_EQ(Say(oracle, "unmarked"), "good");
  EXPECT_EQ(Say(oracle, "no runs"), "skip") << "no runs to judge: as recorded";
  EXPECT_EQ(Say(oracle, "no test"), "bad");
}

TEST(RecordedOracleTest, AFixTurnsTheVerdictOfThePolicyForGit) {
  const auto policy = *MakeVerdictPolicy("any-crash");
  const Recording recording =
      Record(RecordingKind::kFix,
             {TestOf("crashes", {kCrash}), TestOf("passes", {kOk}),
              TestOf("neither", {kInfra}), MarkOf(Verdict::kBad, "marked")});
  RecordedOracle oracle(recording, &Known, policy.get());
  EXPECT_EQ(Say(oracle, "crashes"), "good");
  EXPECT_EQ(Say(oracle, "passes"), "bad");
  EXPECT_EQ(Say(oracle, "neither"), "skip");
  EXPECT_EQ(Say(oracle, "marked"), "bad") << "marks are git's already";
}

TEST(RecordedOracleTest, TestsOfConfigurationsAreNoAnswers) {
  const auto policy = *MakeVerdictPolicy("any-crash");
  const Recording recording =
      Record(RecordingKind::kCause,
             {TestOf("a", {kOk}, TestPurpose::kConfig), TestOf("b", {kCrash}),
              TestOf("b", {kOk}, TestPurpose::kConfig)});
  RecordedOracle oracle(recording, &Known, policy.get());
  EXPECT_EQ(Say(oracle, "a"), "untested");
  EXPECT_EQ(Say(oracle, "b"), "bad");
}

TEST(VerdictPolicyTest, EveryNameMakesThePolicyOfThatName) {
  ASSERT_FALSE(VerdictPolicyNames().empty());
  for (const std::string_view name : VerdictPolicyNames()) {
    const auto policy = MakeVerdictPolicy(name);
    ASSERT_TRUE(policy.has_value()) << name;
    EXPECT_EQ((*policy)->Name(), name);
  }
}

TEST(VerdictPolicyTest, AnUnknownNameListsTheKnownOnes) {
  const auto policy = MakeVerdictPolicy("majority-of-none");
  ASSERT_FALSE(policy.has_value());
  EXPECT_EQ(policy.error().code, ErrorCode::kUsage);
  EXPECT_NE(policy.error().message.find("majority-of-none"), std::string::npos);
  for (const std::string_view name : VerdictPolicyNames()) {
    EXPECT_NE(policy.error().message.find(name), std::string::npos) << name;
  }
}

TEST(VerdictPolicyTest, ThePoliciesPartOverRunsThatSayNothing) {
  const rebisect::Test mostly_broken =
      TestOf("a", {kInfra, kInfra, kInfra, kOk});
  EXPECT_EQ((*MakeVerdictPolicy("any-crash"))->Decide(mostly_broken),
            Verdict::kGood);
  EXPECT_EQ((*MakeVerdictPolicy("syzkaller-2018"))->Decide(mostly_broken),
            Verdict::kSkip);
}

}  // namespace
}  // namespace rebisect
