#include <gtest/gtest.h>

#include <cmath>
#include <memory>
#include <string>

#include "harness/experiment/engine/experiment_engine.h"
#include "harness/experiment/engine/experiment_layout.h"
#include "harness/experiment/engine/experiment_run.h"
#include "harness/experiment/results/results_report.h"
#include "harness/experiment/spec/experiment.h"

namespace rebisect {
namespace {

std::unique_ptr<const ExperimentLayout> Lay(const std::string& rest) {
  const auto spec = ReadExperiment(
      "rebisect: experiment/1\nname: test\n"
      "graphs: {generate: kernel, commits: 60, seed: 3}\n" +
          rest,
      "test.yaml");
  if (!spec) {
    ADD_FAILURE() << FormatError(spec.error());
    return nullptr;
  }
  auto layout = LayOut(*spec);
  if (!layout) {
    ADD_FAILURE() << FormatError(layout.error());
    return nullptr;
  }
  return *std::move(layout);
}

ExperimentTotal RunAll(const ExperimentLayout& layout, std::size_t threads,
                       std::size_t shards = 1) {
  ExperimentTotals totals(layout.info);
  for (std::size_t shard = 0; shard < shards; ++shard) {
    const auto ran = RunWork(
        layout, WorkOf(layout.info, shard, shards, {}), threads,
        [&](const WorkResults& results) -> Result<void> {
          for (const BlockResult& block : results.blocks) {
            EXPECT_EQ(FaultOf(block, layout.info), "");
            totals.Add(block);
          }
          for (const ExactCell& cell : results.exact) totals.Add(cell);
          return {};
        },
        [] { return false; });
    EXPECT_TRUE(ran.has_value());
  }
  return totals.Take();
}

double ShareRight(const CellTotal& cell) {
  const auto right =
      static_cast<double>(CountOf(cell.outcomes, ShareKind::kRight));
  return right / static_cast<double>(TrialsOf(cell.outcomes));
}

/// Within five standard errors.
void ExpectNear(double drawn, double exact, double trials) {
  EXPECT_NEAR(drawn, exact, 5 * std::sqrt(exact * (1 - exact) / trials) + 1e-9);
}

TEST(Simulate, EveryWayOfMakingTrialsAgreesWithWhatIsExact) {
  // One cell skips ahead, several draw every run.
  for (const char* select : {"git", "[git, best, golden, first-parent]"}) {
    const auto layout =
        Lay("trials: 20000\nexact: true\ntruths: [every, {none: 0.4}]\n"
            "noise: {name: n, false-bad: 0.05, false-good: 0.02}\nselect: " +
            std::string(select) + "\n");
    ASSERT_NE(layout, nullptr);
    const ExperimentTotal total = RunAll(*layout, 2);
    ASSERT_TRUE(total.Complete());
    for (const GroupTotal& group : total.groups) {
      for (const CellTotal& cell : group.cells) {
        ASSERT_TRUE(cell.exact.has_value());
        ExpectNear(ShareRight(cell), ShareOf(*cell.exact, ShareKind::kRight),
                   20000);
      }
    }
  }
}

TEST(Simulate, SometimesNobodyIsGuilty) {
  const auto layout =
      Lay("trials: 3000\nexact: true\ntruths: {none: 0.4}\n"
          "noise: {name: n, false-bad: 0, false-good: 0}\n"
          "select: [git, \"facf:flake-rate=0\"]\n");
  ASSERT_NE(layout, nullptr);
  const ExperimentTotal total = RunAll(*layout, 2);
  const auto& cells = total.groups[0].cells;
  // A search that has to name somebody is wrong where nobody is guilty.
  EXPECT_NEAR(ShareOf(*cells[0].exact, ShareKind::kRight), .6, 1e-12);
  ExpectNear(ShareRight(cells[0]), .6, 3000);
  EXPECT_EQ(ShareRight(cells[1]), 1);
}

TEST(Simulate, SessionsAgreeWithTrees) {
  const std::string runs =
      "truths: {none: 0.3}\nretry: fixed:n=4\nverdict: any-crash\n"
      "noise: {name: n, crash-rate: 0.5, false-crash-rate: 0.01}\n";
  const auto tree = Lay("trials: 0\nexact: true\nselect: git\n" + runs);
  // A policy that is no tree beside it: both meet runs of one model.
  const auto sessions = Lay("trials: 3000\nselect: [git, random]\n" + runs);
  ASSERT_TRUE(tree != nullptr && sessions != nullptr);
  EXPECT_EQ(tree->groups[0].cells[0].maker, TrialMaker::kSkipAhead);
  EXPECT_EQ(sessions->groups[0].cells[0].maker, TrialMaker::kSession);
  EXPECT_EQ(sessions->groups[0].cells[1].maker, TrialMaker::kLoop);
  const ExperimentTotal exact = RunAll(*tree, 1);
  const ExperimentTotal drawn = RunAll(*sessions, 2);
  ExpectNear(ShareRight(drawn.groups[0].cells[0]),
             ShareOf(*exact.groups[0].cells[0].exact, ShareKind::kRight), 3000);
}

TEST(Simulate, ResultsDependNeitherOnThreadsNorOnParts) {
  const std::string rest =
      "trials: 400\nblock-trials: 50\ntruths: [every, none, {sample: 5}]\n"
      "noise: [{name: v, false-bad: 0.05, false-good: 0.02}]\n"
      "select: [git, random, \"k-section:k=2\", facf, \"noisy-binary\"]\n"
      "budgets: {tests: 60}\n";
  const auto layout = Lay(rest);
  ASSERT_NE(layout, nullptr);
  const std::string one = ResultsExport(RunAll(*layout, 1));
  EXPECT_EQ(one, ResultsExport(RunAll(*layout, 3)));
  EXPECT_EQ(one, ResultsExport(RunAll(*layout, 2, 5)));
}

TEST(Simulate, WithoutNoiseEveryPolicyIsRight) {
  const auto layout =
      Lay("trials: 300\ntruths: every\n"
          "noise: {name: v, false-bad: 0, false-good: 0}\n"
          "select: [git, best, linear, golden, random, \"k-section:k=3\", "
          "first-parent, pba, \"noisy-binary:error=.1\"]\n");
  ASSERT_NE(layout, nullptr);
  const ExperimentTotal total = RunAll(*layout, 2);
  for (const CellTotal& cell : total.groups[0].cells) {
    EXPECT_EQ(ShareRight(cell), 1);
  }
}

}  // namespace
}  // namespace rebisect
