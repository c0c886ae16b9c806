#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rebisect {

[[nodiscard]] constexpr bool IsDigit(char c) { return c >= '0' && c <= '9'; }
/// The value of a hexadecimal digit of either case; -1 for anything else.
[[nodiscard]] constexpr int HexDigit(char c) {
  if (IsDigit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}
[[nodiscard]] constexpr bool IsHexDigit(char c) { return HexDigit(c) >= 0; }

[[nodiscard]] inline bool Contains(std::string_view text,
                                   std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

/// `text` in single quotes, for messages.
[[nodiscard]] std::string Quote(std::string_view text);

/// Text without blanks at both ends.
[[nodiscard]] std::string_view Trim(std::string_view text);

/// `text` with every byte that is not part of well-formed UTF-8 replaced by
/// U+FFFD.
[[nodiscard]] std::string ToUtf8(std::string_view text);
[[nodiscard]] bool IsUtf8(std::string_view text);

/// When `text` starts with `prefix`: what follows it, into `rest`.
[[nodiscard]] bool StripPrefix(std::string_view text, std::string_view prefix,
                               std::string_view* rest);

/// 4 to 64 hexadecimal digits.
[[nodiscard]] bool IsHexId(std::string_view text);
/// 40 (or, for SHA-256, 64) hexadecimal digits.
[[nodiscard]] bool IsFullId(std::string_view text);

/// The number that the whole text spells in decimal; nothing when it is no
/// number, does not fit or (ToDouble) is not finite.
[[nodiscard]] std::optional<int> ToInt(std::string_view text);
[[nodiscard]] std::optional<double> ToDouble(std::string_view text);

/// The shortest digits that read back as the same number.
[[nodiscard]] std::string ShortestNumber(double number);

/// Of `known`, the word fewest edits away from `word`, when it is near enough
/// (a third of the length) to be what was meant; else empty. O(sum of the
/// products of the lengths); words over 64 bytes are near nothing.
[[nodiscard]] std::string_view NearestWord(
    std::string_view word, const std::vector<std::string_view>& known);

/// "; did you mean 'x'?" or "; known are a, b, c": the tail of an error about
/// a word that is not among `known`.
[[nodiscard]] std::string SuggestWord(
    std::string_view word, const std::vector<std::string_view>& known);

}  // namespace rebisect
