#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "sim/base/result.h"

namespace rebisect::testing_support {

/// A recorded run of real gits over a random commit graph: one JSON object.
/// `dag` [[node, [parents], date]...], `oids` by node, `setup` the commands
/// given first ([command, args...], integers are nodes), `files` and `paths`
/// for path-limited cases, and `results`: per different behaviour the
/// `git_versions` that showed it, `setup_results`, `steps`, `outcome` and
/// `logs`.
using GitVector = nlohmann::json;

/// All cases of a file of JSON Lines, packed or not.
[[nodiscard]] Result<std::vector<GitVector>> ReadGitVectors(
    const std::string& path);

/// How many version-runs a case holds.
[[nodiscard]] std::size_t VersionRuns(const GitVector& vector);

/// Drives a session of every version of the case through its commands and
/// compares commits, numbers, kinds, exit codes, texts and logs. Returns the
/// differences, a line each; none is the aim.
[[nodiscard]] std::vector<std::string> CompareGitVector(
    const GitVector& vector);

}  // namespace rebisect::testing_support
