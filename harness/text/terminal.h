#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sim/base/printable.h"

namespace rebisect {

/// How to write for a person: colours only on a terminal that has them and
/// where NO_COLOR is not set; box characters only on one whose locale is
/// UTF-8; at most `width` columns.
struct TerminalStyle {
  bool colour = false;
  bool box = false;
  int width = 80;

  /// For the standard output: its terminal's width (at least 60, at most
  /// 120), 80 where it is none.
  [[nodiscard]] static TerminalStyle ForStdout();

  [[nodiscard]] std::string Good(std::string_view text) const;
  [[nodiscard]] std::string Bad(std::string_view text) const;
  [[nodiscard]] std::string Notice(std::string_view text) const;
  [[nodiscard]] std::string Bold(std::string_view text) const;
  [[nodiscard]] std::string Dim(std::string_view text) const;
};

/// Columns that UTF-8 text takes, a code point a column.
[[nodiscard]] int Columns(std::string_view text);

/// At most `columns` wide, cut with an ellipsis.
[[nodiscard]] std::string Fit(std::string_view text, int columns);

/// Filled with blanks up to `columns`, on the right or on the left.
[[nodiscard]] std::string PadRight(std::string text, int columns);
[[nodiscard]] std::string PadLeft(std::string text, int columns);

/// Broken between words into lines of at most `columns`; a word that is wider
/// is broken behind the colons and commas in it, as those of policies are.
[[nodiscard]] std::vector<std::string> Wrap(std::string_view text, int columns);

}  // namespace rebisect
