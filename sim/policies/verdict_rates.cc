#include "sim/policies/verdict_rates.h"

#include <limits>

#include "sim/base/portable_math.h"

namespace rebisect {
namespace {

double Times(std::uint32_t count, double chance) {
  if (count == 0) return 0;
  if (chance <= 0) return -std::numeric_limits<double>::infinity();
  return count * PortableLog(chance);
}

}  // namespace

double LogChance(double rate, std::uint32_t bad, std::uint32_t good) {
  return Times(bad, rate) + Times(good, 1 - rate);
}

}  // namespace rebisect
