#include "sim/graph/reachable.h"

namespace rebisect {
namespace {

std::vector<bool> Reached(const CommitGraph& graph,
                          std::span<const Vertex> tips, bool first_parents) {
  std::vector<bool> reached(graph.size(), false);
  for (const Vertex tip : tips) reached[tip] = true;
  // Parents have smaller numbers.
  for (auto v = static_cast<Vertex>(graph.size()); v-- > 0;) {
    if (!reached[v]) continue;
    for (const Vertex p : graph.Parents(v)) {
      reached[p] = true;
      if (first_parents) break;
    }
  }
  return reached;
}

}  // namespace

std::vector<bool> ReachableFrom(const CommitGraph& graph,
                                std::span<const Vertex> tips) {
  return Reached(graph, tips, false);
}

std::vector<bool> FirstParentsFrom(const CommitGraph& graph,
                                   std::span<const Vertex> tips) {
  return Reached(graph, tips, true);
}

}  // namespace rebisect
