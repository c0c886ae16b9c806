#include "harness/suite/tools/in_process_tool.h"

#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "harness/suite/judge/judge.h"
#include "tests/harness/suite/case/scenario_literal.h"

namespace rebisect {
namespace {

using testing_support::ScenarioLiteral;

constexpr const char* kLine = "graph: a-b-c-d\nbug: c\nexpect: {culprit: c}\n";

std::unique_ptr<Tool> MakeTool(BisectFunction function) {
  ToolSpec spec;
  spec.name = "mine";
  auto tool = MakeInProcessTool(std::move(spec), std::move(function));
  EXPECT_TRUE(tool.has_value());
  return *std::move(tool);
}

ToolRun RunOnce(const ScenarioLiteral& scenario, BisectFunction function,
                std::uint32_t search = 0) {
  const auto tool = MakeTool(std::move(function));
  auto session = tool->Begin(*scenario, "");
  EXPECT_TRUE(session.has_value());
  auto run = (*session)->Search(search);
  EXPECT_TRUE(run.has_value());
  return *std::move(run);
}

TEST(InProcessToolTest, AnswersAndJournalAreTheFunctions) {
  const ScenarioLiteral scenario(kLine);
  std::vector<int> codes;
  const ToolRun run =
      RunOnce(scenario, [&](const ScenarioCase&, const AskCommit& ask) {
        for (const char* name : {"b", "c"}) {
          codes.push_back(ask(scenario.Id(name)));
        }
        return BisectAnswer::Found(scenario.Id("c"));
      });
  EXPECT_EQ(codes, (std::vector<int>{kGoodCode, kBadCode}));
  EXPECT_EQ(run.outcome, ToolOutcome::kFound);
  EXPECT_EQ(run.culprit, scenario.Id("c"));
  ASSERT_EQ(run.journal.size(), 2U);
  EXPECT_EQ(run.journal[1].commit, scenario.Id("c").Hex());
  EXPECT_EQ(run.journal[1].code, kBadCode);
}

TEST(InProcessToolTest, LuckIsThatOfEveryTool) {
  const ScenarioLiteral scenario(
      "graph: a-b-c-d\nbug: c\nnoise: {false-good: 0.5, seed: 7}\n"
      "repeats: 2\nexpect: {culprit: c, accuracy: {min: 0.1}}");
  const auto ask_often = [&](const ScenarioCase&, const AskCommit& ask) {
    for (int i = 0; i < 20; ++i) ask(scenario.Id("d"));
    return BisectAnswer::Ended(ToolOutcome::kNoCulprit);
  };
  const ToolRun run = RunOnce(scenario, ask_often, 1);
  const Vertex d = *scenario->graph.Find(scenario.Id("d"));
  std::size_t wrong = 0;
  for (std::uint32_t i = 0; i < 20; ++i) {
    EXPECT_EQ(run.journal[i].code, scenario->CodeAt(d, i, 1)) << i;
    wrong += run.journal[i].code == kGoodCode ? 1U : 0U;
  }
  EXPECT_GT(wrong, 0U);
  EXPECT_LT(wrong, 20U);
}

TEST(InProcessToolTest, CandidatesMayComeInAnyOrder) {
  const ScenarioLiteral scenario(kLine);
  const auto say = [&](const char* first, const char* second) {
    return RunOnce(scenario,
                   [&](const ScenarioCase&, const AskCommit&) {
                     return BisectAnswer::OnlySkipped(
                         {scenario.Id(first), scenario.Id(second)});
                   })
        .candidates;
  };
  EXPECT_EQ(say("b", "c"), say("c", "b"));
}

TEST(InProcessToolTest, ASearchWithoutEndIsEnded) {
  const ScenarioLiteral scenario(kLine);
  const ToolRun run =
      RunOnce(scenario, [&](const ScenarioCase&, const AskCommit& ask) {
        while (true) {
          try {
            ask(scenario.Id("b"));
          } catch (const std::exception&) {
            // A tool that goes on after what it takes for a failed test.
          }
        }
        return BisectAnswer();
      });
  EXPECT_EQ(run.outcome, ToolOutcome::kFailed);
  EXPECT_EQ(run.trouble, "it asks on and on");
}

TEST(InProcessToolTest, WhatTheFunctionThrowsIsAFailedSearch) {
  const ScenarioLiteral scenario(kLine);
  const ToolRun run =
      RunOnce(scenario, [](const ScenarioCase&, const AskCommit&) {
        throw std::runtime_error("out of ideas");
        return BisectAnswer();
      });
  EXPECT_EQ(run.outcome, ToolOutcome::kFailed);
  EXPECT_EQ(run.trouble, "it threw an exception: out of ideas");
}

TEST(InProcessToolTest, ACommitThatIsNotThereIsAFault) {
  const ScenarioLiteral scenario(kLine);
  int code = 0;
  const ToolRun run =
      RunOnce(scenario, [&](const ScenarioCase&, const AskCommit& ask) {
        code = ask(CommitId{});
        return BisectAnswer::Found(scenario.Id("c"));
      });
  EXPECT_EQ(code, kAbortCode);
  const ScenarioJudgement judgement = Judge(*scenario, ToolSpec(), {run}, {});
  ASSERT_FALSE(judgement.faults.empty());
  EXPECT_NE(judgement.faults[0].find("no commit of the history"),
            std::string::npos);
}

TEST(InProcessToolTest, AFeatureThatThereIsNotIsAnError) {
  ToolSpec spec;
  spec.name = "mine";
  spec.supports = {"skip", "skpi"};
  const auto tool = MakeInProcessTool(
      spec,
      [](const ScenarioCase&, const AskCommit&) { return BisectAnswer(); });
  ASSERT_FALSE(tool.has_value());
  EXPECT_EQ(tool.error().code, ErrorCode::kUsage);
  EXPECT_NE(tool.error().message.find("'skpi'"), std::string::npos);
}

}  // namespace
}  // namespace rebisect
