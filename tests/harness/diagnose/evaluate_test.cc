#include "harness/diagnose/evaluation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/diagnose/fixes_tags.h"
#include "tests/harness/testing/program.h"
#include "tests/support/git_command.h"
#include "tests/support/temp_folder.h"

namespace rebisect {
namespace {

using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing_support::JsonLines;
using testing_support::ProgramRun;
using testing_support::PutFile;
using testing_support::RunProgram;
using testing_support::RunShell;
using testing_support::ShellLine;
using testing_support::TempFolder;

const std::string kRecorded = REBISECT_RECORDED_DIR;

EvaluatedRecording Case(Conclusion conclusion, double posterior,
                        std::optional<bool> right) {
  return {"", conclusion, posterior, true, right};
}

TEST(EvaluationTest, CountsByHand) {
  std::vector<EvaluatedRecording> all;
  for (int i = 0; i < 8; ++i) {
    all.push_back(Case(Conclusion::kTrustworthy, .95, true));
  }
  all.push_back(Case(Conclusion::kTrustworthy, .85, false));
  all.push_back(Case(Conclusion::kDoubtful, .5, true));
  all.push_back(Case(Conclusion::kDoubtful, .4, false));
  all.push_back(Case(Conclusion::kContradicted, 0, false));
  all.push_back(Case(Conclusion::kContradicted, .01, false));
  all.push_back(Case(Conclusion::kContradicted, .01, std::nullopt));
  all.push_back(Case(Conclusion::kTrustworthy, 1, true));
  const Evaluation evaluation = Evaluate(all, 3);
  EXPECT_EQ(evaluation.recordings, 15U);
  EXPECT_EQ(evaluation.failed, 3U);
  EXPECT_EQ(evaluation.judged, 14U);
  const auto& [trusted, doubtful, contradicted] = evaluation.conclusions;
  EXPECT_EQ(trusted.precision.count, 9U);
  EXPECT_EQ(trusted.precision.of, 10U);
  EXPECT_EQ(trusted.recall.of, 10U) << "right results";
  EXPECT_EQ(doubtful.precision.count, 1U);
  EXPECT_EQ(doubtful.precision.of, 2U);
  EXPECT_EQ(contradicted.precision.count, 2U);
  EXPECT_EQ(contradicted.recall.count, 2U);
  EXPECT_EQ(contradicted.recall.of, 4U) << "wrong results";
  EXPECT_EQ(contradicted.unknown, 1U);
  EXPECT_EQ(evaluation.wrong_trustworthy.count, 1U);
  EXPECT_EQ(evaluation.wrong_trustworthy.of, 10U);
  // Wilson's interval of 1 of 10.
  EXPECT_NEAR(evaluation.wrong_trustworthy.Bounds().low, .0179, .0001);
  EXPECT_NEAR(evaluation.wrong_trustworthy.Bounds().high, .4042, .0001);
  ASSERT_EQ(evaluation.bins.size(), 5U);
  EXPECT_EQ(evaluation.bins[0].right.of, 2U);
  EXPECT_NEAR(evaluation.bins[0].mean, .005, 1e-12);
  EXPECT_EQ(evaluation.bins[4].right.of, 9U) << "1 belongs to the last bin";
  // 8 of .05, one each of .85, .5, .4, 0, .01 and 0, squared.
  EXPECT_NEAR(*evaluation.brier,
              (8 * .0025 + .7225 + .25 + .16 + 0 + .0001 + 0) / 14, 1e-12);
}

TEST(EvaluationTest, NothingJudgedHasNoShares) {
  const Evaluation evaluation =
      Evaluate({Case(Conclusion::kDoubtful, .5, std::nullopt)}, 0);
  EXPECT_EQ(evaluation.judged, 0U);
  EXPECT_FALSE(evaluation.brier.has_value());
  EXPECT_THAT(evaluation.bins, IsEmpty());
  const json object = json::parse(EvaluationJson(evaluation, {}));
  EXPECT_TRUE(object["wrong_trustworthy"].is_null());
}

TEST(EvaluateCommand, JudgesTheShippedRecordings) {
  const ProgramRun run =
      RunProgram({"evaluate", kRecorded, "--format", "json"});
  ASSERT_EQ(run.exit_code, 0) << run.errors;
  const auto answers = JsonLines(run.out);
  ASSERT_EQ(answers.size(), 1U);
  EXPECT_EQ(answers[0]["recordings"], 7);
  EXPECT_EQ(answers[0]["judged"], 4);
  EXPECT_EQ(answers[0]["conclusions"][0]["right"], 2);
  EXPECT_EQ(answers[0]["conclusions"][2]["wrong"], 2);
  EXPECT_EQ(answers[0]["wrong_trustworthy"]["count"], 0);
}

TEST(EvaluateCommand, TakesTheTruthFromATable) {
  const TempFolder folder;
  PutFile(folder / "truth.tsv",
          "000_44bcc0d44dc46933\tnone\n002_2bc36a9ae601194e\tee1fa209f5e5\n");
  const auto answers = JsonLines(
      RunProgram({"evaluate", kRecorded, "--truth", folder / "truth.tsv",
                  "--format", "json", "-j", "2"})
          .out);
  ASSERT_EQ(answers.size(), 1U);
  EXPECT_EQ(answers[0]["judged"], 5);
  EXPECT_EQ(answers[0]["wrong_trustworthy"]["count"], 1);
  EXPECT_EQ(answers[0]["wrong_trustworthy"]["of"], 3);
}

TEST(EvaluateCommand, WithoutAnyTruthIsAnError) {
  const ProgramRun run =
      RunProgram({"evaluate", kRecorded + "/git-2006-bad-merge.yaml"});
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_THAT(run.errors, HasSubstr("no recording has a known truth"));
}

TEST(FixesTagsTest, ReadsTagsAndReports) {
  const FixesTags tags = ReadFixesTags(
      "net: fix it\n\nFixes: none of these\n  Fixes: aaaaaaaaaaaa (\"x\")\n"
      "Reported-by: syzbot+2bc36a9ae601194e0000@syzkaller.example\n"
      "Link: https://syzkaller.example/bug?extid=2bc36a9ae601194e0000\n"
      "Fixes: 0123456789ab (\"net: bring it\")\n"
      "Fixes:   fedcba98 (\"older\")\nFixes: 0123456789ab\n");
  EXPECT_THAT(tags.fixed, ElementsAre("0123456789ab", "fedcba98"));
  EXPECT_THAT(tags.reports, ElementsAre("2bc36a9ae601194e0000"));
}

class TruthCommandTest : public ::testing::Test {
 protected:
  TruthCommandTest() {
    RunShell(folder_.path(),
             "git init -q repo && cd repo && git commit -q --allow-empty -m "
             "first && git commit -q --allow-empty -m bug");
    bug_ = ShellLine(folder_ / "repo", "git rev-parse HEAD");
  }

