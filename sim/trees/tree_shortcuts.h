#pragma once

#include <cstdint>
#include <vector>

#include "sim/graph/ancestor_intervals.h"
#include "sim/trees/decision_tree.h"

namespace rebisect {

/// Where right verdicts lead in a tree, many at a time: how searches get from
/// one wrong verdict to the next without the tests between. Immutable.
class TreeShortcuts {
 public:
  /// O(n).
  TreeShortcuts(const DecisionTree& tree, const AncestorIntervals& intervals);

  /// The first verdicts of a search without a wrong one: kTop bits, the first
  /// verdict the highest, 1 for bad; where there are fewer, zeros follow.
  static constexpr unsigned kTop = 12;
  [[nodiscard]] std::uint32_t Path(std::uint32_t leaf) const {
    return paths_[leaf];
  }

  /// The node after the first `verdicts` of a path.
  /// REQUIRES: verdicts <= kTop, and the path has not come to its leaf.
  [[nodiscard]] std::uint32_t Node(std::uint32_t path,
                                   std::uint32_t verdicts) const {
    return top_[(kTopBit | path) >> (kTop - verdicts)];
  }

  /// How far it is from a node when all verdicts are alike.
  static constexpr std::uint8_t kFar = 255;
  struct Alike {
    /// The last test when all are bad. What this one contains, all tests
    /// before it contain, for each is an ancestor of the one before.
    Suspect oldest = 0;
    std::uint8_t bads = 0;   ///< tests when all are bad; kFar: not known
    std::uint8_t goods = 0;  ///< tests when all are good; kFar: not known
  };
  [[nodiscard]] const Alike& AllAlike(std::uint32_t node) const {
    return alike_[node];
  }

 private:
  static constexpr std::uint32_t kTopBit = std::uint32_t{1} << kTop;

  std::vector<std::uint16_t> paths_;  // by leaf
  std::vector<std::uint32_t> top_;    // nodes: by 1 and the verdicts before
  std::vector<Alike> alike_;          // by node
};

}  // namespace rebisect
