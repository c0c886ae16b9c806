#pragma once

#include <cstdint>

namespace rebisect {

/// How often a test says "bad".
struct VerdictRates {
  double bad_if_bad = 1;   ///< of a commit that contains the culprit
  double bad_if_good = 0;  ///< of any other
};

/// The log of the chance of `bad` and `good` verdicts in a given order when
/// each is bad with probability `rate`; minus infinity where there is none.
/// REQUIRES: 0 <= rate <= 1.
[[nodiscard]] double LogChance(double rate, std::uint32_t bad,
                               std::uint32_t good);

}  // namespace rebisect
