#include "scenarios/logs/parse_syzkaller.h"

#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "scenarios/logs/parse.h"
#include "scenarios/logs/syzkaller_lines.h"
#include "tests/scenarios/logs/fixtures.h"
#include "tests/scenarios/recording/events.h"

namespace rebisect {
namespace {

using fixtures::Expand;
using fixtures::Id;

Recording Parse(std::string_view text) {
  auto recording = ParseRecording(Expand(text), "x.txt");
  EXPECT_TRUE(recording.has_value()) << FormatError(recording.error());
  EXPECT_EQ(recording->format, "syzkaller");
  return *recording;
}

std::vector<TestPurpose> Purposes(const Recording& recording) {
  std::vector<TestPurpose> purposes;
  for (const rebisect::Test& test :
       testing_support::EventsOf<rebisect::Test>(recording)) {
    purposes.push_back(test.purpose);
  }
  return purposes;
}

using P = TestPurpose;

TEST(ParseSyzkaller, FixOf2018KeepsGitsSides) {
  const Recording recording = Parse(fixtures::kFix2018);
  EXPECT_EQ(recording.kind, RecordingKind::kFix);
  EXPECT_EQ(recording.start_commit, Id("aa"));
  EXPECT_EQ(recording.tool_commit, Id("ee"));
  EXPECT_EQ(Purposes(recording),
            (std::vector<P>{P::kStart, P::kHead, P::kStep, P::kStep}));
  const auto marks = testing_support::EventsOf<Mark>(recording);
  ASSERT_EQ(marks.size(), 2U);
  EXPECT_EQ(marks[0].verdict, Verdict::kGood);
  EXPECT_EQ(CrashVerdict(recording.kind, marks[0].verdict), Verdict::kBad);
  EXPECT_EQ(recording.end.kind, EndKind::kCulprit);
  EXPECT_EQ(recording.end.culprit, Id("b2"));
  EXPECT_EQ(recording.summary.revisions_tested, 4);
  EXPECT_EQ(recording.summary.total_seconds, 3600.5);
  EXPECT_EQ(recording.summary.test_seconds, 2400.25);
  EXPECT_TRUE(recording.unknown.empty());
}

TEST(ParseSyzkaller, HeadThatStillCrashesEndsTheLog) {
  const Recording recording = Parse(fixtures::kFix2019);
  EXPECT_EQ(recording.end.kind, EndKind::kStillOnHead);
  EXPECT_EQ(Purposes(recording), (std::vector<P>{P::kStart, P::kHead}));
  EXPECT_EQ(recording.summary.crash, "KASAN: use-after-free Read in foo");
  EXPECT_TRUE(recording.unknown.empty());
}

TEST(ParseSyzkaller, FixOf2023WithConfigsAndMergeBases) {
  const Recording recording = Parse(fixtures::kFix2023);
  EXPECT_EQ(Purposes(recording),
            (std::vector<P>{P::kStart, P::kConfig, P::kConfig, P::kHead,
                            P::kMergeBase, P::kStep, P::kStep}));
  const auto tests = testing_support::EventsOf<rebisect::Test>(recording);
  EXPECT_EQ(tests[0].compiler, "Debian clang version 15.0.6");
  EXPECT_EQ(tests[0].representative, "INFO: task hung in bar");
  EXPECT_EQ(tests[0].crash_types,
            (std::vector<std::string>{"HANG", "UNKNOWN"}));
  EXPECT_EQ(tests[3].false_negative_chance, 0.012);
  EXPECT_EQ(tests[4].runs[1].outcome, RunOutcome::kIgnored);
  EXPECT_EQ(tests[4].runs[2].outcome, RunOutcome::kInfra);
  EXPECT_EQ(tests[5].undetermined.find("unable to determine"), 0U);
  EXPECT_EQ(recording.end.kind, EndKind::kInconclusive);
  EXPECT_EQ(recording.end.candidates,
            (std::vector<std::string>{Id("b1"), Id("ff")}));
  EXPECT_TRUE(recording.summary.flaky);
  EXPECT_EQ(recording.summary.repro_chance, 0.33);
  EXPECT_TRUE(recording.unknown.empty());
  for (const Remark& remark : testing_support::EventsOf<Remark>(recording)) {
    EXPECT_EQ(remark.text.find("a title"), std::string::npos);
  }
}

TEST(ParseSyzkaller, TriesOfMay2018) {
  const Recording recording = Parse(fixtures::kTries2018);
  const auto tests = testing_support::EventsOf<rebisect::Test>(recording);
  ASSERT_EQ(tests.size(), 4U);
  EXPECT_EQ(tests[0].runs[0], (rebisect::Run{RunOutcome::kCrashed,
                                             "WARNING in foo", std::nullopt}));
  EXPECT_EQ(tests[1].release, "v4.16");
  EXPECT_EQ(tests[1].runs[0].outcome, RunOutcome::kBootFailed);
  EXPECT_EQ(tests[1].runs[1].outcome, RunOutcome::kTestFailed);
  EXPECT_EQ(tests[1].runs[2].outcome, RunOutcome::kFailed);
  EXPECT_EQ(tests[2].runs[0].outcome, RunOutcome::kBuildFailed);
  EXPECT_EQ(recording.end.kind, EndKind::kUnfinished);
}

TEST(ParseSyzkaller, TestsOfConfigurationsAreNoSteps) {
  const Recording recording = Parse(fixtures::kConfig2020);
  EXPECT_EQ(Purposes(recording),
            (std::vector<P>{P::kStart, P::kConfig, P::kRelease, P::kRelease}));
  EXPECT_EQ(recording.end.kind, EndKind::kOldestAlreadyBad);
  EXPECT_TRUE(recording.unknown.empty());
}

TEST(ParseSyzkaller, SignaturesInPairsAndABareBuildError) {
  const Recording recording = Parse(fixtures::kSignatures2019);
  const auto tests = testing_support::EventsOf<rebisect::Test>(recording);
  ASSERT_EQ(tests.size(), 4U);
  EXPECT_EQ(tests[1].signature, "cafe");
  ASSERT_EQ(tests[2].runs.size(), 1U);
  EXPECT_EQ(tests[2].runs[0].outcome, RunOutcome::kBuildFailed);
  EXPECT_EQ(tests[2].runs[0].title,
            "drivers/foo.c:12: undefined reference to `bar'");
  EXPECT_EQ(tests[3].runs.size(), 3U);
  EXPECT_TRUE(tests[3].flaky);
  EXPECT_EQ(recording.summary.culprit_signature, "feed");
  EXPECT_EQ(recording.summary.parent_signature, "feed");
  EXPECT_TRUE(recording.summary.flaky);
  EXPECT_EQ(recording.end.kind, EndKind::kCulprit);
  EXPECT_TRUE(recording.unknown.empty());
}

TEST(ParseSyzkaller, LinesOf2023) {
  const Recording recording = Parse(fixtures::kCause2023);
  EXPECT_EQ(Purposes(recording),
            (std::vector<P>{P::kStart, P::kRelease, P::kStep, P::kStep,
                            P::kCulprit}));
  const auto tests = testing_support::EventsOf<rebisect::Test>(recording);
  EXPECT_EQ(tests[2].runs[0].title, "ld: error: undefined symbol: foo");
  EXPECT_EQ(recording.end.culprit, Id("b2"));
  EXPECT_EQ(recording.summary.error_probability, 0.12);
  EXPECT_TRUE(recording.unknown.empty());
}

TEST(ParseSyzkaller, InconclusiveAndErrors) {
  const Recording skipped = Parse(fixtures::kInconclusive);
  EXPECT_EQ(skipped.end.kind, EndKind::kInconclusive);
  EXPECT_EQ(skipped.end.candidates.size(), 2U);
  const Recording failed = Parse(fixtures::kError);
  EXPECT_EQ(failed.end.kind, EndKind::kError);
  EXPECT_EQ(failed.end.message,
            "the crash wasn't reproduced on the original commit");
}

TEST(ParseSyzkaller, UnknownLinesAreKeptAndCounted) {
  const Recording recording = Parse(
      "bisecting cause commit starting from {aa}\n"
      "something new in 2031\n"
      "testing commit {aa} gcc\n"
      "all runs: OK\n"
      "  something else\n");
  ASSERT_EQ(recording.unknown.size(), 2U);
  EXPECT_EQ(recording.unknown[0].line, 2);
  EXPECT_EQ(recording.unknown[1].text, "  something else");
}

TEST(ParseSyzkaller, ACulpritNamedTwiceDifferentlyIsSaid) {
  const Recording recording = Parse(
      "testing commit {aa} gcc\n"
      "all runs: OK\n"
      "{b1} is the first bad commit\n"
      "first bad commit: {b2} two\n");
  EXPECT_EQ(recording.end.culprit, Id("b1"));
  EXPECT_EQ(recording.unknown.size(), 1U);
}

TEST(SyzkallerLines, GoDurations) {
  using syzkaller_lines::ParseGoDuration;
  EXPECT_EQ(ParseGoDuration("1h2m3.5s"), 3723.5);
  EXPECT_EQ(ParseGoDuration("250ms"), 0.25);
  EXPECT_EQ(ParseGoDuration("0s"), 0.0);
  EXPECT_FALSE(ParseGoDuration("").has_value());
  EXPECT_FALSE(ParseGoDuration("12").has_value());
  EXPECT_FALSE(ParseGoDuration("1x").has_value());
}

}  // namespace
}  // namespace rebisect
