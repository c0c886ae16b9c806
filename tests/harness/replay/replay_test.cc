#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "tests/harness/graph/line_dag.h"
#include "tests/harness/testing/program.h"
#include "tests/support/temp_folder.h"

namespace rebisect {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::IsSupersetOf;
using testing_support::GetFile;
using testing_support::JsonLines;
using testing_support::LineDag;
using testing_support::LineId;
using testing_support::ProgramRun;
using testing_support::PutFile;
using testing_support::RunProgram;
using testing_support::TempFolder;

std::vector<std::string> KeysOf(const json& object) {
  std::vector<std::string> keys;
  for (const auto& item : object.items()) keys.push_back(item.key());
  return keys;
}

/// Records of searches on n1 <- ... <- n8, where git finds n4 by testing n4
/// and n3.
class ReplayTest : public ::testing::Test {
 protected:
  ReplayTest() { PutFile(folder_ / "line.dag", LineDag(8)); }

  ProgramRun Run(const std::string& record,
                 std::vector<std::string> options = {},
                 const std::string& name = "record.log") {
    PutFile(folder_ / name, record);
    std::vector<std::string> arguments{"replay",   folder_ / name,
                                       "--format", "json",
                                       "--dag",    folder_ / "line.dag"};
    arguments.insert(arguments.end(), options.begin(), options.end());
    return RunProgram(std::move(arguments));
  }
  /// The answer; its exit code under "exit".
  json Replay(const std::string& record, std::vector<std::string> options = {},
              const std::string& name = "record.log") {
    const ProgramRun run = Run(record, std::move(options), name);
    auto answers = JsonLines(run.out);
    EXPECT_EQ(answers.size(), 1U) << run.errors;
    if (answers.empty()) return {};
    answers.front()["exit"] = run.exit_code;
    return answers.front();
  }

  /// A log of the search with these marks, "good 3", and this end.
  static std::string Log(const std::vector<std::pair<const char*, int>>& marks,
                         int culprit) {
    std::string log =
        "git bisect start '" + LineId(8) + "' '" + LineId(1) + "'\n";
    for (const auto& [term, n] : marks) {
      log += "git bisect " + std::string(term) + ' ' + LineId(n) + '\n';
    }
    if (culprit == 0) return log;
    return log + "# first bad commit: [" + LineId(culprit) + "] subject\n";
  }

