#include "sim/base/text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <system_error>

#include "sim/base/check.h"
#include "sim/base/printable.h"

namespace rebisect {
namespace {

using std::string_view;

constexpr string_view kReplacement = "\xEF\xBF\xBD";

bool IsBlank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

std::size_t EditDistance(string_view a, string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t above = row[j];
      const std::size_t change = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({change, above + 1, row[j - 1] + 1});
      diagonal = above;
    }
  }
  return row.back();
}

}  // namespace

std::string Quote(string_view text) { return "'" + std::string(text) + "'"; }

string_view Trim(string_view text) {
  while (!text.empty() && IsBlank(text.front())) text.remove_prefix(1);
  while (!text.empty() && IsBlank(text.back())) text.remove_suffix(1);
  return text;
}

bool IsUtf8(string_view text) {
  while (!text.empty()) {
    const Character character = FirstCharacter(text);
    if (!character.valid) return false;
    text.remove_prefix(character.size);
  }
  return true;
}

std::string ToUtf8(string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const Character character = FirstCharacter(text);
    out += character.valid ? text.substr(0, character.size) : kReplacement;
    text.remove_prefix(character.size);
  }
  return out;
}

bool StripPrefix(string_view text, string_view prefix, string_view* rest) {
  if (text.substr(0, prefix.size()) != prefix) return false;
  *rest = text.substr(prefix.size());
  return true;
}

bool IsHexId(string_view text) {
  return text.size() >= 4 && text.size() <= 64 &&
         std::all_of(text.begin(), text.end(), IsHexDigit);
}

bool IsFullId(string_view text) {
  return (text.size() == 40 || text.size() == 64) && IsHexId(text);
}

std::optional<int> ToInt(string_view text) {
  int value = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return {};
  return value;
}

std::optional<double> ToDouble(string_view text) {
  double value = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return {};
  if (!std::isfinite(value)) return {};
  return value;
}

std::string ShortestNumber(double number) {
  std::array<char, 32> digits;
  const auto [end, error] =
      std::to_chars(digits.data(), digits.data() + digits.size(), number);
  REBISECT_CHECK(error == std::errc());
  return {digits.data(), end};
}

string_view NearestWord(string_view word,
                        const std::vector<string_view>& known) {
  constexpr std::size_t kMaxLength = 64;
  if (word.size() > kMaxLength) return {};
  string_view nearest;
  std::size_t fewest = word.size() / 3 + 2;
  for (const string_view candidate : known) {
    const std::size_t edits = EditDistance(word, candidate);
    if (edits < fewest) {
      fewest = edits;
      nearest = candidate;
    }
  }
  return nearest;
}

std::string SuggestWord(string_view word,
                        const std::vector<string_view>& known) {
  const string_view nearest = NearestWord(word, known);
  if (!nearest.empty()) {
    return "; did you mean '" + std::string(nearest) + "'?";
  }
  std::string text = "; known are ";
  for (std::size_t i = 0; i < known.size(); ++i) {
    if (i > 0) text += ", ";
    text += known[i];
  }
  return text;
}

}  // namespace rebisect
