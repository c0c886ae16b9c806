#pragma once

#include <cstdio>
#include <string>

namespace rebisect::testing_support {

/// The id of the n-th commit of LineDag(): the first digits tell them apart.
inline std::string LineId(int n) {
  char digits[9];
  std::snprintf(digits, sizeof digits, "%08x",
                static_cast<unsigned>(n) * 0x01000193U);
  return std::string(digits) + std::string(32, '0');
}

/// n1 <- n2 <- ... as DAG text, a minute apart; v1.0 is n1, HEAD the last.
inline std::string LineDag(int count) {
  std::string text;
  for (int n = 1; n <= count; ++n) {
    text += LineId(n) + ' ' + std::to_string(1500000000 + 60 * n);
    if (n > 1) text += ' ' + LineId(n - 1);
    text += '\n';
  }
  return text + LineId(1) + " refs/tags/v1.0\n" + LineId(count) + " HEAD\n";
}

}  // namespace rebisect::testing_support
