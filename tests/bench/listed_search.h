#pragma once

#include <vector>

#include "sim/base/check.h"
#include "sim/graph/suspect_graph.h"
#include "sim/session/git_objects.h"
#include "tests/bench/bench_graphs.h"

namespace rebisect::testing_support {

/// The search of a BenchGraph, listed as git does it.
struct ListedSearch {
  const CommitGraph* graph = nullptr;
  Vertex bad = kNoVertex;
  Vertex good = kNoVertex;
  SuspectGraph suspects{};
};

inline ListedSearch ListSearch(const BenchGraph& bench) {
  ListedSearch search{&bench.graph,
                      *bench.graph.Find(bench.bad),
                      *bench.graph.Find(bench.good),
                      {}};
  GitObjects objects(bench.graph, GitRules::Of(kNewestGit));
  const std::vector<WalkInput> inputs = {{search.bad, false},
                                         {search.good, true}};
  const auto emitted = objects.Walk(inputs, {});
  REBISECT_CHECK(emitted.has_value());
  std::vector<Vertex> listing;
  for (auto it = emitted->rbegin(); it != emitted->rend(); ++it) {
    if (!objects.Uninteresting(*it)) listing.push_back(*it);
  }
  search.suspects = BuildSuspectGraph(
      bench.graph, listing, [&](Vertex v) { return bench.graph.Parents(v); });
  return search;
}

}  // namespace rebisect::testing_support
