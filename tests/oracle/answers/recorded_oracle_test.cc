#include "oracle/answers/recorded_oracle.h"

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

/// What an answer holds, in one line: outcomes of the runs (o, c, i), then
/// what is stated; "untested" for no answer.
std::string RecordedAnswer(Oracle& oracle, const Question& question) {
  const auto answer = oracle.Ask(question);
  if (!answer) {
    return answer.error().code == ErrorCode::kNeedsUntested ? "untested"
                                                            : "other error";
  }
  std::string text;
  for (const Run& run : answer->test.runs) {
    text += run.outcome == RunOutcome::kOk        ? 'o'
            : run.outcome == RunOutcome::kCrashed ? 'c'
                                                  : 'i';
  }
  if (answer->stated) text.append(" ").append(ToString(*answer->stated));
  return text;
}

std::string RecordedAnswer(Oracle& oracle, const std::string& name,
                           int runs = 0) {
  return RecordedAnswer(oracle, Question{IdOf(name), runs});
}

TEST(RecordedOracleTest, AnswersWithStartAndMarksAndNothingElse) {
  const Recording recording =
      Record(RecordingKind::kMarks,
             {StartOf("tip", "base"), MarkOf(Verdict::kSkip, "middle"),
              MarkOf(Verdict::kBad, "elsewhere")});
  RecordedOracle oracle(recording, &Known);
  EXPECT_EQ(RecordedAnswer(oracle, "tip"), " bad");
  EXPECT_EQ(RecordedAnswer(oracle, "base"), " good");
  EXPECT_EQ(RecordedAnswer(oracle, "middle"), " skip");
  EXPECT_EQ(RecordedAnswer(oracle, "elsewhere"), "untested");
  EXPECT_EQ(RecordedAnswer(oracle, "other"), "untested");
  EXPECT_EQ(oracle.size(), 3U);
}

TEST(RecordedOracleTest, SaysAMarkWithoutRunsOnce) {
  const Recording recording =
      Record(RecordingKind::kMarks, {MarkOf(Verdict::kBad, "a")});
  RecordedOracle oracle(recording, &Known);
  EXPECT_EQ(RecordedAnswer(oracle, "a", 3), " bad");
  EXPECT_EQ(RecordedAnswer(oracle, "a", 3), "untested");
  oracle.Rewind();
  EXPECT_EQ(RecordedAnswer(oracle, "a", 3), " bad");
}

TEST(RecordedOracleTest, NamesTheUntestedCommit) {
  const Recording recording;
  RecordedOracle oracle(recording, &Known);
  const auto answer = oracle.Ask({IdOf("x")});
  ASSERT_FALSE(answer.has_value());
  EXPECT_NE(answer.error().message.find(IdOf("x").Hex()), std::string::npos);
}

TEST(RecordedOracleTest, TheLastVerdictWins) {
  const Recording recording =
      Record(RecordingKind::kMarks,
             {MarkOf(Verdict::kGood, "a"), MarkOf(Verdict::kSkip, "b"),
              MarkOf(Verdict::kBad, "a"), MarkOf(Verdict::kGood, "b")});
  RecordedOracle oracle(recording, &Known);
  EXPECT_EQ(RecordedAnswer(oracle, "a"), " bad");
  EXPECT_EQ(RecordedAnswer(oracle, "b"), " good");
}

TEST(RecordedOracleTest, GivesEachRunOnceAndThenSaysHowManyThereWere) {
  const Recording recording =
      Record(RecordingKind::kCause,
             {TestOf("a", {kOk, kCrash, kInfra}), MarkOf(Verdict::kBad, "a")});
  RecordedOracle oracle(recording, &Known);
  EXPECT_EQ(RecordedAnswer(oracle, "a", 2), "oc bad");
  EXPECT_EQ(RecordedAnswer(oracle, "a", 2), "i bad");
  const auto answer = oracle.Ask({IdOf("a"), 2});
  ASSERT_FALSE(answer.has_value());
  EXPECT_EQ(answer.error().code, ErrorCode::kNeedsUntested);
  EXPECT_NE(answer.error().message.find("3 were recorded"), std::string::npos)
      << answer.error().message;
  oracle.Rewind();
  EXPECT_EQ(RecordedAnswer(oracle, "a"), "oci bad");
}

