#include <cmath>
#include <cstdio>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/harness/line_dag.h"
#include "tests/harness/program.h"
#include "tests/support/temp_folder.h"

namespace rebisect {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::StartsWith;
using testing_support::JsonLines;
using testing_support::LineId;
using testing_support::ProgramRun;
using testing_support::PutFile;
using testing_support::RunProgram;
using testing_support::TempFolder;

/// n1 ... n10 and, from n4, n11 ... n14; merged in n15, then up to n24.
const std::map<int, std::vector<int>>& Parents() {
  static const std::map<int, std::vector<int>> kParents = [] {
    std::map<int, std::vector<int>> parents{{1, {}}};
    for (int n = 2; n <= 24; ++n) parents[n] = {n - 1};
    parents[11] = {4};
    parents[15] = {10, 14};
    return parents;
  }();
  return kParents;
}

constexpr int kGood = 1;
constexpr int kBad = 24;
constexpr int kCulprit = 14;

std::string Dag() {
  std::string text;
  for (const auto& [n, parents] : Parents()) {
    text += LineId(n) + ' ' + std::to_string(1500000000 + 60 * n);
    for (const int parent : parents) text += ' ' + LineId(parent);
    text += '\n';
  }
  return text;
}

int NumberOf(const std::string& id) {
  for (const auto& [n, parents] : Parents()) {
    if (LineId(n) == id) return n;
  }
  return 0;
}

/// The commit and all that it contains.
std::set<int> Contained(int commit) {
  std::set<int> all;
  std::vector<int> open{commit};
  while (!open.empty()) {
    const int n = open.back();
    open.pop_back();
    if (!all.insert(n).second) continue;
    for (const int parent : Parents().at(n)) open.push_back(parent);
  }
  return all;
}

/// Commits that every bad one contains and no good one.
std::set<std::string> BruteForce(const std::set<int>& bads,
                                 const std::set<int>& goods) {
  std::set<std::string> left;
  for (const auto& [n, parents] : Parents()) {
    bool fits = true;
    for (const int bad : bads) fits = fits && Contained(bad).contains(n);
    for (const int good : goods) fits = fits && !Contained(good).contains(n);
    if (fits) left.insert(LineId(n));
  }
  return left;
}

std::string TestEvent(int commit, int crashes, const std::string& purpose,
                      const std::string& title = "BUG in foo") {
  std::string text = "  - test: \"" + LineId(commit) + "\"\n";
  if (!purpose.empty()) text += "    purpose: " + purpose + '\n';
  text += "    runs:\n";
  if (crashes < 10) {
    text +=
        "      - {outcome: ok, count: " + std::to_string(10 - crashes) + "}\n";
  }
  if (crashes > 0) {
    text += "      - {outcome: crashed, title: " + title +
            ", count: " + std::to_string(crashes) + "}\n";
  }
  return text;
}

/// A search as recorded: any crash was bad, ten runs a commit.
struct Searched {
  /// The proposed commit, counted from 1, where another bug crashes in one
  /// run of ten; 0: none.
  int rare_step = 0;
  /// Tests after the end: commits and how many of ten runs crashed.
  std::vector<std::pair<int, int>> later{};
  std::string summary{};
  /// Events are left out after so many marks; 0: none are.
  int most_marks = 0;
};

class WhatifTest : public ::testing::Test {
 protected:
  WhatifTest() { PutFile(dag_, Dag()); }

  /// Writes the record of a search on the graph; its path.
  std::string Record(const Searched& searched,
                     const std::string& name = "record") {
    const std::set<int> healthy = Contained(kCulprit - 1);
    std::string events = TestEvent(kBad, 10, "start") +
                         TestEvent(kGood, 0, "release") +
                         "  - start: {bad: \"" + LineId(kBad) +
                         "\", goods: [\"" + LineId(kGood) + "\"]}\n";
    std::string commands = "start " + LineId(kBad) + ' ' + LineId(kGood) + '\n';
    tested_.clear();
    std::string culprit;
    for (int step = 1; culprit.empty(); ++step) {
      const json answer =
          JsonLines(RunProgram({"drive", "--dag", dag_}, commands).out).back();
      if (answer["state"] == "found") {
        culprit = answer["culprit"];
        break;
      }
      const int commit = NumberOf(answer["next"]);
      const bool rare = step == searched.rare_step;
      const bool bad = Contained(commit).contains(kCulprit);
      EXPECT_FALSE(rare && bad) << "a rare crash would not show at " << commit;
      tested_.push_back(commit);
      events += "  - next: \"" + LineId(commit) + "\"\n";
      events += rare ? TestEvent(commit, 1, "", "WARNING in bar")
                     : TestEvent(commit, bad ? 10 : 0, "");
      const std::string term = bad || rare ? "bad" : "good";
      events += "  - " + term + ": \"" + LineId(commit) + "\"\n";
      commands += term + '\n';
      if (step == searched.most_marks) break;
    }
    for (const auto& [commit, crashes] : searched.later) {
      events += TestEvent(commit, crashes, "culprit");
    }
    const std::string end =
        culprit.empty() ? "  kind: unfinished\n"
                        : "  kind: culprit\n  culprit: \"" + culprit + "\"\n";
    culprit_ = culprit;
    const std::string path = folder_ / (name + ".yaml");
    PutFile(path, "rebisect: recording/1\nname: " + name +
                      "\nformat: syzkaller\nkind: cause\nstart_commit: \"" +
                      LineId(kBad) + "\"\nevents:\n" + events + "end:\n" + end +
                      searched.summary);
    return path;
  }

