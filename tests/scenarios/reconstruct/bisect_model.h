#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "tests/scenarios/reconstruct/search_literal.h"

namespace rebisect::testing_support {

/// The parents of each commit; commits are numbered by date, oldest first.
using Dag = std::vector<std::vector<std::uint32_t>>;

struct ModelProposal {
  std::uint32_t commit = 0;
  int revisions_left = 0;
  int steps_left = 0;
};

/// What git proposes between `bad` and `goods` (ancestors of it), by its
/// rules taken word for word, for graphs with distinct dates and no skew;
/// nothing when `bad` alone is left. `near_half`: the rule of git 2.30 on
/// many suspects. O(n * edges): for small graphs.
[[nodiscard]] std::optional<ModelProposal> Propose(
    const Dag& dag, std::uint32_t bad, const std::vector<std::uint32_t>& goods,
    bool near_half);

/// A search on a random graph of 2 to 61 suspects with random verdicts, to
/// its end: what git prints, and the verdicts. Equal seeds, equal searches.
[[nodiscard]] std::vector<StepLiteral> RandomSearch(std::uint64_t seed);

}  // namespace rebisect::testing_support
