#pragma once

#include <array>
#include <cstdio>
#include <cstdlib>

namespace rebisect {

/// A figure as JSON shows it: six significant digits, no negative zero.
[[nodiscard]] inline double Rounded(double value) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.6g", value);
  const double rounded = std::strtod(text.data(), nullptr);
  return rounded == 0 ? 0.0 : rounded;
}

}  // namespace rebisect
