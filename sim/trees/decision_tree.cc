#include "sim/trees/decision_tree.h"

#include <algorithm>
#include <array>
#include <bit>
#include <numeric>
#include <utility>

#include "sim/base/check.h"
#include "sim/graph/ancestor_cover.h"
#include "sim/graph/commit_age.h"

namespace rebisect {
namespace {

constexpr std::size_t kWord = 64;

/// By suspect: its place in the order of dates, then ids.
std::vector<std::uint32_t> RankByAge(const SuspectGraph& suspects) {
  std::vector<Suspect> order(suspects.size());
  std::iota(order.begin(), order.end(), 0U);
  std::sort(order.begin(), order.end(),
            [&](Suspect a, Suspect b) { return IsOlder(suspects, a, b); });
  std::vector<std::uint32_t> rank(order.size());
  for (std::uint32_t i = 0; i < order.size(); ++i) rank[order[i]] = i;
  return rank;
}

/// Suspects in ranges of one array, which each test parts in two: those that
/// it contains (bad) first. At the end the array lists the leaves.
class BestTreeBuilder {
 public:
  BestTreeBuilder(const SuspectGraph& suspects, AncestorCover cover)
      : cover_(std::move(cover)), rank_(RankByAge(suspects)) {
    const std::size_t n = suspects.size();
    order_.resize(n);
    std::iota(order_.begin(), order_.end(), 0U);
    spare_.resize(n);
    marked_.assign(n, 0);
    limb_count_.resize(n);
    for (Suspect v = 0; v < n; ++v) {
      limb_count_[v] =
          static_cast<std::uint32_t>(cover_.rows[v + 1] - cover_.rows[v]);
    }
    tree_.nodes.reserve(n);
  }

  DecisionTree Run() {
    std::vector<Task> tasks{
        {0, static_cast<std::uint32_t>(order_.size()), kNowhere, false}};
    while (!tasks.empty()) {
      const Task task = tasks.back();
      tasks.pop_back();
      const std::uint32_t size = task.end - task.begin;
      if (size == 1) {
        Link(task, DecisionTree::kLeaf | task.begin);
      } else if (size <= kWord) {
        Small(task);
      } else {
        const Suspect test = Choose(task);
        const std::uint32_t split = task.begin + cover_.weights[test];
        const std::uint32_t node = Add(task, test, split);
        Part(task, test, split);
        tasks.push_back({split, task.end, node, false});
        tasks.push_back({task.begin, split, node, true});
      }
    }
    tree_.leaves = std::move(order_);
    return std::move(tree_);
  }

 private:
  static constexpr std::uint32_t kNowhere = 0xffffffffU;

  /// Suspects order_[begin .. end), below one side of a node.
  struct Task {
    std::uint32_t begin;
    std::uint32_t end;
    std::uint32_t parent;
    bool bad;
  };

  void Link(const Task& task, std::uint32_t target) {
    if (task.parent == kNowhere) return;
    DecisionTree::Node& parent = tree_.nodes[task.parent];
    (task.bad ? parent.bad : parent.good) = target;
  }

  std::uint32_t Add(const Task& task, Suspect test, std::uint32_t split) {
    const auto node = static_cast<std::uint32_t>(tree_.nodes.size());
    tree_.nodes.push_back({test, 0, 0, split});
    Link(task, node);
    return node;
  }

  [[nodiscard]] Suspect Choose(const Task& task) const {
    const std::uint32_t size = task.end - task.begin;
    std::uint32_t score = 0;
    std::uint32_t rank = kNowhere;
    Suspect best = 0;
    for (std::uint32_t i = task.begin; i < task.end; ++i) {
      const Suspect v = order_[i];
      const std::uint32_t weight = cover_.weights[v];
      const std::uint32_t least = std::min(weight, size - weight);
      if (least < score || (least == score && rank_[v] >= rank)) continue;
      score = least;
      rank = rank_[v];
      best = v;
    }
    return best;
  }

  /// Ancestors of `test` first; the others lose them. Both sides stay in
  /// order, parents before children.
  void Part(const Task& task, Suspect test, std::uint32_t split) {
    for (Suspect v = test; v != kNoSuspect; v = cover_.trunk[v]) {
      const Suspect* const limbs = cover_.limbs.data() + cover_.rows[v];
      for (std::uint32_t i = 0; i < limb_count_[v]; ++i) marked_[limbs[i]] = 1;
    }
    std::uint32_t bad = task.begin;
    std::uint32_t good = 0;
    for (std::uint32_t i = task.begin; i < task.end; ++i) {
      const Suspect v = order_[i];
      if (marked_[v] != 0) {
        order_[bad++] = v;
      } else {
        spare_[good++] = v;
        TakeAway(v);
      }
    }
    REBISECT_CHECK(bad == split);
    std::copy(spare_.begin(), spare_.begin() + good, order_.begin() + split);
    for (std::uint32_t i = task.begin; i < split; ++i) marked_[order_[i]] = 0;
  }

