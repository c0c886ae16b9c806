#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "oracle/diagnosis/evidence.h"
#include "oracle/diagnosis/model_priors.h"
#include "oracle/diagnosis/posterior.h"
#include "sim/graph/commit_graph.h"
#include "sim/graph/tested_groups.h"

namespace rebisect {

/// Where a recorded search took place.
struct SearchSpace {
  const CommitGraph* graph = nullptr;  ///< borrowed
  std::vector<Vertex> suspects{};      ///< ascending
  std::vector<Vertex> goods{};         ///< git's good ends
  /// By commit of the evidence; absent: the graph has it not.
  std::vector<std::optional<Vertex>> tested{};
  /// On a graph that is made up, the recorded culprit and its parent, by
  /// commit of the evidence (CulpritAndParent): whatever else lies below the
  /// culprit then lies below the parent. Absent on a real graph, which says
  /// itself who the parents are.
  std::optional<std::pair<std::size_t, std::size_t>> culprit_parent{};
};

/// The recorded culprit and its parent among the tested commits, if it is no
/// merge: the parent was ruled out by a good commit that contains it and lies
/// below the culprit, so it is that commit, the last good one of the search.
/// nullopt when the record has no such two.
[[nodiscard]] std::optional<std::pair<std::size_t, std::size_t>>
CulpritAndParent(const Evidence& evidence, const std::string& culprit);

/// The commits reachable from `bad` and from no good. O(n + edges).
[[nodiscard]] std::vector<Vertex> SuspectsBetween(
    const CommitGraph& graph, Vertex bad, const std::vector<Vertex>& goods,
    bool first_parent);

/// Where the culprit may be: the groups of suspects first, as many as
/// `groups`, then what lies besides them:
/// "older": the bug was there before the range, everywhere (in a search for a
/// fix: it was not fixed in the range);
/// "newer": it came after the newest release that was found bad, in one of
/// the stretches between releases (only where releases were stepped over);
/// "unrelated": the crashes have no common culprit.
struct HypothesisSpace {
  std::vector<TestedGroup> groups{};
  std::vector<Hypothesis> hypotheses{};
  /// contains[i][j]: tested commit j is an ancestor of i, or i itself.
  std::vector<std::vector<bool>> contains{};
};

/// In a search for a cause a commit has the bug when it contains the culprit;
/// in one for a fix when it does not, and if it does not contain a commit
/// that is known to have had it, the bug may also not be in yet (kEither).
/// A tested commit that the graph lacks is kEither to all. Two commits that
/// build the same kernel cannot differ in the bug: hypotheses that part them
/// keep a thousandth of their prior.
[[nodiscard]] HypothesisSpace MakeHypotheses(const Evidence& evidence,
                                             const SearchSpace& space,
                                             const ModelPriors& priors);

/// Which hypothesis a suspect belongs to; nullopt for no suspect.
[[nodiscard]] std::optional<std::size_t> GroupOf(const HypothesisSpace& space,
                                                 Vertex suspect);

}  // namespace rebisect
