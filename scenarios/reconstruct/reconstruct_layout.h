#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "scenarios/reconstruct/reconstruct_chain.h"

namespace rebisect {

/// How many commits stand around the suspects.
struct LayoutSurroundings {
  std::size_t older = 0;        ///< below the good commits
  std::size_t goods = 1;        ///< at least one
  std::size_t merge_bases = 0;  ///< between the goods and the bad commit
  std::size_t newer = 0;        ///< above the bad commit
};

/// A commit graph as rows of parents, oldest commit first, and where the
/// commits with a part to play are in it.
struct Layout {
  std::vector<std::uint32_t> rows{0};
  std::vector<std::uint32_t> parents{};
  std::vector<std::uint32_t> older{};  ///< newest first
  std::vector<std::uint32_t> goods{};  ///< newest first
  std::vector<std::uint32_t> merge_bases{};
  std::vector<std::uint32_t> midpoints{};  ///< one for each step
  std::uint32_t bad = 0;
  std::vector<std::uint32_t> newer{};   ///< oldest first
  std::vector<std::uint32_t> others{};  ///< suspects never proposed

  [[nodiscard]] std::size_t size() const { return rows.size() - 1; }
};

/// Lays out the graph of a chain. O(commits).
/// REQUIRES: the chain comes from SolveChain.
[[nodiscard]] Layout LayOutMerged(const Chain& chain,
                                  const LayoutSurroundings& around);

/// The same as one line of commits, for a search along first parents.
[[nodiscard]] Layout LayOutLine(const Chain& chain,
                                const LayoutSurroundings& around);

}  // namespace rebisect
