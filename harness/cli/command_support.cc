#include "harness/cli/command_support.h"

#include <unistd.h>

#include <algorithm>
#include <ostream>
#include <utility>
#include <variant>

#include "harness/cli/inputs.h"
#include "harness/process/interruption.h"
#include "scenarios/parse.h"
#include "scenarios/steps.h"
#include "sim/io/input.h"

namespace rebisect {
namespace {

/// An error may quote a file: a line of any length, a cycle of any size.
constexpr int kLongestErrorLine = 1000;
constexpr int kMostErrorLines = 25;

constexpr std::size_t kMegabyte = 1'000'000;

Result<void> OneKind(const GraphOptions& options) {
  if (options.reconstruct &&
      (!options.repositories.empty() || !options.dags.empty())) {
    return Fail(ErrorCode::kUsage,
                "--reconstruct cannot be used with --repo or --dag");
  }
  return {};
}

Result<ChosenGraph> Filled(ChosenGraph chosen, const GraphOptions& options,
                           const Recording& recording) {
  if (options.fill_missing) {
    if (auto filled = chosen.source->FillMissing(recording); !filled) {
      return tl::unexpected(std::move(filled.error()));
    }
  }
  return chosen;
}

/// What a recorded search names; what the source lacks is left out.
void AskFor(const Recording& recording, const GraphSource& source,
            GraphQuestion& question) {
  const auto add = [&](const std::string& name, std::vector<CommitId>& to) {
    if (name.empty()) return;
    if (const auto id = source.Resolve(name)) to.push_back(*id);
  };
  const RecordedSearch search = FindSteps(recording);
  add(search.bad, question.bad);
  for (const std::string& good : search.goods) add(good, question.goods);
  for (const Move& move : search.moves) add(move.commit, question.others);
  for (const std::size_t test : search.other_tests) {
    add(std::get<Test>(recording.events[test]).commit, question.others);
  }
}

}  // namespace

Result<Recording> LoadRecording(const std::string& path) {
  auto bytes = ReadInput(path);
  if (!bytes) return tl::unexpected(std::move(bytes.error()));
  auto recording = ParseRecording(*bytes, InputName(path));
  if (recording) recording->file = InputName(path);
  return recording;
}

int Report(const Error& error, const Streams& streams) {
  const std::string text = FormatError(error);
  std::string shown = error.where.file.empty() ? "rebisect: " : "";
  int lines = 0;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    if (++lines > kMostErrorLines) {
      const auto left =
          std::count(text.begin() + static_cast<std::ptrdiff_t>(at), text.end(),
                     '\n') +
          1;
      shown += "  note: " + std::to_string(left) + " more lines like these\n";
      break;
    }
    // What a file says of itself must not steer the terminal, nor fill it.
    shown +=
        Printable(Fit(text.substr(at, end - at), kLongestErrorLine)) + '\n';
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

Result<ChosenGraph> ChooseGraph(const GraphOptions& options,
                                const Recording& recording) {
  if (auto checked = OneKind(options); !checked) {
    return tl::unexpected(std::move(checked.error()));
  }
  ChosenGraph chosen;
  GraphOptions given = options;
  if (!given.Given()) {
    chosen.file = DagBeside(recording.file);
    if (!chosen.file.empty()) given.dags.push_back(chosen.file);
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
  return Filled(std::move(chosen), options, recording);
}

Result<RecordingGraphs> RecordingGraphs::Open(
    const GraphOptions& options, const std::vector<std::string>& inputs) {
  if (auto checked = OneKind(options); !checked) {
    return tl::unexpected(std::move(checked.error()));
  }
  RecordingGraphs graphs(options);
  if (options.repositories.empty() && options.dags.empty()) return graphs;
  auto source = GraphSource::FromOptions(options);
  if (!source) return tl::unexpected(std::move(source.error()));
  graphs.shared_ = *std::move(source);
  // One search alone loads what it needs as it goes.
  if (options.repositories.empty() || inputs.size() < 2) return graphs;
  GraphQuestion question;
  for (const std::string& input : inputs) {
    if (input == "-") continue;  // can be read once only
    const auto recording = LoadRecording(input);
    if (recording) AskFor(*recording, *graphs.shared_, question);
  }
  auto loaded = graphs.shared_->Load(question);
  if (!loaded) return tl::unexpected(std::move(loaded.error()));
  return graphs;
}

Result<ChosenGraph> RecordingGraphs::For(const Recording& recording) const {
  if (shared_ == nullptr) {
    // Several threads cannot all say how far they are.
    GraphOptions quiet = options_;
    quiet.progress = nullptr;
    return ChooseGraph(quiet, recording);
  }
  auto fork = shared_->Fork();
  if (!fork) return tl::unexpected(std::move(fork.error()));
  return Filled({*std::move(fork), ""}, options_, recording);
}

}  // namespace rebisect
