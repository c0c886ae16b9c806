#pragma once

#include <cstdint>
#include <set>
#include <string>

#include "scenarios/cases/scenario.h"

namespace rebisect {

/// A search in a random history, all of it fixed by (seed, number): drawn
/// graphs of many shapes with rising, equal or jumbled dates, several good
/// ends, commits that cannot be tested, terms, goods that are no ancestors of
/// the bad end. Only what needs nothing but `features` (of ToolFeatures()).
/// Nothing is expected of its outcome. REQUIRES: commits >= 2.
[[nodiscard]] Scenario RandomScenario(
    std::uint64_t seed, std::uint64_t number, std::uint32_t commits,
    const std::set<std::string, std::less<>>& features);

}  // namespace rebisect
