#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "sim/graph/ancestor_cover.h"
#include "sim/graph/suspect_graph.h"

namespace rebisect {

/// Answers "is a an ancestor of v" in a few comparisons. Suspects have
/// positions in the order in which a walk down from the newest leaves them
/// when it goes to the parent with the longest path first: whatever a merge
/// brings in lies just before it, so that the ancestors of a commit of the
/// longest line are all positions up to its own. Those of other suspects are
/// few intervals: on average 11 on git's history and 4 on Linux's.
class AncestorIntervals {
 public:
  /// `cover` is that of the suspects.
  /// O(edges + limbs * log(limbs) + intervals). nullopt when there would be
  /// more than `most_intervals` in all, or 2^31.
  [[nodiscard]] static std::optional<AncestorIntervals> Of(
      const SuspectGraph& suspects, const AncestorCover& cover,
      std::size_t most_intervals);

  /// Whether `a` is `v` or an ancestor of it. O(log(intervals of v)).
  [[nodiscard]] bool Reaches(Suspect v, Suspect a) const {
    if (a > v) return false;  // descendants have greater numbers
    const std::uint32_t at = position_[a];
    if (at < first_ends_[v]) return true;  // nine questions in ten end here
    std::uint32_t low = rows_[v];
    std::uint32_t high = rows_[v + 1];
    // The last interval that begins at or before `at`.
    while (high - low > 1) {
      const std::uint32_t middle = (low + high) / 2;
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

  void Place(const SuspectGraph& suspects, const AncestorCover& cover);

  std::vector<std::uint32_t> position_;  // by suspect
  /// By suspect, the end of the interval from position 0 on; 0: it has none.
  std::vector<std::uint32_t> first_ends_;
  std::vector<std::uint32_t> rows_;  // of intervals_
  std::vector<Interval> intervals_;  // ascending in each row
};

}  // namespace rebisect
