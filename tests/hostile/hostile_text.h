#pragma once

#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "sim/base/printable.h"

namespace rebisect::testing_support {

/// A text that tries to do something where it is shown.
struct HostileText {
  std::string_view name;
  std::string_view text;
};

/// Each in bytes as they may stand in a log; only the last is no UTF-8.
inline const std::vector<HostileText>& HostileTexts() {
  static const std::vector<HostileText> texts = {
      {"escape sequences", "\x1b]0;owned\x07\x1b[2J\x08\x7f"},
      {"C1 controls",
       "\xc2\x9b"
       "31m\xc2\x9d"
       "0;owned\xc2\x9c\xc2\x85"},
      {"direction", "\u202e\u2066nigol\u2069\u202c \u2028 \u2029"},
      {"HTML", "</script><img src=x onerror=alert(1)>&amp;{{style}}"},
      {"Markdown", "`|[x](javascript:alert(1)) @somebody #1 <!-- "},
      {"a formula", "=cmd|' /C calc'!A0"},
      {"a shell", "$(touch owned) `touch owned` ';touch owned;' -o"},
      {"YAML", "*a &b !!python/object:os.system [ { : - # \"'"},
      {"no UTF-8", "\xff\xfe\xc0\xaf\xed\xa0\x80"},
  };
  return texts;
}

/// What in an output steers whoever shows it: the first such character, or
/// byte that is no UTF-8, with what comes before it. Empty: nothing does.
inline std::string SteeringIn(std::string_view output) {
  const std::string_view whole = output;
  while (!output.empty()) {
    const Character character = FirstCharacter(output);
    const bool ends_line =
        character.code == '\n' || output.substr(0, 2) == "\r\n";
    if (!character.valid || (IsControlOrBidi(character.code) && !ends_line)) {
      const std::size_t at = whole.size() - output.size();
      char code[16];
      std::snprintf(code, sizeof code, "%02x",
                    character.valid ? static_cast<unsigned>(character.code)
                                    : static_cast<unsigned char>(output[0]));
      const std::size_t from = at < 60 ? 0 : at - 60;
      return std::string(code) + " after " +
             Printable(whole.substr(from, at - from));
    }
    output.remove_prefix(character.size);
  }
  return "";
}

}  // namespace rebisect::testing_support
