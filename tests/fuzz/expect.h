#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "sim/base/result.h"

namespace rebisect::fuzz {

/// Ends the program, as a crash does, unless `holds`: `what` was promised.
inline void Expect(bool holds, std::string_view what,
                   std::string_view detail = {}) {
  if (holds) return;
  const std::string text =
      "fuzz: does not hold: " + std::string(what) + '\n' + std::string(detail);
  std::fprintf(stderr, "%s\n", text.c_str());
  std::abort();
}

/// The bytes as a number, the first one highest.
inline std::size_t NumberIn(std::string_view bytes) {
  std::size_t number = 0;
  for (const char byte : bytes) {
    number = number << 8U | static_cast<unsigned char>(byte);
  }
  return number;
}

/// What every error has: something to say, in a line, and one a note.
inline void ExpectSays(const Error& error) {
  const std::string text = FormatError(error);
  Expect(!error.message.empty(), "an error has a message", text);
  Expect(static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')) ==
             error.notes.size(),
         "a message is one line", text);
  Expect(error.code != ErrorCode::kInternal, "no input is an internal error",
         text);
}

/// What an error in a file has besides: the file.
inline void ExpectPlace(const Error& error, std::string_view file) {
  ExpectSays(error);
  Expect(error.where.file == file, "an error names its file",
         FormatError(error));
}

}  // namespace rebisect::fuzz
