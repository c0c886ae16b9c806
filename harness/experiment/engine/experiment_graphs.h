#pragma once

#include <memory>
#include <vector>

#include "harness/experiment/results/experiment_result.h"
#include "harness/experiment/spec/experiment.h"
#include "sim/base/result.h"
#include "sim/graph/commit_graph.h"
#include "sim/graph/suspect_graph.h"

namespace rebisect {

/// The history of an experiment, with the search in it that is simulated.
struct PreparedGraph {
  GraphInfo info{};
  /// What is reachable from the bad end, and was loaded: git's walks of the
  /// search do not leave it unless dates are far out of order.
  std::unique_ptr<const CommitGraph> graph{};
  Vertex bad = kNoVertex;
  std::vector<Vertex> goods{};  ///< ascending
  /// What git lists first, with its order; the last suspect is the bad end.
  SuspectGraph suspects{};
  /// The suspects of --first-parent, and for each of `suspects` the one of
  /// them that brought it (the first that contains it): what such a search
  /// finds if that is the culprit. Empty unless asked for.
  SuspectGraph first_parent_suspects{};
  std::vector<Suspect> brought_by{};
};

/// Loads or makes a graph and lists its suspects as `git bisect start BAD
/// GOOD...` does. Vertices and suspects are numbered by the history alone, not
/// by where it came from: of the bad end's parents in order, depth first.
/// info.commits and info.edges are those of the suspects; info.digest is SHA-1
/// of the suspects (id, date, ids and dates of all parents) and of both ends.
/// O(n log n) in the commits loaded.
/// Errors, at graph.where if they have no better place: those of loading;
/// kInput for a good end that is no ancestor of the bad one, and when there is
/// no suspect but the bad end.
[[nodiscard]] Result<PreparedGraph> PrepareGraph(const ExperimentGraph& graph,
                                                 bool first_parents);

}  // namespace rebisect
