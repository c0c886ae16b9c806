#pragma once

#include <string>
#include <string_view>

namespace rebisect {

/// `text` as a YAML scalar on one line: plain where every reader takes that
/// for the same text, else in double quotes. Bytes that are no UTF-8 become
/// U+FFFD. `in_flow`: the place is inside [ ] or { }. O(length).
[[nodiscard]] std::string YamlScalar(std::string_view text, bool in_flow);

/// `text` as a key inside { }, with the `: ` behind it; a key that is longer
/// than YAML 1.2 has it (1024 characters) stands behind a question mark.
[[nodiscard]] std::string YamlFlowKey(std::string_view text);

/// False for what some YAML reader, written plain, takes for something else
/// than text: numbers in all their spellings (1234567, 123e4567, 0x1f, 1_000,
/// 12:30:45, .inf), dates, truth values, null. Commit ids, versions and names
/// can look so. By the types of YAML 1.1 and the core schema of YAML 1.2,
/// rather too often than too seldom. O(length).
[[nodiscard]] bool PlainReadsAsText(std::string_view text);

}  // namespace rebisect
