#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "sim/graph/commit_graph.h"

namespace rebisect {

/// Suspects that no test tells apart: the same tested commits descend from
/// each of them (a commit descends from itself).
struct TestedGroup {
  std::vector<bool> contained{};   ///< by tested commit: it descends from them
  std::vector<Vertex> suspects{};  ///< ascending, so oldest first
};

/// Parts the suspects into such groups, those with the oldest suspect first.
/// `tested` may hold commits outside the suspects, and one several times.
/// O((n + edges) * (tested / 64 + 1)) time, n = graph.size().
[[nodiscard]] std::vector<TestedGroup> GroupByTests(
    const CommitGraph& graph, std::span<const Vertex> suspects,
    std::span<const Vertex> tested);

}  // namespace rebisect
