#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "oracle/diagnosis/posterior.h"

namespace rebisect {

/// Bounds of the posterior of a result, over every graph on which the recorded
/// search prints the recorded counts. `share[h]` is the part of a hypothesis
/// that belongs to the result; `parent`, where the culprit is taken to have
/// one parent, is that (SearchSpace::culprit_parent).
///
/// A suspect that a bad verdict rules out is an ancestor of no later midpoint,
/// on any graph: its pattern is known. One that a good verdict rules out may
/// be an ancestor of later midpoints, in so far as each of them lies below
/// all bad ones before it: it is given the pattern that speaks most for it,
/// and then the one that speaks least. The sizes of both are the recorded
/// counts. The bounds may be wider than they need be.
[[nodiscard]] std::pair<double, double> ResultOnAnyGraph(
    RunModel& model, const Evidence& evidence,
    const std::vector<Hypothesis>& hypotheses,
    const std::vector<Reading>& readings, const std::vector<double>& share,
    std::optional<std::size_t> parent);

/// Whether the presence that a hypothesis gives a commit speaks against the
/// verdict that the commit got.
[[nodiscard]] bool Contradicts(const CommitEvidence& commit, Presence presence);

}  // namespace rebisect
