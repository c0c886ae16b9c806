#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "harness/cli/commands.h"
#include "harness/graph/graph_source.h"
#include "harness/input/load_recording.h"
#include "scenarios/recording/recording.h"
#include "scenarios/recording/steps.h"
#include "sim/base/result.h"
#include "sim/graph/commit_id.h"

namespace rebisect {

/// A graph with the ends of the search in it, and those ends.
struct LoadedEnds {
  std::unique_ptr<GraphSource> source;
  std::optional<CommitId> bad;
  std::vector<CommitId> goods;
  /// What the recording names, by the names that it uses.
  std::map<std::string, CommitId, std::less<>> recorded;
  std::optional<Recording> recording;
  RecordedSearch search;  ///< of the recording
};
/// Errors: those of LoadRecording(), ChooseGraph() and the graph; kUsage for a
/// repository without a HEAD commit and a bad end.
[[nodiscard]] Result<LoadedEnds> LoadEnds(const GraphArguments& arguments);

}  // namespace rebisect
