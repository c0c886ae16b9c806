#pragma once

#include <memory>
#include <optional>
#include <utility>

#include "sim/bisect_session.h"
#include "sim/git_objects.h"

namespace rebisect {

/// The process of git that runs a command: its objects with their flags, and
/// the trees it compares. Part of BisectSession; in a header of its own since
/// two source files implement the session.
class BisectSession::Process {
 public:
  Process(const CommitGraph& graph, const GitRules& rules)
      : graph_(graph), rules_(rules) {}

  [[nodiscard]] GitObjects& objects() {
    if (!objects_) objects_.emplace(graph_, rules_);
    return *objects_;
  }

  /// Another process takes over: nothing is parsed or marked any more.
  void Renew() {
    NoteBoundary();
    objects_.reset();
  }

  [[nodiscard]] bool ReachedBoundary() {
    NoteBoundary();
    return reached_boundary_;
  }

  std::unique_ptr<TreeComparison> trees;

 private:
  void NoteBoundary() {
    if (objects_ && objects_->ReachedBoundary()) reached_boundary_ = true;
  }

  const CommitGraph& graph_;
  const GitRules& rules_;
  std::optional<GitObjects> objects_;
  bool reached_boundary_ = false;
};

}  // namespace rebisect
