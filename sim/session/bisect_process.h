#pragma once

#include <algorithm>
#include <memory>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "sim/session/bisect_session.h"
#include "sim/session/git_objects.h"

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
    goods_.clear();
    known_goods_.clear();
    skips_.clear();
  }

  /// git reads its refs before each step and appends them to the lists of the
  /// step before: their order is that of the first time, and what a second
  /// `start` in a replayed log took away is still there.
  void ReadRefs(const std::set<CommitId>& goods,
                const std::set<CommitId>& skips) {
    for (const CommitId& id : goods) {
      if (!known_goods_.insert(id).second) continue;
      goods_.push_back(id);
      goods_sorted_ = false;
    }
    skips_.insert(skips.begin(), skips.end());
  }
  [[nodiscard]] const std::vector<CommitId>& goods() const { return goods_; }
  [[nodiscard]] const std::set<CommitId>& skips() const { return skips_; }
  [[nodiscard]] bool IsGood(const CommitId& id) const {
    return known_goods_.count(id) != 0;
  }
  /// As a lookup leaves them.
  void SortGoods() {
    if (!goods_sorted_) std::sort(goods_.begin(), goods_.end());
    goods_sorted_ = true;
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
  std::vector<CommitId> goods_;
  bool goods_sorted_ = true;
  std::set<CommitId> known_goods_;
  std::set<CommitId> skips_;
  bool reached_boundary_ = false;
};

}  // namespace rebisect
