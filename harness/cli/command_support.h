#pragma once

#include <cstdint>
#include <string>

#include "harness/cli/commands.h"
#include "harness/text/progress.h"
#include "sim/base/result.h"

namespace rebisect {

/// Prints the error, very long lines and lists cut short; the exit code for it.
int Report(const Error& error, const Streams& streams);

/// Progress on the errors' stream; a total of 0: not known.
[[nodiscard]] Progress StartProgress(const Streams& streams, std::string unit,
                                     std::uint64_t total);

/// The end of a command that signals may stop (Interruptions): its exit code,
/// or that of its error, or kExitInterrupted.
[[nodiscard]] int EndOf(const Result<int>& code, const Streams& streams);

/// Writes to the file, or to the output when `path` is empty.
[[nodiscard]] int WriteResult(const std::string& path, const std::string& bytes,
                              const Streams& streams);

/// An experiment's results as JSON, Markdown or text.
[[nodiscard]] std::string ResultsAs(OutputFormat format,
                                    const ExperimentTotal& experiment,
                                    const TerminalStyle& style);

}  // namespace rebisect
