#include "scenarios/yaml/yaml_scalar.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cstddef>
#include <cstdint>

#include "sim/base/check.h"
#include "sim/base/printable.h"
#include "sim/base/text.h"

namespace rebisect {
namespace {

using std::string_view;

constexpr string_view kDigits = "0123456789";

char Lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool EqualsIgnoringCase(string_view text, string_view lower_case) {
  return std::equal(text.begin(), text.end(), lower_case.begin(),
                    lower_case.end(),
                    [](char a, char b) { return Lower(a) == b; });
}

bool IsWordWithMeaning(string_view text) {
  constexpr std::array<string_view, 12> kWords = {"null", "~",  "true", "false",
                                                  "yes",  "no", "on",   "off",
                                                  "y",    "n",  ".inf", ".nan"};
  return std::any_of(kWords.begin(), kWords.end(), [text](string_view word) {
    return EqualsIgnoringCase(text, word);
  });
}

// Takes the characters of `set` off the front; how many there were.
std::size_t TakeAll(string_view set, string_view* text) {
  const std::size_t count =
      std::min(text->find_first_not_of(set), text->size());
  text->remove_prefix(count);
  return count;
}

// 0x1f, 0o17, 0b11; `text` has no sign.
bool IsNumberWithBase(string_view text) {
  if (text.size() < 3 || text[0] != '0') return false;
  const char base = Lower(text[1]);
  text.remove_prefix(2);
  if (base == 'x') TakeAll("0123456789abcdefABCDEF_", &text);
  if (base == 'o') TakeAll("01234567_", &text);
  if (base == 'b') TakeAll("01_", &text);
  return text.empty();
}

// 12, 017, 1_000, 1,000, 5.6, .5, 12:30:45.2, 1e5; `text` has no sign. The
// marks between the digits may stand anywhere: 1.2.3 is a number to some.
bool IsDecimalNumber(string_view text) {
  if (text.find_first_of(kDigits) > 1) return false;  // at most ".5"
  if (TakeAll("0123456789_.,:", &text) == 0) return false;
  if (text.empty()) return true;
  if (Lower(text[0]) != 'e') return false;
  text.remove_prefix(1);
  if (!text.empty() && (text[0] == '+' || text[0] == '-')) {
    text.remove_prefix(1);
  }
  return TakeAll("0123456789_", &text) > 0 && text.empty();
}

// 2020-05-26, perhaps with a time of day.
bool BeginsWithDate(string_view text) {
  if (TakeAll(kDigits, &text) != 4) return false;
  for (int part = 0; part < 2; ++part) {
    if (text.empty() || text[0] != '-') return false;
    text.remove_prefix(1);
    const std::size_t digits = TakeAll(kDigits, &text);
    if (digits < 1 || digits > 2) return false;
  }
  return text.empty() || Lower(text[0]) == 't' || text[0] == ' ';
}

bool IsPlainWord(string_view text, bool in_flow) {
  const auto plain = [in_flow](char c) {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0) return true;
    if (string_view("_-./@+()=;$~^").find(c) != string_view::npos) return true;
    return !in_flow && c == ',';
  };
  if (text.empty() || !plain(text.front()) || text.back() == ' ') return false;
  if (text.front() == '-' || text.front() == '~' || text.front() == '=' ||
      text.front() == '@' || text.front() == ',') {
    return false;
  }
  for (std::size_t i = 0; i < text.size(); ++i) {
    // ": " and " #" end a plain scalar; a colon within a word does not.
    const bool inner_colon =
        text[i] == ':' && !in_flow && i + 1 < text.size() && text[i + 1] != ' ';
    if (!plain(text[i]) && text[i] != ' ' && !inner_colon) return false;
  }
  return PlainReadsAsText(text);
}

void AppendEscaped(std::uint32_t code, std::string* out) {
  constexpr char kHex[] = "0123456789abcdef";
  *out += code > 0xFF ? "\\u" : "\\x";
  for (int shift = code > 0xFF ? 12 : 4; shift >= 0; shift -= 4) {
    *out += kHex[(code >> static_cast<unsigned>(shift)) & 0xFU];
  }
}

// What YAML takes for line ends or marks, and what steers the program that
// shows it.
bool IsSpecial(char32_t code) {
  return IsControlOrBidi(code) || code == 0xFEFF;
}

}  // namespace

bool PlainReadsAsText(string_view text) {
  if (text.empty() || IsWordWithMeaning(text)) return false;
  string_view number = text;
  if (number[0] == '+' || number[0] == '-') number.remove_prefix(1);
  return !EqualsIgnoringCase(number, ".inf") && !IsNumberWithBase(number) &&
         !IsDecimalNumber(number) && !BeginsWithDate(text);
}

std::string YamlScalar(string_view bytes, bool in_flow) {
  std::string text = ToUtf8(bytes);
  if (IsPlainWord(text, in_flow)) return text;
  std::string out = "\"";
  for (string_view rest = text; !rest.empty();) {
    const Character character = FirstCharacter(rest);
    if (rest[0] == '"' || rest[0] == '\\') {
      out += '\\';
      out += rest[0];
    } else if (rest[0] == '\n') {
      out += "\\n";
    } else if (rest[0] == '\t') {
      out += "\\t";
    } else if (IsSpecial(character.code)) {
      AppendEscaped(character.code, &out);
    } else {
      out += rest.substr(0, character.size);
    }
    rest.remove_prefix(character.size);
  }
  return out + '"';
}

std::string YamlFlowKey(string_view text) {
  constexpr std::size_t kMaxPlainKeyLength = 1000;
  const std::string key = YamlScalar(text, true);
  return key.size() > kMaxPlainKeyLength ? "? " + key + " : " : key + ": ";
}

}  // namespace rebisect
