#pragma once

#include <string>

#include "harness/suite/case/scenario_case.h"

namespace rebisect {

/// What `git fast-import` takes to make the history of a scenario, with the
/// same ids and branches, in an empty repository. Where a history is shallow
/// it holds the commits behind its end, too. O(bytes).
[[nodiscard]] std::string FastImportStream(const ScenarioCase& scenario);

}  // namespace rebisect
