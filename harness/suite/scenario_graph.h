#pragma once

#include <vector>

#include "scenarios/scenario.h"
#include "sim/commit_graph.h"
#include "sim/git/write_repository.h"
#include "sim/result.h"

namespace rebisect {

/// The history of a scenario as WriteRepository() takes it: every commit has
/// its name for a label, and the ids that the repository has.
struct ScenarioGraph {
  CommitGraph graph{};
  std::vector<FileMap> files{};  ///< by vertex
  // The ends that the history comes with; none where it is drawn.
  Vertex bad = kNoVertex;
  std::vector<Vertex> goods{};
};

/// Draws, makes, loads or reconstructs it. O(commits log commits) where it is
/// not loaded. Errors: those of LoadHistory(); kInput for dates and changes of
/// commits that there are not.
[[nodiscard]] Result<ScenarioGraph> MakeScenarioGraph(const Scenario& scenario);

}  // namespace rebisect
