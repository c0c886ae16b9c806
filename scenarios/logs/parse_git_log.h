#pragma once

#include <string>
#include <string_view>

#include "scenarios/recording/recording.h"
#include "sim/base/result.h"

namespace rebisect {

/// Reads what `git bisect log` prints: comments and commands, or either alone;
/// dashed commands (before 1.6), terms of any spelling, quoted terms (2.55),
/// status lines in any language. A comment with its command is one mark.
/// Linear in the size of `bytes`.
/// Errors: kInput when no line of a bisection is found.
[[nodiscard]] Result<Recording> ParseGitLog(std::string_view bytes,
                                            const std::string& file);

}  // namespace rebisect
