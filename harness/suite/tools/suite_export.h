#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "harness/suite/case/scenario_case.h"
#include "sim/base/result.h"

namespace rebisect {

/// Writes scenarios so that they can be run without rebisect: for each one the
/// folder FOLDER/SUITE/SCENARIO with
///   history.fi     a stream for `git fast-import`
///   setup.sh       makes the repository in a folder
///   oracle.sh      the test program, with its answers
///   answers        what it answers; of noisy scenarios answers.1 and so on,
///                  one for each search
///   expected.json  the search and what is expected (rebisect.expected/1)
/// and FOLDER/README. scenarios/README.md describes them. `folder` is made, or
/// is empty. `progress`, unless empty, is told how many scenarios are written.
/// Errors: kInput when it is not; kPermission.
[[nodiscard]] Result<void> ExportSuites(
    const std::vector<const ScenarioCase*>& scenarios,
    const std::string& folder,
    const std::function<void(std::size_t)>& progress = {});

/// expected.json of one scenario.
[[nodiscard]] std::string ExpectedJson(const ScenarioCase& scenario);

}  // namespace rebisect
