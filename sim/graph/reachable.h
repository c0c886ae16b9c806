#pragma once

#include <span>
#include <vector>

#include "sim/graph/commit_graph.h"

namespace rebisect {

/// By vertex: whether it is one of `tips` or an ancestor of one. O(n + e).
[[nodiscard]] std::vector<bool> ReachableFrom(const CommitGraph& graph,
                                              std::span<const Vertex> tips);

/// The same, through first parents alone.
[[nodiscard]] std::vector<bool> FirstParentsFrom(const CommitGraph& graph,
                                                 std::span<const Vertex> tips);

}  // namespace rebisect
