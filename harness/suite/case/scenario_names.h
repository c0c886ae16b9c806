#pragma once

#include <utility>
#include <vector>

#include "scenarios/cases/scenario.h"
#include "sim/base/result.h"
#include "sim/graph/commit_graph.h"

namespace rebisect {

/// Finds the commits of one scenario by name.
class ScenarioNames {
 public:
  /// Labels and refs of `graph`, which is borrowed, are the names.
  explicit ScenarioNames(const CommitGraph& graph) : graph_(graph) {}

  /// For names like `60%`. Ascending.
  void SetSuspects(std::vector<Vertex> suspects) {
    suspects_ = std::move(suspects);
  }

  /// Errors: kInput at the name's place: no such commit, several, a parent
  /// that there is not, a share before the suspects are known.
  [[nodiscard]] Result<Vertex> Find(const CommitName& name) const;
  [[nodiscard]] Result<std::vector<Vertex>> Find(
      const std::vector<CommitName>& names) const;

 private:
  [[nodiscard]] Result<Vertex> AtShare(const CommitName& name) const;

  const CommitGraph& graph_;
  std::vector<Vertex> suspects_;
};

}  // namespace rebisect
