#include "scenarios/recording/steps.h"

#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "scenarios/logs/parse.h"
#include "tests/scenarios/logs/fixtures.h"

namespace rebisect {
namespace {

using fixtures::Expand;
using fixtures::Id;

// One line a move: kind, commit, verdict, number of tests.
std::string Describe(const RecordedSearch& search) {
  const char* const kinds[] = {"start", "endpoint", "step", "jump"};
  const auto brief = [](const std::string& commit) {
    return commit.size() == 40 ? commit.substr(0, 2) : commit;
  };
  std::string text;
  for (const Move& move : search.moves) {
    text += kinds[static_cast<int>(move.kind)];
    if (move.kind == MoveKind::kStep) text += " " + brief(move.commit);
    if (move.kind == MoveKind::kStep && !move.proposed) text += " unprinted";
    if (move.verdict.has_value()) {
      text += " " + std::string(ToString(*move.verdict)) + ":";
      for (const std::string& commit : move.marked) text += " " + brief(commit);
    }
    if (!move.tests.empty()) {
      text += " tests " + std::to_string(move.tests.size());
    }
    if (move.marked_before != 0) {
      text += " before " + std::to_string(move.marked_before);
    }
    if (move.after_gap) text += " gap";
    text += "\n";
  }
  return text;
}

RecordedSearch Find(std::string_view text) {
  const auto recording = ParseRecording(Expand(text), "x");
  EXPECT_TRUE(recording.has_value());
  return FindSteps(*recording);
}

TEST(Steps, ProposalsAreAnsweredByMarks) {
  const RecordedSearch search = Find(fixtures::kFix2018);
  EXPECT_EQ(Describe(search),
            "start\n"
            "step b1 good: b1 tests 1\n"
            "step b2 bad: b2 tests 1\n");
  EXPECT_EQ(search.bad, Id("ff"));
  EXPECT_EQ(search.goods, (std::vector<std::string>{Id("aa")}));
  EXPECT_EQ(search.other_tests.size(), 2U);
}

TEST(Steps, MarksWithoutRevisionsAnswerTheProposal) {
  const RecordedSearch search = Find(fixtures::kTranscript);
  // The first mark names no commit: what was checked out is not recorded.
  EXPECT_EQ(search.moves.at(0).kind, MoveKind::kStart);
  EXPECT_EQ(Describe(search),
            "start\n"
            "endpoint bad:\n"
            "endpoint good: v1.0\n"
            "step b1 bad: b1\n"
            "step b2 good: b2\n");
}

TEST(Steps, ALogWithoutProposalsHasStepsToo) {
  EXPECT_EQ(Describe(Find("git bisect start\ngit bisect bad {ff}\n"
                          "git bisect good {aa}\ngit bisect good {b1}\n"
                          "git bisect good {b1}\ngit bisect skip {b2}\n"
                          "git bisect bad {b2}\ngit bisect skip {b3} {b4}\n"
                          "git bisect skip v1..v2\n")),
            "start\n"
            "endpoint bad: ff\n"
            "endpoint good: aa\n"
            "step b1 unprinted good: b1\n"
            "jump good: b1 before 4\n"
            "step b2 unprinted skip: b2\n"
            "jump bad: b2 before 6\n"
            "jump skip: b3 b4\n"
            "jump skip: v1..v2\n");
}

TEST(Steps, AnotherCommitThanTheProposedIsAJump) {
  EXPECT_EQ(Describe(Find("$ git bisect start {ff} {aa}\n"
                          "Bisecting: 3 revisions left to test after this\n"
                          "[{b1}] one\n"
                          "$ git bisect bad {b2}\n"
                          "Bisecting: 1 revision left to test after this\n"
                          "[{b3}] three\n"
                          "$ git bisect good b300\n")),
            "start\n"
            "step b1\n"
            "jump bad: b2\n"
            "step b3 good: b300\n");
}

TEST(Steps, ARecordWithoutABeginningIsUnderWay) {
  EXPECT_EQ(Describe(Find("testing commit {b1} gcc\nall runs: OK\n"
                          "# git bisect good {b1}\n[...]\n"
                          "Bisecting: 3 revisions left to test after this\n"
                          "[{b2}] two\n"
                          "testing commit {b2} gcc\nall runs: OK\n")),
            "step b1 unprinted good: b1 tests 1 gap\n"
            "step b2 tests 1 gap\n");
}

TEST(Steps, AMergeBaseOfTheRecorderIsNoTestOfTheStep) {
  const RecordedSearch search = Find(fixtures::kFix2023);
  EXPECT_EQ(Describe(search),
            "start\n"
            "step b1 skip: b1 tests 1\n"
            "step b2 good: b2 tests 1\n");
  EXPECT_EQ(search.other_tests.size(), 5U);
}

TEST(SameCommit, TakesAbbreviations) {
  EXPECT_TRUE(SameCommit("abcd", "abcdef12"));
  EXPECT_TRUE(SameCommit("v1.0", "v1.0"));
  EXPECT_FALSE(SameCommit("abc", "abcdef12"));
  EXPECT_FALSE(SameCommit("v1", "v1.0"));
}

}  // namespace
}  // namespace rebisect
