#include "sim/graph/commit_arrays.h"

#include <cstdint>
#include <string>
#include <utility>

namespace rebisect {

CommitArrays ArraysOf(const CommitGraph& graph) {
  CommitArrays arrays;
  arrays.rows.push_back(0);
  for (Vertex v = 0; v < graph.size(); ++v) {
    arrays.ids.push_back(graph.Id(v));
    arrays.dates.push_back(graph.Date(v));
    for (const Vertex p : graph.Parents(v)) arrays.parents.push_back(p);
    arrays.rows.push_back(static_cast<std::uint32_t>(arrays.parents.size()));
    if (!graph.ParentsKnown(v)) arrays.boundary.push_back(v);
    std::string label = graph.Label(v);
    if (label != graph.Id(v).Hex()) arrays.labels.emplace(v, std::move(label));
  }
  arrays.names.insert(graph.Names().begin(), graph.Names().end());
  return arrays;
}

}  // namespace rebisect
