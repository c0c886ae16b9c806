#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "tests/harness/testing/program.h"
#include "tests/support/git_command.h"
#include "tests/support/temp_folder.h"

namespace rebisect {
namespace {

namespace fs = std::filesystem;
using testing_support::ProgramRun;
using testing_support::RunProgram;

constexpr const char* kSuite = R"(rebisect: suite/1
name: tries
about: A suite of the tests.
scenarios:
  - name: line
    about: A line.
    graph: n0..n16
    bug: n9
    expect: {culprit: n9, exit: 0, tests: {max: 4, over-optimum: 0, over-git: 0}}
  - name: other-culprit
    about: Expects what is not true.
    graph: n0..n16
    bug: n9
    expect: {culprit: n8, tests: {max: 3}}
  - name: cluster
    about: The culprit cannot be told.
    graph: n0..n8
    broken: [n4, n5]
    bug: n5
    expect: {candidates: [n4, n5, n6], exit: 2}
  - name: noisy
    about: One verdict in ten is wrong.
    graph: n0..n16
    bug: n9
    noise: {false-bad: .1, false-good: .1}
    repeats: 60
    expect: {culprit: n9, accuracy: {min: .9}, tests: {mean-max: 40}}
)";

class SuiteCommandTest : public testing::Test {
 protected:
  SuiteCommandTest() { Put("tries.yaml", kSuite); }

  void Put(const std::string& name, const std::string& text) const {
    testing_support::PutFile(folder_ / name, text);
  }
  [[nodiscard]] std::string Path(const std::string& name) const {
    return folder_ / name;
  }
  [[nodiscard]] std::string Get(const std::string& name) const {
    return testing_support::GetFile(folder_ / name);
  }
  [[nodiscard]] ProgramRun Test(std::vector<std::string> more) const {
    more.insert(more.begin(), {"test", Path("tries.yaml")});
    return RunProgram(std::move(more));
  }

