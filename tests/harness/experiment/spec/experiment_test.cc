#include "harness/experiment/spec/experiment.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/temp_folder.h"

namespace rebisect {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;
using testing_support::PutFile;
using testing_support::TempFolder;

const std::string kHead = "rebisect: experiment/1\n";
const std::string kGraph = "graphs: {generate: git, commits: 100}\n";
const std::string kNoise = "noise: {false-bad: 0.01}\n";
const std::string kSelect = "select: git\n";
const std::string kMin = kHead + kGraph + kNoise + kSelect;

ExperimentSpec Read(const std::string& text,
                    const std::string& path = "a/e.yaml") {
  auto spec = ReadExperiment(text, path);
  EXPECT_TRUE(spec.has_value()) << FormatError(spec.error());
  return spec ? *std::move(spec) : ExperimentSpec{};
}

std::string Refusal(const std::string& text,
                    const std::string& path = "e.yaml") {
  const auto spec = ReadExperiment(text, path);
  return spec ? "taken" : FormatError(spec.error());
}

TEST(Experiment, TheLeastIsFilledIn) {
  const ExperimentSpec spec = Read(kMin);
  EXPECT_EQ(spec.name, "e");
  EXPECT_EQ(spec.seed, 1U);
  EXPECT_EQ(spec.trials, 10000U);
  EXPECT_FALSE(spec.exact);
  EXPECT_TRUE(spec.retries.empty());
  EXPECT_TRUE(spec.verdicts.empty());
  EXPECT_FALSE(spec.cost.has_value());
  EXPECT_EQ(spec.canonical,
            "rebisect: experiment/1\n"
            "name: e\n"
            "seed: 1\n"
            "trials: 10000\n"
            "exact: false\n"
            "graphs:\n"
            "  - {generate: git, commits: 100, seed: 1}\n"
            "truths:\n"
            "  - every\n"
            "noise:\n"
            "  - {name: \"{false-bad: 0.01, false-good: 0}\", false-bad: 0.01, "
            "false-good: 0}\n"
            "select:\n"
            "  - git:version=2.55.0\n"
            "budgets:\n"
            "  - {}\n");
}

constexpr const char* kWhole = R"(# everything there is
rebisect: experiment/1
name: flaky policies on git
seed: 18446744073709551615
trials: 20000
block-trials: 4096
exact: true
graphs:
  - {repository: ../git.git, range: v1.0.0..v2.50.0}
  - {dag: /dags/linux.dag.gz, bad: v2.6.38, good: [v2.6.13, v2.6.12]}
  - {generate: kernel, commits: 1000, seed: 3}
  - {recording: bisect.log}
truths: [every, none, {sample: 50}, {none: 0.25}]
noise:
  - {name: low, false-bad: 4e-3, false-good: .0001}
  - name: runs
    crash-rate: 0.67
    concentration: 6
    false-crash-rate: 0.003
    false-crash-concentration: 2
    infra-rate: 0.05
    boot-failure-rate: 0.01
    test-failure-rate: 0.02
    runs: 12
    machines: 4
    one-machine-per-build: true
    bad-machine: {share: 0.1}
    bad-build: {share: 0.2, rate: 0.5, outcome: crashed, title: "a: b"}
    bad-commit: {share: 0.01, outcome: ok}
select: [git, best, "bayes-entropy:stop=.9"]
retry: ["fixed:n=10", until-bad]
rules: {mine: {bad: bad >= 2, good: "true"}}
verdict: [any-crash, "same-family+threshold:k=2", mine]
budgets: [{tests: 200}, {runs: 500, cost-ms: 1000000}]
cost: {build-ms: 600000, run-ms: 60000}
)";

