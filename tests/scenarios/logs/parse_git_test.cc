#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "scenarios/logs/parse.h"
#include "scenarios/logs/parse_git_log.h"
#include "scenarios/logs/parse_transcript.h"
#include "tests/scenarios/logs/fixtures.h"
#include "tests/scenarios/recording/events.h"

namespace rebisect {
namespace {

using fixtures::Expand;
using fixtures::Id;

Recording Parse(std::string_view text, std::string_view format) {
  auto recording = ParseRecording(Expand(text), "dir/x.log.gz");
  EXPECT_TRUE(recording.has_value()) << FormatError(recording.error());
  EXPECT_EQ(recording->format, format);
  return *recording;
}

// "good aa, bad b1": the marks by the first two digits.
std::string Marks(const Recording& recording) {
  std::string text;
  for (const Mark& mark : testing_support::EventsOf<Mark>(recording)) {
    if (!text.empty()) text += ", ";
    text += ToString(mark.verdict);
    for (const std::string& commit : mark.commits) {
      text += ' ' + (commit.size() == 40 ? commit.substr(0, 2) : commit);
    }
  }
  return text;
}

TEST(ParseGitLog, ACommentAndItsCommandAreOneMark) {
  const Recording recording = Parse(fixtures::kGitLog, "git-log");
  EXPECT_EQ(Marks(recording), "bad ff, good aa, skip b1, bad b2, good b3");
  EXPECT_EQ(recording.end.culprit, Id("b2"));
  EXPECT_EQ(recording.name, "x");
  EXPECT_TRUE(recording.unknown.empty());
  EXPECT_EQ(testing_support::EventsOf<Mark>(recording)[3].line, 10);
}

TEST(ParseGitLog, CommentsAlone) {
  std::string text;
  for (const char* line :
       {"# bad: [{ff}] top\n", "# good: [{aa}] bottom\n", "# bad: [{b1}] x\n",
        "# good: [{b2}] y\n", "# first bad commit: [{b1}] x\n"}) {
    text += line;
  }
  EXPECT_EQ(Marks(Parse(text, "git-log")), "bad ff, good aa, bad b1, good b2");
}

TEST(ParseGitLog, CommandsAloneDashedToo) {
  const Recording recording = Parse(
      "git-bisect start\ngit-bisect bad {ff}\ngit bisect good {aa} {a1}\n",
      "git-log");
  EXPECT_EQ(Marks(recording), "bad ff, good aa a1");
}

TEST(ParseGitLog, CommentsSayWhatNamesStandFor) {
  const Recording recording = Parse(
      "# bad: [{ff}] top\n# good: [{aa}] bottom\n"
      "git bisect start '--first-parent' '@' 'v2.0'\n"
      "# bad: [{b1}] one\ngit bisect bad b1000\n",
      "git-log");
  const Start start = testing_support::EventsOf<Start>(recording).at(0);
  EXPECT_TRUE(start.first_parent);
  EXPECT_EQ(start.bad, "@");
  EXPECT_EQ(start.resolved.at("@"), Id("ff"));
  EXPECT_EQ(start.resolved.at("v2.0"), Id("aa"));
  EXPECT_EQ(
      testing_support::EventsOf<Mark>(recording).at(0).resolved.at("b1000"),
      Id("b1"));
}

TEST(ParseGitLog, TermsOfAnySpelling) {
  const Recording quoted = Parse(fixtures::kGitLogQuoted, "git-log");
  EXPECT_EQ(Marks(quoted), "bad ff, good aa, bad b2");
  EXPECT_EQ(quoted.end.culprit, Id("b2"));
  const Start start = testing_support::EventsOf<Start>(quoted).at(0);
  EXPECT_EQ(start.term_bad, "fixed");
  EXPECT_EQ(start.paths, (std::vector<std::string>{"a dir"}));
  // Declared by the last line alone: the other word is the good one.
  EXPECT_EQ(Marks(Parse("git bisect start\n# oops: [{ff}] x\n# ok: [{aa}] y\n"
                        "# first oops commit: [{ff}] x\n",
                        "git-log")),
            "bad ff, good aa");
}

TEST(ParseGitLog, UndeclaredTermsAreNotGuessed) {
  const Recording recording =
      Parse("git bisect start\n# odd: [{ff}] x\n# even: [{aa}] y\n", "git-log");
  EXPECT_EQ(Marks(recording), "");
  EXPECT_EQ(recording.unknown.size(), 2U);
}

TEST(ParseGitLog, StatusLinesInAnyLanguage) {
  const Recording recording = Parse(fixtures::kGitLogLocal, "git-log");
  EXPECT_EQ(Marks(recording), "bad ff, good aa");
  EXPECT_TRUE(recording.unknown.empty());
}

TEST(ParseGitLog, SkipRangesAndOnlySkippedLeft) {
  const Recording recording = Parse(fixtures::kGitLogSkipped, "git-log");
  EXPECT_EQ(Marks(recording), "skip v1.1..v1.2, skip b1");
  EXPECT_EQ(recording.end.kind, EndKind::kOnlySkippedLeft);
  EXPECT_EQ(recording.end.candidates,
            (std::vector<std::string>{Id("ff"), Id("b1")}));
  const Start start = testing_support::EventsOf<Start>(recording).at(0);
  EXPECT_EQ(start.term_bad, "new");
  EXPECT_EQ(start.resolved.at("v1.0"), Id("aa"));
}

TEST(ParseGitLog, ALineThatIsNoneIsKept) {
  const Recording recording =
      Parse("git bisect start\nfoo\ngit bisect frobnicate\n", "git-log");
  ASSERT_EQ(recording.unknown.size(), 2U);
  EXPECT_EQ(recording.unknown[1].text, "git bisect frobnicate");
}

TEST(ParseTranscript, ASessionByHand) {
  const Recording recording = Parse(fixtures::kTranscript, "transcript");
  // Marks without a revision keep none.
  EXPECT_EQ(Marks(recording), "bad, good v1.0, bad, good");
  const auto proposals = testing_support::EventsOf<Proposal>(recording);
  ASSERT_EQ(proposals.size(), 2U);
  EXPECT_EQ(proposals[0].commit, Id("b1"));
  EXPECT_EQ(proposals[0].revisions_left, 2);
  EXPECT_EQ(proposals[0].steps_left, 2);
  EXPECT_EQ(proposals[0].line, 4);
  EXPECT_EQ(recording.end.culprit, Id("b1"));
  EXPECT_EQ(testing_support::EventsOf<Start>(recording).size(), 1U);
}

TEST(ParseTranscript, OutputOfARunIsCountedAndLeftOut) {
  const Recording recording = Parse(fixtures::kBisectRun, "transcript");
  EXPECT_EQ(testing_support::EventsOf<Proposal>(recording).size(), 2U);
  EXPECT_EQ(Marks(recording), "");
  std::string remarks;
  for (const Remark& remark : testing_support::EventsOf<Remark>(recording)) {
    remarks += remark.text + "\n";
  }
  EXPECT_EQ(remarks,
            "git bisect run ./test.sh\n"
            "2 lines of the test's output left out\n"
            "1 line of the test's output left out\n");
  EXPECT_EQ(recording.end.culprit, Id("b1"));
  EXPECT_TRUE(recording.unknown.empty());
}

TEST(ParseTranscript, MergeBases) {
  const Recording recording = Parse(fixtures::kMergeBase, "transcript");
  EXPECT_TRUE(testing_support::EventsOf<Proposal>(recording).at(0).merge_base);
  EXPECT_EQ(recording.end.kind, EndKind::kMergeBaseBad);
}

TEST(ParseTranscript, NegativeCountsAndNoEstimate) {
  const auto proposals = testing_support::EventsOf<Proposal>(
      Parse(fixtures::kPaths, "transcript"));
  EXPECT_EQ(proposals.at(0).revisions_left, -1);
  EXPECT_FALSE(proposals.at(1).steps_left.has_value());
}

TEST(ParseTranscript, OtherLanguages) {
  const Recording recording = Parse(
      "$ git bisect start {ff} {aa}\n"
      "Bisektion: 361 revisioner kvar att testa efter denna (ungefär 9 steg)\n"
      "[{b1}] one\n",
      "transcript");
  EXPECT_EQ(testing_support::EventsOf<Proposal>(recording).at(0).revisions_left,
            361);
  EXPECT_EQ(testing_support::EventsOf<Proposal>(recording).at(0).steps_left, 9);
}

TEST(ParseTranscript, OnlySkippedLeft) {
  const Recording recording = Parse(
      "There are only 'skip'ped commits left to test.\n"
      "The first bad commit could be any of:\n{b1}\n{b2}\n"
      "We cannot bisect more!\nbisect run cannot continue any more\n",
      "transcript");
  EXPECT_EQ(recording.end.kind, EndKind::kOnlySkippedLeft);
  EXPECT_EQ(recording.end.candidates.size(), 2U);
}

TEST(ParseTranscript, Failures) {
  EXPECT_EQ(Parse("$ git bisect start {aa} {aa}\n{aa} was both good and bad\n",
                  "transcript")
                .end.kind,
            EndKind::kError);
}

}  // namespace
}  // namespace rebisect
