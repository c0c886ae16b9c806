#pragma once

#include "sim/graph/commit_graph.h"

namespace rebisect {

/// The arrays that CommitGraph::Build() makes an equal graph of, in the order
/// of the vertices. O(n + e).
[[nodiscard]] CommitArrays ArraysOf(const CommitGraph& graph);

}  // namespace rebisect
