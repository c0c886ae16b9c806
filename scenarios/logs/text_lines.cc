#include "scenarios/logs/text_lines.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "sim/base/text.h"

namespace rebisect {
namespace {

using std::string_view;

constexpr string_view kByteOrderMark = "\xEF\xBB\xBF";

bool IsBlank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

// Quoted-printable has upper-case digits.
int CodedDigit(char c) { return c >= 'a' && c <= 'f' ? -1 : HexDigit(c); }

// Whether the "=" at `at` ends its line (a soft line break).
bool EndsLine(string_view text, std::size_t at) {
  std::size_t i = at + 1;
  if (i < text.size() && text[i] == '\r') ++i;
  return i >= text.size() || text[i] == '\n';
}

// In quoted-printable every "=" is followed by two digits or the end of the
// line; one "=" of another kind, and the text is taken as it is. The sign of
// it is a soft line break or a coded "=".
bool IsQuotedPrintable(string_view text) {
  bool sign = false;
  for (std::size_t at = text.find('='); at != string_view::npos;
       at = text.find('=', at + 1)) {
    if (EndsLine(text, at)) {
      sign = true;
      continue;
    }
    if (at + 2 >= text.size() || CodedDigit(text[at + 1]) < 0 ||
        CodedDigit(text[at + 2]) < 0) {
      return false;
    }
    if (text.substr(at + 1, 2) == "3D") sign = true;
  }
  return sign;
}

// `numbers` receives, for every line of the result, its number in `text`.
std::string DecodeQuotedPrintable(string_view text, std::vector<int>* numbers) {
  std::string out;
  out.reserve(text.size());
  int number = 1;
  numbers->push_back(number);
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '=' && EndsLine(text, i)) {
      i += i + 1 < text.size() && text[i + 1] == '\r' ? 2 : 1;
      ++number;
    } else if (text[i] == '=') {
      out += static_cast<char>(CodedDigit(text[i + 1]) * 16 +
                               CodedDigit(text[i + 2]));
      // A coded line feed would shift the numbering; it becomes a blank.
      if (out.back() == '\n') out.back() = ' ';
      i += 2;
    } else {
      out += text[i];
      if (text[i] == '\n') numbers->push_back(++number);
    }
  }
  return out;
}

// Drops "ESC [ ... letter" and lone escapes.
std::string WithoutColours(string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\x1b') {
      out += text[i];
      continue;
    }
    if (i + 1 >= text.size() || text[i + 1] != '[') continue;
    std::size_t end = i + 2;
    while (end < text.size() && text[end] >= ' ' && text[end] < '@') ++end;
    if (end < text.size() && text[end] == '\n') --end;
    i = end;
  }
  return out;
}

}  // namespace

string_view Unquote(string_view line, int* indent) {
  std::size_t at = 0;
  std::size_t after_mark = 0;
  while (at < line.size()) {
    if (line[at] == '>' || line[at] == '|') {
      // One blank belongs to the mark.
      after_mark = at + 1;
      if (after_mark < line.size() && line[after_mark] == ' ') ++after_mark;
    } else if (!IsBlank(line[at])) {
      break;
    }
    ++at;
  }
  if (indent != nullptr) {
    *indent = static_cast<int>(at - std::min(after_mark, at));
  }
  return Trim(line.substr(at));
}

TextLines::TextLines(string_view bytes, const WrapRules& rules) {
  string_view text = bytes;
  (void)StripPrefix(text, kByteOrderMark, &text);
  std::vector<int> numbers;
  std::optional<std::string> changed;
  if (text.find('\x1b') != string_view::npos) {
    changed = WithoutColours(text);
    text = *changed;
  }
  if (IsQuotedPrintable(text)) {
    changed = DecodeQuotedPrintable(std::string(text), &numbers);
    text = *changed;
  }
  if (!IsUtf8(text)) {
    changed = ToUtf8(std::string(text));
    text = *changed;
  }
  if (changed.has_value()) {
    decoded_ = std::make_shared<const std::string>(std::move(*changed));
    text = *decoded_;
  }
  Split(text, numbers);
  if (rules.wrappable != nullptr && rules.begins != nullptr) Join(rules);
}

void TextLines::Split(string_view text, const std::vector<int>& numbers) {
  std::size_t at = 0;
  for (std::size_t index = 0; at < text.size(); ++index) {
    std::size_t end = text.find('\n', at);
    if (end == string_view::npos) end = text.size();
    TextLine line;
    line.number =
        index < numbers.size() ? numbers[index] : static_cast<int>(index + 1);
    line.whole = text.substr(at, end - at);
    while (!line.whole.empty() && line.whole.back() == '\r') {
      line.whole.remove_suffix(1);
    }
    line.text = Unquote(line.whole, &line.indent);
    lines_.push_back(line);
    at = end + 1;
  }
}

void TextLines::Join(const WrapRules& rules) {
  // Mail programs wrap between these columns.
  constexpr std::size_t kMinWidth = 68;
  constexpr std::size_t kMaxWidth = 82;
  std::vector<TextLine> kept;
  kept.reserve(lines_.size());
  std::size_t width = 0;  // of the line that was read last
  bool may_wrap = false;  // the last line kept may go on below
  std::string growing;    // the last line kept, if it did
  const auto finish = [&] {
    if (growing.empty()) return;
    joined_.push_back(std::make_shared<const std::string>(std::move(growing)));
    kept.back().text = *joined_.back();
    growing.clear();
  };
  for (const TextLine& line : lines_) {
    const string_view word = line.text.substr(0, line.text.find(' '));
    const bool full = width <= kMaxWidth && width + 1 + word.size() > kMinWidth;
    if (may_wrap && full && !line.text.empty() && !rules.begins(line.text)) {
      if (growing.empty()) growing = kept.back().text;
      growing += ' ';
      growing += line.text;
    } else {
      finish();
      kept.push_back(line);
      may_wrap = !line.text.empty() && rules.wrappable(line.text);
    }
    width = line.whole.size();
  }
  finish();
  lines_ = std::move(kept);
}

}  // namespace rebisect
