#pragma once

#include <memory>
#include <string>
#include <vector>

#include "harness/graph/graph_source.h"
#include "scenarios/recording/recording.h"
#include "sim/base/result.h"

namespace rebisect {

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
  /// passed over here. Errors: those of GraphSource::FromOptions();
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
