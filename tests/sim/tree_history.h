#pragma once

#include <algorithm>
#include <cstddef>
#include <limits>
#include <memory>
#include <vector>

#include "sim/suspect_graph.h"
#include "tests/support/random_graph.h"

namespace rebisect::testing_support {

inline constexpr auto kNoLimit = std::numeric_limits<std::size_t>::max();

/// The ancestors of the last commit of a random graph.
struct History {
  std::unique_ptr<const CommitGraph> graph;
  SuspectGraph suspects;
};

inline History MakeHistory(Prng& prng, Shape shape, Dates dates,
                           std::size_t size) {
  History history;
  const auto made = MakeRandomGraph(prng, shape, dates, size);
  history.graph =
      std::make_unique<CommitGraph>(BuildGraph(made, CommitIds(made)));
  const auto n = static_cast<Vertex>(history.graph->size());
  std::vector<bool> reached(n, false);
  reached[n - 1] = true;
  std::vector<Vertex> listing;
  for (Vertex v = n; v-- > 0;) {
    if (!reached[v]) continue;
    listing.push_back(v);
    for (const Vertex parent : history.graph->Parents(v))
      reached[parent] = true;
  }
  std::reverse(listing.begin(), listing.end());
  history.suspects = BuildSuspectGraph(*history.graph, listing, [&](Vertex v) {
    return history.graph->Parents(v);
  });
  return history;
}

/// By suspect, by suspect: whether the first has the second among its
/// ancestors, itself included.
inline std::vector<std::vector<bool>> Reached(const SuspectGraph& suspects) {
  const std::size_t n = suspects.size();
  std::vector<std::vector<bool>> reached(n, std::vector<bool>(n, false));
  for (Suspect v = 0; v < n; ++v) {
    reached[v][v] = true;
    for (const Suspect parent : suspects.Parents(v)) {
      for (Suspect a = 0; a <= parent; ++a) {
        if (reached[parent][a]) reached[v][a] = true;
      }
    }
  }
  return reached;
}

}  // namespace rebisect::testing_support
