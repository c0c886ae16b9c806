#include "scenarios/audit/audit.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "scenarios/logs/parse.h"
#include "tests/scenarios/logs/fixtures.h"

namespace rebisect {
namespace {

using fixtures::Expand;
using fixtures::Id;

AuditReport AuditOf(std::string_view text) {
  const auto recording = ParseRecording(Expand(text), "x");
  EXPECT_TRUE(recording.has_value());
  return Audit(*recording);
}

// Of YAML, whose braces are its own.
AuditReport AuditOfYaml(const std::string& text) {
  const auto recording = ParseRecording(text, "x");
  EXPECT_TRUE(recording.has_value()) << text;
  return recording ? Audit(*recording) : AuditReport();
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
            (List{"10:verdict-contradicts-runs", "0:unfinished"}));
  EXPECT_FALSE(AuditOf(Step("all runs: OK\n", "bad")).Holds());
  // To skip what could have been judged is odd, and some rule's doing.
  const AuditReport skipped = AuditOf(Step("all runs: OK\n", "skip"));
  EXPECT_EQ(Codes(skipped),
            (List{"10:verdict-contradicts-runs", "0:unfinished"}));
  EXPECT_TRUE(skipped.Holds());
  EXPECT_EQ(Codes(AuditOf(Step("run #0: OK\nrun #1: infra problem: x\n"
                               "unable to determine the verdict: 1 good\n",
                               "skip"))),
            (List{"0:unfinished", "10:unusable-runs"}));
}

TEST(Audit, FixesAreJudgedFromTheCrashsSide) {
  EXPECT_EQ(Codes(AuditOf(fixtures::kFix2018)), List{"11:few-crashes"});
  EXPECT_TRUE(AuditOf(fixtures::kFix2023).Holds());
}

TEST(Audit, FewCrashesAndOtherTitles) {
  const AuditReport report = AuditOf(
      Step("run #0: crashed: WARNING in bar\nrun #1: OK\nrun #2: OK\n", "bad"));
  EXPECT_EQ(Codes(report), (List{"10:few-crashes", "10:other-title",
                                 "10:drifted", "0:unfinished"}));
  EXPECT_EQ(report.findings[1].message,
            "b10000000000: 1 of 3 runs crashed, with another title than the "
            "start commit's: \"WARNING in bar\"; it may be another bug");
}

TEST(Audit, ATestOfAnotherCommitThanTheProposed) {
  EXPECT_EQ(Codes(AuditOf(Search(
                "Bisecting: 0 revisions left to test after this (roughly 0 "
                "steps)\n[{b1}] one\ntesting commit {b2} gcc\nall runs: OK\n"
                "# git bisect good {b1}\n"))),
            (List{"10:test-of-other-commit", "0:unfinished"}));
}

TEST(Audit, MarksOutOfOrder) {
  EXPECT_EQ(Codes(AuditOf("$ git bisect start {ff} {aa}\n"
                          "Bisecting: 3 revisions left to test after this "
                          "(roughly 2 steps)\n[{b1}] one\n"
                          "$ git bisect good {b2}\n"
                          "$ git bisect bad {b2}\n")),
            (List{"5:good-and-bad", "4:mark-of-other-commit", "0:unfinished"}));
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
            (List{"21:few-crashes", "30:flaky-reproducer", "30:same-signature",
                  "14:unusable-runs"}));
}

TEST(Audit, CountsThatContradictEachOther) {
  const AuditReport report = AuditOf(
      Step("all runs: OK\n", "good") +
      "Bisecting: 7 revisions left to test after this (roughly 3 steps)\n"
      "[{b2}] two\n");
  EXPECT_EQ(Codes(report), (List{"13:counts-contradict", "0:unfinished"}));
  EXPECT_EQ(report.chain_closes, false);
}

TEST(Audit, RunsOfGitPrintNoAnswers) {
  EXPECT_EQ(Codes(AuditOf(fixtures::kBisectRun)),
            (List{"2:answers-missing", "2:counts-incomplete"}));
}

TEST(Audit, TheStartHasToFitTheReleases) {
  const std::string text = Search("", "{ff} {cc}");
  EXPECT_EQ(Codes(AuditOf(text)), (List{"7:start-differs", "0:unfinished"}));
  EXPECT_EQ(Codes(AuditOf(Search("", "{ff} v1"))), List{"0:unfinished"});
}

TEST(Audit, EndsWithoutACulprit) {
  EXPECT_EQ(Codes(AuditOf(fixtures::kError)), List{"6:ended-in-error"});
  EXPECT_EQ(Codes(AuditOf(fixtures::kFix2019)), List{"11:no-culprit"});
  EXPECT_EQ(Codes(AuditOf(fixtures::kMergeBase)), List{"5:no-culprit"});
}

