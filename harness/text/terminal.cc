#include "harness/text/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

namespace rebisect {
namespace {

constexpr int kMinWidth = 60;
constexpr int kMaxWidth = 120;

bool StartsCodePoint(char c) {
  return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
}

/// The length of the word up to its first colon or comma.
std::size_t FirstPart(std::string_view word) {
  const std::size_t at = word.find_first_of(":,");
  return at == std::string_view::npos ? word.size() : at + 1;
}

/// As setlocale() would find it.
bool LocaleIsUtf8() {
  for (const char* const name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const char* const value = std::getenv(name);
    if (value == nullptr || *value == '\0') continue;
    const std::string_view locale(value);
    return locale.find("UTF-8") != std::string_view::npos ||
           locale.find("utf8") != std::string_view::npos;
  }
  return false;
}

std::string Paint(bool colour, std::string_view code, std::string_view text) {
  std::string plain(text);
  if (!colour) return plain;
  return "\x1b[" + std::string(code) + 'm' + plain + "\x1b[0m";
}

}  // namespace

TerminalStyle TerminalStyle::ForStdout() {
  TerminalStyle style;
  if (isatty(STDOUT_FILENO) == 0) return style;
  const char* no_colour = std::getenv("NO_COLOR");
  const char* term = std::getenv("TERM");
  style.colour = (no_colour == nullptr || *no_colour == '\0') &&
                 term != nullptr && std::string_view(term) != "dumb";
  style.box = LocaleIsUtf8();
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
    style.width = std::clamp<int>(size.ws_col, kMinWidth, kMaxWidth);
  }
  return style;
}

std::string TerminalStyle::Good(std::string_view text) const {
  return Paint(colour, "32", text);
}
std::string TerminalStyle::Bad(std::string_view text) const {
  return Paint(colour, "31", text);
}
std::string TerminalStyle::Notice(std::string_view text) const {
  return Paint(colour, "33", text);
}
std::string TerminalStyle::Bold(std::string_view text) const {
  return Paint(colour, "1", text);
}
std::string TerminalStyle::Dim(std::string_view text) const {
  return Paint(colour, "2", text);
}

int Columns(std::string_view text) {
  return static_cast<int>(
      std::count_if(text.begin(), text.end(), StartsCodePoint));
}

std::string Fit(std::string_view text, int columns) {
  if (Columns(text) <= columns) return std::string(text);
  std::string cut;
  int used = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (StartsCodePoint(text[i]) && ++used >= columns) break;
    cut += text[i];
  }
  return cut + "…";
}

std::string PadRight(std::string text, int columns) {
  const int missing = columns - Columns(text);
  if (missing > 0) text.append(static_cast<std::size_t>(missing), ' ');
  return text;
}

std::string PadLeft(std::string text, int columns) {
  const int missing = columns - Columns(text);
  if (missing > 0) text.insert(0, static_cast<std::size_t>(missing), ' ');
  return text;
}

std::vector<std::string> Wrap(std::string_view text, int columns) {
  std::vector<std::string> lines;
  std::string line;
  const auto add = [&](std::string_view part, std::string_view gap) {
    if (!line.empty() &&
        Columns(line) + Columns(gap) + Columns(part) > columns) {
      lines.push_back(std::move(line));
      line.clear();
    }
    if (!line.empty()) line += gap;
    line += part;
  };
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    std::string_view word = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    std::string_view gap = " ";
    while (!word.empty()) {
      const std::size_t size =
          Columns(word) > columns ? FirstPart(word) : word.size();
      add(word.substr(0, size), gap);
      word.remove_prefix(size);
      gap = "";
    }
  }
  if (!line.empty()) lines.push_back(std::move(line));
  return lines;
}

}  // namespace rebisect
