#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace rebisect {

/// A commit, or what stands for several, in a drawing with lanes.
struct LaneNode {
  /// Numbers of other nodes, greater than its own, each once; the first one
  /// goes on in its lane.
  std::vector<std::size_t> parents{};
  enum class Sign { kCommit, kStretch, kOutside };
  Sign sign = Sign::kCommit;
};

/// A row of a drawing: lanes, without blanks at its end, and the node in it.
struct LaneRow {
  std::string lanes{};
  std::optional<std::size_t> node{};
};

/// Draws the nodes from above, children over their parents, each parent in a
/// lane: what is connected in the drawing is connected in the graph, and
/// nothing else. A horizontal line belongs to the one node that it begins or
/// ends at; lanes without a joint (`+`, or a box character with arms) pass
/// behind it. `box`: with box characters, else in ASCII.
/// O(nodes * lanes + edges * lanes).
[[nodiscard]] std::vector<LaneRow> DrawLanes(std::span<const LaneNode> nodes,
                                             bool box);

/// An order for such a drawing in which branches stay together: for each
/// place the number that the node has in `parents` (the parents of each node,
/// as LaneNode has them). Children come before their parents; the last parent
/// of a merge first.
[[nodiscard]] std::vector<std::size_t> LaneOrder(
    const std::vector<std::vector<std::size_t>>& parents);

}  // namespace rebisect
