// How long a graph takes to be there: from DAG text, from a repository with a
// commit-graph and without one.

#include <array>
#include <string>

#include <benchmark/benchmark.h>

#include "sim/base/check.h"
#include "sim/git/load_graph.h"
#include "sim/git/repository.h"
#include "sim/git/write_repository.h"
#include "sim/io/dag_text.h"
#include "tests/bench/bench_graphs.h"
#include "tests/support/temp_folder.h"

namespace rebisect {
namespace {

using testing_support::BenchGraph;
using testing_support::BenchGraphs;

void ParseDag(benchmark::State& state, const std::string& text) {
  const std::array<NamedText, 1> texts = {NamedText{"dag", text}};
  for (auto _ : state) {
    const auto read = ReadDag(texts);
    REBISECT_CHECK(read.has_value());
    benchmark::DoNotOptimize(read->graph.size());
  }
  state.SetBytesProcessed(state.iterations() *
                          static_cast<std::int64_t>(text.size()));
}

void Load(benchmark::State& state, const std::string& folder,
          const LoadRequest& request) {
  std::size_t commits = 0;
  for (auto _ : state) {
    const auto repository = Repository::Open(folder);
    REBISECT_CHECK(repository.has_value());
    const auto loaded = LoadGraph(*repository, request);
    REBISECT_CHECK(loaded.has_value());
    commits = loaded->graph.size();
  }
  state.counters["commits"] = static_cast<double>(commits);
}

void RegisterLoad(const std::string& name, const std::string& folder,
                  LoadRequest request, bool commit_graph) {
  request.use_commit_graph = commit_graph;
  benchmark::RegisterBenchmark(
      ((commit_graph ? "Load/" : "LoadWithoutCommitGraph/") + name).c_str(),
      [folder, request](benchmark::State& state) {
        Load(state, folder, request);
      })
      ->Unit(benchmark::kMillisecond);
}

/// The generated history as a repository. It has no commit-graph file.
void RegisterGenerated(const BenchGraph& bench) {
  static const testing_support::TempFolder folder;
  const std::string path = folder / "generated.git";
  WriteOptions options;
  options.refs.emplace("refs/heads/master", *bench.graph.Find(bench.bad));
  const auto ids = WriteRepository(bench.graph, path, options);
  REBISECT_CHECK(ids.has_value());
  LoadRequest request;
  request.bad = {(*ids)[*bench.graph.Find(bench.bad)]};
  request.goods = {(*ids)[*bench.graph.Find(bench.good)]};
  RegisterLoad(bench.name, path, request, false);
}

void RegisterParse(const std::string& name, const std::string& text) {
  benchmark::RegisterBenchmark(
      ("ParseDag/" + name).c_str(),
      [&text](benchmark::State& state) { ParseDag(state, text); })
      ->Unit(benchmark::kMillisecond);
}

const bool kRegistered = [] {
  for (const BenchGraph& bench : BenchGraphs()) {
    if (bench.name == "generated") {
      static const std::string text = WriteDag(bench.graph);
      RegisterParse(bench.name, text);
      RegisterGenerated(bench);
    } else if (bench.name == "linux") {
      RegisterParse(bench.name, testing_support::LinuxDagText());
    } else {
      LoadRequest request;
      request.bad = {bench.bad};
      request.goods = {bench.good};
      const std::string& folder = testing_support::GitHistoryRepository();
      RegisterLoad(bench.name, folder, request, true);
      RegisterLoad(bench.name, folder, request, false);
    }
  }
  return true;
}();

}  // namespace
}  // namespace rebisect
