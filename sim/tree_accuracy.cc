#include "sim/tree_accuracy.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

namespace rebisect {
namespace {

using Ref = std::uint32_t;  // a node, or kLeaf | leaf

bool IsLeaf(Ref at) { return (at & DecisionTree::kLeaf) != 0; }

/// Calls visit(leaf, path) for all leaves, where `Value` goes down from the
/// root by step(value, node, bad).
template <class Value, class Step, class Visit>
void ForEachLeaf(const DecisionTree& tree, const Value& root, const Step& step,
                 const Visit& visit) {
  std::vector<std::pair<Ref, Value>> stack;
  stack.emplace_back(tree.root(), root);
  while (!stack.empty()) {
    const auto [at, value] = std::move(stack.back());
    stack.pop_back();
    if (IsLeaf(at)) {
      visit(at & ~DecisionTree::kLeaf, value);
      continue;
    }
    const DecisionTree::Node& node = tree.nodes[at];
    stack.emplace_back(node.good, step(value, at, false));
    stack.emplace_back(node.bad, step(value, at, true));
  }
}

class CostCounter {
 public:
  CostCounter(const DecisionTree& tree, const SuspectGraph& suspects,
              const VerdictErrors& errors, const TestCost& cost)
      : tree_(tree), suspects_(suspects), errors_(errors), cost_(cost) {
    const std::size_t nodes = tree.nodes.size();
    all_good_.resize(nodes);
    all_bad_.resize(nodes);
    all_.resize(nodes);
    any_.resize(nodes);
    contains_.resize(suspects.size());
    // Children have greater numbers than their parents.
    for (std::size_t i = nodes; i-- > 0;) {
      const DecisionTree::Node& node = tree.nodes[i];
      all_good_[i] = cost.good + errors.false_bad * Known(all_good_, node.bad) +
                     (1 - errors.false_bad) * Known(all_good_, node.good);
      all_bad_[i] = cost.bad +
                    (1 - errors.false_good) * Known(all_bad_, node.bad) +
                    errors.false_good * Known(all_bad_, node.good);
    }
  }

  std::vector<double> Run() {
    std::vector<double> costs(suspects_.size(), 0);
    PathsToLeaves();
    for (std::uint32_t first = 0; first < tree_.leaves.size();
         first += kBlock) {
      const auto count = std::min<std::uint32_t>(
          kBlock, static_cast<std::uint32_t>(tree_.leaves.size()) - first);
      Contain(first, count);
      for (std::uint32_t i = 0; i < count; ++i) {
        costs[tree_.leaves[first + i]] = CostOf(first + i, i);
      }
    }
    return costs;
  }

 private:
  static constexpr std::uint32_t kWords = 4;
  static constexpr std::uint32_t kBlock = 64 * kWords;
  static constexpr std::uint32_t kNoNode = 0xffffffffU;

  [[nodiscard]] static double Known(const std::vector<double>& costs, Ref at) {
    return IsLeaf(at) ? 0 : costs[at];
  }

  void PathsToLeaves() {
    parent_of_leaf_.assign(tree_.leaves.size(), kNoNode);
    parent_of_node_.assign(tree_.nodes.size(), kNoNode);
    for (std::uint32_t i = 0; i < tree_.nodes.size(); ++i) {
      for (const Ref child : {tree_.nodes[i].bad, tree_.nodes[i].good}) {
        if (IsLeaf(child)) {
          parent_of_leaf_[child & ~DecisionTree::kLeaf] = i;
        } else {
          parent_of_node_[child] = i;
        }
      }
    }
  }

  /// A set of culprits of a block.
  struct Set {
    std::array<std::uint64_t, kWords> words{};

    [[nodiscard]] bool Has(std::uint32_t i) const {
      return (words[i / 64] >> (i % 64) & 1U) != 0;
    }
    Set& operator|=(const Set& other) {
      for (std::size_t k = 0; k < kWords; ++k) words[k] |= other.words[k];
      return *this;
    }
    Set& operator&=(const Set& other) {
      for (std::size_t k = 0; k < kWords; ++k) words[k] &= other.words[k];
      return *this;
    }
  };