TEST(RecordedOracleTest, KeepsWhatTheRecordSaysOfTheTest) {
  rebisect::Test test = TestOf("a", {kOk, kCrash});
  test.signature = "abc";
  const Recording recording = Record(RecordingKind::kCause, {test});
  RecordedOracle oracle(recording, &Known);
  const auto answer = oracle.Ask({IdOf("a"), 1});
  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ(answer->test.commit, "a");
  EXPECT_EQ(answer->test.signature, "abc");
  EXPECT_EQ(answer->test.purpose, TestPurpose::kStep);
  EXPECT_EQ(answer->source, AnswerSource::kRecord);
  EXPECT_FALSE(answer->stated.has_value());
}

TEST(RecordedOracleTest, GivesTheTestsOfTheSearchFromTheLastOneOn) {
  const Recording recording = Record(
      RecordingKind::kCause, {TestOf("a", {kOk}), TestOf("a", {kCrash, kCrash}),
                              TestOf("a", {kInfra}, TestPurpose::kCulprit)});
  RecordedOracle oracle(recording, &Known);
  EXPECT_EQ(RecordedAnswer(oracle, "a"), "cc");
  EXPECT_EQ(RecordedAnswer(oracle, "a"), "o");
  EXPECT_EQ(RecordedAnswer(oracle, "a"), "i");
  EXPECT_EQ(RecordedAnswer(oracle, "a"), "untested");
}

TEST(RecordedOracleTest, ARebuildIsTheNextTest) {
  const Recording recording = Record(
      RecordingKind::kCause, {TestOf("a", {kOk}), TestOf("a", {kCrash, kOk})});
  RecordedOracle oracle(recording, &Known);
  EXPECT_EQ(RecordedAnswer(oracle, {IdOf("a"), 1, true}), "c");
  EXPECT_EQ(RecordedAnswer(oracle, {IdOf("a"), 1, true}), "o")
      << "the other build";
  EXPECT_EQ(RecordedAnswer(oracle, {IdOf("a"), 1, true}), "untested");
}

TEST(RecordedOracleTest, ARunThatStandsForAllIsGivenWhole) {
  rebisect::Test test = TestOf("a", {kOk});
  test.runs_alike = true;
  const Recording recording = Record(RecordingKind::kCause, {test});
  RecordedOracle oracle(recording, &Known);
  const auto answer = oracle.Ask({IdOf("a"), 10});
  ASSERT_TRUE(answer.has_value());
  EXPECT_TRUE(answer->test.runs_alike);
  EXPECT_EQ(RecordedAnswer(oracle, "a"), "untested");
}

TEST(RecordedOracleTest, TestsOfConfigurationsAreNoAnswers) {
  const Recording recording =
      Record(RecordingKind::kCause,
             {TestOf("a", {kOk}, TestPurpose::kConfig), TestOf("b", {kCrash}),
              TestOf("b", {kOk}, TestPurpose::kConfig)});
  RecordedOracle oracle(recording, &Known);
  EXPECT_EQ(RecordedAnswer(oracle, "a"), "untested");
  EXPECT_EQ(RecordedAnswer(oracle, "b"), "c");
}

TEST(RecordedOracleTest, ATestWithoutRunsLendsItsWordsToTheMark) {
  rebisect::Test test = TestOf("a", {});
  test.signature = "abc";
  const Recording recording =
      Record(RecordingKind::kCause, {test, MarkOf(Verdict::kSkip, "a")});
  RecordedOracle oracle(recording, &Known);
  const auto answer = oracle.Ask({IdOf("a")});
  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ(answer->stated, Verdict::kSkip);
  EXPECT_EQ(answer->test.signature, "abc");
}

}  // namespace
}  // namespace rebisect
