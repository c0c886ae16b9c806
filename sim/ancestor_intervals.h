#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "sim/ancestor_cover.h"
#include "sim/suspect_graph.h"

namespace rebisect {

/// Answers "is a an ancestor of v" in a few comparisons. Suspects have
/// positions in a preorder of the tree of AncestorCover::trunk in which the
/// child with the longest path above it comes last: what was merged by then
/// lies between. The ancestors of a suspect are then few intervals of
/// positions: 2 to 3 on git's and Linux's histories.
class AncestorIntervals {
 public:
  /// O(n + limbs * log + intervals). nullopt when there would be more than
  /// `most_intervals` in all.
  [[nodiscard]] static std::optional<AncestorIntervals> Of(
      const AncestorCover& cover, std::size_t most_intervals);

  /// Whether `a` is `v` or an ancestor of it. O(log(intervals of v)).
  [[nodiscard]] bool Reaches(Suspect v, Suspect a) const {
    const std::uint32_t at = position_[a];
    std::size_t low = rows_[v];
    std::size_t high = rows_[v + 1];
    // The last interval that begins at or before `at`.
    while (high - low > 1) {
      const std::size_t middle = (low + high) / 2;
      (intervals_[middle].begin <= at ? low : high) = middle;
    }
    return intervals_[low].begin <= at && at < intervals_[low].end;
  }

  [[nodiscard]] std::size_t size() const { return intervals_.size(); }

 private:
  struct Interval {
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
  };

  void Place(const AncestorCover& cover);

  std::vector<std::uint32_t> position_;  // by suspect
  std::vector<std::size_t> rows_;        // of intervals_
  std::vector<Interval> intervals_;      // ascending in each row
};

}  // namespace rebisect
