// Whole decision trees: how long `best` and `git` take for all culprits at
// once, after loading; and how many complete bisections a second are drawn
// from them.

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "sim/base/check.h"
#include "sim/graph/ancestor_cover.h"
#include "sim/trees/decision_tree.h"
#include "sim/trees/git_tree.h"
#include "sim/trees/tree_accuracy.h"
#include "sim/trees/tree_trials.h"
#include "tests/bench/bench_graphs.h"
#include "tests/bench/listed_search.h"

namespace rebisect {
namespace {

using testing_support::BenchGraph;
using testing_support::BenchGraphs;
using testing_support::ListedSearch;
using testing_support::ListSearch;

constexpr std::size_t kMaxLimbs = 64;  // a suspect, as experiments have it

/// Suspects, and how many tests they take without noise.
void Describe(benchmark::State& state, const DecisionTree& tree) {
  const std::vector<std::uint32_t> tests = TestsOf(tree);
  double sum = 0;
  for (const std::uint32_t one : tests) sum += one;
  state.counters["suspects"] = static_cast<double>(tests.size());
  state.counters["mean"] = sum / static_cast<double>(tests.size());
  state.counters["worst"] = *std::max_element(tests.begin(), tests.end());
}

std::optional<DecisionTree> Best(const ListedSearch& search) {
  return BuildBestTree(search.suspects, kMaxLimbs * search.suspects.size());
}

void BestTree(benchmark::State& state, const ListedSearch& search) {
  std::optional<DecisionTree> tree;
  for (auto _ : state) tree = Best(search);
  REBISECT_CHECK(tree.has_value());
  Describe(state, *tree);
}

void WholeGitTree(benchmark::State& state, const ListedSearch& search) {
  GitTree tree;
  for (auto _ : state) {
    tree = BuildGitTree(search.suspects, {&search.good, 1},
                        GitRules::Of(kNewestGit));
  }
  Describe(state, tree.tree);
  const auto nodes = static_cast<double>(tree.tree.nodes.size());
  state.counters["nodes"] = nodes;
  state.counters["full_walks"] = static_cast<double>(tree.full_walks);
  state.counters["fell_back"] = static_cast<double>(tree.full_walks) / nodes;
  state.counters["unlike"] = static_cast<double>(tree.unlike.size());
}

/// A tree, ready for trials.
struct Ready {
  explicit Ready(const ListedSearch& search)
      : tree(*Best(search)),
        intervals(*AncestorIntervals::Of(
            search.suspects,
            *CoverAncestors(search.suspects,
                            kMaxLimbs * search.suspects.size()),
            kMaxLimbs * search.suspects.size())),
        culprits(CulpritDraw::Uniform(
            static_cast<std::uint32_t>(search.suspects.size()))),
        trials(tree, search.suspects, intervals) {}

  DecisionTree tree;
  AncestorIntervals intervals;
  CulpritDraw culprits;
  TreeTrials trials;
};

/// Verdicts that are wrong by chance; each thread its own trials.
void Sample(benchmark::State& state, const Ready& ready,
            const VerdictErrors& errors) {
  std::vector<TrialEnd> ends(16384);
  const TreeTrials::Ideals ideals = ready.trials.With(errors);
  const auto key = static_cast<std::uint64_t>(state.thread_index()) + 1;
  std::uint64_t first = 0;
  for (auto _ : state) {
    ready.trials.Sample(ideals, {key, first, &ready.culprits}, ends);
    first += ends.size();
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(first));
}

/// Ten honest draws a test.
void SampleRuns(benchmark::State& state, const Ready& ready) {
  std::vector<TrialEnd> ends(4096);
  const auto key = static_cast<std::uint64_t>(state.thread_index()) + 1;
  std::uint64_t first = 0;
  for (auto _ : state) {
    ready.trials.SampleRuns({10, 1, .67, .001}, {key, first, &ready.culprits},
                            ends);
    first += ends.size();
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(first));
}

void ExactAccuracy(benchmark::State& state, const Ready& ready,
                   const VerdictErrors& errors) {
  std::vector<double> chances;
  for (auto _ : state) chances = ChanceRight(ready.tree, errors);
  double sum = 0;
  for (const double chance : chances) sum += chance;
  state.counters["right"] = sum / static_cast<double>(chances.size());
}

const bool kRegistered = [] {
  constexpr VerdictErrors kFew{.004, .0001};
  constexpr VerdictErrors kMany{.086, .046};
  for (const BenchGraph& bench : BenchGraphs()) {
    const auto search = std::make_shared<const ListedSearch>(ListSearch(bench));
    const auto ready = std::make_shared<const Ready>(*search);
    const auto name = [&](const std::string& what) {
      return what + '/' + bench.name;
    };
    const auto add = [&](const std::string& what, const auto& function) {
      return benchmark::RegisterBenchmark(name(what).c_str(), function)
          ->Unit(benchmark::kMillisecond);
    };
    add("BestTree",
        [search](benchmark::State& state) { BestTree(state, *search); });
    add("GitTree",
        [search](benchmark::State& state) { WholeGitTree(state, *search); });
    for (const bool few : {true, false}) {
      const VerdictErrors these = few ? kFew : kMany;
      const std::string label = few ? "few" : "many";
      add("ExactAccuracy/" + label,
          [search, ready, these](benchmark::State& state) {
            ExactAccuracy(state, *ready, these);
          });
      add("Sample/" + label, [search, ready, these](benchmark::State& state) {
        Sample(state, *ready, these);
      });
      add("Threads/" + label,
          [search, ready, these](benchmark::State& state) {
            Sample(state, *ready, these);
          })
          ->ThreadRange(1, 2)
          ->UseRealTime();
    }
    add("SampleTenRuns", [search, ready](benchmark::State& state) {
      SampleRuns(state, *ready);
    });
  }
  return true;
}();

}  // namespace
}  // namespace rebisect
