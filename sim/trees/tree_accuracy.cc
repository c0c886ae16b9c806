#include "sim/trees/tree_accuracy.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

namespace rebisect {
namespace {

using Ref = std::uint32_t;  // a node, or kLeaf | leaf

std::uint32_t LeafOf(Ref at) { return at & ~DecisionTree::kLeaf; }

class EndCounter {
 public:
  EndCounter(const DecisionTree& tree, const SuspectGraph& suspects,
             const VerdictErrors& errors)
      : tree_(tree), suspects_(suspects), errors_(errors) {
    const std::vector<std::uint32_t> tests = TestsOf(tree);
    depth_.reserve(tests.size());
    for (const Suspect s : tree.leaves) depth_.push_back(tests[s]);
    const std::size_t most = *std::max_element(tests.begin(), tests.end());
    ends_.right.resize(most + 1, 0);
    ends_.wrong.resize(most + 1, 0);
    all_good_.resize(tree.nodes.size(), 0);
    all_bad_.resize(tree.nodes.size(), 0);
  }

  SearchEnds Run(std::span<const double> chances) && {
    if (chances.empty()) {
      Reach(tree_.root(), 1, all_good_);
    } else {
      const bool mixed = errors_.false_good > 0;
      if (mixed) MakeSets();
      const auto leaves = static_cast<std::uint32_t>(tree_.leaves.size());
      for (std::uint32_t first = 0; first < leaves; first += kBlock) {
        const std::uint32_t count = std::min(kBlock, leaves - first);
        if (mixed) Contain(first, count);
        for (std::uint32_t i = 0; i < count; ++i) {
          Follow(first + i, i, chances[tree_.leaves[first + i]]);
        }
      }
    }
    GoOn();
    return std::move(ends_);
  }

 private:
  static constexpr std::uint32_t kWords = 4;
  static constexpr std::uint32_t kBlock = 64 * kWords;

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

  /// Children have greater numbers than their parents.
  void MakeSets() {
    all_.resize(tree_.nodes.size());
    any_.resize(tree_.nodes.size());
    contains_.resize(suspects_.size());
  }

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
        if (DecisionTree::IsLeaf(child)) continue;
        all &= all_[child];
        any |= any_[child];
      }
      all_[i] = all;
      any_[i] = any;
    }
  }

  /// A search for another culprit than those below goes on there.
  void Reach(Ref at, double chance, std::vector<double>& chances) {
    if (DecisionTree::IsLeaf(at)) {
      ends_.wrong[depth_[LeafOf(at)]] += chance;
    } else {
      chances[at] += chance;
    }
  }

  /// The search for the culprit of a leaf, from the root. `bit` is the
  /// culprit's in the sets.
  void Follow(std::uint32_t leaf, std::uint32_t bit, double chance) {
    if (chance == 0) return;
    for (Ref at = tree_.root(); !DecisionTree::IsLeaf(at);) {
      const DecisionTree::Node& node = tree_.nodes[at];
      if (leaf < node.split) {
        if (errors_.false_good > 0) {
          GoAstray(node.good, bit, chance * errors_.false_good);
        }
        chance *= 1 - errors_.false_good;
        at = node.bad;
      } else {
        Reach(node.bad, chance * errors_.false_bad, all_good_);
        chance *= 1 - errors_.false_bad;
        at = node.good;
      }
    }
    ends_.right[depth_[leaf]] += chance;
  }

  /// Below a node without the culprit, until all tests below agree.
  void GoAstray(Ref top, std::uint32_t bit, double top_chance) {
    stack_.clear();
    stack_.emplace_back(top, top_chance);
    while (!stack_.empty()) {
      const auto [at, chance] = stack_.back();
      stack_.pop_back();
      if (DecisionTree::IsLeaf(at) || !any_[at].Has(bit)) {
        Reach(at, chance, all_good_);
        continue;
      }
      if (all_[at].Has(bit)) {
        Reach(at, chance, all_bad_);
        continue;
      }
      const DecisionTree::Node& node = tree_.nodes[at];
      if (contains_[node.test].Has(bit)) {
        stack_.emplace_back(node.bad, chance * (1 - errors_.false_good));
        stack_.emplace_back(node.good, chance * errors_.false_good);
      } else {
        // What it contains is free of the bug too.
        Reach(node.bad, chance * errors_.false_bad, all_good_);
        stack_.emplace_back(node.good, chance * (1 - errors_.false_bad));
      }
    }
  }

  /// Down from where all tests agree.
  void GoOn() {
    for (std::size_t i = 0; i < tree_.nodes.size(); ++i) {
      const DecisionTree::Node& node = tree_.nodes[i];
      Reach(node.bad, all_good_[i] * errors_.false_bad, all_good_);
      Reach(node.good, all_good_[i] * (1 - errors_.false_bad), all_good_);
      Reach(node.bad, all_bad_[i] * (1 - errors_.false_good), all_bad_);
      Reach(node.good, all_bad_[i] * errors_.false_good, all_bad_);
    }
  }

  const DecisionTree& tree_;
  const SuspectGraph& suspects_;
  const VerdictErrors& errors_;
  std::vector<std::uint32_t> depth_;  // by leaf
  SearchEnds ends_;
  // By node: how likely a search gets there when all tests below are of
  // commits without the bug, or with it.
  std::vector<double> all_good_;
  std::vector<double> all_bad_;
  // By node, of the culprits of a block: for whom that is so.
  std::vector<Set> all_;
  std::vector<Set> any_;
  std::vector<Set> contains_;  // by suspect
  std::vector<std::pair<Ref, double>> stack_;
};

}  // namespace

std::vector<double> ChanceRight(const DecisionTree& tree,
                                const VerdictErrors& errors) {
  std::vector<double> right(tree.leaves.size());
  std::vector<std::pair<Ref, double>> stack{{tree.root(), 1.0}};
  while (!stack.empty()) {
    const auto [at, chance] = stack.back();
    stack.pop_back();
    if (DecisionTree::IsLeaf(at)) {
      right[tree.leaves[LeafOf(at)]] = chance;
      continue;
    }
    const DecisionTree::Node& node = tree.nodes[at];
    stack.emplace_back(node.good, chance * (1 - errors.false_bad));
    stack.emplace_back(node.bad, chance * (1 - errors.false_good));
  }
  return right;
}

SearchEnds EndsOf(const DecisionTree& tree, const SuspectGraph& suspects,
                  const VerdictErrors& errors,
                  std::span<const double> chances) {
  return EndCounter(tree, suspects, errors).Run(chances);
}

}  // namespace rebisect
