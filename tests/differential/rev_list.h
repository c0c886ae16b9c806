#pragma once

#include <string>

#include "sim/session/git_version.h"
#include "tests/differential/bisect_case.h"
#include "tests/differential/git_repository.h"

namespace rebisect::testing_support {

/// Imports a single step into the repository and compares what `git rev-list
/// --bisect-all` and `--bisect-vars` say with the weights and the choice of
/// ours. Several may share a repository. Returns what differs; empty: nothing.
/// REQUIRES: bisect_case.single_step.
[[nodiscard]] std::string CompareStep(const BisectCase& bisect_case,
                                      const GitVersion& version,
                                      GitRepository& repository);

}  // namespace rebisect::testing_support