TEST(Experiment, EveryKeyIsRead) {
  const ExperimentSpec spec = Read(kWhole);
  EXPECT_EQ(spec.seed, ~std::uint64_t{0});
  EXPECT_EQ(spec.block_trials, 4096U);
  ASSERT_EQ(spec.graphs.size(), 4U);
  const auto& repository = std::get<RepositoryRange>(spec.graphs[0].source);
  EXPECT_EQ(repository.path, "a/../git.git");
  EXPECT_EQ(repository.bad, "v2.50.0");
  EXPECT_EQ(repository.goods, std::vector<std::string>{"v1.0.0"});
  const auto& dag = std::get<DagRange>(spec.graphs[1].source);
  EXPECT_EQ(dag.path, "/dags/linux.dag.gz");
  EXPECT_EQ(dag.goods, (std::vector<std::string>{"v2.6.12", "v2.6.13"}));
  EXPECT_EQ(std::get<GeneratedHistory>(spec.graphs[2].source).seed, 3U);
  EXPECT_EQ(std::get<ReconstructedRecording>(spec.graphs[3].source).path,
            "a/bisect.log");
  ASSERT_EQ(spec.truths.size(), 4U);
  EXPECT_EQ(spec.truths[2].count, 50U);
  EXPECT_EQ(spec.truths[3].none, .25);
  EXPECT_EQ(TextOf(spec.truths[3]), "{none: 0.25}");
  ASSERT_EQ(spec.noises.size(), 2U);
  EXPECT_EQ(std::get<VerdictNoise>(spec.noises[0].noise).false_bad, .004);
  const auto& runs = std::get<RunNoise>(spec.noises[1].noise);
  EXPECT_EQ(runs.crash.mean, .67);
  EXPECT_EQ(runs.crash.concentration, 6);
  EXPECT_EQ(runs.model.false_crash.mean, .003);
  EXPECT_EQ(runs.model.false_crash.concentration, 2);
  EXPECT_EQ(runs.model.infra_rate, .05);
  EXPECT_EQ(runs.model.boot_failure_rate, .01);
  EXPECT_EQ(runs.model.test_failure_rate, .02);
  EXPECT_EQ(runs.model.runs, 12);
  EXPECT_EQ(runs.model.machines, 4);
  EXPECT_TRUE(runs.model.one_machine_per_build);
  EXPECT_EQ(runs.model.bad_machine.share, .1);
  EXPECT_EQ(runs.model.bad_machine.outcome, RunOutcome::kInfra);
  EXPECT_EQ(runs.model.bad_build.rate, .5);
  EXPECT_EQ(runs.model.bad_build.title, "a: b");
  EXPECT_EQ(runs.model.bad_commit.outcome, RunOutcome::kOk);
  ASSERT_EQ(spec.selections.size(), 3U);
  EXPECT_EQ(ToText({spec.selections[2]}), "bayes-entropy:stop=0.9");
  ASSERT_EQ(spec.retries.size(), 2U);
  EXPECT_EQ(ToText(spec.retries[0]), "fixed");
  EXPECT_EQ(ToText(spec.verdicts[1]), "same-family+threshold");
  EXPECT_EQ(ToText(spec.verdicts[2]), "mine");
  EXPECT_FALSE(spec.rules.empty());
  ASSERT_EQ(spec.budgets.size(), 2U);
  EXPECT_EQ(spec.budgets[1].cost_ms, 1000000);
  ASSERT_TRUE(spec.cost.has_value());
  EXPECT_EQ(spec.cost->run_ms, 60000);
}

TEST(Experiment, TheCanonicalTextIsAnExperimentOfItsOwn) {
  const ExperimentSpec spec = Read(kWhole);
  EXPECT_EQ(Read(spec.canonical, "elsewhere/x.yaml").canonical, spec.canonical);
  EXPECT_THAT(spec.canonical,
              HasSubstr("{repository: git.git, good: [v1.0.0], bad: v2.50.0}"));
}

TEST(Experiment, AnotherSeedIsAnotherText) {
  ExperimentSpec spec = Read(kMin);
  Reseed(spec, 7);
  EXPECT_EQ(spec.seed, 7U);
  EXPECT_EQ(spec.canonical, Read(kMin + "seed: 7\n").canonical);
}