  void Fix(const std::string& message) {
    PutFile(folder_ / "message", message);
    RunShell(folder_ / "repo", "git commit -q --allow-empty -F ../message");
    fix_ = ShellLine(folder_ / "repo", "git rev-parse HEAD");
  }

  ProgramRun Propose(const std::string& name, const std::string& culprit,
                     const std::string& kind = "cause") {
    PutFile(folder_ / (name + ".yaml"),
            "rebisect: recording/1\nname: " + name + "\nkind: " + kind +
                "\nevents:\n  - start: {bad: v2, goods: [v1]}\nend: {kind: "
                "culprit, culprit: " +
                culprit + "}\n");
    return RunProgram(
        {"truth", "--repo", folder_ / "repo", folder_ / (name + ".yaml")});
  }

  TempFolder folder_;
  std::string bug_;
  std::string fix_;
};

TEST_F(TruthCommandTest, TheFixOfTheReportNamesTheCulprit) {
  Fix("repair\n\nReported-by: syzbot+2bc36a9ae601194eabcd@x.example\nFixes: " +
      bug_.substr(0, 12) + " (\"bug\")\n");
  const ProgramRun run = Propose("002_2bc36a9ae601194e", "00112233445566");
  EXPECT_EQ(run.exit_code, 0) << run.errors;
  EXPECT_EQ(run.out, "002_2bc36a9ae601194e\t" + bug_ + "  # " +
                         fix_.substr(0, 12) +
                         " fixes the reported bug and names it\n");
  EXPECT_THAT(run.errors, HasSubstr("1 of 1 recording labelled"));
}

TEST_F(TruthCommandTest, ASearchForAFixLooksForTheCommitThatSaysSo) {
  Fix("repair\n\nReported-by: syzbot+2bc36a9ae601194eabcd@x.example\n");
  const ProgramRun run =
      Propose("002_2bc36a9ae601194e", "00112233445566", "fix");
  EXPECT_THAT(run.out, HasSubstr("002_2bc36a9ae601194e\t" + fix_ + "  # "));
}

TEST_F(TruthCommandTest, WhatMayBeAnotherBugIsForPeopleToJudge) {
  Fix("repair something\n\nFixes: " + bug_.substr(0, 12) + " (\"bug\")\n");
  const ProgramRun run = Propose("some-search", bug_);
  EXPECT_EQ(run.out, "# some-search\t" + bug_ + "  # " + fix_.substr(0, 12) +
                         " fixes the recorded culprit, perhaps for another "
                         "bug\n");
}

TEST_F(TruthCommandTest, TwoAnswersAreNone) {
  Fix("one\n\nReported-by: syzbot+2bc36a9ae601194eabcd@x.example\nFixes: " +
      bug_ + "\nFixes: " + ShellLine(folder_ / "repo", "git rev-parse HEAD~1") +
      "\n");
  const ProgramRun run = Propose("002_2bc36a9ae601194e", bug_);
  std::istringstream lines(run.out);
  int count = 0;
  for (std::string line; std::getline(lines, line); ++count) {
    EXPECT_EQ(line.substr(0, 2), "# ") << line;
  }
  EXPECT_EQ(count, 2);
}

TEST_F(TruthCommandTest, BadInputIsSaid) {
  const ProgramRun run =
      RunProgram({"truth", "--repo", folder_ / "no", kRecorded});
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_EQ(RunProgram({"truth", kRecorded}).exit_code, 2) << "no --repo";
}

}  // namespace
}  // namespace rebisect
