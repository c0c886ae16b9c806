#pragma once

#include <string>
#include <string_view>

#include "scenarios/recording/recording.h"
#include "sim/base/result.h"

namespace rebisect {

/// Reads a terminal session, or a mail that quotes one: `git bisect` commands
/// behind prompts or bare, what git answered, `git bisect run` with the output
/// of the tests between (which is left out; a Remark says how many lines), the
/// description of the culprit in any layout (left out). The verdicts of
/// `git bisect run` are printed nowhere, and so are not in the Recording: its
/// proposals follow one another without marks. The printed copy of a log
/// (after `git bisect log` at a prompt) is left out. Linear.
/// Errors: kInput when no line of a bisection is found.
[[nodiscard]] Result<Recording> ParseTranscript(std::string_view bytes,
                                                const std::string& file);

}  // namespace rebisect
