#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace rebisect {

/// One character of UTF-8, or one byte that is none.
struct Character {
  std::size_t size = 1;  ///< in bytes
  char32_t code = 0;     ///< of a byte that is none: 0
  bool valid = false;    ///< as UTF-8
};

/// REQUIRES: text is not empty.
[[nodiscard]] Character FirstCharacter(std::string_view text);

/// Whether a character steers what shows it: the control characters (C0,
/// DEL, C1), those that end lines and paragraphs, and those that set the
/// direction of what follows (U+202A to U+202E, U+2066 to U+2069), which can
/// make a text read as another.
[[nodiscard]] bool IsControlOrBidi(char32_t code);

/// Text for people: whatever steers, and what is no UTF-8, replaced by `?`, so
/// that what comes from an input is a line of text and nothing more.
[[nodiscard]] std::string Printable(std::string_view text);

/// The same, of several lines: their ends stay.
[[nodiscard]] std::string PrintableLines(std::string_view text);

/// JSON, with whatever steers as `\u` escapes. REQUIRES: what JSON itself has
/// escaped is escaped, and the rest is UTF-8.
[[nodiscard]] std::string EscapedJson(std::string_view json);

}  // namespace rebisect