  TempFolder folder_;
};

/// What git 2.39.5 logged of `git bisect run` on these commits, n10 not being
/// newer than any of its ancestors. Marks one by one lead to n1 as well.
const char* const kSkewedDag =
    "0fb6b54b3605b01383c489361f5bfbd4891e16c8 1500000050 "
    "ed2073d8d69c2b96f1995c1dd2c73e2c5bcf866e "
    "23da7d795dda56e13adbaa6f036787ab7a563c1f "
    "3ef7b503d4cf84f57610eb68b614aae9733e921c "
    "5bbbd06c0b948cb017fc6d41a5be52452d300bf2\n"
    "ed2073d8d69c2b96f1995c1dd2c73e2c5bcf866e 1500001400 "
    "0000000000000000000000000000000000000006\n"
    "23da7d795dda56e13adbaa6f036787ab7a563c1f 1500001500 "
    "0000000000000000000000000000000000000007\n"
    "0000000000000000000000000000000000000007 1500001950 "
    "0000000000000000000000000000000000000003\n"
    "0000000000000000000000000000000000000006 1500002000 "
    "a8264531cf631ee274a154e4e6bb0df142d8a591\n"
    "5bbbd06c0b948cb017fc6d41a5be52452d300bf2 1500002050 "
    "0000000000000000000000000000000000000004\n"
    "0000000000000000000000000000000000000004 1500002100 "
    "0000000000000000000000000000000000000003\n"
    "0000000000000000000000000000000000000003 1500002150 "
    "6aa0d5d20958a290d825de51951fce5c16da76ca\n"
    "3ef7b503d4cf84f57610eb68b614aae9733e921c 1500002200 "
    "a8264531cf631ee274a154e4e6bb0df142d8a591\n"
    "a8264531cf631ee274a154e4e6bb0df142d8a591 1500002300 "
    "6aa0d5d20958a290d825de51951fce5c16da76ca\n"
    "6aa0d5d20958a290d825de51951fce5c16da76ca 1500003700\n";
const char* const kRunLog =
    "git bisect start '0fb6b54b3605b01383c489361f5bfbd4891e16c8' "
    "'6aa0d5d20958a290d825de51951fce5c16da76ca'\n"
    "git bisect good ed2073d8d69c2b96f1995c1dd2c73e2c5bcf866e\n"
    "git bisect good 23da7d795dda56e13adbaa6f036787ab7a563c1f\n"
    "git bisect good 5bbbd06c0b948cb017fc6d41a5be52452d300bf2\n"
    "git bisect bad 3ef7b503d4cf84f57610eb68b614aae9733e921c\n"
    "# first bad commit: [3ef7b503d4cf84f57610eb68b614aae9733e921c] n2\n";

TEST_F(ReplayTest, FollowsARunOfGitAsTheOneProcessThatItIs) {
  PutFile(folder_ / "skewed.dag", kSkewedDag);
  PutFile(folder_ / "run.log", kRunLog);
  const auto replay = [&](const std::vector<std::string>& options) {
    std::vector<std::string> arguments{"replay",   folder_ / "run.log",
                                       "--format", "json",
                                       "--dag",    folder_ / "skewed.dag"};
    arguments.insert(arguments.end(), options.begin(), options.end());
    return JsonLines(RunProgram(std::move(arguments)).out).at(0);
  };
  const json fitted = replay({});
  EXPECT_EQ(fitted["git_run"], true);
  EXPECT_EQ(fitted["git_versions"], "2.34.0 to 2.55.0");
  EXPECT_EQ(fitted["outcome"], "same-culprit");
  EXPECT_THAT(fitted["notes"].at(0), HasSubstr("is one process"));
  EXPECT_EQ(replay({"--git-version", "2.39.5", "--git-run"})["outcome"],
            "same-culprit");
  EXPECT_EQ(replay({"--git-version", "2.39.5"})["outcome"], "needs-untested");
  EXPECT_EQ(replay({"--git-version", "2.33.0", "--git-run"})["outcome"],
            "needs-untested");
}

TEST(ReplayShippedTest, AllStepsAndCulpritsAgree) {
  const ProgramRun run =
      RunProgram({"replay", REBISECT_RECORDED_DIR, "--format", "json"});
  EXPECT_EQ(run.exit_code, 0) << run.errors;
  EXPECT_EQ(run.errors, "");
  const auto answers = JsonLines(run.out);
  EXPECT_EQ(answers.size(), 7U);
  std::size_t steps = 0;
  std::size_t agreeing = 0;
  std::size_t culprits = 0;
  for (const json& answer : answers) {
    EXPECT_EQ(answer["agrees"], true) << answer["recording"];
    EXPECT_TRUE(answer["divergences"].empty()) << answer["recording"];
    for (const json& step : answer["steps"]) {
      ++steps;
      if (step["agrees"] == true) ++agreeing;
      EXPECT_EQ(step["commit"], step["recorded_commit"]);
      if (!step["recorded_revisions_left"].is_null()) {
        EXPECT_EQ(step["revisions_left"], step["recorded_revisions_left"]);
        EXPECT_EQ(step["steps_left"], step["recorded_steps_left"]);
      }
    }
    if (answer["recorded"]["culprit"].is_null()) continue;
    ++culprits;
    EXPECT_EQ(answer["outcome"], "same-culprit");
    EXPECT_EQ(answer["replayed"]["culprit"], answer["recorded"]["culprit"]);
  }
  EXPECT_EQ(steps, 83U);
  EXPECT_EQ(agreeing, 83U);
  EXPECT_EQ(culprits, 6U);
}

TEST(ReplayShippedTest, TheTextSaysSo) {
  const ProgramRun run = RunProgram({"replay", REBISECT_RECORDED_DIR});
  EXPECT_EQ(run.exit_code, 0);
  EXPECT_THAT(run.out, HasSubstr("7 of 7 recordings hold: 83 of 83 steps "
                                 "agree, 6 of 6 recorded culprits"));
  EXPECT_EQ(run.out.find('\x1b'), std::string::npos);
}

TEST(ReplayShippedTest, EqualInputGivesEqualBytes) {
  const std::vector<std::string> arguments{"replay", REBISECT_RECORDED_DIR,
                                           "--format", "json"};
  EXPECT_EQ(RunProgram(arguments).out, RunProgram(arguments).out);
}

TEST(ReplayShippedTest, TheWayOverReleasesIsShown) {
  const std::string file =
      std::string(REBISECT_RECORDED_DIR) + "/003_9e5a8c403dd9519c.yaml";
  const auto answers =
      JsonLines(RunProgram({"replay", file, "--format", "json"}).out);
  ASSERT_EQ(answers.size(), 1U);
  const json& releases = answers[0]["releases"];
  ASSERT_GT(releases.size(), 10U);
  EXPECT_EQ(releases[1]["release"], "v5.12");
  EXPECT_EQ(releases[1]["crash_verdict"], "bad");
  EXPECT_EQ(releases.back()["crash_verdict"], "good");
}

TEST_F(ReplayTest, HasTheFieldsOthersRelyOn) {
  const json answer = Replay(Log({{"bad", 4}, {"good", 3}}, 4));
  EXPECT_EQ(answer["exit"], 0);
  EXPECT_EQ(answer["schema"], "rebisect.replay/1");
  EXPECT_EQ(answer["recording"], "record");
  EXPECT_EQ(answer["kind"], "marks");
  EXPECT_TRUE(answer["git_version"].is_string());
  EXPECT_EQ(answer["graph"]["source"], "dag");
  EXPECT_EQ(answer["graph"]["commits"], 8);
  EXPECT_TRUE(answer["graph"]["missing"].empty());
  EXPECT_EQ(answer["outcome"], "same-culprit");
  EXPECT_EQ(answer["agrees"], true);
  const json kEnd = {{"culprit", LineId(4)}, {"end", "culprit"}, {"steps", 2}};
  EXPECT_EQ(answer["recorded"], kEnd);
  EXPECT_EQ(answer["replayed"], kEnd);
  EXPECT_TRUE(answer["divergences"].is_array());
  ASSERT_EQ(answer["steps"].size(), 2U);
  EXPECT_THAT(KeysOf(answer["steps"][0]),
              IsSupersetOf({"index", "commit", "recorded_commit", "verdict",
                            "crash_verdict", "revisions_left", "steps_left",
                            "recorded_revisions_left", "recorded_steps_left",
                            "agrees", "explanation"}));
  EXPECT_EQ(answer["steps"][0]["index"], 1);
  EXPECT_EQ(answer["steps"][0]["verdict"], "bad");
  EXPECT_EQ(answer["steps"][0]["crash_verdict"], "bad");
  EXPECT_EQ(answer["steps"][0]["revisions_left"], 3);
  EXPECT_EQ(answer["steps"][0]["recorded_revisions_left"], nullptr);
}

TEST_F(ReplayTest, AChoiceThatAnOlderGitMadeIsExplained) {
  // Up to 1.5.0 git proposed n5 here.
  const std::string log = Log({{"bad", 5}, {"good", 3}, {"bad", 4}}, 4);
  const json fits = Replay(log);
  EXPECT_EQ(fits["exit"], 0);
  EXPECT_EQ(fits["git_version_chosen_by_fit"], true);
  EXPECT_EQ(fits["git_version"], "1.5.0.7");

  const json answer = Replay(log, {"--git-version", "2.39.5"});
  EXPECT_EQ(answer["git_version"], "2.39.5");
  EXPECT_EQ(answer["git_version_chosen_by_fit"], false);
  EXPECT_EQ(answer["agrees"], false);
  EXPECT_EQ(answer["steps"][0]["agrees"], false);
  EXPECT_EQ(answer["steps"][0]["commit"], LineId(4));
  EXPECT_EQ(answer["steps"][0]["recorded_commit"], LineId(5));
  ASSERT_FALSE(answer["divergences"].empty());
  EXPECT_EQ(answer["divergences"][0]["kind"], "commit");
  EXPECT_EQ(answer["divergences"][0]["step"], 1);
  EXPECT_EQ(answer["divergences"][0]["explained"], true);
  EXPECT_THAT(answer["divergences"][0]["explanation"].get<std::string>(),
              HasSubstr("1.5.0"));
  // n4 and n3 are known, so the search of 2.39.5 comes to its end.
  EXPECT_EQ(answer["outcome"], "same-culprit");
  EXPECT_EQ(answer["exit"], 0);
}

TEST_F(ReplayTest, AChoiceThatNoGitMakesIsNot) {
  const json answer = Replay(Log({{"bad", 7}, {"good", 4}, {"bad", 5}}, 5));
  EXPECT_EQ(answer["exit"], 1);
  EXPECT_EQ(answer["agrees"], false);
  ASSERT_FALSE(answer["divergences"].empty());
  EXPECT_EQ(answer["divergences"][0]["kind"], "commit");
  EXPECT_EQ(answer["divergences"][0]["explained"], false);
  EXPECT_THAT(answer["divergences"][0]["explanation"].get<std::string>(),
              HasSubstr(LineId(7).substr(0, 12)));
  EXPECT_EQ(answer["divergences"][0]["line"], 2);
}

TEST_F(ReplayTest, ACommitThatWasNeverTestedIsNamed) {
  const json answer = Replay(Log({{"bad", 4}}, 4));
  EXPECT_EQ(answer["exit"], 1);
  EXPECT_EQ(answer["outcome"], "needs-untested");
  EXPECT_EQ(answer["untested"], LineId(3));
  EXPECT_EQ(answer["suspects_left"], 3);
  EXPECT_EQ(answer["replayed"]["culprit"], nullptr);
  EXPECT_EQ(answer["replayed"]["end"], "needs-untested");
}

TEST_F(ReplayTest, AnotherCulpritIsSaid) {
  const json answer = Replay(Log({{"bad", 4}, {"good", 3}}, 8));
  EXPECT_EQ(answer["exit"], 1);
  EXPECT_EQ(answer["outcome"], "different-culprit");
  EXPECT_EQ(answer["agrees"], true) << "every step does";
  EXPECT_EQ(answer["recorded"]["culprit"], LineId(8));
  EXPECT_EQ(answer["replayed"]["culprit"], LineId(4));
}

TEST_F(ReplayTest, AnUnfinishedRecordEndsAsItDoes) {
  const json answer = Replay(Log({{"bad", 4}}, 0));
  EXPECT_EQ(answer["exit"], 0);
  EXPECT_EQ(answer["outcome"], "same-end");
  EXPECT_EQ(answer["recorded"]["end"], "unfinished");
}

TEST_F(ReplayTest, ACommitMarkedTwiceIsExplained) {
  const json answer = Replay(Log({{"bad", 4}, {"bad", 4}, {"good", 3}}, 4));
  EXPECT_EQ(answer["exit"], 0);
  EXPECT_EQ(answer["outcome"], "same-culprit");
  ASSERT_EQ(answer["divergences"].size(), 1U);
  EXPECT_EQ(answer["divergences"][0]["kind"], "marked-again");
  EXPECT_EQ(answer["divergences"][0]["explained"], true);
}

TEST_F(ReplayTest, AMissingCommitIsNamedAndNothingGuessed) {
  const std::string gone(40, 'e');
  std::string log = Log({{"bad", 4}}, 0) + "git bisect good " + gone + '\n' +
                    "# first bad commit: [" + LineId(4) + "] x\n";
  const json answer = Replay(log);
  EXPECT_EQ(answer["exit"], 1);
  EXPECT_EQ(answer["graph"]["missing"], json({gone}));
  EXPECT_NE(answer["outcome"], "same-culprit");
  EXPECT_EQ(answer["divergences"].back()["kind"], "missing");

  // An end of the search that is missing leaves nothing to replay.
  const ProgramRun run =
      Run("git bisect start '" + gone + "' '" + LineId(1) + "'\n");
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_EQ(run.out, "");
  EXPECT_THAT(run.errors, HasSubstr("record.log:1"));
  EXPECT_THAT(run.errors, HasSubstr(gone));
  EXPECT_THAT(run.errors, HasSubstr("git fetch"));
}

TEST_F(ReplayTest, CountsOfAnotherGraphAreADivergence) {
  const std::string record =
      "rebisect: recording/1\nevents:\n  - start:\n      bad: " + LineId(8) +
      "\n      goods: [" + LineId(1) + "]\n  - {next: " + LineId(4) +
      ", revisions_left: 30, steps_left: 5}\n  - bad: " + LineId(4) +
      "\n  - good: " + LineId(3) +
      "\nend: {kind: culprit, culprit: " + LineId(4) + "}\n";
  const json answer = Replay(record, {}, "record.yaml");
  EXPECT_EQ(answer["exit"], 1);
  EXPECT_EQ(answer["outcome"], "same-culprit");
  EXPECT_EQ(answer["divergences"][0]["kind"], "counts");
  EXPECT_EQ(answer["steps"][0]["revisions_left"], 3);
  EXPECT_EQ(answer["steps"][0]["recorded_revisions_left"], 30);
  EXPECT_EQ(answer["steps"][0]["steps_left"], 2);
  EXPECT_EQ(answer["steps"][0]["recorded_steps_left"], 5);
}

/// A search with runs: n4 crashes once in two (git is told `at_n4`), n3 never.
std::string RecordWithRuns(const std::string& kind, const std::string& at_n4,
                           const std::string& at_n3, int culprit) {
  return "rebisect: recording/1\nkind: " + kind +
         "\nevents:\n  - start:\n      bad: " + LineId(8) + "\n      goods: [" +
         LineId(1) + "]\n  - test: " + LineId(4) +
         "\n    runs:\n      - {outcome: crashed, title: WARNING in foo}\n"
         "      - {outcome: ok}\n  - " +
         at_n4 + ": " + LineId(4) + "\n  - test: " + LineId(3) +
         "\n    runs: [{outcome: ok, count: 2}]\n  - " + at_n3 + ": " +
         LineId(3) + "\nend: {kind: culprit, culprit: " + LineId(culprit) +
         "}\n";
}

TEST_F(ReplayTest, AVerdictPolicyJudgesTheRunsAnew) {
  const std::string agreed = RecordWithRuns("cause", "bad", "good", 4);
  const json same = Replay(agreed, {"--verdict", "any-crash"}, "r.yaml");
  EXPECT_EQ(same["exit"], 0);
  EXPECT_EQ(same["outcome"], "same-culprit");

  // The record called n3 bad although no run crashed.
  const std::string wrong = "rebisect: recording/1\n" +
                            RecordWithRuns("cause", "bad", "bad", 3).substr(22);
  const json plain = Replay(wrong, {}, "r.yaml");
  EXPECT_EQ(plain["steps"][1]["verdict"], "bad");
  const json judged = Replay(wrong, {"--verdict", "any-crash"}, "r.yaml");
  EXPECT_EQ(judged["exit"], 1);
  EXPECT_EQ(judged["outcome"], "different-culprit");
  EXPECT_EQ(judged["replayed"]["culprit"], LineId(4));
  EXPECT_EQ(judged["divergences"][0]["kind"], "verdict");
  EXPECT_EQ(judged["divergences"][0]["step"], 2);
}

TEST_F(ReplayTest, AnUnknownPolicyIsAnErrorBeforeAnyResult) {
  const ProgramRun run = Run(Log({{"bad", 4}}, 0), {"--verdict", "coin"});
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_EQ(run.out, "");
  EXPECT_THAT(run.errors, HasSubstr("any-crash"));
}

TEST_F(ReplayTest, ASearchForAFixHasBothVerdicts) {
  // n4 crashes, so git is told good; n6 and n5 do not: n5 is the fix.
  const std::string record =
      "rebisect: recording/1\nkind: fix\nevents:\n  - start:\n      bad: " +
      LineId(8) + "\n      goods: [" + LineId(1) + "]\n  - test: " + LineId(4) +
      "\n    runs: [{outcome: crashed, title: WARNING in foo}]\n" +
      "  - good: " + LineId(4) + "\n  - test: " + LineId(6) +
      "\n    runs: [{outcome: ok}]\n  - bad: " + LineId(6) +
      "\n  - test: " + LineId(5) +
      "\n    runs: [{outcome: ok}]\n  - bad: " + LineId(5) +
      "\nend: {kind: culprit, culprit: " + LineId(5) + "}\n";
  for (const std::vector<std::string>& options :
       {std::vector<std::string>{},
        std::vector<std::string>{"--verdict", "any-crash"}}) {
    const json answer = Replay(record, options, "fix.yaml");
    EXPECT_EQ(answer["exit"], 0);
    EXPECT_EQ(answer["kind"], "fix");
    EXPECT_EQ(answer["outcome"], "same-culprit");
    ASSERT_EQ(answer["steps"].size(), 3U);
    EXPECT_EQ(answer["steps"][0]["verdict"], "good");
    EXPECT_EQ(answer["steps"][0]["crash_verdict"], "bad");
    EXPECT_EQ(answer["steps"][2]["verdict"], "bad");
    EXPECT_EQ(answer["steps"][2]["crash_verdict"], "good");
  }
}

TEST_F(ReplayTest, OneBadInputDoesNotHideTheOthers) {
  PutFile(folder_ / "b.log", Log({{"bad", 4}, {"good", 3}}, 4));
  PutFile(folder_ / "a.log", "");
  const ProgramRun run =
      RunProgram({"replay", folder_ / "a.log", folder_ / "b.log", "--dag",
                  folder_ / "line.dag", "--format", "json"});
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_EQ(JsonLines(run.out).size(), 1U);
  EXPECT_THAT(run.errors, HasSubstr("a.log"));
}

TEST_F(ReplayTest, WithoutAGraphTheRecordIsRebuilt) {
  const std::string file =
      std::string(REBISECT_RECORDED_DIR) + "/002_2bc36a9ae601194e.yaml";
  const ProgramRun text = RunProgram({"replay", file});
  EXPECT_THAT(text.out, HasSubstr("reconstructed"));
  const auto answers =
      JsonLines(RunProgram({"replay", file, "--format", "json"}).out);
  ASSERT_EQ(answers.size(), 1U);
  EXPECT_EQ(answers[0]["graph"]["source"], "reconstructed");
}

}  // namespace
}  // namespace rebisect
