#pragma once

#include <string>
#include <string_view>

#include "scenarios/recording/recording.h"
#include "sim/base/result.h"

namespace rebisect::examples {

/// Reads a terminal session with Mercurial: `hg bisect` behind a prompt, and
/// what it prints. Lines that no rule explains are kept as unknown. Linear in
/// the size of `bytes`.
/// Errors: kInput when no line of a bisection is found.
[[nodiscard]] Result<Recording> ParseHg(std::string_view bytes,
                                        const std::string& file);

}  // namespace rebisect::examples
