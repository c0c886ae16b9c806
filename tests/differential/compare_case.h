#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>

#include "sim/git_version.h"
#include "tests/differential/bisect_case.h"

namespace rebisect::testing_support {

/// The git that cases are compared with. `version` decides which git the
/// session stands in for.
struct GitBinary {
  std::string path;
  GitVersion version;
};

/// The first command after which git and the session differ, and in what.
struct Difference {
  std::size_t command = 0;  ///< index
  std::string text;
};

/// Runs the commands of a case with git, in a new repository below `folder`,
/// and with a session, and compares after each of them: the two outputs but
/// for the description of the culprit, exit code, refs, what is to be tested
/// and the log.
[[nodiscard]] std::optional<Difference> CompareCase(
    const BisectCase& bisect_case, const GitBinary& git,
    const std::string& folder);

/// The smallest case found by leaving out commands, options, commits and
/// parents and by ordering the dates for which `fails` still holds; asks it
/// `limit` times at most. REQUIRES: fails(bisect_case).
[[nodiscard]] BisectCase Shrink(
    BisectCase bisect_case, const std::function<bool(const BisectCase&)>& fails,
    std::size_t limit);

}  // namespace rebisect::testing_support
