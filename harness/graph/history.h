#pragma once

#include <memory>
#include <string>
#include <vector>

#include "harness/graph/graph_source.h"
#include "scenarios/cases/history_source.h"
#include "sim/base/result.h"
#include "sim/graph/commit_graph.h"
#include "sim/graph/commit_id.h"

namespace rebisect {

/// A history and the ends of a search in it.
struct LoadedHistory {
  std::unique_ptr<GraphSource> source;  ///< null if it was made up
  CommitGraph made;
  CommitId bad;
  std::vector<CommitId> goods;
  std::string words;  ///< where it comes from, for people

  [[nodiscard]] const CommitGraph& graph() const {
    return source == nullptr ? made : source->graph();
  }
};

/// Loads what lies between the ends of a range, makes or reconstructs a
/// history. Errors: those of GraphSource, of the recording; kInput for a
/// recording without ends.
[[nodiscard]] Result<LoadedHistory> LoadHistory(const HistorySource& source);

}  // namespace rebisect
