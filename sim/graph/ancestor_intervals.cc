#include "sim/graph/ancestor_intervals.h"

#include <algorithm>

namespace rebisect {
namespace {

constexpr std::size_t kMax = std::size_t{1} << 31U;

}  // namespace

void AncestorIntervals::Place(const SuspectGraph& suspects,
                              const AncestorCover& cover) {
  constexpr std::uint32_t kNowhere = 0xffffffffU;
  const auto n = static_cast<Suspect>(suspects.size());
  position_.assign(n, kNowhere);
  std::uint32_t next_position = 0;
  struct Frame {
    Suspect suspect;
    std::uint32_t next;  // 0: the trunk; then the parents, one by one
  };
  std::vector<Frame> path;
  std::vector<std::uint8_t> entered(n, 0);
  for (Suspect tip = n; tip-- > 0;) {
    if (entered[tip] != 0) continue;
    path.push_back({tip, 0});
    entered[tip] = 1;
    while (!path.empty()) {
      Frame& top = path.back();
      const auto parents = suspects.Parents(top.suspect);
      if (top.next > parents.size()) {
        position_[top.suspect] = next_position++;
        path.pop_back();
        continue;
      }
      const Suspect parent =
          top.next == 0 ? cover.trunk[top.suspect] : parents[top.next - 1];
      ++top.next;
      if (parent == kNoSuspect || entered[parent] != 0) continue;
      entered[parent] = 1;
      path.push_back({parent, 0});
    }
  }
}

std::optional<AncestorIntervals> AncestorIntervals::Of(
    const SuspectGraph& suspects, const AncestorCover& cover,
    std::size_t most_intervals) {
  AncestorIntervals made;
  made.Place(suspects, cover);
  most_intervals = std::min(most_intervals, kMax);
  const auto n = static_cast<Suspect>(cover.trunk.size());
  made.rows_.reserve(std::size_t{n} + 1);
  made.rows_.push_back(0);
  made.first_ends_.reserve(n);
  std::vector<std::uint32_t> added;
  for (Suspect v = 0; v < n; ++v) {
    added.clear();
    for (const Suspect limb : cover.Limbs(v)) {
      added.push_back(made.position_[limb]);
    }
    std::sort(added.begin(), added.end());
    const Suspect trunk = cover.trunk[v];
    std::uint32_t old = trunk == kNoSuspect ? 0 : made.rows_[trunk];
    const std::uint32_t old_end =
        trunk == kNoSuspect ? 0 : made.rows_[trunk + 1];
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
    const Interval& first = made.intervals_[row];
    made.first_ends_.push_back(first.begin == 0 ? first.end : 0);
    made.rows_.push_back(static_cast<std::uint32_t>(made.intervals_.size()));
  }
  return made;
}

}  // namespace rebisect
