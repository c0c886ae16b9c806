#include "scenarios/audit.h"

#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "scenarios/parse.h"
#include "tests/scenarios/fixtures.h"

namespace rebisect {
namespace {

using fixtures::Expand;
using fixtures::Id;

AuditReport AuditOf(std::string_view text) {
  const auto recording = ParseRecording(Expand(text), "x");
  EXPECT_TRUE(recording.has_value());
  return Audit(*recording);
}

// "line:code" of every finding, in order.
std::vector<std::string> Codes(const AuditReport& report) {
  std::vector<std::string> codes;
  for (const Finding& finding : report.findings) {
    codes.push_back(std::to_string(finding.line) + ":" + finding.code);
  }
  return codes;
}

using List = std::vector<std::string>;

constexpr std::string_view kHead =
    "bisecting cause commit starting from {ff}\n"
    "testing commit {ff} gcc\n"
    "all runs: crashed: WARNING in foo\n"
    "testing release v1\n"
    "testing commit {aa} gcc\n"
    "all runs: OK\n";

std::string Search(std::string_view tail,
                   std::string_view start = "{ff} {aa}") {
  return std::string(kHead) + "# git bisect start " + std::string(start) +
         "\n" + std::string(tail);
}

// One answered step, from line 8 on.
std::string Step(std::string_view runs, std::string_view verdict) {
  return Search(
      "Bisecting: 0 revisions left to test after this (roughly 0 steps)\n"
      "[{b1}] one\n"
      "testing commit {b1} gcc\n" +
      std::string(runs) + "# git bisect " + std::string(verdict) + " {b1}\n");
}

TEST(Audit, ASoundRecordHasNothingToSay) {
  const AuditReport report =
      AuditOf(Step("all runs: OK\n", "good") +
              "{ff} is the first bad commit\ncommit {ff}\n\n    x\n");
  EXPECT_EQ(Codes(report), List{});
  EXPECT_TRUE(report.Holds());
  EXPECT_EQ(report.steps, 1U);
  EXPECT_EQ(report.bad, Id("ff"));
  EXPECT_EQ(report.culprit, Id("ff"));
  EXPECT_EQ(report.chain_closes, true);
}

TEST(Audit, VerdictsAgainstRuns) {
  EXPECT_EQ(Codes(AuditOf(
                Step("run #0: OK\nrun #1: crashed: WARNING in foo\n", "good"))),
            (List{"0:unfinished", "10:verdict-contradicts-runs"}));
  EXPECT_FALSE(AuditOf(Step("all runs: OK\n", "bad")).Holds());
  // To skip what could have been judged is odd, and some rule's doing.
  const AuditReport skipped = AuditOf(Step("all runs: OK\n", "skip"));
  EXPECT_EQ(Codes(skipped),
            (List{"0:unfinished", "10:verdict-contradicts-runs"}));
  EXPECT_TRUE(skipped.Holds());
  EXPECT_EQ(Codes(AuditOf(Step("run #0: OK\nrun #1: infra problem: x\n"
                               "unable to determine the verdict: 1 good\n",
                               "skip"))),
            List{"0:unfinished"});
}

TEST(Audit, FixesAreJudgedFromTheCrashsSide) {
  EXPECT_EQ(Codes(AuditOf(fixtures::kFix2018)), List{"11:few-crashes"});
  EXPECT_TRUE(AuditOf(fixtures::kFix2023).Holds());
}

TEST(Audit, FewCrashesAndOtherTitles) {
  const AuditReport report = AuditOf(
      Step("run #0: crashed: WARNING in bar\nrun #1: OK\nrun #2: OK\n", "bad"));
  EXPECT_EQ(Codes(report),
            (List{"0:unfinished", "10:few-crashes", "10:other-title"}));
  EXPECT_EQ(report.findings[2].message,
            "b10000000000: 1 of 3 runs crashed, with another title than the "
            "start commit's: \"WARNING in bar\"; it may be another bug");
}

TEST(Audit, ATestOfAnotherCommitThanTheProposed) {
  EXPECT_EQ(Codes(AuditOf(Search(
                "Bisecting: 0 revisions left to test after this (roughly 0 "
                "steps)\n[{b1}] one\ntesting commit {b2} gcc\nall runs: OK\n"
                "# git bisect good {b1}\n"))),
            (List{"0:unfinished", "10:test-of-other-commit"}));
}

TEST(Audit, MarksOutOfOrder) {
  EXPECT_EQ(Codes(AuditOf("$ git bisect start {ff} {aa}\n"
                          "Bisecting: 3 revisions left to test after this "
                          "(roughly 2 steps)\n[{b1}] one\n"
                          "$ git bisect good {b2}\n"
                          "$ git bisect bad {b2}\n")),
            (List{"0:unfinished", "4:mark-of-other-commit", "5:good-and-bad"}));
  EXPECT_EQ(Codes(AuditOf("git bisect start\ngit bisect bad {ff}\n"
                          "git bisect good {aa}\ngit bisect skip {b1}\n"
                          "git bisect good {b1}\ngit bisect good {b1}\n")),
            (List{"0:unfinished", "5:mark-revised", "6:marked-twice"}));
}

TEST(Audit, TheCulpritHasToFollowFromTheMarks) {
  const AuditReport report = AuditOf(
      "git bisect start\ngit bisect bad {ff}\ngit bisect good {aa}\n"
      "git bisect bad {b1}\n# first bad commit: [{b2}] x\n");
  EXPECT_EQ(Codes(report), List{"5:culprit-not-implied"});
  EXPECT_FALSE(report.Holds());
}

TEST(Audit, EqualSignatures) {
  EXPECT_EQ(Codes(AuditOf(fixtures::kSignatures2019)),
            (List{"21:few-crashes", "30:same-signature"}));
}

TEST(Audit, CountsThatContradictEachOther) {
  const AuditReport report = AuditOf(
      Step("all runs: OK\n", "good") +
      "Bisecting: 7 revisions left to test after this (roughly 3 steps)\n"
      "[{b2}] two\n");
  EXPECT_EQ(Codes(report), (List{"0:unfinished", "13:counts-contradict"}));
  EXPECT_EQ(report.chain_closes, false);
}

TEST(Audit, RunsOfGitPrintNoAnswers) {
  EXPECT_EQ(Codes(AuditOf(fixtures::kBisectRun)),
            (List{"2:counts-incomplete", "2:answers-missing"}));
}

TEST(Audit, TheStartHasToFitTheReleases) {
  const std::string text = Search("", "{ff} {cc}");
  EXPECT_EQ(Codes(AuditOf(text)), (List{"0:unfinished", "7:start-differs"}));
  EXPECT_EQ(Codes(AuditOf(Search("", "{ff} v1"))), List{"0:unfinished"});
}

TEST(Audit, EndsWithoutACulprit) {
  EXPECT_EQ(Codes(AuditOf(fixtures::kError)), List{"6:ended-in-error"});
  EXPECT_EQ(Codes(AuditOf(fixtures::kFix2019)), List{"11:no-culprit"});
  EXPECT_EQ(Codes(AuditOf(fixtures::kMergeBase)), List{"5:no-culprit"});
}

TEST(Audit, UnknownLinesAreCounted) {
  EXPECT_EQ(Codes(AuditOf("git bisect start\nfoo\nbar\n")),
            (List{"0:unfinished", "2:unknown-lines"}));
}

TEST(Audit, EveryFixtureIsAudited) {
  for (const auto& [name, text] : fixtures::All()) {
    const auto recording = ParseRecording(text, name);
    ASSERT_TRUE(recording.has_value()) << name;
    EXPECT_TRUE(Audit(*recording).Holds()) << name;
  }
}

}  // namespace
}  // namespace rebisect
