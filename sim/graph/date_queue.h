#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace rebisect {

/// git's date-ordered list of commits: newest first, first in first out
/// between equal dates. A binary heap with an insertion count gives the same
/// order as the linked list that git had up to 2.54. A walk takes a commit and
/// puts its parents in, hardly older: so the place at the top stays open until
/// the next call, and what is put in there sinks a few levels only. Entries
/// are compared without branches, which no processor would predict.
/// Push and Pop: O(log size). At most 2^32 insertions.
class DateQueue {
 public:
  [[nodiscard]] bool Empty() const {
    return entries_.size() == (open_top_ ? 1U : 0U);
  }

  /// REQUIRES, here and for Pop: not Empty().
  [[nodiscard]] std::int64_t FrontDate() {
    CloseTop();
    return static_cast<std::int64_t>(~entries_.front().age ^ kSign);
  }

  void Push(std::uint32_t commit, std::int64_t date) {
    const Entry entry{~(static_cast<std::uint64_t>(date) ^ kSign),
                      std::uint64_t{next_sequence_++} << 32U | commit};
    if (open_top_) {
      open_top_ = false;
      SinkFromTop(entry);
      return;
    }
    std::size_t at = entries_.size();
    entries_.push_back(entry);
    while (at > 0 && entry.Before(entries_[(at - 1) / 2])) {
      entries_[at] = entries_[(at - 1) / 2];
      at = (at - 1) / 2;
    }
    entries_[at] = entry;
  }

  std::uint32_t Pop() {
    CloseTop();
    open_top_ = true;
    return static_cast<std::uint32_t>(entries_.front().rest);
  }

 private:
  static constexpr std::uint64_t kSign = std::uint64_t{1} << 63U;

  struct Entry {
    std::uint64_t age;   ///< the date, so that newer is smaller
    std::uint64_t rest;  ///< insertion count, then commit
    [[nodiscard]] bool Before(const Entry& other) const {
      return ((age < other.age) | ((age == other.age) & (rest < other.rest))) !=
             0;
    }
  };

  void CloseTop() {
    if (!open_top_) return;
    open_top_ = false;
    const Entry last = entries_.back();
    entries_.pop_back();
    if (!entries_.empty()) SinkFromTop(last);
  }

  void SinkFromTop(const Entry& entry) {
    Entry* const entries = entries_.data();
    const std::size_t size = entries_.size();
    std::size_t at = 0;
    for (std::size_t child = 1; child < size; child = 2 * at + 1) {
      const std::size_t second = child + (child + 1 < size ? 1U : 0U);
      child = entries[second].Before(entries[child]) ? second : child;
      if (!entries[child].Before(entry)) break;
      entries[at] = entries[child];
      at = child;
    }
    entries[at] = entry;
  }

  std::vector<Entry> entries_;
  std::uint32_t next_sequence_ = 0;
  bool open_top_ = false;  // entries_.front() was taken
};

}  // namespace rebisect
