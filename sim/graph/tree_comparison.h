#pragma once

#include "sim/base/result.h"
#include "sim/graph/commit_graph.h"

namespace rebisect {

/// What a path-limited search has to know of trees: whether two commits hold
/// the same content under the paths. Borrowed by the session that uses it,
/// which it must outlive; asked from one thread at a time.
class TreeComparison {
 public:
  virtual ~TreeComparison() = default;

  /// Whether the paths hold the same in both commits.
  /// Errors: kMissingObject when a tree is not there (a partial clone).
  [[nodiscard]] virtual Result<bool> Same(Vertex commit, Vertex parent) = 0;

  /// Whether the paths hold nothing in this commit.
  [[nodiscard]] virtual Result<bool> Empty(Vertex commit) = 0;
};

}  // namespace rebisect
