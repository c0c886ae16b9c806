#pragma once

#include <string>
#include <vector>

#include "sim/graph/commit_graph.h"

namespace rebisect::testing_support {

/// A history to measure on, and the search that is put to it.
struct BenchGraph {
  std::string name;
  CommitGraph graph;
  CommitId bad;
  CommitId good;
};

/// A generated history of git's size (75,000 commits); and, when the folder
/// that REBISECT_SHARED names has them, Linux v2.6.12..v2.6.38 from its DAG
/// file and git v1.0.0..v2.50.0 from its pack, which takes some seconds. Made
/// at the first call.
[[nodiscard]] const std::vector<BenchGraph>& BenchGraphs();

/// A bare repository of git's own history with a commit-graph; empty when it
/// is not there. Lives as long as the program.
[[nodiscard]] const std::string& GitHistoryRepository();

/// The text of Linux's DAG file; empty when it is not there.
[[nodiscard]] const std::string& LinuxDagText();

}  // namespace rebisect::testing_support
