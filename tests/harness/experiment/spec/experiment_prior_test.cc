// What selection policies are told beforehand: priors, and what tests cost.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "harness/experiment/engine/experiment_layout.h"
#include "harness/experiment/engine/experiment_priors.h"
#include "harness/experiment/engine/experiment_run.h"
#include "harness/experiment/results/results_report.h"
#include "harness/experiment/spec/experiment.h"
#include "tests/support/git_command.h"
#include "tests/support/temp_folder.h"

namespace rebisect {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing_support::PutFile;
using testing_support::RunShell;
using testing_support::TempFolder;

constexpr std::uint32_t kCommits = 100;

class ExperimentPriorTest : public testing::Test {
 protected:
  [[nodiscard]] Result<ExperimentSpec> Read(const std::string& rest) const {
    return ReadExperiment(
        "rebisect: experiment/1\ntrials: 500\n"
        "graphs: {generate: kernel, commits: 100, seed: 3}\n" +
            rest,
        folder_ / "e.yaml");
  }

  std::unique_ptr<const ExperimentLayout> Lay(const std::string& rest) const {
    const auto spec = Read(rest);
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

  /// The first group.
  GroupTotal Run(const std::string& rest) const {
    const auto layout = Lay(rest);
    if (!layout) return {};
    ExperimentTotals totals(layout->info);
    const auto ran = RunWork(
        *layout, WorkOf(layout->info, 0, 1, {}), 1,
        [&](const WorkResults& results) -> Result<void> {
          for (const BlockResult& block : results.blocks) totals.Add(block);
          for (const ExactCell& cell : results.exact) totals.Add(cell);
          return {};
        },
        [] { return false; });
    EXPECT_TRUE(ran.has_value());
    return totals.Take().groups.front();
  }

  /// A table of the suspects, by number(suspect).
  template <class Number>
  void PutTable(const std::string& name, const std::string& column,
                const Number& number) const {
    const auto layout = Lay("noise: {false-bad: 0}\nselect: best\n");
    ASSERT_NE(layout, nullptr);
    const SuspectGraph& suspects = layout->graphs[0]->prepared.suspects;
    ASSERT_EQ(suspects.size(), kCommits);
    std::string text = "commit," + column + '\n';
    for (Suspect s = 0; s < suspects.size(); ++s) {
      text += suspects.graph->Id(suspects.vertices[s]).Hex() + ',' +
              std::to_string(number(s)) + '\n';
    }
    PutFile(folder_ / name, text);
  }

  static double Mean(const CellTotal& cell, Quantity quantity) {
    return MeanOf(cell.quantities[static_cast<std::size_t>(quantity)]).mean;
  }

  std::string Refusal(const std::string& rest) const {
    const auto spec = Read(rest);
    if (!spec) return FormatError(spec.error());
    const auto layout = LayOut(*spec);
    return layout ? "taken" : FormatError(layout.error());
  }

  TempFolder folder_;
};

const std::string kSilent = "noise: {false-bad: 0}\n";

TEST_F(ExperimentPriorTest, WhoeverKnowsTheRiskTestsLess) {
  PutTable("risk.csv", "weight", [](Suspect s) { return s % 25 == 7 ? 1 : 0; });
  const GroupTotal group =
      Run(kSilent +
          "truths: {weights: risk.csv}\npriors: {risk: {weights: risk.csv}}\n"
          "select: [best, \"best:prior=risk\", \"linear:prior=risk\", "
          "\"golden:prior=risk\", "
          "\"bayes-entropy:false-bad=.1:false-good=.1:prior=risk\"]\n");
  ASSERT_EQ(group.cells.size(), 5U);
  for (const CellTotal& cell : group.cells) {
    EXPECT_EQ(CountOf(cell.outcomes, ShareKind::kRight), 500U);
  }
  // It still has to tell the one of four from the innocent beside it.
  EXPECT_LT(Mean(group.cells[1], Quantity::kTests),
            Mean(group.cells[0], Quantity::kTests) + .5);
  // It needs no proof of what its prior rules out.
  EXPECT_LT(Mean(group.cells[4], Quantity::kTests), 4);
}

TEST_F(ExperimentPriorTest, TreesSessionsAndLoopsChargeTheSameBuilds) {
  PutTable("builds.csv", "build-ms", [](Suspect s) { return 100 + 7 * s; });
  PutTable("risk.csv", "weight", [](Suspect s) { return 1 + s % 3; });
  const std::string rest =
      "priors: {risk: {weights: risk.csv}}\n"
      "cost: {build-ms: 5, builds: builds.csv}\n"
      "select: [git, best, first-parent, \"best:prior=risk\", "
      "\"best:objective=cost\"]\n";
  const GroupTotal verdicts = Run(kSilent + "exact: true\n" + rest);
  // Infrastructure that hardly ever fails: runs are drawn one by one.
  const GroupTotal runs =
      Run("noise: {crash-rate: 1, infra-rate: 1e-12}\nretry: \"fixed:n=1\"\n" +
          rest);
  ASSERT_EQ(verdicts.cells.size(), 5U);
  ASSERT_EQ(runs.cells.size(), 5U);
  for (std::size_t cell = 0; cell < 5; ++cell) {
    EXPECT_GT(Mean(verdicts.cells[cell], Quantity::kCostMs),
              100 * Mean(verdicts.cells[cell], Quantity::kTests));
    const auto cost = static_cast<std::size_t>(Quantity::kCostMs);
    // Not the same culprits: those are of the whole truth.
    EXPECT_NEAR(Mean(verdicts.cells[cell], Quantity::kCostMs),
                Mean(runs.cells[cell], Quantity::kCostMs),
                .05 * Mean(runs.cells[cell], Quantity::kCostMs));
    if (verdicts.cells[cell].exact) {
      EXPECT_FALSE(verdicts.cells[cell].exact->costs[cost].has_value());
    }
  }
}

TEST_F(ExperimentPriorTest, TheCheaperTestIsChosen) {
  PutTable("builds.csv", "build-ms",
           [](Suspect s) { return s % 2 == 0 ? 1000 : 100; });
  for (const std::string noise :
       {"noise: {false-bad: 0.05, false-good: 0.05}\n",
        "noise: {crash-rate: 0.9, false-crash-rate: 0.1}\n"}) {
    const GroupTotal group =
        Run(noise +
            "cost: {build-ms: 100, run-ms: 1, builds: builds.csv}\n"
            "select: [best, \"best:objective=cost\", "
            "\"bayes-entropy:false-bad=.05:false-good=.05\", "
            "\"bayes-entropy:false-bad=.05:false-good=.05:objective=cost\"]\n");
    ASSERT_EQ(group.cells.size(), 4U);
    for (const std::size_t first : {0U, 2U}) {
      EXPECT_LT(Mean(group.cells[first + 1], Quantity::kCostMs),
                .8 * Mean(group.cells[first], Quantity::kCostMs))
          << noise << first;
    }
  }
}

TEST_F(ExperimentPriorTest, ChangedPathsWeigh) {
  const std::string repository = folder_ / "r";
  ASSERT_EQ(RunShell(folder_.path(),
                     "git init -q r && cd r && mkdir net fs && "
                     "put() { echo $1 >$2; git add .; git commit -qm $1; }; "
                     "put 0 a; put 1 net/x; put 2 fs/x; put 3 a; "
                     "git checkout -qb side HEAD~1; put 4 net/y; "
                     "echo 5 >fs/x; put 5 net/y; git checkout -q -; "
                     "git merge -q --no-ff -m 6 side")
                .status,
            0);
  const auto spec = ReadExperiment(
      "rebisect: experiment/1\ngraphs: {repository: r, good: \":/^0\", "
      "bad: HEAD}\n" +
          kSilent +
          "priors: {p: {paths: {net: 5, \"fs/*\": 9}, others: 2}}\n"
          "select: \"best:prior=p\"\n",
      folder_ / "e.yaml");
  ASSERT_TRUE(spec.has_value()) << FormatError(spec.error());
  EXPECT_THAT(spec->canonical,
              HasSubstr("p: {paths: {net: 5, \"fs/*\": 9}, others: 2}"));
  const auto layout = LayOut(*spec);
  ASSERT_TRUE(layout.has_value()) << FormatError(layout.error());
  const SelectionOnGraph& selection = *(*layout)->graphs[0]->selections[0];
  // 1, 2, then 3 and the branch with 4 and 5 in some order, and the merge.
  ASSERT_EQ(selection.prior.size(), 6U);
  EXPECT_EQ(selection.prior[0], 5);
  EXPECT_EQ(selection.prior[1], 9);
  EXPECT_THAT(std::vector<double>(selection.prior.begin() + 2,
                                  selection.prior.begin() + 5),
              ::testing::UnorderedElementsAre(2, 5, 9));
  EXPECT_EQ(selection.prior[5], 2);
}

TEST_F(ExperimentPriorTest, MistakesHaveTheirPlace) {
  PutFile(folder_ / "none.csv", "commit,weight\nabcd,1\n");
  PutFile(folder_ / "long.csv", "commit,build-ms\nabcd,1e12\n");
  const std::string prior = "priors: {p: {paths: {net: 5}}}\n";
  const struct {
    std::string rest;
    std::string error;
  } cases[] = {
      {"select: \"best:prior=p\"\n",
       "e.yaml:5:10: error: there is no prior 'p'"},
      {prior + "select: best\n",
       "e.yaml:5:13: error: no selection policy has the prior 'p'"},
      {prior + "select: \"git:prior=p\"\n", "'prior'"},
      {prior + "select: \"best:prior=p\"\n", "needs a repository"},
      {"select: \"best:objective=cost\"\n", "give 'cost'"},
      {"select: \"best:objective=money\"\n", "'money'"},
      {"select: \"linear:objective=cost\"\n", "'objective'"},
      {"priors: {p: {paths: {net: -5}}}\nselect: best\n",
       "e.yaml:5:27: error: a weight has to be"},
      {"priors: {p: {paths: {\"/x\": 5}}}\nselect: best\n", "e.yaml:5:22:"},
      {"priors: {p: {}}\nselect: best\n", "a prior is {weights: FILE}, or"},
      {"priors: {none: {weights: none.csv}}\nselect: best\n",
       "e.yaml:5:10: error: a prior's name"},
      {"priors: {p: {weights: none.csv}}\nselect: \"best:prior=p\"\n",
       "none.csv:2:1: error: 'abcd' is no commit"},
      {"priors: {p: {weights: none.csv, sha1: 12}}\nselect: best\n",
       "its SHA-1 is"},
      {"select: best\ncost: {builds: long.csv}\n", "give either"},
      {"select: best\ncost: {build-ms: 1, builds: long.csv}\n",
       "long.csv:2:1: error: a build may take"},
  };
  for (const auto& one : cases) {
    EXPECT_THAT(Refusal(kSilent + one.rest), HasSubstr(one.error)) << one.rest;
  }
}

}  // namespace
}  // namespace rebisect
