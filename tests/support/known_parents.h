#pragma once

#include "sim/graph/commit_graph.h"

namespace rebisect {

/// Whether `graph` has no boundary commit.
inline bool AllParentsKnown(const CommitGraph& graph) {
  for (Vertex v = 0; v < graph.size(); ++v) {
    if (!graph.ParentsKnown(v)) return false;
  }
  return true;
}

}  // namespace rebisect