  ProgramRun Run(const std::string& input, std::vector<std::string> options) {
    options.insert(options.begin(), {"whatif", input});
    options.insert(options.end(), {"--dag", dag_});
    return RunProgram(std::move(options));
  }

  json Whatif(const std::string& input, std::vector<std::string> options) {
    options.insert(options.end(), {"--format", "json"});
    const ProgramRun run = Run(input, std::move(options));
    EXPECT_EQ(run.exit_code, 0) << run.errors;
    const auto answers = JsonLines(run.out);
    EXPECT_EQ(answers.size(), 1U);
    return answers.empty() ? json() : answers.front();
  }

  /// What the only policy makes of the record.
  json RecordOf(const std::string& input, std::vector<std::string> options) {
    return Whatif(input, std::move(options))["policies"][0]["record"];
  }

  TempFolder folder_;
  std::string dag_ = folder_ / "graph.dag";
  std::vector<int> tested_;  ///< by step of the last record
  std::string culprit_;      ///< that it names
};

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

// The model.

TEST_F(WhatifTest, StandardErrorsAreBinomialAndSharesAddUp) {
  const json policy =
      Whatif(Record({3}), {"--verdict", "threshold:k=2", "--model", "--trials",
                           "250"})["policies"][0];
  const json& model = policy["model"];
  EXPECT_EQ(model["trials"], 250);
  double sum = 0;
  for (const char* name : {"right", "wrong", "undecided"}) {
    const double share = model[name];
    sum += share;
    EXPECT_NEAR(model["standard_errors"][name].get<double>(),
                std::sqrt(share * (1 - share) / 250), 1e-6)
        << name;
  }
  EXPECT_NEAR(sum, 1, 1e-9);
  EXPECT_GT(model["right"], .5);
  for (const json& named : model["culprits"]) {
    const double share = named["share"];
    EXPECT_NEAR(named["standard_error"].get<double>(),
                std::sqrt(share * (1 - share) / 250), 1e-6);
  }
  EXPECT_GT(model["further_tests"], 1);
  EXPECT_NEAR(model["further_runs"].get<double>(),
              10 * model["further_tests"].get<double>(), 1e-3);
}

TEST_F(WhatifTest, TheModelAddsNothingToASearchThatIsAtItsEnd) {
  const json policy = Whatif(Record({}), {"--verdict", "any-crash", "--model",
                                          "--trials", "100"})["policies"][0];
  const json& model = policy["model"];
  EXPECT_EQ(model["further_tests"], 0);
  EXPECT_EQ(model["further_runs"], 0);
  EXPECT_EQ(model["culprits_named"], 1);
  EXPECT_EQ(model["culprits"][0]["commit"], LineId(kCulprit));
  EXPECT_EQ(model["culprits"][0]["share"], 1);
  EXPECT_EQ(policy["record"]["culprit"], LineId(kCulprit));
}

TEST_F(WhatifTest, WithoutModelNothingIsModelled) {
  const json policy =
      Whatif(Record({3}), {"--verdict", "threshold:k=2"})["policies"][0];
  EXPECT_EQ(policy["model"], nullptr);
}

TEST_F(WhatifTest, EqualSeedsGiveEqualBytes) {
  const std::string record = Record({3});
  const auto out = [&](const char* seed, const char* format) {
    return Run(record, {"--verdict", "threshold:k=2", "--retry",
                        "recorded,confirm-last", "--model", "--trials", "60",
                        "--matrix", "--seed", seed, "--format", format})
        .out;
  };
  for (const char* format : {"text", "json"}) {
    EXPECT_EQ(out("5", format), out("5", format));
    EXPECT_NE(out("5", format), out("6", format));
  }
}

TEST_F(WhatifTest, APolicyStandsAloneWhateverStandsBesideIt) {
  const std::string record = Record({3});
  const std::vector<std::string> model{"--model", "--trials", "60"};
  const auto policies = [&](const char* list) {
    std::vector<std::string> options{"--verdict", list};
    options.insert(options.end(), model.begin(), model.end());
    return Whatif(record, options)["policies"];
  };
  EXPECT_EQ(policies("any-crash,threshold:k=2")[1],
            policies("threshold:k=2")[0]);
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
      {{"--verdict", "any-crash", "--select", "git:x"},
       "--select:1:1: error: 'x' is no version of git"},
      {{"--verdict", "any-crash", "--select", "best"},
       "--select:1:1: error: there is no selection 'best'"},
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
