#include <set>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/harness/graph/line_dag.h"
#include "tests/harness/testing/program.h"
#include "tests/harness/whatif/whatif_fixture.h"

namespace rebisect {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::StartsWith;
using testing_support::BruteForce;
using testing_support::Contained;
using testing_support::JsonLines;
using testing_support::kBad;
using testing_support::kCulprit;
using testing_support::kGood;
using testing_support::LineId;
using testing_support::NumberOf;
using testing_support::Parents;
using testing_support::ProgramRun;
using testing_support::PutFile;
using testing_support::RunProgram;
using testing_support::Searched;
using testing_support::TempFolder;
using testing_support::WhatifTest;

TEST_F(WhatifTest, PartsWhereOneCrashIsTooFewAndLeavesWhatIsPossible) {
  const std::string record = Record({3});
  const json out = RecordOf(record, {"--verdict", "threshold:k=2"});
  const json& parts = out["first_divergence"];
  EXPECT_EQ(parts["step"], 3);
  EXPECT_EQ(parts["commit"], LineId(tested_[2]));
  EXPECT_EQ(parts["recorded_verdict"], "bad");
  EXPECT_EQ(parts["verdict"], "good");
  EXPECT_THAT(parts["reason"], StartsWith("1 of 10 runs crashed"));
  EXPECT_EQ(out["outcome"], "set");
  EXPECT_EQ(out["culprit"], nullptr);
  EXPECT_EQ(out["needs"]["untested"], true);
  std::set<int> bads{kBad};
  std::set<int> goods{kGood};
  for (const json& step : out["steps"]) {
    const int commit = NumberOf(step["commit"]);
    if (step["verdict"] == "bad") bads.insert(commit);
    if (step["verdict"] == "good") goods.insert(commit);
  }
  EXPECT_EQ(bads.size() + goods.size(), 5U);
  const std::set<std::string> left = out["suspects"];
  EXPECT_EQ(left, BruteForce(bads, goods));
  EXPECT_EQ(out["suspects_left"], left.size());
  EXPECT_TRUE(left.contains(LineId(kCulprit)));
  EXPECT_TRUE(left.contains(out["needs"]["commit"]));
}

TEST_F(WhatifTest, GoesOnWhereTheRecordHasRuns) {
  Searched searched{3};
  for (const auto& [n, parents] : Parents()) {
    searched.later.emplace_back(n, Contained(n).contains(kCulprit) ? 10 : 0);
  }
  const std::string record = Record(searched);
  const json out = RecordOf(record, {"--verdict", "threshold:k=2"});
  EXPECT_EQ(out["outcome"], "different-culprit");
  EXPECT_EQ(out["culprit"], LineId(kCulprit));
  EXPECT_EQ(out["needs"], nullptr);
  EXPECT_EQ(out["steps"].back()["on_record"], false);
}

TEST_F(WhatifTest, APolicyThatAgreesEndsAsRecorded) {
  const json out = RecordOf(Record({3}), {"--verdict", "any-crash"});
  EXPECT_EQ(out["first_divergence"], nullptr);
  EXPECT_EQ(out["outcome"], "same-culprit");
  EXPECT_EQ(out["culprit"], culprit_);
  EXPECT_EQ(out["suspects_left"], 1);
  EXPECT_EQ(out["steps"].size(), tested_.size());
}

TEST_F(WhatifTest, AnUnfinishedSearchAsksForTheNextCommit) {
  const std::string record = Record({.most_marks = 2});
  const json out = RecordOf(record, {"--verdict", "any-crash"});
  EXPECT_EQ(out["first_divergence"], nullptr);
  EXPECT_EQ(out["outcome"], "set");
  EXPECT_EQ(out["needs"]["untested"], true);
  EXPECT_EQ(out["steps"].size(), 3U);
}

TEST_F(WhatifTest, RetryPoliciesDecideHowManyRunsCountAndIfTheEndIsChecked) {
  struct Case {
    const char* retry;
    const char* verdict;
    std::vector<std::pair<int, int>> later;  ///< 0: the recorded culprit
    const char* outcome;
    int confirming;
  };
  // The parent of the culprit is kParent below.
  constexpr int kParent = -1;
  const std::vector<Case> cases{
      {"recorded", "any-crash", {}, "same-culprit", 0},
      // Nine runs pass before the one that crashes.
      {"fixed:n=9", "any-crash", {}, "set", 0},
      {"fixed:n=10", "any-crash", {}, "same-culprit", 0},
      {"fixed:n=11", "any-crash", {}, "set", 0},
      {"until-bad:n=10", "any-crash", {}, "same-culprit", 0},
      // Checked, and there is no run to check with.
      {"confirm-last:n=10", "any-crash", {}, "set", 1},
      {"confirm-last:n=10", "any-crash", {{0, 10}}, "set", 2},
      {"confirm-last:n=10",
       "any-crash",
       {{0, 10}, {kParent, 0}},
       "same-culprit",
       2},
      {"confirm-last:n=5",
       "any-crash",
       {{0, 10}, {kParent, 0}},
       "same-culprit",
       2},
      // The parent crashes after all: the search goes on, to its own parent.
      {"confirm-last:n=10", "any-crash", {{0, 10}, {kParent, 3}}, "set", 2},
  };
  for (const Case& row : cases) {
    SCOPED_TRACE(std::string(row.retry) + ", " +
                 std::to_string(row.later.size()));
    Searched searched{3};
    Record(searched);
    const int culprit = NumberOf(culprit_);
    for (const auto& [commit, crashes] : row.later) {
      searched.later.emplace_back(
          commit == 0 ? culprit : Parents().at(culprit).front(), crashes);
    }
    const json out = RecordOf(Record(searched),
                              {"--verdict", row.verdict, "--retry", row.retry});
    EXPECT_EQ(out["outcome"], row.outcome);
    int confirming = 0;
    for (const json& step : out["steps"]) {
      if (step["confirms"] == true) ++confirming;
    }
    EXPECT_EQ(confirming, row.confirming);
    if (row.outcome == std::string("set")) {
      EXPECT_TRUE(out["needs"].is_object());
    }
  }
}

TEST_F(WhatifTest, MoreRunsThanRecordedAreCounted) {
  const json out = RecordOf(
      Record({3}), {"--verdict", "any-crash", "--retry", "fixed:n=14"});
  EXPECT_EQ(out["first_divergence"]["step"], 1);
  EXPECT_EQ(out["first_divergence"]["verdict"], "more-runs");
  EXPECT_EQ(out["needs"]["runs"], 4);
  EXPECT_EQ(out["needs"]["untested"], false);
  EXPECT_EQ(out["needs"]["commit"], LineId(tested_[0]));
  EXPECT_EQ(out["suspects_left"], 23);
}

TEST_F(WhatifTest, OtherChoicesPartByTheCommit) {
  const std::string same = Record({3});
  EXPECT_EQ(RecordOf(same, {"--verdict", "any-crash", "--select",
                            "git:2.39.5"})["outcome"],
            "same-culprit");
  const std::string other = folder_ / "other.log";
  PutFile(other, "git bisect start '" + LineId(kBad) + "' '" + LineId(kGood) +
                     "'\ngit bisect good " + LineId(6) + '\n');
  const json out =
      RecordOf(other, {"--verdict", "any-crash", "--select", "git:2.39.5"});
  const json& parts = out["first_divergence"];
  EXPECT_EQ(parts["step"], 1);
  EXPECT_EQ(parts["commit"], LineId(tested_[0]));
  EXPECT_EQ(parts["recorded_commit"], LineId(6));
  EXPECT_EQ(parts["verdict"], nullptr);
  EXPECT_EQ(parts["reason"], "git 2.39.5 proposes another commit");
  EXPECT_EQ(out["suspects_left"], 23);
}

TEST_F(WhatifTest, AnySelectionPolicyMayChoose) {
  const std::string other = folder_ / "other.log";
  PutFile(other, "git bisect start '" + LineId(kBad) + "' '" + LineId(kGood) +
                     "'\ngit bisect good " + LineId(6) + '\n');
  const json best =
      RecordOf(other, {"--verdict", "any-crash", "--select", "best"});
  EXPECT_EQ(best["first_divergence"]["reason"], "best proposes another commit");
  EXPECT_EQ(best["suspects_left"], 23);
  // One that trusts no verdict goes on after git would have ended, and asks
  // for commits again: the record has runs of each test of theirs.
  const json noisy = RecordOf(
      Record({0}),
      {"--verdict", "any-crash", "--select", "noisy-binary:error=0.2"});
  EXPECT_EQ(noisy["outcome"], "same-culprit");
  EXPECT_EQ(noisy["culprit"], LineId(kCulprit));
  EXPECT_GT(noisy["steps"].size(), 6U);
}

TEST_F(WhatifTest, PoliciesThatTrustNoVerdictAreCarriedOn) {
  const json out =
      Whatif(Record({3}), {"--verdict", "any-crash", "--model", "--trials",
                           "30", "--select", "noisy-binary:error=0.2,best"});
  ASSERT_EQ(out["policies"].size(), 2U);
  for (const json& result : out["policies"]) {
    const json& model = result["model"];
    EXPECT_NEAR(model["right"].get<double>() + model["wrong"].get<double>() +
                    model["undecided"].get<double>(),
                1, 1e-5);
  }
}

TEST_F(WhatifTest, WhatGitRefusesIsSaid) {
  const std::string log = folder_ / "first-parent.log";
  PutFile(log, "git bisect start '--first-parent' '" + LineId(kBad) + "' '" +
                   LineId(kGood) + "'\ngit bisect good " + LineId(17) + '\n');
  const json out =
      RecordOf(log, {"--verdict", "any-crash", "--select", "git:2.20.0"});
  EXPECT_EQ(out["outcome"], "error");
  EXPECT_THAT(out["first_divergence"]["reason"],
              StartsWith("git 2.20.0 refuses: "));
  EXPECT_THAT(out["notes"][0], StartsWith("git refuses: "));
}

// Text.

TEST_F(WhatifTest, TheTextTellsTheStepTheRuleAndWhatIsLeft) {
  const ProgramRun run =
      Run(Record({3}), {"--verdict", "threshold:k=2,any-crash", "--matrix",
                        "--model", "--trials", "20"});
  EXPECT_EQ(run.exit_code, 0);
  EXPECT_EQ(run.errors, "");
  EXPECT_THAT(run.out, HasSubstr("  parts       at step 3, " +
                                 LineId(tested_[2]).substr(0, 12) +
                                 ": good instead of bad\n"
                                 "              1 of 10 runs crashed"));
  EXPECT_THAT(run.out, HasSubstr("  by record   open: one of "));
  EXPECT_THAT(run.out, HasSubstr("step 4 asks for "));
  EXPECT_THAT(run.out, HasSubstr("  model adds  carried on in 20 worlds"));
  EXPECT_THAT(run.out, HasSubstr("good !"));
  EXPECT_THAT(run.out, HasSubstr("the same"));
  std::size_t at = 0;
  while (at < run.out.size()) {
    const std::size_t end = run.out.find('\n', at);
    EXPECT_LE(end - at, 80U) << run.out.substr(at, end - at);
    at = end + 1;
  }
}

// Bad input.

TEST_F(WhatifTest, BadInputIsAnErrorWithItsPlace) {
  const std::string record = Record({3});
  const std::string truth = folder_ / "truth.tsv";
  PutFile(truth, "# name\tculprit\n\nrecord " + LineId(13) + '\n');
  const std::string twice = folder_ / "twice.tsv";
  PutFile(twice, "a\tnone\nb\tnone\na\tnone\n");
  const std::string words = folder_ / "words.tsv";
  PutFile(words, "a\tnone of them\n");
  struct Case {
    std::vector<std::string> options;
    std::string error;
  };
  const std::vector<Case> cases{
      {{"--verdict", "nothing"}, "--verdict:1:1: error: there is no verdict"},
      {{"--verdict", "any-crash,majority:k=2"}, "--verdict:1:20: error: "},
      {{"--verdict", "any-crash", "--retry", "never"}, "--retry:1:1: error: "},
      {{"--verdict", "any-crash", "--select", "bset"},
       "--select:1:1: error: there is no selection policy 'bset'; did you"},
      {{"--verdict", "any-crash", "--select", "random"},
       "--select:1:1: error: 'random' does not go here"},
      {{"--verdict", "any-crash", "--select", "first-parent"},
       "--select:1:1: error: 'first-parent' does not go here"},
      {{"--verdict", "any-crash", "--select", "best:prior=risk"},
       "--select:1:1: error: 'best:prior=risk' does not go here"},
      {{"--verdict", "any-crash", "--select", "git:x"},
       "--select:1:1: error: 'x' is no version of git"},
      {{"--verdict", "any-crash", "--model", "--trials", "0"}, "--trials: "},
      {{"--verdict", "any-crash", "--trials", "9"},
       "--trials requires --model"},
      {{"--verdict", "any-crash", "--truth", truth},
       truth + ":3:1: error: there is no tab"},
      {{"--verdict", "any-crash", "--truth", twice},
       twice + ":3:1: error: 'a' has a truth already"},
      {{"--verdict", "any-crash", "--truth", words},
       words + ":1:3: error: the culprit is more than one word"},
  };
  for (const Case& row : cases) {
    const ProgramRun run = Run(record, row.options);
    EXPECT_EQ(run.exit_code, 2) << row.error;
    EXPECT_THAT(run.errors, StartsWith(row.error));
    EXPECT_EQ(run.out, "");
  }
}

TEST_F(WhatifTest, WithoutRunsThereIsNothingToJudge) {
  const std::string log = folder_ / "plain.log";
  PutFile(log,
          "git bisect start '" + LineId(kBad) + "' '" + LineId(kGood) + "'\n");
  ProgramRun run = Run(log, {"--verdict", "any-crash"});
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_THAT(run.errors, StartsWith(log + ": error: the record has no runs"));
  run = Run(log, {"--verdict", "any-crash", "--model", "--trials", "20"});
  EXPECT_EQ(run.exit_code, 0) << run.errors;
  EXPECT_THAT(run.out, HasSubstr("its verdicts stand"));
}

TEST_F(WhatifTest, AnEmptyFolderIsAnError) {
  TempFolder empty;
  const ProgramRun run = Run(empty / "", {"--verdict", "any-crash"});
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_THAT(run.errors, HasSubstr("the folder holds no recording"));
}

// The recordings that ship.

TEST(WhatifShippedTest, APolicyThatNeverPartsNamesTheRecordedCulprits) {
  const ProgramRun run =
      RunProgram({"whatif", REBISECT_RECORDED_DIR, "--verdict", "any-crash",
                  "--format", "json"});
  EXPECT_EQ(run.exit_code, 0) << run.errors;
  EXPECT_THAT(run.errors, HasSubstr("git-oops-2.42.yaml: note: left out"));
  const auto answers = JsonLines(run.out);
  ASSERT_EQ(answers.size(), 6U);
  for (std::size_t i = 0; i < 5; ++i) {
    const json& record = answers[i]["policies"][0]["record"];
    EXPECT_EQ(record["first_divergence"], nullptr) << answers[i]["recording"];
    EXPECT_EQ(record["outcome"], "same-culprit");
    EXPECT_EQ(record["culprit"], answers[i]["recorded_culprit"]);
  }
  const json& corpus = answers[5];
  EXPECT_EQ(corpus["schema"], "rebisect.whatif-corpus/1");
  EXPECT_EQ(corpus["recordings"], 5);
  EXPECT_EQ(corpus["without_runs"], 2);
  // 000 and 003 are right, 001 and 004 wrong; of 002 it is not known.
  EXPECT_EQ(corpus["truths"], 4);
  EXPECT_EQ(corpus["policies"][0]["record"]["right"], 2);
  EXPECT_EQ(corpus["policies"][0]["record"]["wrong"], 2);
}

TEST(WhatifShippedTest, TodaysRuleSkipsTheRareCrashes) {
  const std::string file =
      std::string(REBISECT_RECORDED_DIR) + "/001_8797c81a33fa4415.yaml";
  const auto answers =
      JsonLines(RunProgram({"whatif", file, "--verdict", "syzkaller-2024",
                            "--format", "json"})
                    .out);
  ASSERT_EQ(answers.size(), 1U);
  EXPECT_EQ(answers[0]["graph"]["source"], "reconstructed");
  const json& record = answers[0]["policies"][0]["record"];
  const json& parts = record["first_divergence"];
  EXPECT_EQ(parts["step"], 8);
  EXPECT_THAT(parts["commit"], StartsWith("6e085cbfb0f0"));
  EXPECT_EQ(parts["recorded_verdict"], "bad");
  EXPECT_EQ(parts["verdict"], "skip");
  EXPECT_THAT(parts["reason"], StartsWith("1 of 10 runs crashed, 9 passed"));
  EXPECT_THAT(parts["reason"], HasSubstr("bad needs 2 that crashed"));
  EXPECT_EQ(record["outcome"], "set");
  EXPECT_EQ(record["suspects_left"], 185);
  EXPECT_EQ(record["needs"]["untested"], true);
  EXPECT_EQ(record["judgement"], "undecided");
}

}  // namespace
}  // namespace rebisect
