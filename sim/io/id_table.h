#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <utility>
#include <vector>

#include "sim/graph/commit_id.h"

namespace rebisect {

/// Finds the index of an id in a vector of ids that its owner fills, in O(1).
/// Open addressing; 8 bytes a slot, two to four slots an id.
class IdTable {
 public:
  static constexpr std::uint32_t kNone = 0xffffffffU;

  /// Makes room, so that it need not grow up to this many ids.
  void Reserve(std::size_t ids) {
    std::size_t size = 1024;
    while (size < 2 * ids) size *= 2;
    if (size > slots_.size()) Grow(size);
  }

  /// The index under which `id` was added, or kNone.
  /// REQUIRES: ids[i] is the id that was added under i.
  [[nodiscard]] std::uint32_t Find(const std::vector<CommitId>& ids,
                                   const CommitId& id) const {
    if (slots_.empty()) return kNone;
    const std::uint32_t hash = Hash(id);
    for (std::size_t at = hash & mask_;; at = (at + 1) & mask_) {
      const Slot slot = slots_[at];
      if (slot.index == kNone) return kNone;
      if (slot.hash == hash && ids[slot.index] == id) return slot.index;
    }
  }

  /// Fetches what Find will look at: worth it some work ahead of it, since
  /// the tables are larger than the caches.
  void Prefetch(const CommitId& id) const {
    if (!slots_.empty()) __builtin_prefetch(&slots_[Hash(id) & mask_]);
  }

  /// As Find; an id that is not there is added under `index`, and that is
  /// returned.
  std::uint32_t FindOrAdd(const std::vector<CommitId>& ids, const CommitId& id,
                          std::uint32_t index) {
    if (2 * (count_ + 1) > slots_.size()) Reserve(2 * (count_ + 1));
    const std::uint32_t hash = Hash(id);
    std::size_t at = hash & mask_;
    for (; slots_[at].index != kNone; at = (at + 1) & mask_) {
      if (slots_[at].hash == hash && ids[slots_[at].index] == id) {
        return slots_[at].index;
      }
    }
    slots_[at] = {hash, index};
    ++count_;
    return index;
  }

 private:
  struct Slot {
    std::uint32_t hash = 0;
    std::uint32_t index = kNone;
  };

  /// Made-up ids may differ in few bits only, so all bits are mixed.
  static std::uint32_t Hash(const CommitId& id) {
    std::uint64_t a = 0;
    std::uint64_t b = 0;
    std::uint32_t c = 0;
    std::memcpy(&a, id.bytes.data(), sizeof a);
    std::memcpy(&b, id.bytes.data() + sizeof a, sizeof b);
    std::memcpy(&c, id.bytes.data() + sizeof a + sizeof b, sizeof c);
    std::uint64_t hash = (a ^ (a >> 32)) * 0x9e3779b97f4a7c15ULL;
    hash = (hash ^ b ^ (hash >> 29)) * 0xbf58476d1ce4e5b9ULL;
    hash = (hash ^ c ^ (hash >> 32)) * 0x94d049bb133111ebULL;
    return static_cast<std::uint32_t>(hash >> 32);
  }

  void Grow(std::size_t size) {
    const std::vector<Slot> old =
        std::exchange(slots_, std::vector<Slot>(size));
    mask_ = size - 1;
    for (const Slot& slot : old) {
      if (slot.index == kNone) continue;
      std::size_t at = slot.hash & mask_;
      while (slots_[at].index != kNone) at = (at + 1) & mask_;
      slots_[at] = slot;
    }
  }

  std::vector<Slot> slots_;
  std::size_t mask_ = 0;
  std::size_t count_ = 0;
};

}  // namespace rebisect
