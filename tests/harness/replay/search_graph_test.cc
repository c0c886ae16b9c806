// The part of a replay's JSON that pictures are made of.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <string>

#include <nlohmann/json.hpp>

#include "tests/harness/testing/program.h"

namespace rebisect {
namespace {

using nlohmann::json;
using testing_support::JsonLines;
using testing_support::RunProgram;

std::size_t SuspectsAfter(const json& replay, std::size_t step) {
  std::size_t left = 0;
  for (const json& part : replay["search_graph"]["classes"]) {
    if (part["left_at"].is_null() || part["left_at"] > step) {
      left += part["size"].get<std::size_t>();
    }
  }
  return left;
}

TEST(SearchGraph, HoldsTheSuspectsOfEveryShippedRecording) {
  const auto replays = JsonLines(
      RunProgram({"replay", "--format", "json", REBISECT_RECORDED_DIR}).out);
  const auto diagnoses = JsonLines(
      RunProgram({"diagnose", "--format", "json", REBISECT_RECORDED_DIR}).out);
  ASSERT_EQ(replays.size(), diagnoses.size());
  for (std::size_t i = 0; i < replays.size(); ++i) {
    const json& replay = replays[i];
    SCOPED_TRACE(replay["recording"].get<std::string>());
    EXPECT_EQ(replay["search_graph"]["left_out"], nullptr);
    EXPECT_EQ(SuspectsAfter(replay, 0), diagnoses[i]["graph"]["suspects"]);
    const json& culprit = replay["recorded"]["culprit"];
    if (culprit.is_null()) continue;
    EXPECT_EQ(SuspectsAfter(replay, replay["steps"].size()), 1U);
    for (const json& part : replay["search_graph"]["classes"]) {
      EXPECT_EQ(part["culprit"], part["commit"] == culprit);
      if (part["culprit"] == true) {
        EXPECT_EQ(part["left_at"], nullptr);
        EXPECT_EQ(part["verdict"], "bad");
        EXPECT_EQ(part["size"], 1);
      }
    }
  }
}

TEST(SearchGraph, HasTheTestsOfTheSteps) {
  const auto replay = JsonLines(RunProgram({"replay", "--format", "json",
                                            std::string(REBISECT_RECORDED_DIR) +
                                                "/004_cc113675927a12df.yaml"})
                                    .out)
                          .at(0);
  for (const json& test : replay["tests"]) {
    if (test["step"] != 5) continue;
    EXPECT_EQ(test["commit"], "73bf1fc58dc4376d0111a4c1c9eab27e2759f468");
    EXPECT_EQ(test["all_alike"], false);
    std::size_t runs = 0;
    std::size_t others = 0;
    for (const json& run : test["runs"]) {
      runs += run["count"].get<std::size_t>();
      if (run["outcome"] == "crashed") {
        EXPECT_EQ(run["searched"], false);
        ++others;
      }
    }
    EXPECT_EQ(runs, 10U);
    EXPECT_EQ(others, 1U);
  }
  EXPECT_EQ(replay["truth"]["judgement"], "wrong");
}

}  // namespace
}  // namespace rebisect
