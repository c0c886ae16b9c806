#include "sim/result.h"

namespace rebisect {

std::string FormatError(const Error& error) {
  std::string text;
  if (!error.where.file.empty()) {
    text += error.where.file;
    if (error.where.line > 0) {
      text += ':' + std::to_string(error.where.line);
      if (error.where.column > 0) {
        text += ':' + std::to_string(error.where.column);
      }
    }
    text += ": ";
  }
  text += "error: " + error.message;
  for (const std::string& note : error.notes) text += "\n  " + note;
  return text;
}

}  // namespace rebisect
