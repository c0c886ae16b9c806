#pragma once

#include <string>
#include <vector>

#include "sim/base/result.h"

namespace rebisect {

/// The files that the arguments of a command mean: a path as it is, `-`, for
/// a folder the recordings in it (names that end in .yaml, .yml, .log or
/// .txt, perhaps with .gz), sorted by name (folders in it are not entered),
/// and for a pattern (glob(7)) that is no file what it matches, the same.
/// Errors: kNotFound for a folder or a pattern without any, kPermission.
[[nodiscard]] Result<std::vector<std::string>> ExpandInputs(
    const std::vector<std::string>& arguments);

/// Errors: kUsage when the output is a file that a command with these inputs
/// reads, under this or another name (links, for example). Inputs are files,
/// folders and patterns, as for ExpandInputs(); those that are empty, "-" or
/// not there are passed over, and so is an output that is not there yet.
[[nodiscard]] Result<void> CheckOutput(const std::string& output,
                                       const std::vector<std::string>& inputs);

/// The DAG file that lies beside a recording, under its name with .dag or
/// .dag.gz in place of the extension; empty when there is none.
[[nodiscard]] std::string DagBeside(const std::string& path);

}  // namespace rebisect