  void TakeAway(Suspect v) {
    Suspect* const limbs = cover_.limbs.data() + cover_.rows[v];
    std::uint32_t left = 0;
    for (std::uint32_t i = 0; i < limb_count_[v]; ++i) {
      if (marked_[limbs[i]] == 0) limbs[left++] = limbs[i];
    }
    limb_count_[v] = left;
    Suspect& trunk = cover_.trunk[v];
    if (trunk != kNoSuspect && marked_[trunk] != 0) trunk = kNoSuspect;
    cover_.weights[v] =
        left + (trunk == kNoSuspect ? 0 : cover_.weights[trunk]);
  }

  /// Few suspects: sets are words.
  void Small(const Task& task) {
    const std::uint32_t size = task.end - task.begin;
    std::array<Suspect, kWord> suspects{};
    std::array<std::uint64_t, kWord> ancestors{};
    std::copy(order_.begin() + task.begin, order_.begin() + task.end,
              suspects.begin());
    for (std::uint32_t i = 0; i < size; ++i) spare_[suspects[i]] = i;
    for (std::uint32_t i = 0; i < size; ++i) {
      const Suspect v = suspects[i];
      const Suspect* const limbs = cover_.limbs.data() + cover_.rows[v];
      std::uint64_t set = 0;
      for (std::uint32_t k = 0; k < limb_count_[v]; ++k) {
        set |= std::uint64_t{1} << spare_[limbs[k]];
      }
      const Suspect trunk = cover_.trunk[v];
      if (trunk != kNoSuspect) set |= ancestors[spare_[trunk]];
      ancestors[i] = set;
    }
    struct Part {
      Task task;
      std::uint64_t set;
    };
    std::array<Part, kWord + 1> parts{};
    std::size_t count = 0;
    parts[count++] = {task, ~std::uint64_t{0} >> (kWord - size)};
    while (count > 0) {
      const Part part = parts[--count];
      const std::uint32_t left = part.task.end - part.task.begin;
      if (left == 1) {
        order_[part.task.begin] =
            suspects[static_cast<std::size_t>(std::countr_zero(part.set))];
        Link(part.task, DecisionTree::kLeaf | part.task.begin);
        continue;
      }
      std::uint32_t score = 0;
      std::uint32_t rank = kNowhere;
      std::size_t best = 0;
      for (std::uint64_t rest = part.set; rest != 0; rest &= rest - 1) {
        const auto i = static_cast<std::size_t>(std::countr_zero(rest));
        const auto weight =
            static_cast<std::uint32_t>(std::popcount(ancestors[i] & part.set));
        const std::uint32_t least = std::min(weight, left - weight);
        const std::uint32_t its_rank = rank_[suspects[i]];
        if (least < score || (least == score && its_rank >= rank)) continue;
        score = least;
        rank = its_rank;
        best = i;
      }
      const std::uint64_t bad = ancestors[best] & part.set;
      const std::uint32_t split =
          part.task.begin + static_cast<std::uint32_t>(std::popcount(bad));
      const std::uint32_t node = Add(part.task, suspects[best], split);
      parts[count++] = {{split, part.task.end, node, false}, part.set & ~bad};
      parts[count++] = {{part.task.begin, split, node, true}, bad};
    }
  }

  AncestorCover cover_;
  std::vector<std::uint32_t> rank_;
  std::vector<std::uint32_t> limb_count_;  // what is left of them
  std::vector<Suspect> order_;
  std::vector<Suspect> spare_;  // scratch
  std::vector<std::uint8_t> marked_;
  DecisionTree tree_;
};

}  // namespace

std::vector<std::uint32_t> TestsOf(const DecisionTree& tree) {
  std::vector<std::uint32_t> tests(tree.leaves.size(), 0);
  std::vector<std::pair<std::uint32_t, std::uint32_t>> stack{{tree.root(), 0}};
  while (!stack.empty()) {
    const auto [at, depth] = stack.back();
    stack.pop_back();
    if ((at & DecisionTree::kLeaf) != 0) {
      tests[tree.leaves[at & ~DecisionTree::kLeaf]] = depth;
      continue;
    }
    stack.emplace_back(tree.nodes[at].good, depth + 1);
    stack.emplace_back(tree.nodes[at].bad, depth + 1);
  }
  return tests;
}

std::optional<DecisionTree> BuildBestTree(const SuspectGraph& suspects,
                                          std::size_t most_limbs) {
  REBISECT_CHECK(suspects.size() > 0 && suspects.counted.empty());
  auto cover = CoverAncestors(suspects, most_limbs);
  if (!cover) return std::nullopt;
  return BestTreeBuilder(suspects, *std::move(cover)).Run();
}

}  // namespace rebisect
