#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace rebisect {

/// Whether a file is written in a language whose comments and literals are
/// those of C or C++, going by the end of its name. Assembler is none: its
/// comments differ from machine to machine.
[[nodiscard]] bool IsCLike(std::string_view path);

/// What of a C or C++ source is code: comments become a blank, as the
/// standards say; whitespace becomes one blank, and none where it parts no
/// tokens; lines continued by a backslash are joined. Lines of the
/// preprocessor keep their ends. String and character literals stay as they
/// are, raw ones with all their lines. Two sources with the same text differ
/// in comments and whitespace at most. The reverse need not hold: it is text
/// that is compared, not what a compiler makes of it.
/// None for what is no such source: bytes 0, a comment or a raw string without
/// end. O(length).
[[nodiscard]] std::optional<std::string> CodeOfC(std::string_view source);

}  // namespace rebisect
