#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "sim/graph/suspect_graph.h"

namespace rebisect {

/// How many counted suspects each suspect reaches, itself included.
using Weights = std::vector<std::uint32_t>;

/// Exact weights of all suspects, in near-linear time on real histories.
/// Strands of single-parent, single-child commits are one weighted run. Let
/// hp(v) be the parent of run v with the longest path below it: a depth-first
/// walk over the tree that hp makes marks anc(v) minus anc(hp(v)) on the way
/// down and unmarks it on the way up, so the work is the sum of those
/// differences (about two runs a run on git's and on Linux's history).
/// Where they add up to more than a block sweep would cost, WeightsBySweep
/// takes over: O(n/512 * (runs + edges)) at the worst.
[[nodiscard]] Weights ComputeWeights(const SuspectGraph& suspects);

/// The same by propagating bit sets of 512 suspects at a time over the runs.
/// Time O(n/512 * (runs + edges)) 64-byte operations, whatever the shape.
[[nodiscard]] Weights WeightsBySweep(const SuspectGraph& suspects);

namespace internal {
/// The tree cover alone, without the sweep behind it: nothing when it takes
/// more than `budget` steps (runs and edges looked at). For tests.
[[nodiscard]] std::optional<Weights> WeightsByCover(
    const SuspectGraph& suspects, std::size_t budget);

/// The steps after which ComputeWeights gives the tree cover up.
[[nodiscard]] std::size_t CoverBudget(const SuspectGraph& suspects);
}  // namespace internal

}  // namespace rebisect
