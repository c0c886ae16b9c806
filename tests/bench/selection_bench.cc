// What one step of a search costs on a graph that is loaded: the walk, the
// weights, git's choice, and all of it as `start` does it.

#include <string>

#include <benchmark/benchmark.h>

#include "sim/base/check.h"
#include "sim/graph/weights.h"
#include "sim/session/bisect_session.h"
#include "sim/session/git_objects.h"
#include "sim/session/git_selection.h"
#include "tests/bench/bench_graphs.h"

namespace rebisect {
namespace {

using testing_support::BenchGraph;
using testing_support::BenchGraphs;

std::vector<Vertex> List(const BenchGraph& bench) {
  const GitRules rules = GitRules::Of(kNewestGit);
  GitObjects objects(bench.graph, rules);
  const std::vector<WalkInput> inputs = {{*bench.graph.Find(bench.bad), false},
                                         {*bench.graph.Find(bench.good), true}};
  const auto emitted = objects.Walk(inputs, {});
  REBISECT_CHECK(emitted.has_value());
  std::vector<Vertex> listing;
  for (auto it = emitted->rbegin(); it != emitted->rend(); ++it) {
    if (!objects.Uninteresting(*it)) listing.push_back(*it);
  }
  return listing;
}

SuspectGraph Suspects(const BenchGraph& bench) {
  return BuildSuspectGraph(bench.graph, List(bench),
                           [&](Vertex v) { return bench.graph.Parents(v); });
}

void Count(benchmark::State& state, const SuspectGraph& suspects) {
  state.counters["suspects"] = static_cast<double>(suspects.size());
}

void Walk(benchmark::State& state, const BenchGraph& bench) {
  for (auto _ : state) benchmark::DoNotOptimize(List(bench));
}

void WeightsAll(benchmark::State& state, const BenchGraph& bench) {
  const SuspectGraph suspects = Suspects(bench);
  for (auto _ : state) benchmark::DoNotOptimize(ComputeWeights(suspects));
  Count(state, suspects);
}

void WeightsSweep(benchmark::State& state, const BenchGraph& bench) {
  const SuspectGraph suspects = Suspects(bench);
  for (auto _ : state) benchmark::DoNotOptimize(WeightsBySweep(suspects));
  Count(state, suspects);
}

void Select(benchmark::State& state, const BenchGraph& bench, bool skips) {
  const SuspectGraph suspects = Suspects(bench);
  std::vector<std::uint8_t> skipped;
  if (skips) skipped.assign(suspects.size(), 0);
  const SearchView view{suspects, suspects.listing.back(), skipped};
  GitSelection selection(GitRules::Of(kNewestGit));
  for (auto _ : state) benchmark::DoNotOptimize(selection.Next(view));
  Count(state, suspects);
}

/// The whole of `git bisect start BAD GOOD`, but for loading.
void Start(benchmark::State& state, const BenchGraph& bench) {
  StartCommand command;
  command.bad = bench.bad;
  command.goods = {bench.good};
  GitSelection selection(GitRules::Of(kNewestGit));
  std::size_t suspects = 0;
  for (auto _ : state) {
    BisectSession session(bench.graph, selection, {});
    const auto report = session.Start(command);
    REBISECT_CHECK(report.has_value() &&
                   report->state == SessionState::kTesting);
    suspects = session.suspects()->size();
  }
  state.counters["suspects"] = static_cast<double>(suspects);
}

template <class Function>
void Register(const std::string& what, const BenchGraph& bench,
              Function function) {
  benchmark::RegisterBenchmark(
      (what + '/' + bench.name).c_str(),
      [&bench, function](benchmark::State& state) { function(state, bench); })
      ->Unit(benchmark::kMillisecond);
}

const bool kRegistered = [] {
  for (const BenchGraph& bench : BenchGraphs()) {
    Register("Walk", bench, Walk);
    Register("Weights", bench, WeightsAll);
    Register("WeightsBySweep", bench, WeightsSweep);
    Register("Select", bench,
             [](benchmark::State& state, const BenchGraph& graph) {
               Select(state, graph, false);
             });
    Register("SelectWithSkips", bench,
             [](benchmark::State& state, const BenchGraph& graph) {
               Select(state, graph, true);
             });
    Register("Start", bench, Start);
  }
  return true;
}();

}  // namespace
}  // namespace rebisect
