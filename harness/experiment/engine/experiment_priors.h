#pragma once

#include <vector>

#include "harness/experiment/spec/experiment.h"
#include "sim/base/result.h"
#include "sim/graph/suspect_graph.h"

namespace rebisect {

/// By suspect: what a policy with the prior believes beforehand. No suspect is
/// impossible: a suspect that weighs less than a millionth of what suspects
/// weigh on average weighs that, so that searches which have to tell these
/// apart, too, do so in halves. O(n log n); by paths O(what every suspect
/// changes). Errors, at prior.where if they have no better place: those of the
/// table; kInput for paths where the graph is of no repository, and when
/// nothing weighs anything; those of reading trees.
[[nodiscard]] Result<std::vector<double>> PriorBySuspect(
    const ExperimentPrior& prior, const ExperimentGraph& graph,
    const SuspectGraph& suspects);

}  // namespace rebisect
