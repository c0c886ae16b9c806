#include "sim/trees/tree_shortcuts.h"

#include <algorithm>

namespace rebisect {
namespace {

std::uint8_t OneMore(std::uint8_t tests) {
  return tests == TreeShortcuts::kFar ? tests
                                      : static_cast<std::uint8_t>(tests + 1);
}

}  // namespace

TreeShortcuts::TreeShortcuts(const DecisionTree& tree,
                             const AncestorIntervals& intervals)
    : paths_(tree.leaves.size(), 0), top_(std::size_t{2} * kTopBit, 0) {
  // By node: 1 and the verdicts before it, as far as there is room for them.
  std::vector<std::uint32_t> codes(tree.nodes.size(), 0);
  if (!codes.empty()) codes[0] = 1;
  for (std::uint32_t i = 0; i < tree.nodes.size(); ++i) {
    const DecisionTree::Node& node = tree.nodes[i];
    const std::uint32_t code = codes[i];
    for (const bool bad : {false, true}) {
      const std::uint32_t next = bad ? node.bad : node.good;
      std::uint32_t longer = code;
      if (code < kTopBit) longer = 2 * code + (bad ? 1 : 0);
      if (!DecisionTree::IsLeaf(next)) {
        codes[next] = longer;
        if (longer != code) top_[longer] = next;
        continue;
      }
      while (longer < kTopBit) longer *= 2;
      paths_[next & ~DecisionTree::kLeaf] =
          static_cast<std::uint16_t>(longer - kTopBit);
    }
  }
  alike_.resize(tree.nodes.size());
  for (std::size_t i = tree.nodes.size(); i-- > 0;) {
    const DecisionTree::Node& node = tree.nodes[i];
    Alike& alike = alike_[i];
    alike = {node.test, 1, 1};
    if (!DecisionTree::IsLeaf(node.good))
      alike.goods = OneMore(alike_[node.good].goods);
    if (DecisionTree::IsLeaf(node.bad)) continue;
    alike.oldest = alike_[node.bad].oldest;
    alike.bads = intervals.Reaches(node.test, tree.nodes[node.bad].test)
                     ? OneMore(alike_[node.bad].bads)
                     : kFar;
  }
}

}  // namespace rebisect
