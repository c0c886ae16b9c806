#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <utility>
#include <vector>

#include "sim/session/selection_policy.h"
#include "tests/support/random_graph.h"
#include "tests/support/search_graph.h"

namespace rebisect::testing_support {

/// Of limbs and intervals.
inline constexpr auto kNoLimit = std::numeric_limits<std::size_t>::max();

/// A graph, all of whose commits are suspects and ancestors of the last.
struct History {
  std::unique_ptr<CommitGraph> graph;  // stays where it is
  SuspectGraph suspects;

  [[nodiscard]] std::size_t size() const { return suspects.size(); }
  [[nodiscard]] Suspect last() const {
    return static_cast<Suspect>(suspects.size() - 1);
  }
};

inline History HistoryOf(CommitGraph graph) {
  History history;
  history.graph = std::make_unique<CommitGraph>(std::move(graph));
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

inline History RandomHistory(TestPrng& prng, Shape shape, Dates dates,
                             std::size_t size) {
  const RandomGraph made = MakeRandomGraph(prng, shape, dates, size);
  return HistoryOf(BuildGraph(made, CommitIds(made)));
}

inline History LineHistory(std::uint32_t size) {
  return HistoryOf(ListedGraph(Line(size)));
}

/// reached[v][a]: a is an ancestor of v, or v.
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

/// What is known of a search, to be put into a SearchView.
struct Known {
  std::vector<Observation> observations;
  std::vector<double> prior;
  std::vector<std::uint8_t> skipped;
  std::vector<double> cost;

  [[nodiscard]] SearchView View(const History& history) const {
    return SearchView{
        history.suspects, history.last(), skipped, prior, observations, cost};
  }
};

}  // namespace rebisect::testing_support
