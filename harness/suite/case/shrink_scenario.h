#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "scenarios/cases/scenario.h"
#include "sim/base/result.h"

namespace rebisect {

/// Whether a scenario still shows what is looked for.
using ScenarioFails = std::function<Result<bool>(const Scenario&)>;

/// The smallest scenario that still fails, of those that come of it by moving
/// the ends of the search together and by leaving out commits, parents, marks,
/// commits that cannot be tested, options and dates, one thing at a time until
/// nothing more can go. `asked`: questions of the failing search, and their
/// exit codes, that may be taken for granted at once; `fails` is called
/// `limit` times at most. A commit that goes leaves its parents to its
/// children. Errors: those of `fails`.
/// REQUIRES: fails(scenario); its history is a drawing.
[[nodiscard]] Result<Scenario> ShrinkScenario(
    Scenario scenario, const std::vector<std::pair<std::string, int>>& asked,
    const ScenarioFails& fails, std::size_t limit);

}  // namespace rebisect