TEST(Experiment, WhatMeansTheSameReadsTheSame) {
  const auto canonical = [](const std::string& rest,
                            const std::string& path = "e.yaml") {
    return Read(kHead + rest, path).canonical;
  };
  EXPECT_EQ(canonical(kGraph + kNoise + kSelect),
            canonical("select: [\"git:version=v2.55\"]\nseed: 1\n"
                      "truths: [every]\nbudgets: [{}]\n" +
                      kNoise + kGraph));
  const std::string rest = kNoise + kSelect;
  EXPECT_EQ(canonical("graphs: {dag: x/g.dag, range: a..b}\n" + rest),
            canonical("graphs: [{dag: /y/g.dag, bad: b, good: a}]\n" + rest,
                      "there/e.yaml"));
  EXPECT_EQ(canonical(kGraph + "noise: {crash-rate: .5}\n" + kSelect),
            canonical(kGraph + "noise: {crash-rate: 0.50}\n" + kSelect +
                      "retry: fixed\nverdict: [any-crash]\n"));
}

TEST(Experiment, WeightsComeFromATable) {
  const TempFolder folder;
  const std::string path = folder / "e.yaml";
  const std::string text = kMin + "truths: {weights: w.csv}\n";
  PutFile(folder / "w.csv", "weight,commit\n1,abcd\n0.5,\"beef\"\n");
  const ExperimentSpec spec = Read(text, path);
  ASSERT_EQ(spec.truths.size(), 1U);
  ASSERT_EQ(spec.truths[0].table.rows.size(), 2U);
  EXPECT_EQ(spec.truths[0].table.rows[1].commit, "beef");
  EXPECT_EQ(spec.truths[0].table.rows[1].number, .5);
  EXPECT_EQ(spec.truths[0].table.rows[1].where.line, 3);
  EXPECT_EQ(Read(spec.canonical, folder / "copy.yaml").canonical,
            spec.canonical);
  const struct {
    std::string table;
    std::string error;
  } cases[] = {
      {"commit\nabcd\n", "w.csv:1:1: error: this table has to begin with"},
      {"commit,weight\nabcd,-1\n", "w.csv:2:6: error: 'weight' has to be"},
      {"commit,weight\nabcd,inf\n", "w.csv:2:6: error: 'weight' has to be"},
      {"commit,weight\nabcd,1\nabcd,2\n", "w.csv:3:1: error: 'abcd' has a"},
      {"commit,weight\nabcd\n", "w.csv:2:1: error: this row has 1"},
      {"commit,weight\nabcd,0\n",
       "w.csv:1:1: error: the numbers of a table have to"},
      {"commit,weight\n", "w.csv:1:1: error: the numbers of a table have to"},
  };
  for (const auto& one : cases) {
    PutFile(folder / "w.csv", one.table);
    EXPECT_THAT(Refusal(text, path), HasSubstr(one.error)) << one.table;
  }
  PutFile(folder / "w.csv", "commit,weight\nabcd,2\n");
  EXPECT_THAT(Refusal(spec.canonical, path),
              HasSubstr("is not the one of this experiment"));
}

TEST(Experiment, CostComesFromRecordings) {
  const TempFolder folder;
  const std::string path = folder / "e.yaml";
  const auto record = [](const std::string& build, const std::string& test) {
    return "rebisect: recording/1\nkind: cause\nevents:\n"
           "- {test: abcd, runs: [{outcome: ok, count: 10}]}\n"
           "- {test: beef, runs: [{outcome: crashed, title: x, count: 10}]}\n"
           "summary: {build_seconds: " +
           build + ", test_seconds: " + test + "}\n";
  };
  PutFile(folder / "a.yaml", record("20", "40"));
  PutFile(folder / "b.yaml", record("60", "50"));
  const std::string cost = "cost: {recordings: [a.yaml, b.yaml]}\n";
  const ExperimentSpec spec = Read(kMin + cost, path);
  ASSERT_TRUE(spec.cost.has_value());
  EXPECT_EQ(spec.cost->build_ms, 20000);
  EXPECT_EQ(spec.cost->run_ms, 2250);
  EXPECT_THAT(spec.canonical,
              HasSubstr("cost: {build-ms: 20000, run-ms: 2250}\n"));
  PutFile(folder / "a.yaml",
          "rebisect: recording/1\nkind: cause\nevents:\n- {test: abcd}\n");
  EXPECT_THAT(
      Refusal(kMin + "cost: {recordings: a.yaml}\n", path),
      HasSubstr("e.yaml:5:20: error: none of the recordings says how long"));
}

