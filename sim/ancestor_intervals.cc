#include "sim/ancestor_intervals.h"

#include <algorithm>

namespace rebisect {

void AncestorIntervals::Place(const AncestorCover& cover) {
  const auto n = static_cast<Suspect>(cover.trunk.size());
  std::vector<std::uint32_t> size(n, 1);
  std::vector<std::uint32_t> height(n, 1);
  std::vector<Suspect> last(n, kNoSuspect);
  for (Suspect v = n; v-- > 0;) {
    const Suspect trunk = cover.trunk[v];
    if (trunk == kNoSuspect) continue;
    size[trunk] += size[v];
    if (height[v] + 1 > height[trunk]) {
      height[trunk] = height[v] + 1;
      last[trunk] = v;
    }
  }
  position_.resize(n);
  std::vector<std::uint32_t> next(n);  // the place for the next child
  std::uint32_t next_root = 0;
  for (Suspect v = 0; v < n; ++v) {
    const Suspect trunk = cover.trunk[v];
    if (trunk == kNoSuspect) {
      position_[v] = next_root;
      next_root += size[v];
    } else if (last[trunk] == v) {
      position_[v] = position_[trunk] + size[trunk] - size[v];
    } else {
      position_[v] = next[trunk];
      next[trunk] += size[v];
    }
    next[v] = position_[v] + 1;
  }
}

std::optional<AncestorIntervals> AncestorIntervals::Of(
    const AncestorCover& cover, std::size_t most_intervals) {
  AncestorIntervals made;
  made.Place(cover);
  const auto n = static_cast<Suspect>(cover.trunk.size());
  made.rows_.reserve(std::size_t{n} + 1);
  made.rows_.push_back(0);
  std::vector<std::uint32_t> added;
  for (Suspect v = 0; v < n; ++v) {
    added.clear();
    for (const Suspect limb : cover.Limbs(v)) {
      added.push_back(made.position_[limb]);
    }
    std::sort(added.begin(), added.end());
    const Suspect trunk = cover.trunk[v];
    std::size_t old = trunk == kNoSuspect ? 0 : made.rows_[trunk];
    const std::size_t old_end = trunk == kNoSuspect ? 0 : made.rows_[trunk + 1];
    std::size_t next = 0;
    const std::size_t row = made.rows_.back();
    while (old < old_end || next < added.size()) {
      const bool take_old =
          next == added.size() ||
          (old < old_end && made.intervals_[old].begin < added[next]);
      const Interval interval = take_old
                                    ? made.intervals_[old++]
                                    : Interval{added[next], added[next] + 1};
      if (!take_old) ++next;
      if (made.intervals_.size() > row &&
          made.intervals_.back().end == interval.begin) {
        made.intervals_.back().end = interval.end;
      } else {
        made.intervals_.push_back(interval);
      }
    }
    if (made.intervals_.size() > most_intervals) return std::nullopt;
    made.rows_.push_back(made.intervals_.size());
  }
  return made;
}

}  // namespace rebisect
