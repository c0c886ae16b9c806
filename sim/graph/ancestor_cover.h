#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "sim/graph/suspect_graph.h"

namespace rebisect {

/// The ancestors of all suspects in little space. Each suspect hangs on one of
/// its parents, trunk(v), the one with the longest path below it; and
///   ancestors(v) = ancestors(trunk(v)) + limbs(v),
/// two disjoint sets, v itself in the second. On git's and Linux's histories
/// the limbs have about 2.1 and 2.9 suspects on average.
struct AncestorCover {
  std::vector<Suspect> trunk{};          ///< by suspect; kNoSuspect for a root
  std::vector<std::size_t> rows{};       ///< limbs of v: rows[v] .. rows[v + 1]
  std::vector<Suspect> limbs{};          ///< no particular order
  std::vector<std::uint32_t> weights{};  ///< how many ancestors

  [[nodiscard]] std::span<const Suspect> Limbs(Suspect v) const {
    return {limbs.data() + rows[v], limbs.data() + rows[v + 1]};
  }
};

/// Enough limbs a suspect, on average, for all but adversarial histories.
inline constexpr std::size_t kMaxCoverLimbs = 64;

/// O(n + edges + limbs). nullopt when there are more than `max_limbs` limbs
/// in all (histories with many long lines side by side can have n^2 / 4).
[[nodiscard]] std::optional<AncestorCover> CoverAncestors(
    const SuspectGraph& suspects, std::size_t max_limbs);

}  // namespace rebisect