  testing_support::TempFolder folder_;
};

TEST_F(SuiteCommandTest, TellsWhatFailedAndWhatWasAsked) {
  const ProgramRun run = Test({});
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_EQ(run.out, R"(driver: git bisect, simulated
  tries  2 passed, 1 failed, 1 skipped
  FAILED tries/other-culprit
    it names n9; expected is the culprit n8
    4 tests, more than the 3 that suffice
    asked: n8 good, n12 bad, n10 bad, n9 bad
    | 65799b054d05ddcfc0b9824ef0495651c68aae88 is the first 'bad' commit

4 scenarios: 2 passed, 1 failed, 1 skipped
)");
}

TEST_F(SuiteCommandTest, ChoosesByName) {
  EXPECT_EQ(Test({"--filter", "tries/l*e"}).exit_code, 0);
  EXPECT_EQ(Test({"--filter", "clust"}).exit_code, 0);
  const ProgramRun none = Test({"--filter", "tries/l"});
  EXPECT_EQ(none.exit_code, 0);  // anywhere in the name
  const ProgramRun nothing = Test({"--filter", "l*x"});
  EXPECT_EQ(nothing.exit_code, 2);
  EXPECT_NE(nothing.errors.find("no scenario fits --filter l*x"),
            std::string::npos);
}

TEST_F(SuiteCommandTest, KnownFailuresDoNotCount) {
  Put("known", "# what fails\ntries/other-culprit driver # by design\n");
  ProgramRun run = Test({"--known-failures", Path("known")});
  EXPECT_EQ(run.exit_code, 0);
  EXPECT_NE(run.out.find("2 passed, 1 known to fail, 1 skipped"),
            std::string::npos);
  Put("known", "tries/other-culprit\ntries/line # for no reason\n");
  run = Test({"--known-failures", Path("known")});
  EXPECT_EQ(run.exit_code, 0);
  EXPECT_NE(run.out.find("UNEXPECTED tries/line\n    passes, although it is "
                         "known to fail: for no reason\n"),
            std::string::npos);
}

TEST_F(SuiteCommandTest, RefusesKnownFailuresThatAreNone) {
  const struct {
    const char* text;
    const char* error;
  } kCases[] = {
      {"line\n", "known:1:1: error: 'line' is no scenario"},
      {"\ntries/lime\n", "known:2:1: error: there is no scenario 'tries/lime'"},
      {"tries/line a b\n", "known:1:1: error: a line holds a scenario and"},
      {"tries/line\ntries/line\n", "'tries/line' is listed twice"}};
  for (const auto& [text, error] : kCases) {
    Put("known", text);
    const ProgramRun run = Test({"--known-failures", Path("known")});
    EXPECT_EQ(run.exit_code, 2) << text;
    EXPECT_NE(run.errors.find(error), std::string::npos) << run.errors;
  }
}

TEST_F(SuiteCommandTest, NoiseIsJudgedByStatistics) {
  const ProgramRun run =
      Test({"--tool", "driver-bayes", "--filter", "noisy", "--format", "json"});
  EXPECT_EQ(run.exit_code, 0) << run.out;
  const auto json = nlohmann::json::parse(run.out);
  const auto& summary = json["scenarios"][0]["results"][0]["summary"];
  EXPECT_EQ(summary["searches"], 60);
  EXPECT_GE(summary["right"], 52);
  EXPECT_GT(summary["tests_mean"], 5);
}

TEST_F(SuiteCommandTest, ResultsDoNotDependOnThreads) {
  const std::vector<std::string> tools = {"--tool",       "driver",   "--tool",
                                          "driver-bayes", "--format", "json"};
  auto with = [&](const char* threads) {
    std::vector<std::string> arguments = tools;
    arguments.insert(arguments.end(), {"-j", threads});
    return Test(arguments).out;
  };
  const std::string one = with("1");
  EXPECT_EQ(one, with("3"));
  const auto json = nlohmann::json::parse(one);
  EXPECT_EQ(json["schema"], "rebisect.test/1");
  EXPECT_EQ(json["counts"]["passed"], 5);
  EXPECT_EQ(json["scenarios"][1]["results"][0]["faults"][0],
            "it names n9; expected is the culprit n8");
}

TEST_F(SuiteCommandTest, WritesJunitAndTap) {
  EXPECT_EQ(Test({"--junit", Path("junit.xml")}).exit_code, 1);
  const std::string xml = Get("junit.xml");
  EXPECT_NE(xml.find("<testsuites name=\"rebisect\" tests=\"4\" failures=\"1\" "
                     "errors=\"0\" skipped=\"1\""),
            std::string::npos);
  EXPECT_NE(xml.find("<failure type=\"found\" message=\"it names n9; expected "
                     "is the culprit n8\">"),
            std::string::npos);
  const ProgramRun tap = Test({"--tap"});
  EXPECT_NE(tap.out.find("TAP version 13\n1..4\nok 1 - driver: tries/line\n"
                         "not ok 2 - driver: tries/other-culprit\n"),
            std::string::npos);
  EXPECT_NE(tap.out.find("ok 4 - driver: tries/noisy # SKIP needs noise\n"),
            std::string::npos);
}

TEST_F(SuiteCommandTest, ToolsThatAreNotThere) {
  const ProgramRun run = Test({"--tool", "drivr"});
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_NE(run.errors.find("there is no tool 'drivr'; did you mean 'driver'?"),
            std::string::npos);
  EXPECT_EQ(Test({"--tool", "./none.yaml"}).exit_code, 2);
  EXPECT_EQ(RunProgram({"test"}).exit_code, 2);
  EXPECT_EQ(Test({"--against", "driver"}).exit_code, 2);
}

TEST_F(SuiteCommandTest, NamesOfCommitsThatAreNotThere) {
  Put("bad.yaml", R"(rebisect: suite/1
about: A suite of the tests.
scenarios:
  - name: line
    about: A line.
    graph: n0..n3
    bug: n7
    expect: {culprit: n3}
)");
  const ProgramRun run = RunProgram({"test", Path("bad.yaml")});
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_NE(run.errors.find("bad.yaml:7:10: error: "), std::string::npos)
      << run.errors;
}

/// Another choice than git's, with a defect that only a skipped commit shows.
TEST_F(SuiteCommandTest, RandomSearchesFindWhereToolsPart) {
  Put("old.yaml", R"(rebisect: tool/1
name: old
about: git before the approximate halfway
driver: {git-version: 1.6.0}
supports: [skip, only-skipped]
)");
  const ProgramRun same =
      RunProgram({"test", "--against", "driver", "--cases", "40"});
  EXPECT_EQ(same.exit_code, 0) << same.out;
  const std::vector<std::string> against = {
      "test", "--against", "driver", "--tool", Path("old.yaml"), "--commits",
      "60",   "--cases",   "60",     "--save", folder_.path()};
  const ProgramRun run = RunProgram(against);
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_NE(run.out.find("DIFFERENT"), std::string::npos) << run.out;
  // What was saved shows it again: the second tool is the measure.
  std::string saved;
  for (const auto& entry : fs::directory_iterator(folder_.path())) {
    const std::string name = entry.path().filename();
    if (name.starts_with("case-") && name.ends_with(".yaml")) saved = name;
  }
  ASSERT_FALSE(saved.empty());
  EXPECT_EQ(RunProgram({"test", Path(saved)}).exit_code, 0);
  EXPECT_TRUE(fs::exists(Path(saved.substr(0, saved.size() - 5) + ".fi")));
}

TEST_F(SuiteCommandTest, ExportsForOthers) {
  const std::string out = Path("out");
  ASSERT_EQ(RunProgram({"suite", "export", out, Path("tries.yaml")}).exit_code,
            0);
  EXPECT_EQ(RunProgram({"suite", "export", out, Path("tries.yaml")}).exit_code,
            2);
  const std::string line = out + "/tries/line";
  const auto json = nlohmann::json::parse(Get("out/tries/line/expected.json"));
  EXPECT_EQ(json["schema"], "rebisect.expected/1");
  EXPECT_TRUE(fs::exists(out + "/tries/noisy/answers.60"));
  if (testing_support::ShellLine(folder_.path(), "git --version").empty())
    GTEST_SKIP() << "git is not installed";
  // The stream makes the commits that are named, and git finds the culprit.
  const auto ran = testing_support::RunShell(
      folder_.path(),
      "work=$(sh '" + line + "/setup.sh' work) && cd \"$work\"" +
          " && git bisect start " + json["start"].get<std::string>() +
          " && git bisect run sh '" + line + "/oracle.sh'");
  EXPECT_EQ(ran.status, 0);
  EXPECT_NE(ran.text.find(json["expect"]["culprits"][0].get<std::string>() +
                          " is the first bad commit"),
            std::string::npos)
      << ran.text;
}

}  // namespace
}  // namespace rebisect
