#include "harness/text/markdown.h"

#include <algorithm>
#include <utility>

#include "harness/text/terminal.h"
#include "sim/base/text.h"

namespace rebisect {
namespace {

constexpr std::string_view kBefore = "(\"'";
constexpr std::string_view kAfter = ".,;:?)\"'";
/// A word of fewer digits is no id of a commit.
constexpr std::size_t kMinIdDigits = 7;

bool IsLetter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
/// Whether the text is made of such characters, with single joints between
/// them.
bool IsMadeOf(std::string_view text, bool (*is_main)(char),
              std::string_view joints) {
  bool after_main = false;
  for (const char c : text) {
    const bool main = is_main(c);
    if (!main && (!after_main || joints.find(c) == std::string_view::npos)) {
      return false;
    }
    after_main = main;
  }
  return after_main;
}

/// A word of a language, a number, or a share in percent.
bool IsPlain(std::string_view core) {
  if (core.size() >= kMinIdDigits &&
      std::all_of(core.begin(), core.end(), IsHexDigit)) {
    return false;
  }
  if (IsMadeOf(core, IsLetter, "-'")) return true;
  if (!core.empty() && core.back() == '%') core.remove_suffix(1);
  return IsMadeOf(core, IsDigit, ".");
}

/// A word between its punctuation.
struct Word {
  std::string_view before{};
  std::string_view core{};
  std::string_view after{};
};

Word Split(std::string_view text) {
  Word word;
  const std::size_t begin =
      std::min(text.find_first_not_of(kBefore), text.size());
  word.before = text.substr(0, begin);
  text.remove_prefix(begin);
  const std::size_t last = text.find_last_not_of(kAfter);
  const std::size_t end = last == std::string_view::npos ? 0 : last + 1;
  word.core = text.substr(0, end);
  word.after = text.substr(end);
  return word;
}

std::size_t LongestRunOfBackticks(std::string_view text) {
  std::size_t longest = 0;
  std::size_t run = 0;
  for (const char c : text) {
    run = c == '`' ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  return longest;
}

/// In a cell even a code span ends at a bar that has no backslash.
std::string Cell(const std::string& markdown) {
  std::string cell;
  for (const char c : markdown) {
    if (c == '|') cell += '\\';
    cell += c;
  }
  return cell;
}

}  // namespace

std::string MarkdownCode(std::string_view text) {
  std::string shown = Printable(text);
  const std::size_t begin = shown.find_first_not_of(' ');
  if (begin == std::string::npos) return "";
  shown = shown.substr(begin, shown.find_last_not_of(' ') + 1 - begin);
  const std::string fence(LongestRunOfBackticks(shown) + 1, '`');
  // One blank on both sides is not shown.
  const char* const gap =
      shown.front() == '`' || shown.back() == '`' ? " " : "";
  return fence + gap + shown + gap + fence;
}

std::string MarkdownText(std::string_view text) {
  std::string markdown;
  std::string code;  // words not yet written
  const auto flush = [&] {
    markdown += MarkdownCode(code);
    code.clear();
  };
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    const std::string_view whole = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (whole.empty()) continue;
    const bool first = markdown.empty() && code.empty();
    const Word word = Split(whole);
    // "3." in front would begin a list.
    const bool plain =
        IsPlain(word.core) &&
        !(first && IsDigit(whole.front()) && !word.after.empty());
    if (!plain && !code.empty() && word.before.empty()) {
      code += ' ';
    } else {
      flush();
      if (!markdown.empty()) markdown += ' ';
      markdown += word.core.empty() ? "" : word.before;
    }
    if (plain) {
      markdown += word.core;
    } else {
      code += word.core.empty() ? whole : word.core;
    }
    if (word.core.empty() || word.after.empty()) continue;
    flush();
    markdown += word.after;
  }
  flush();
  return markdown;
}

void MarkdownLines::Separate() {
  if (!lines_.empty()) lines_ += '\n';
  in_list_ = false;
}

void MarkdownLines::Heading(const std::string& markdown) {
  Separate();
  lines_ += "### " + markdown + '\n';
}

void MarkdownLines::Paragraph(const std::string& markdown) {
  Separate();
  lines_ += markdown + '\n';
}

void MarkdownLines::Field(const std::string& label, const std::string& text) {
  Item(label + ": " + MarkdownText(text));
}

void MarkdownLines::Item(const std::string& markdown) {
  if (!in_list_) Separate();
  in_list_ = true;
  lines_ += "- " + markdown + '\n';
}

void MarkdownLines::Table(const std::vector<MarkdownColumn>& columns,
                          const std::vector<std::vector<std::string>>& rows) {
  if (rows.empty()) return;
  Separate();
  std::string rule;
  for (const MarkdownColumn& column : columns) {
    lines_ += "| " + std::string(column.name) + ' ';
    rule += column.right ? "|---:" : "|---";
  }
  lines_ += "|\n" + rule + "|\n";
  for (const std::vector<std::string>& row : rows) {
    for (std::size_t c = 0; c < columns.size(); ++c) {
      lines_ += "| " + (c < row.size() ? Cell(row[c]) + ' ' : std::string());
    }
    lines_ += "|\n";
  }
}

std::string MarkdownLines::Take() {
  in_list_ = false;
  return std::exchange(lines_, {});
}

}  // namespace rebisect
