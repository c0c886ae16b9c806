#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "harness/cli/commands.h"
#include "harness/text/progress.h"
#include "scenarios/recording.h"
#include "sim/result.h"

namespace rebisect {

/// Reads and parses one input of any form.
[[nodiscard]] Result<Recording> LoadRecording(const std::string& path);

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

/// A graph for a recording: what the options say, else the DAG file beside
/// the recording, else one reconstructed from it.
struct ChosenGraph {
  std::unique_ptr<GraphSource> source;
  std::string file;  ///< the DAG file beside the recording
};
[[nodiscard]] Result<ChosenGraph> ChooseGraph(const GraphOptions& options,
                                              const Recording& recording);

/// The graphs of many recordings: that of the options is read once and shared.
/// Each recording gets what ChooseGraph() would give it, but for one thing: of
/// repositories at least that part is loaded which all the searches together
/// need, so that `graph.commits` is the same for all.
class RecordingGraphs {
 public:
  /// `inputs` are those the graphs will be asked for; what cannot be read is
  /// passed over here. Errors: those of GraphSource::FromOptions() and Load();
  /// kUsage for kinds of graphs that exclude each other.
  [[nodiscard]] static Result<RecordingGraphs> Open(
      const GraphOptions& options, const std::vector<std::string>& inputs);

  /// From any thread.
  [[nodiscard]] Result<ChosenGraph> For(const Recording& recording) const;

 private:
  explicit RecordingGraphs(const GraphOptions& options) : options_(options) {}

  GraphOptions options_;
  std::unique_ptr<GraphSource> shared_;  ///< null: each has its own
};

}  // namespace rebisect
