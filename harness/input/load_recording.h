#pragma once

#include <string>

#include "scenarios/recording/recording.h"
#include "sim/base/result.h"

namespace rebisect {

/// Reads and parses one input of any form: a path, or `-` for stdin.
/// Errors: those of ReadInput() and ParseRecording().
[[nodiscard]] Result<Recording> LoadRecording(const std::string& path);

}  // namespace rebisect