constexpr std::string_view kDrift =
    "rebisect: recording/1\n"
    "kind: cause\n"
    "events:\n"
    "  - {test: ff, purpose: start, runs: [{outcome: crashed, title: foo, "
    "count: 10}]}\n"
    "  - start: {bad: ff, goods: [aa]}\n"
    "  - next: b1\n"
    "  - {test: b1, runs: [{outcome: crashed, title: @1}, {outcome: ok, count: "
    "9}]}\n"
    "  - bad: b1\n"
    "  - next: b2\n"
    "  - {test: b2, runs: [{outcome: crashed, title: @2, count: 9}, {outcome: "
    "ok}]}\n"
    "  - bad: b2\n";

std::string Drift(const std::string& first, const std::string& second) {
  std::string text(kDrift);
  text.replace(text.find("@1"), 2, first);
  text.replace(text.find("@2"), 2, second);
  return text;
}

TEST(Audit, TheLastBadVerdictsShowAnotherCrash) {
  const auto drifted = [](const std::string& first, const std::string& second) {
    for (const Finding& finding : AuditOfYaml(Drift(first, second)).findings) {
      if (finding.code == "drifted") return finding.message.substr(0, 28);
    }
    return std::string();
  };
  EXPECT_EQ(drifted("bar", "bar"), "from step 1 (b1, 1 of 10 run");
  EXPECT_EQ(drifted("foo", "bar"), "the last bad verdict (step 2");
  // A later one that shows it proves the earlier ones right.
  EXPECT_EQ(drifted("bar", "foo"), "");
  EXPECT_EQ(drifted("foo", "foo"), "");
}

TEST(Audit, RatesThatDifferMoreThanByChance) {
  const auto codes = Codes(AuditOfYaml(Drift("foo", "foo")));
  EXPECT_EQ(std::count(codes.begin(), codes.end(), "0:uneven-rates"), 1);
  // 10, 10 and 9 of 10 may be one rate.
  std::string even = Drift("foo", "foo");
  even.replace(even.find("title: foo}"), 11, "title: foo, count: 9}");
  EXPECT_EQ(even.find("uneven"), std::string::npos);
  const auto more = Codes(AuditOfYaml(even));
  EXPECT_EQ(std::count(more.begin(), more.end(), "0:uneven-rates"), 0);
}

std::vector<std::string> CodesOfStart(const std::string& runs,
                                      const std::string& tail = "") {
  std::vector<std::string> codes;
  for (const Finding& finding :
       AuditOfYaml("rebisect: recording/1\nkind: cause\nevents:\n"
                   "  - {test: ff, purpose: start, runs: [" +
                   runs + "]}\n" + tail)
           .findings) {
    if (finding.code == "unfinished" || finding.code == "no-culprit") continue;
    codes.push_back(std::string(NameOf(finding.severity)) + " " + finding.code);
  }
  return codes;
}

TEST(Audit, AReproducerThatShowsTheCrashSeldom) {
  EXPECT_EQ(CodesOfStart("{outcome: crashed, title: x, count: 3}, {outcome: "
                         "ok, count: 7}"),
            List{"warning flaky-reproducer"});
  EXPECT_EQ(CodesOfStart("{outcome: crashed, title: x, count: 9}, {outcome: "
                         "ok}"),
            List{"note flaky-reproducer"});
  EXPECT_EQ(CodesOfStart("{outcome: crashed, title: x, count: 10}",
                         "summary: {flaky: true, repro_chance: 0.2}\n"),
            List{"warning flaky-reproducer"});
}

TEST(Audit, RunsThatSayNothing) {
  EXPECT_EQ(CodesOfStart("{outcome: crashed, title: x, count: 19}, {outcome: "
                         "boot-failed}"),
            List{"note unusable-runs"});
  EXPECT_EQ(CodesOfStart("{outcome: crashed, title: x, count: 15}, {outcome: "
                         "infra, count: 5}"),
            List{"warning unusable-runs"});
}

TEST(Audit, WhatTheEndItselfMakesDoubtful) {
  const std::string runs = "{outcome: crashed, title: x, count: 10}";
  EXPECT_EQ(CodesOfStart(runs, "summary: {error_probability: 0.2}\n"),
            List{"warning likely-error"});
  EXPECT_EQ(CodesOfStart(runs, "summary: {error_probability: 0.02}\n"), List{});
  EXPECT_EQ(CodesOfStart(runs,
                         "  - {test: bb, purpose: release, release: v4, runs: "
                         "[{outcome: crashed, title: x}]}\n"
                         "  - start: {bad: ff, goods: [aa]}\n"
                         "  - bad: bb\n"
                         "end: {kind: culprit, culprit: bb}\n"),
            (List{"warning start-differs", "warning culprit-is-release"}));
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
