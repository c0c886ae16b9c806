#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "sim/graph/commit_graph.h"

namespace rebisect {

/// What a part of a graph is wanted for.
struct SliceRequest {
  std::vector<Vertex> bad{};
  std::vector<Vertex> goods{};
  std::vector<Vertex> others{};  ///< further commits that have to be there
  /// How many commits are kept beyond those that the search needs when no
  /// clock was wrong.
  std::size_t slack = 512;
  /// Names that the part has besides those that the graph has for its commits.
  std::map<std::string, Vertex, std::less<>> names{};
};

/// The part of a graph that git's walk and its search for merge bases can
/// reach for a search: the commits of the request; whatever they reach, but for
/// what both a bad and a good one reach; of that all that is not older than the
/// oldest of these, and the `slack` newest of the rest. Parents of them that
/// are left out are boundary commits, which keep their dates. O(n log n).
[[nodiscard]] CommitGraph SliceGraph(const CommitGraph& graph,
                                     const SliceRequest& request);

}  // namespace rebisect
