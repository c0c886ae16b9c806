#include "sim/result.h"

#include <algorithm>

namespace rebisect {
namespace {

/// As one line: what an input holds makes none of its own.
std::string OneLine(std::string text) {
  std::replace_if(
      text.begin(), text.end(),
      [](char c) { return (c >= 0 && c < ' ') || c == '\x7f'; }, '?');
  return text;
}

}  // namespace

std::string FormatError(const Error& error) {
  std::string text;
  if (!error.where.file.empty()) {
    text += OneLine(error.where.file);
    if (error.where.line > 0) {
      text += ':' + std::to_string(error.where.line);
      if (error.where.column > 0) {
        text += ':' + std::to_string(error.where.column);
      }
    }
    text += ": ";
  }
  text += "error: " + OneLine(error.message);
  for (const std::string& note : error.notes) text += "\n  " + OneLine(note);
  return text;
}

}  // namespace rebisect
