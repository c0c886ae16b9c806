#pragma once

#include <vector>

#include "scenarios/cases/scenario.h"
#include "sim/base/result.h"
#include "sim/git/write_repository.h"
#include "sim/graph/commit_graph.h"

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
