// Manifests, and `reproduce` as a person calls it.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "harness/experiment/reproduce/manifest.h"
#include "tests/harness/testing/program.h"
#include "tests/support/temp_folder.h"

namespace rebisect {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::Not;
using testing_support::GetFile;
using testing_support::JsonLines;
using testing_support::ProgramRun;
using testing_support::PutFile;
using testing_support::RunProgram;
using testing_support::TempFolder;

constexpr const char* kHead =
    "rebisect: manifest/1\n"
    "source: a paper\n"
    "setting: a line\n"
    "experiment:\n"
    "  rebisect: experiment/1\n"
    "  name: small\n"
    "  trials: 60\n"
    "  graphs: {generate: linear, commits: 20}\n"
    "  noise: [{name: a, false-bad: 0.1}, {name: b, false-bad: 0.3}]\n"
    "  select: [git, \"pba:error=.1\"]\n";

class ReproduceTest : public ::testing::Test {
 protected:
  ProgramRun Reproduce(const std::string& results,
                       const std::vector<std::string>& options = {}) {
    const std::string path = folder_ / "m.yaml";
    PutFile(path, kHead + results);
    std::vector<std::string> arguments = {"reproduce", path};
    arguments.insert(arguments.end(), options.begin(), options.end());
    return RunProgram(arguments);
  }

