#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "sim/graph/suspect_graph.h"

namespace rebisect {

/// A whole search: what is tested after every sequence of right verdicts. Of
/// policies that look at nothing but the suspects left, skips apart.
struct DecisionTree {
  /// A test, and where its two verdicts lead: a node, or kLeaf | leaf.
  struct Node {
    Suspect test = 0;
    std::uint32_t bad = 0;
    std::uint32_t good = 0;
    /// The culprits below `bad` are those with a smaller leaf number, as far
    /// as they lie below this node.
    std::uint32_t split = 0;
  };
  static constexpr std::uint32_t kLeaf = 0x80000000U;
  [[nodiscard]] static constexpr bool IsLeaf(std::uint32_t at) {
    return (at & kLeaf) != 0;
  }

  std::vector<Node> nodes{};      ///< the root first; none for one suspect
  std::vector<Suspect> leaves{};  ///< the culprit of each leaf

  [[nodiscard]] std::uint32_t root() const { return nodes.empty() ? kLeaf : 0; }
};

/// Tests that each culprit takes when every verdict is right, by suspect.
[[nodiscard]] std::vector<std::uint32_t> TestsOf(const DecisionTree& tree);

/// The tree of the policy `best` (BestSelection): of all suspects the one
/// whose two sides are most alike; of several, the one committed first, then
/// the one of least id. All n culprits at once, near n log n on real
/// histories: a bad verdict leaves all weights as they are, a good one takes
/// away from the cover (AncestorCover) what it rules out.
/// O((n + limbs) * depth) time, O(n + limbs) memory. nullopt when the cover
/// has more than `most_limbs`; BuildPolicyTree() takes any graph.
/// REQUIRES: suspects is not empty, and all of them count.
[[nodiscard]] std::optional<DecisionTree> BuildBestTree(
    const SuspectGraph& suspects, std::size_t most_limbs);

}  // namespace rebisect
