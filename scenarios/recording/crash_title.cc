#include "scenarios/recording/crash_title.h"

#include <cstddef>

namespace rebisect {
namespace {

using std::string_view;

bool IsNumber(string_view text) {
  return !text.empty() &&
         text.find_first_not_of("0123456789") == string_view::npos;
}

// "(2)"
bool IsOrdinal(string_view word) {
  return word.size() >= 3 && word.front() == '(' && word.back() == ')' &&
         IsNumber(word.substr(1, word.size() - 2));
}

std::string NormalWord(string_view word) {
  const std::size_t colon = word.rfind(':');
  if (colon != string_view::npos && colon > 0) {
    string_view line = word.substr(colon + 1);
    while (!line.empty() && line.back() == '!') line.remove_suffix(1);
    if (line == "LINE" || IsNumber(line)) {
      string_view source = word.substr(0, colon);
      source = source.substr(source.rfind('/') + 1);
      return std::string(source) + ":LINE";
    }
  }
  const std::size_t first = word.find_first_not_of('_');
  if (first != string_view::npos) word.remove_prefix(first);
  return std::string(word);
}

}  // namespace

std::string NormalTitle(string_view title) {
  std::string normal;
  std::string held;  // an ordinal counts only at the end, where it is dropped
  while (!title.empty()) {
    const std::size_t end = title.find(' ');
    const string_view word = title.substr(0, end);
    title.remove_prefix(end == string_view::npos ? title.size() : end + 1);
    if (word.empty()) continue;
    if (!held.empty()) normal += (normal.empty() ? "" : " ") + held;
    held.clear();
    if (IsOrdinal(word)) {
      held = word;
      continue;
    }
    if (!normal.empty()) normal += ' ';
    normal += NormalWord(word);
  }
  return normal;
}

}  // namespace rebisect