TEST(Experiment, SaysWhatCannotBe) {
  const std::string graph = kHead + kNoise + kSelect + "graphs: ";
  const std::string noise = kHead + kGraph + kSelect + "noise: ";
  const std::string runs = noise + "{crash-rate: .5}\n";
  const std::string select = kHead + kGraph + kNoise + "select: ";
  const struct {
    std::string text;
    std::string error;
  } cases[] = {
      {"", "e.yaml:"},
      {"a: 1\n",
       "e.yaml:1:1: error: an experiment starts with `rebisect: "
       "experiment/1`, not without it"},
      {"rebisect: experiment/2\n", "e.yaml:1:11: error: an experiment starts"},
      {kHead, "e.yaml:1:1: error: an experiment needs 'graphs'"},
      {kHead + kGraph + kNoise, "an experiment needs 'select'"},
      {kMin + "selct: best\n",
       "e.yaml:5:1: error: unknown key 'selct' in an experiment; did you mean "
       "'select'?"},
      {kMin + "trials: -1\n",
       "e.yaml:5:9: error: 'trials' has to be a whole number from 0 to"},
      {kMin + "trials: 1e3\n", "not '1e3'"},
      {kMin + "trials: 0\n", "e.yaml:5:9: error: no trials, and no exact"},
      {kHead + kGraph + kNoise + "trials: 0\nexact: true\nselect: [git, pba]\n",
       "e.yaml:6:15: error: 'pba' is no decision tree"},
      {kMin + "block-trials: 0\n", "e.yaml:5:15: error: "},
      {kMin + "exact: perhaps\n", "has to be true or false"},
      {graph + "[]\n", "e.yaml:4:9: error: 'graphs' is empty"},
      {graph + "{}\n", "e.yaml:4:9: error: a graph needs one of 'repository'"},
      {graph + "git.git\n", "e.yaml:4:9: error: a graph has to be a mapping"},
      {graph + "{repo: x, range: a..b}\n", "unknown key 'repo' in a graph"},
      {graph + "{repository: x}\n", "a graph needs the ends of a search"},
      {graph + "{repository: x, range: a}\n",
       "e.yaml:4:32: error: the range has to be GOOD..BAD, not 'a'"},
      {graph + "{repository: x, range: a...b}\n", "has to be GOOD..BAD"},
      {graph + "{dag: x, range: a..b, bad: b}\n", "give either 'range'"},
      {graph + "{dag: x, bad: b, good: [a, c, a]}\n", "'a' is given twice"},
      {graph + "{dag: x, range: a..b, seed: 1}\n",
       "e.yaml:4:31: error: 'seed' does not go with 'dag'"},
      {graph + "{generate: kernal, commits: 9}\n",
       "e.yaml:4:20: error: there is no generator 'kernal'; did you mean "
       "'kernel'?"},
      {graph + "{generate: git}\n", "give 'commits'"},
      {graph + "{generate: git, commits: 9000000}\n", "from 2 to 2000000"},
      {graph + "[{recording: a}, {recording: a}]\n",
       "e.yaml:4:26: error: {recording: a} is there already, at line 4"},
      {noise + "{false-bad: 1.2}\n",
       "e.yaml:4:20: error: 'false-bad' has to be a number from 0 to 1"},
      {noise + "{false-bda: .2}\n", "did you mean 'false-bad'?"},
      {noise + "{false-bad: .1, crash-rate: .5}\n",
       "e.yaml:4:24: error: 'crash-rate' is about runs"},
      {noise + "{crash-rate: -.1}\n", "has to be a number from 0 to 1"},
      {noise + "{crash-rate: nan}\n", "has to be a finite number"},
      {noise + "{concentration: 0}\n", "a number from 0.001 to 1e9"},
      {noise + "{bad-build: {outcome: crash}}\n", "did you mean 'crashed'?"},
      {noise + "{bad-build: {share: 2}}\n", "'share' has to be a number"},
      {noise + "[{name: a, false-bad: .1}, {name: a, false-bad: .2}]\n",
       "noise 'a' is there already"},
      {noise + "[{name: a, false-bad: .1}, {name: b, false-bad: .1}]\n",
       "the noise {false-bad: 0.1, false-good: 0} is there already"},
      {kMin + "retry: fixed\n", "e.yaml:5:8: error: 'retry' is about runs"},
      {kMin + "verdict: any-crash\n", "'verdict' is about runs"},
      {runs + "retry: fixd\n",
       "e.yaml:5:8: error: there is no retry policy "
       "'fixd'; did you mean 'fixed'?"},
      {runs + "retry: [\"fixed:n=0\"]\n",
       "e.yaml:5:16: error: parameter 'n' of 'fixed' is '0'"},
      {runs + "retry: [fixed, \"fixed:n=10\"]\n",
       "'fixed' is there already, at line 5"},
      {runs + "verdict: majorty\n", "did you mean 'majority'?"},
      {runs + "rules: {mine: {bda: bad > 0}}\n", "'bda'"},
      {runs + "rules: {mine: {bad: bad >}}\n", "e.yaml:5:"},
      {select + "[best, bset]\n",
       "e.yaml:4:16: error: there is no selection "
       "policy 'bset'; did you mean 'best'?"},
      {select + "[best, best]\n", "e.yaml:4:16: error: 'best' is there"},
      {select + "[[best]]\n", "a policy has to be one text"},
      {kMin + "truths: evry\n", "e.yaml:5:9: error: there is no truth"},
      {kMin + "truths: {sample: 0}\n", "from 1 to 2000000"},
      {kMin + "truths: {}\n", "a truth is one of"},
      {kMin + "truths: {sample: 1, weights: w}\n", "a truth is one of"},
      {kMin + "truths: {weights: /nowhere.csv}\n", "/nowhere.csv"},
      {kMin + "budgets: {tests: -5}\n",
       "e.yaml:5:18: error: 'tests' has to be a whole number from 1 to"},
      {kMin + "budgets: {cost-ms: 5}\n", "give 'cost'"},
      {kMin + "budgets: {runs: 5}\n", "a budget of runs needs noise of runs"},
      {kMin + "cost: {}\n", "give either 'build-ms'"},
      {kMin + "cost: {build-ms: -1}\n", "whole number"},
      {kMin + "cost: {recordings: [x.log], run-ms: 1}\n", "give either"},
  };
  for (const auto& one : cases) {
    EXPECT_THAT(Refusal(one.text), HasSubstr(one.error)) << one.text;
    EXPECT_THAT(Refusal(one.text), ::testing::Not(HasSubstr("\n\n")));
  }
}

TEST(Experiment, HasSoManyCells) {
  std::string select = "select: [";
  for (int k = 1; k <= 64; ++k) {
    select += "\"k-section:k=" + std::to_string(k) + "\", ";
  }
  select += "git]\n";
  std::string retry = "retry: [fixed, until-bad, recorded, syzkaller-2021]\n";
  const std::string runs = kHead + kGraph + "noise: {crash-rate: .5}\n";
  EXPECT_THAT(Refusal(runs + select + retry), HasSubstr("more than 256 cells"));
  std::string budgets = "budgets: [";
  for (int i = 1; i <= 300; ++i) {
    budgets += "{tests: " + std::to_string(i) + "}, ";
  }
  EXPECT_THAT(Refusal(kHead + kGraph + kNoise + select + budgets + "{}]\n"),
              HasSubstr("more than 16384 cells"));
}

}  // namespace
}  // namespace rebisect
