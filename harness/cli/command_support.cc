#include "harness/cli/command_support.h"

#include <unistd.h>

#include <algorithm>
#include <ostream>
#include <utility>

#include "harness/process/interruption.h"
#include "sim/io/input.h"

namespace rebisect {
namespace {

/// An error may quote a file: a line of any length, a cycle of any size.
constexpr int kMaxErrorLineLength = 1000;
constexpr int kMaxErrorLines = 25;

constexpr std::size_t kMegabyte = 1'000'000;

}  // namespace

int Report(const Error& error, const Streams& streams) {
  const std::string text = FormatError(error);
  std::string shown = error.where.file.empty() ? "rebisect: " : "";
  int lines = 0;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    if (++lines > kMaxErrorLines) {
      const auto left =
          std::count(text.begin() + static_cast<std::ptrdiff_t>(at), text.end(),
                     '\n') +
          1;
      shown += "  note: " + std::to_string(left) + " more lines like these\n";
      break;
    }
    // What a file says of itself must not steer the terminal, nor fill it.
    shown +=
        Printable(Fit(text.substr(at, end - at), kMaxErrorLineLength)) + '\n';
    at = end + 1;
  }
  streams.errors << shown;
  return kExitError;
}

Progress StartProgress(const Streams& streams, std::string unit,
                       std::uint64_t total) {
  return {streams.errors, isatty(STDERR_FILENO) != 0, std::move(unit), total,
          0};
}

int EndOf(const Result<int>& code, const Streams& streams) {
  if (code) return *code;
  if (!Interrupted()) return Report(code.error(), streams);
  streams.errors << "interrupted\n";
  return kExitInterrupted;
}

int WriteResult(const std::string& path, const std::string& bytes,
                const Streams& streams) {
  if (path.empty()) {
    streams.out << bytes;
    return kExitHolds;
  }
  Progress progress =
      StartProgress(streams, "MB packed", bytes.size() / kMegabyte + 1);
  const auto written = WriteFileAtomically(
      path, bytes,
      [&progress](std::size_t packed) { progress.Update(packed / kMegabyte); });
  progress.Finish();
  return written ? kExitHolds : Report(written.error(), streams);
}

std::string ResultsAs(OutputFormat format, const ExperimentTotal& experiment,
                      const TerminalStyle& style) {
  switch (format) {
    case OutputFormat::kJson:
      return ResultsJson(experiment);
    case OutputFormat::kMarkdown:
      return ResultsMarkdown(experiment);
    case OutputFormat::kText:
      break;
  }
  return ResultsText(experiment, style);
}

}  // namespace rebisect
