#pragma once

#include <map>
#include <string>

#include "harness/suite/case/scenario_case.h"

namespace rebisect {

/// What a scenario's search begins with, as the scripts of a tool get it:
///   REBISECT_BAD        id, or empty
///   REBISECT_GOODS      ids, separated by blanks
///   REBISECT_TERM_BAD, REBISECT_TERM_GOOD
///   REBISECT_PATHS      a path a line
///   REBISECT_MARKS      a mark a line: `skip <id>..<id>`, `good <id> <id>`
///   REBISECT_START      words for `git bisect start`, quoted for the shell:
///                       eval "git bisect start $REBISECT_START"
///   REBISECT_FIRST_PARENT, REBISECT_NO_CHECKOUT   1, or empty
[[nodiscard]] std::map<std::string, std::string> ScenarioVariables(
    const ScenarioCase& scenario);

/// Start and marks as a log for `git bisect replay`: ranges as their commits.
/// O(commits) for each range.
[[nodiscard]] std::string ReplayLog(const ScenarioCase& scenario);

}  // namespace rebisect
