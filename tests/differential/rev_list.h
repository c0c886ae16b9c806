#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "tests/differential/compare_case.h"

namespace rebisect::testing_support {

/// One step of a search without a session: what `git rev-list --bisect-all`
/// and `--bisect-vars` say of `count` random graphs, of the seeds from `seed`
/// on, against the weights and the choice of ours. One repository below
/// `folder` holds them all. Returns a text for each graph that differs.
[[nodiscard]] std::vector<std::string> CompareRevLists(
    std::uint64_t seed, std::size_t count, const GitBinary& git,
    const std::string& folder);

}  // namespace rebisect::testing_support