  TempFolder folder_;
};

TEST_F(ReproduceTest, WhatWasExportedIsIdentical) {
  const std::string store = folder_ / "s.sqlite";
  const std::string experiment = folder_ / "small.yaml";
  PutFile(experiment,
          "rebisect: experiment/1\ntrials: 60\n"
          "graphs: {generate: git, commits: 20}\n"
          "truths: [every, {none: 0.3}]\n"
          "noise: {crash-rate: 0.9, false-crash-rate: 0.1}\n"
          "select: [git, pba]\nretry: [fixed:n=1, fixed:n=3]\n");
  ASSERT_EQ(RunProgram({"simulate", experiment, "--store", store}).exit_code,
            0);
  const std::string manifest = folder_ / "m.yaml";
  ASSERT_EQ(RunProgram({"results", "export", store, "--format", "manifest",
                        "--out", manifest})
                .exit_code,
            0);
  const ProgramRun again =
      RunProgram({"reproduce", manifest, "--format", "json"});
  EXPECT_EQ(again.exit_code, 0) << again.errors;
  const json made = JsonLines(again.out).at(0);
  EXPECT_EQ(made["schema"], "rebisect.reproduce/1");
  EXPECT_EQ(made["same_experiment"], true);
  ASSERT_EQ(made["results"].size(), 8U);
  for (const json& result : made["results"]) {
    for (const json& figure : result["figures"]) {
      if (figure["figure"] == "tests-max") continue;
      EXPECT_EQ(figure["agreement"], "identical") << result;
    }
  }
  // The same from the store, without running.
  EXPECT_EQ(RunProgram({"reproduce", manifest, "--store", store}).exit_code, 0);
}

TEST_F(ReproduceTest, AManifestIsOfOneExperiment) {
  const std::string store = folder_ / "s.sqlite";
  const std::string experiment = folder_ / "e.yaml";
  for (const char* seed : {"1", "2"}) {
    PutFile(experiment,
            "rebisect: experiment/1\ntrials: 0\nexact: true\nselect: git\n"
            "graphs: {generate: linear, commits: 9}\nnoise: {false-bad: .1}\n");
    ASSERT_EQ(
        RunProgram({"simulate", experiment, "--store", store, "--seed", seed})
            .exit_code,
        0);
  }
  const ProgramRun run =
      RunProgram({"results", "export", store, "--format", "manifest"});
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_EQ(run.out, "");
  EXPECT_THAT(run.errors, HasSubstr("a manifest is of one experiment"));
}

TEST_F(ReproduceTest, AnotherFigureDiffers) {
  const ProgramRun first =
      Reproduce("results: [{select: git, noise: a}]\n", {"--format", "json"});
  ASSERT_EQ(first.exit_code, 0) << first.errors;
  const json made = JsonLines(first.out).at(0);
  const std::string digest = made["digest"];
  const double right = made["results"][0]["figures"][0]["again"];
  const auto results = [&](double share) {
    return "made: {version: 0.1.0, digest: " + digest +
           "}\nresults:\n  - select: git\n    noise: a\n"
           "    published: {right: [0.4, 0.9], tests: 99}\n"
           "    ours: {right: " +
           json(share).dump() + ", trials: 60}\n    why: ours are quicker\n";
  };
  EXPECT_EQ(Reproduce(results(right)).exit_code, 0);
  const ProgramRun differs = Reproduce(results(right + 1e-9));
  EXPECT_EQ(differs.exit_code, 1);
  EXPECT_THAT(differs.out, HasSubstr("DIFFERS"));
  EXPECT_THAT(differs.out, HasSubstr("99*"));
  EXPECT_THAT(differs.out, HasSubstr("why: ours are quicker"));
  EXPECT_THAT(differs.out, Not(HasSubstr("0.4 to 0.9*")));
}

TEST_F(ReproduceTest, OtherTrialsAgreeWithinError) {
  const std::string text =
      "results:\n  - select: git\n    noise: a\n"
      "    ours: {right: 0.8, tests: 4.4, trials: 10000}\n";
  const auto agreement = [&](const std::string& results, std::size_t figure) {
    const ProgramRun run =
        Reproduce(results, {"--trials", "500", "--format", "json"});
    const json made = JsonLines(run.out).at(0);
    EXPECT_EQ(made["same_experiment"], false);
    EXPECT_EQ(made["results"][0]["trials"], 500);
    return std::string(made["results"][0]["figures"][figure]["agreement"]);
  };
  EXPECT_EQ(agreement(text, 0), "within error");
  EXPECT_EQ(agreement(text, 1), "within error");
  const std::string other =
      "results:\n  - select: git\n    noise: b\n"
      "    ours: {right: 0.8, tests: 4.4, trials: 10000}\n";
  EXPECT_EQ(agreement(other, 0), "DIFFERS");
}

TEST_F(ReproduceTest, TheMeanOfSeveralCells) {
  const ProgramRun one = Reproduce(
      "results: [{select: git, noise: a}, {select: git, noise: b}, "
      "{select: git, mean-of: 2}]\n",
      {"--format", "json"});
  ASSERT_EQ(one.exit_code, 0) << one.errors;
  const json rows = JsonLines(one.out).at(0)["results"];
  for (const std::size_t figure : {0, 1}) {
    const auto again = [&](std::size_t row) {
      return rows[row]["figures"][figure]["again"].get<double>();
    };
    EXPECT_DOUBLE_EQ(again(2), (again(0) + again(1)) / 2);
  }
  EXPECT_EQ(rows[2]["trials"], 120);
}

TEST_F(ReproduceTest, ErrorsHaveTheirPlace) {
  const struct {
    std::string results;
    std::string error;
  } cases[] = {
      {"", "m.yaml:1:1: error: a manifest needs 'experiment', and 'results'"},
      {"results: [{select: git}]\n",
       "m.yaml:11:11: error: the experiment has 2 such cells"},
      {"results: [{select: git, noise: c}]\n", "has no such cell"},
      {"results: [{select: best, noise: a}]\n", "has no such cell"},
      {"results: [{select: gti}]\n", "m.yaml:11:20: error: "},
      {"results: [{noise: a}]\n", "give 'select'"},
      {"results: [{select: git, why: x, wy: y}]\n", "did you mean 'why'"},
      {"results: [{select: git, published: {right: [1, 0]}}]\n",
       "turn them round"},
      {"results: [{select: git, published: {right: x}}]\n",
       "m.yaml:11:44: error: a figure has to be a number"},
      {"results: [{select: git, ours: {rihgt: 1}}]\n", "did you mean 'right'"},
      {"results: [{select: git}]\nmade: {digest: [x]}\n", "m.yaml:12:"},
      {"  selct: git\nresults: [{select: git}]\n",
       "m.yaml:11:3: error: unknown key 'selct' in an experiment"},
  };
  for (const auto& [results, error] : cases) {
    const ProgramRun run = Reproduce(results);
    EXPECT_EQ(run.exit_code, 2) << results;
    EXPECT_THAT(run.errors, HasSubstr(error)) << results;
    EXPECT_EQ(run.out, "") << results;
  }
}

/// All published manifests in a reduced form: few trials, exact results as
/// they are.
TEST(Published, ManifestsAgree) {
  std::size_t manifests = 0;
  for (const auto& entry :
       std::filesystem::directory_iterator(REBISECT_PUBLISHED_DIR)) {
    const std::string path = entry.path();
    if (!path.ends_with(".yaml")) continue;
    ++manifests;
    // Tens of thousands of commits: a trial takes a while.
    const bool large =
        path.find("robust") != std::string::npos || path.ends_with("five.yaml");
    const ProgramRun run =
        RunProgram({"reproduce", path, "--format", "json", "--trials",
                    large ? "2" : "40", "-j", "1"});
    ASSERT_EQ(run.exit_code, 0) << run.errors << run.out;
    const json made = JsonLines(run.out).at(0);
    for (const json& result : made["results"]) {
      bool recorded = false;
      for (const json& figure : result["figures"]) {
        recorded = recorded || !figure["recorded"].is_null();
        if (figure["as_published"] != false) continue;
        EXPECT_NE(result["why"], "") << path << result;
      }
      EXPECT_TRUE(recorded) << path << result;
    }
  }
  EXPECT_GE(manifests, 8U);
}

}  // namespace
}  // namespace rebisect
