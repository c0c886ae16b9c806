#include "sim/base/result.h"

#include "sim/base/printable.h"

namespace rebisect {
std::string FormatError(const Error& error) {
  std::string text;
  if (!error.where.file.empty()) {
    text += Printable(error.where.file);
    if (error.where.line > 0) {
      text += ':' + std::to_string(error.where.line);
      if (error.where.column > 0) {
        text += ':' + std::to_string(error.where.column);
      }
    }
    text += ": ";
  }
  text += "error: " + Printable(error.message);
  for (const std::string& note : error.notes) text += "\n  " + Printable(note);
  return text;
}

}  // namespace rebisect
