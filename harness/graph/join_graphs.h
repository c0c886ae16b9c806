#pragma once

#include <functional>
#include <optional>
#include <string>

#include "scenarios/reconstruct/reconstruct.h"
#include "sim/base/result.h"
#include "sim/graph/commit_graph.h"

namespace rebisect {

/// Joins a reconstruction to a real graph that has some of the recorded
/// commits: those keep their real ancestors; those it lacks, and the made-up
/// commits between them, come from the reconstruction, down to the first real
/// ones. `real_of` says which real commit a recorded name stands for. Weights
/// of real commits are real; made-up commits get dates just after their
/// newest parent's. O(n).
/// Errors: kInput when the two contradict each other (a cycle: the record
/// orders commits in another way than the real graph).
[[nodiscard]] Result<CommitGraph> JoinGraphs(
    const CommitGraph& real, const Reconstruction& made,
    const std::function<std::optional<Vertex>(const std::string&)>& real_of);

}  // namespace rebisect
