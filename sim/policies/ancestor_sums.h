#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "sim/graph/suspect_graph.h"

namespace rebisect {

/// Sums over the ancestors, or over the descendants, of every suspect (itself
/// included): made ready once for a graph, and then a pass over its
/// AncestorCover for whatever is to be summed. Suspects go in the order of
/// their numbers, so that sums of doubles are the same on every machine.
/// Sum needs +=, and a default that is zero. Where the cover would have more
/// than 64 limbs a suspect on average, a pass takes O(n * edges).
class AncestorSums {
 public:
  /// O(n + edges + limbs of the cover).
  explicit AncestorSums(const SuspectGraph& suspects);

  /// Whether it was made for a graph with these edges: compares two blocks of
  /// memory.
  [[nodiscard]] bool IsOf(const SuspectGraph& suspects) const;

  /// The ancestors of v, greatest number first. O(n), at most the edges.
  void FindAncestors(Suspect v, std::vector<Suspect>& ancestors);

  /// below[v] = the sum of value(a) over the ancestors a of v. O(n + limbs).
  template <class Sum, class Value>
  void Below(const Value& value, std::vector<Sum>& below) {
    const std::size_t n = bases_.size();
    below.resize(n);
    if (!covered_) {
      std::vector<Suspect> ancestors;
      for (Suspect v = 0; v < n; ++v) {
        FindAncestors(v, ancestors);
        Sum sum{};
        for (const Suspect a : ancestors) sum += value(a);
        below[v] = sum;
      }
      return;
    }
    Sum sum{};  // of the suspect before: mostly the base of the next one
    for (Suspect v = 0; v < n; ++v) {
      if (bases_[v] != v) sum = bases_[v] == 0 ? Sum{} : below[bases_[v] - 1];
      sum += value(v);
      for (std::uint32_t i = limb_rows_[v]; i < limb_rows_[v + 1]; ++i) {
        sum += value(limbs_[i]);
      }
      below[v] = sum;
    }
  }

  /// above[a] = the sum of value(v) over the descendants v of a. O(n + limbs).
  template <class Sum, class Value>
  void Above(const Value& value, std::vector<Sum>& above) {
    const std::size_t n = bases_.size();
    above.assign(n, Sum{});
    if (!covered_) {
      std::vector<Suspect> ancestors;
      for (Suspect v = 0; v < n; ++v) {
        FindAncestors(v, ancestors);
        for (const Suspect a : ancestors) above[a] += value(v);
      }
      return;
    }
    // What counts for the limbs of v counts for those of all that hang on v.
    std::vector<Sum> hanging(n);
    for (Suspect v = static_cast<Suspect>(n); v-- > 0;) {
      hanging[v] += value(v);
      if (bases_[v] != 0) hanging[bases_[v] - 1] += hanging[v];
      above[v] += hanging[v];
      for (std::uint32_t i = limb_rows_[v]; i < limb_rows_[v + 1]; ++i) {
        above[limbs_[i]] += hanging[v];
      }
    }
  }

 private:
  std::vector<std::uint32_t> rows_;  // as in SuspectGraph
  std::vector<Suspect> parents_;
  bool covered_ = false;
  std::vector<std::uint32_t> bases_;      // trunk + 1; 0 for a root
  std::vector<std::uint32_t> limb_rows_;  // of limbs_, v itself left out
  std::vector<Suspect> limbs_;
  std::vector<std::uint8_t> marks_;  // all 0 between calls
};

}  // namespace rebisect
