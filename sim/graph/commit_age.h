#pragma once

#include "sim/graph/suspect_graph.h"

namespace rebisect {

/// Whether `a` was committed before `b`; of equally dated ones, whether its id
/// is less. A total order, in which policies settle ties. O(1).
[[nodiscard]] inline bool IsOlder(const SuspectGraph& suspects, Suspect a,
                                  Suspect b) {
  const CommitGraph& graph = *suspects.graph;
  const Vertex v = suspects.vertices[a];
  const Vertex w = suspects.vertices[b];
  if (graph.Date(v) != graph.Date(w)) return graph.Date(v) < graph.Date(w);
  return graph.Id(v) < graph.Id(w);
}

}  // namespace rebisect
