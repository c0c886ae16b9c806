#include "sim/graph/ancestor_cover.h"

#include <utility>

namespace rebisect {
namespace {

class Coverer {
 public:
  Coverer(const SuspectGraph& suspects, std::size_t max_limbs)
      : suspects_(suspects), max_limbs_(max_limbs) {}

  std::optional<AncestorCover> Run() {
    FindTrunks();
    if (!WalkTree()) return std::nullopt;
    Lay();
    return std::move(cover_);
  }

 private:
  void FindTrunks() {
    const std::size_t n = suspects_.size();
    cover_.trunk.assign(n, kNoSuspect);
    std::vector<std::uint32_t> depth(n, 0);
    children_.assign(n + 1, 0);
    for (Suspect v = 0; v < n; ++v) {
      Suspect& trunk = cover_.trunk[v];
      for (const Suspect parent : suspects_.Parents(v)) {
        if (trunk == kNoSuspect || depth[parent] > depth[trunk]) trunk = parent;
      }
      if (trunk != kNoSuspect) depth[v] = depth[trunk] + 1;
      if (cover_.trunk[v] != kNoSuspect) ++children_[cover_.trunk[v] + 1];
    }
    for (std::size_t v = 0; v < n; ++v) children_[v + 1] += children_[v];
    child_.resize(children_[n]);
    std::vector<std::uint32_t> at(children_.begin(), children_.end() - 1);
    for (Suspect v = 0; v < n; ++v) {
      if (cover_.trunk[v] != kNoSuspect) child_[at[cover_.trunk[v]]++] = v;
    }
  }

  /// Down the tree of trunks from every root; what is marked are the ancestors
  /// of where the walk is.
  bool WalkTree() {
    const std::size_t n = suspects_.size();
    marked_.assign(n, 0);
    found_.assign(n, {0, 0});
    std::vector<std::pair<Suspect, std::uint32_t>> path;
    for (Suspect root = 0; root < n; ++root) {
      if (cover_.trunk[root] != kNoSuspect) continue;
      if (!Enter(root)) return false;
      path.emplace_back(root, children_[root]);
      while (!path.empty()) {
        auto& [v, next] = path.back();
        if (next < children_[v + 1]) {
          const Suspect child = child_[next++];
          if (!Enter(child)) return false;
          path.emplace_back(child, children_[child]);
          continue;
        }
        for (std::size_t i = found_[v].first; i < found_[v].second; ++i) {
          marked_[pool_[i]] = 0;
        }
        path.pop_back();
      }
    }
    return true;
  }

  bool Enter(Suspect v) {
    const std::size_t begin = pool_.size();
    pool_.push_back(v);
    marked_[v] = 1;
    for (std::size_t i = begin; i < pool_.size(); ++i) {
      for (const Suspect parent : suspects_.Parents(pool_[i])) {
        if (marked_[parent] != 0) continue;
        marked_[parent] = 1;
        pool_.push_back(parent);
      }
    }
    found_[v] = {begin, pool_.size()};
    return pool_.size() <= max_limbs_;
  }

  void Lay() {
    const std::size_t n = suspects_.size();
    cover_.rows.reserve(n + 1);
    cover_.rows.push_back(0);
    cover_.limbs.reserve(pool_.size());
    cover_.weights.resize(n);
    for (Suspect v = 0; v < n; ++v) {
      const auto [begin, end] = found_[v];
      for (std::size_t i = begin; i < end; ++i) {
        cover_.limbs.push_back(pool_[i]);
      }
      cover_.rows.push_back(cover_.limbs.size());
      const Suspect trunk = cover_.trunk[v];
      cover_.weights[v] = static_cast<std::uint32_t>(end - begin) +
                          (trunk == kNoSuspect ? 0 : cover_.weights[trunk]);
    }
  }

  const SuspectGraph& suspects_;
  std::size_t max_limbs_;
  AncestorCover cover_;
  std::vector<std::uint32_t> children_;  // rows of child_
  std::vector<Suspect> child_;
  std::vector<std::uint8_t> marked_;
  std::vector<Suspect> pool_;
  std::vector<std::pair<std::size_t, std::size_t>> found_;
};

}  // namespace

std::optional<AncestorCover> CoverAncestors(const SuspectGraph& suspects,
                                            std::size_t max_limbs) {
  return Coverer(suspects, max_limbs).Run();
}

}  // namespace rebisect
