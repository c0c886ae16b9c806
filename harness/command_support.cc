#include "harness/command_support.h"

#include <ostream>
#include <utility>

#include "harness/inputs.h"
#include "scenarios/parse.h"
#include "sim/io/input.h"

namespace rebisect {

Result<Recording> LoadRecording(const std::string& path) {
  auto bytes = ReadInput(path);
  if (!bytes) return tl::unexpected(std::move(bytes.error()));
  auto recording = ParseRecording(*bytes, InputName(path));
  if (recording) recording->file = InputName(path);
  return recording;
}

int Report(const Error& error, const Streams& streams) {
  // What a file says of itself must not steer the terminal.
  std::string text = FormatError(error);
  std::string shown;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    shown += Printable(text.substr(at, end - at)) + '\n';
    at = end + 1;
  }
  if (error.where.file.empty()) shown = "rebisect: " + shown;
  streams.errors << shown;
  return kExitError;
}

int WriteResult(const std::string& path, const std::string& bytes,
                const Streams& streams) {
  if (path.empty()) {
    streams.out << bytes;
    return kExitHolds;
  }
  const auto written = WriteFileAtomically(path, bytes);
  return written ? kExitHolds : Report(written.error(), streams);
}

Result<ChosenGraph> ChooseGraph(const GraphOptions& options,
                                const Recording& recording) {
  ChosenGraph chosen;
  GraphOptions given = options;
  if (!given.Given()) {
    chosen.file = DagBeside(recording.file);
    if (!chosen.file.empty()) given.dags.push_back(chosen.file);
  }
  if (given.reconstruct &&
      (!given.repositories.empty() || !given.dags.empty())) {
    return Fail(ErrorCode::kUsage,
                "--reconstruct cannot be used with --repo or --dag");
  }
  auto source = given.repositories.empty() && given.dags.empty()
                    ? GraphSource::FromRecording(recording)
                    : GraphSource::FromOptions(given);
  if (!source) {
    Error error = std::move(source.error());
    if (!options.Given() && chosen.file.empty()) {
      error.notes.push_back(
          "hint: without --repo DIR or --dag FILE the graph is rebuilt from "
          "the counts in the record");
    }
    return tl::unexpected(std::move(error));
  }
  chosen.source = *std::move(source);
  if (options.fill_missing) {
    if (auto filled = chosen.source->FillMissing(recording); !filled) {
      return tl::unexpected(std::move(filled.error()));
    }
  }
  return chosen;
}

}  // namespace rebisect