  /// For the culprits of a block, by leaf: which commits contain them, and for
  /// which of them all tests below a node do, or any does.
  void Contain(std::uint32_t first, std::uint32_t count) {
    std::fill(contains_.begin(), contains_.end(), Set());
    Suspect oldest = kNoSuspect;
    for (std::uint32_t i = 0; i < count; ++i) {
      const Suspect culprit = tree_.leaves[first + i];
      contains_[culprit].words[i / 64] = std::uint64_t{1} << (i % 64);
      oldest = std::min(oldest, culprit);
    }
    for (Suspect v = oldest; v < suspects_.size(); ++v) {
      Set set = contains_[v];
      for (const Suspect p : suspects_.Parents(v)) set |= contains_[p];
      contains_[v] = set;
    }
    for (std::size_t i = tree_.nodes.size(); i-- > 0;) {
      const DecisionTree::Node& node = tree_.nodes[i];
      Set all = contains_[node.test];
      Set any = all;
      for (const Ref child : {node.bad, node.good}) {
        if (IsLeaf(child)) continue;
        all &= all_[child];
        any |= any_[child];
      }
      all_[i] = all;
      any_[i] = any;
    }
  }

  /// `bit` is the culprit's in the sets.
  double CostOf(std::uint32_t leaf, std::uint32_t bit) {
    // From the leaf up: what is still to pay below the node, given that all
    // verdicts above it were right.
    double below = 0;
    for (std::uint32_t at = parent_of_leaf_[leaf]; at != kNoNode;
         at = parent_of_node_[at]) {
      const DecisionTree::Node& node = tree_.nodes[at];
      if (leaf < node.split) {
        below = cost_.bad + (1 - errors_.false_good) * below +
                errors_.false_good * OffPath(node.good, bit);
      } else {
        below = cost_.good + (1 - errors_.false_bad) * below +
                errors_.false_bad * Known(all_good_, node.bad);
      }
    }
    return below;
  }

  /// Below a node without the culprit.
  double OffPath(Ref top, std::uint32_t bit) {
    double total = 0;
    stack_.clear();
    stack_.emplace_back(top, 1.0);
    while (!stack_.empty()) {
      const auto [at, chance] = stack_.back();
      stack_.pop_back();
      if (IsLeaf(at) || chance == 0) continue;
      if (!any_[at].Has(bit)) {
        total += chance * all_good_[at];
        continue;
      }
      if (all_[at].Has(bit)) {
        total += chance * all_bad_[at];
        continue;
      }
      const DecisionTree::Node& node = tree_.nodes[at];
      if (contains_[node.test].Has(bit)) {
        total += chance * cost_.bad;
        stack_.emplace_back(node.bad, chance * (1 - errors_.false_good));
        stack_.emplace_back(node.good, chance * errors_.false_good);
      } else {
        // What it contains is free of the bug too.
        total += chance *
                 (cost_.good + errors_.false_bad * Known(all_good_, node.bad));
        stack_.emplace_back(node.good, chance * (1 - errors_.false_bad));
      }
    }
    return total;
  }

  const DecisionTree& tree_;
  const SuspectGraph& suspects_;
  const VerdictErrors& errors_;
  const TestCost& cost_;
  // By node: the cost below when all tests are of commits without the bug, or
  // with it; and for the culprits of a block, where that is so.
  std::vector<double> all_good_;
  std::vector<double> all_bad_;
  std::vector<Set> all_;
  std::vector<Set> any_;
  std::vector<Set> contains_;  // by suspect
  std::vector<std::uint32_t> parent_of_leaf_;
  std::vector<std::uint32_t> parent_of_node_;
  std::vector<std::pair<Ref, double>> stack_;
};

}  // namespace

std::vector<double> ChanceRight(const DecisionTree& tree,
                                const VerdictErrors& errors) {
  std::vector<double> right(tree.leaves.size());
  ForEachLeaf(
      tree, 1.0,
      [&](double chance, Ref, bool bad) {
        return chance * (1 - (bad ? errors.false_good : errors.false_bad));
      },
      [&](std::uint32_t leaf, double chance) {
        right[tree.leaves[leaf]] = chance;
      });
  return right;
}

std::vector<double> ExpectedCost(const DecisionTree& tree,
                                 const SuspectGraph& suspects,
                                 const VerdictErrors& errors,
                                 const TestCost& cost) {
  return CostCounter(tree, suspects, errors, cost).Run();
}

}  // namespace rebisect
