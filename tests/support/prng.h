#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "sim/base/check.h"

namespace rebisect::testing_support {

/// SplitMix64: equal numbers on every machine, any seed is a good one.
/// Integers only, so that a printed seed repeats a case anywhere.
class TestPrng {
 public:
  explicit TestPrng(std::uint64_t seed) : state_(seed) {}

  [[nodiscard]] std::uint64_t Next() {
    state_ += 0x9e3779b97f4a7c15ULL;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
  }

  /// 0 .. n - 1; a bias of n / 2^64 does no harm here. REQUIRES: n > 0.
  [[nodiscard]] std::uint64_t Below(std::uint64_t n) {
    REBISECT_CHECK(n > 0);
    return Next() % n;
  }

  /// low .. high, both included.
  [[nodiscard]] std::uint64_t Between(std::uint64_t low, std::uint64_t high) {
    return low + Below(high - low + 1);
  }

  /// True `percent` times in a hundred.
  [[nodiscard]] bool Percent(unsigned percent) { return Below(100) < percent; }

  template <class T>
  [[nodiscard]] const T& Pick(const std::vector<T>& values) {
    return values[static_cast<std::size_t>(Below(values.size()))];
  }

 private:
  std::uint64_t state_;
};

}  // namespace rebisect::testing_support
