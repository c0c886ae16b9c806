#include "harness/graph/join_graphs.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "sim/graph/commit_arrays.h"

namespace rebisect {
Result<CommitGraph> JoinGraphs(
    const CommitGraph& real, const Reconstruction& made,
    const std::function<std::optional<Vertex>(const std::string&)>& real_of) {
  const CommitGraph& graph = made.graph;
  std::vector<Vertex> joined(graph.size(), kNoVertex);
  std::vector<Vertex> wanted;
  for (const auto& [name, v] : made.recorded) {
    if (const auto known = real_of(name)) {
      joined[v] = *known;
    } else {
      wanted.push_back(v);
    }
  }
  // What lies below the missing commits, down to the real ones.
  std::vector<bool> taken(graph.size(), false);
  while (!wanted.empty()) {
    const Vertex v = wanted.back();
    wanted.pop_back();
    if (taken[v] || joined[v] != kNoVertex) continue;
    taken[v] = true;
    for (const Vertex p : graph.Parents(v)) wanted.push_back(p);
  }
  CommitArrays arrays = ArraysOf(real);
  for (Vertex v = 0; v < graph.size(); ++v) {
    if (!taken[v]) continue;
    joined[v] = static_cast<Vertex>(arrays.ids.size());
    std::int64_t date = graph.Parents(v).empty() ? graph.Date(v) : 0;
    for (const Vertex p : graph.Parents(v)) {
      arrays.parents.push_back(joined[p]);
      date = std::max(date, arrays.dates[joined[p]] + 60);
    }
    arrays.rows.push_back(static_cast<std::uint32_t>(arrays.parents.size()));
    arrays.ids.push_back(graph.Id(v));
    arrays.dates.push_back(date);
    if (graph.Label(v) != graph.Id(v).Hex()) {
      arrays.labels.emplace(joined[v], graph.Label(v));
    }
  }
  return CommitGraph::Build(std::move(arrays));
}

}  // namespace rebisect
