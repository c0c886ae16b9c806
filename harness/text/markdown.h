#pragma once

#include <string>
#include <string_view>
#include <vector>

// Markdown as GitHub writes it, for results that are pasted into an issue or
// a mail. What comes from a record stays text there: no markup, HTML, emoji,
// link, mention of a person, or reference to an issue or a commit comes of it.

namespace rebisect {

/// The text as a code span, whatever it holds; empty for blank text.
[[nodiscard]] std::string MarkdownCode(std::string_view text);

/// A sentence. Plain words, numbers and their punctuation stay as they are;
/// all else, such as ids, paths and anything that could be live, goes into
/// code spans.
[[nodiscard]] std::string MarkdownText(std::string_view text);

struct MarkdownColumn {
  std::string_view name{};
  bool right = false;  ///< figures
};

/// A report in Markdown. Names of columns and labels are taken as they are;
/// `text` goes through MarkdownText(); `markdown` has gone through one of the
/// above.
class MarkdownLines {
 public:
  void Heading(const std::string& markdown);
  /// A paragraph.
  void Paragraph(const std::string& markdown);
  /// An item of a list. The next list begins after another kind of line.
  void Field(const std::string& label, const std::string& text);
  void Item(const std::string& markdown);
  /// Nothing without rows. Cells are markdown; a row may have fewer cells than
  /// there are columns.
  void Table(const std::vector<MarkdownColumn>& columns,
             const std::vector<std::vector<std::string>>& rows);

  /// All lines so far; none are left.
  [[nodiscard]] std::string Take();

 private:
  /// An empty line before a block, unless it is the first one.
  void Separate();

  std::string lines_;
  bool in_list_ = false;
};

}  // namespace rebisect
