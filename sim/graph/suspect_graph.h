#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "sim/graph/commit_graph.h"

namespace rebisect {

/// A suspect of one step: an index into SuspectGraph::vertices.
using Suspect = std::uint32_t;
inline constexpr Suspect kNoSuspect = 0xffffffffU;

/// The suspects of one step of a bisection (reachable from bad, from no good)
/// with the edges between them. Suspects are numbered so that every parent
/// has a smaller number than its children.
struct SuspectGraph {
  const CommitGraph* graph = nullptr;
  std::vector<Vertex> vertices;  ///< by suspect
  /// The parents of suspect s among the suspects, in the commit's order:
  /// parents[rows[s]] .. parents[rows[s + 1] - 1].
  std::vector<std::uint32_t> rows;
  std::vector<Suspect> parents;
  /// git's order, roughly oldest first: the reverse of what the walk emits.
  std::vector<Suspect> listing;
  /// 0 for a suspect that a path-limited search does not count; empty when
  /// all count.
  std::vector<std::uint8_t> counted;
  std::uint32_t counted_total = 0;
  /// The merge that git before 2.3.0 takes to weigh nothing, if there is one.
  std::optional<Suspect> weightless_merge;

  [[nodiscard]] std::size_t size() const { return vertices.size(); }
  [[nodiscard]] std::span<const Suspect> Parents(Suspect s) const {
    return {parents.data() + rows[s], parents.data() + rows[s + 1]};
  }
  [[nodiscard]] bool Counted(Suspect s) const {
    return counted.empty() || counted[s] != 0;
  }
};

/// Builds the graph of the commits in `listing` (git's order, each once).
/// `parents_of(v)` gives a commit's parents in the search as a range of
/// Vertex: all of them, those left by simplification, or the first alone;
/// parents that are not listed are left out. Everything counts until
/// `counted` is set. O(graph.size() + edges of the listed commits).
template <class ParentsOf>
[[nodiscard]] SuspectGraph BuildSuspectGraph(const CommitGraph& graph,
                                             std::span<const Vertex> listing,
                                             const ParentsOf& parents_of) {
  SuspectGraph suspects;
  suspects.graph = &graph;
  std::vector<Suspect> number(graph.size(), kNoSuspect);
  for (const Vertex v : listing) number[v] = 0;
  suspects.vertices.reserve(listing.size());
  suspects.rows.reserve(listing.size() + 1);
  suspects.parents.reserve(listing.size() + listing.size() / 4);
  // Vertices are numbered parents first, and so then are suspects.
  for (Vertex v = 0; v < graph.size(); ++v) {
    if (number[v] == kNoSuspect) continue;
    number[v] = static_cast<Suspect>(suspects.vertices.size());
    suspects.vertices.push_back(v);
    suspects.rows.push_back(
        static_cast<std::uint32_t>(suspects.parents.size()));
    for (const Vertex p : parents_of(v)) {
      if (number[p] != kNoSuspect) suspects.parents.push_back(number[p]);
    }
  }
  suspects.rows.push_back(static_cast<std::uint32_t>(suspects.parents.size()));
  suspects.listing.reserve(listing.size());
  for (const Vertex v : listing) suspects.listing.push_back(number[v]);
  suspects.counted_total = static_cast<std::uint32_t>(listing.size());
  return suspects;
}

}  // namespace rebisect
