#include "sim/base/printable.h"

#include <array>

namespace rebisect {
namespace {

/// How UTF-8 of this many bytes begins, and the least that it may stand for.
struct Lead {
  unsigned mask;
  unsigned bits;
  std::size_t size;
  char32_t least;
};
constexpr std::array kLeads = {
    Lead{0x80, 0x00, 1, 0}, Lead{0xe0, 0xc0, 2, 0x80},
    Lead{0xf0, 0xe0, 3, 0x800}, Lead{0xf8, 0xf0, 4, 0x10000}};

constexpr char32_t kLastCode = 0x10ffff;

}  // namespace

Character FirstCharacter(std::string_view text) {
  const auto first = static_cast<unsigned char>(text.front());
  for (const Lead& lead : kLeads) {
    if ((first & lead.mask) != lead.bits) continue;
    if (text.size() < lead.size) return {};
    char32_t code = first & ~lead.mask;
    for (std::size_t i = 1; i < lead.size; ++i) {
      const auto next = static_cast<unsigned char>(text[i]);
      if ((next & 0xc0U) != 0x80U) return {};
      code = code << 6U | (next & 0x3fU);
    }
    const bool surrogate = code >= 0xd800 && code < 0xe000;
    if (code < lead.least || code > kLastCode || surrogate) return {};
    return {lead.size, code, true};
  }
  return {};
}

bool IsControlOrBidi(char32_t code) {
  return code < 0x20 || (code >= 0x7f && code < 0xa0) ||
         (code >= 0x2028 && code <= 0x202e) ||
         (code >= 0x2066 && code <= 0x2069);
}

std::string Printable(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  while (!text.empty()) {
    const Character character = FirstCharacter(text);
    if (character.valid && !IsControlOrBidi(character.code)) {
      result += text.substr(0, character.size);
    } else {
      result += '?';
    }
    text.remove_prefix(character.size);
  }
  return result;
}

std::string PrintableLines(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    result += Printable(text.substr(0, end));
    if (end == std::string_view::npos) break;
    result += '\n';
    text.remove_prefix(end + 1);
  }
  return result;
}

std::string EscapedJson(std::string_view json) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string result;
  result.reserve(json.size());
  while (!json.empty()) {
    const Character character = FirstCharacter(json);
    // Below DEL there is the layout of the JSON, and no more.
    if (character.code >= 0x7f && IsControlOrBidi(character.code)) {
      result += "\\u";
      for (unsigned shift = 16; shift > 0;) {
        shift -= 4;
        result += kHex[character.code >> shift & 0xfU];
      }
    } else {
      result += json.substr(0, character.size);
    }
    json.remove_prefix(character.size);
  }
  return result;
}

}  // namespace rebisect
