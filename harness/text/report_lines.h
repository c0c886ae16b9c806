#pragma once

#include <cstddef>
#include <string>

#include "harness/text/terminal.h"

namespace rebisect {

/// The first 12 digits of an id, other names whole.
[[nodiscard]] std::string Short(const std::string& commit);

/// "1 commit", "2 commits"; for nouns that take an s.
[[nodiscard]] std::string Counted(std::size_t n, const std::string& noun);

/// With this many digits behind the point.
[[nodiscard]] std::string Fixed(double value, int digits);

/// Lines for a person, as the reports write them. What comes as a text is made
/// Printable() and wrapped; what comes as a line is taken as it is.
class ReportLines {
 public:
  /// `style` is borrowed. Labels of fields stand in `label_columns`.
  ReportLines(const TerminalStyle& style, int label_columns)
      : style_(style), label_columns_(label_columns) {}

  void Line(const std::string& line) { lines_ += line + '\n'; }
  /// An empty line, and the heading in two columns from the left.
  void Heading(const std::string& heading);
  /// The label, and the text beside it.
  void Field(const std::string& label, const std::string& text);
  /// From `indent` on; the lines after the first `hanging` further in.
  void Paragraph(const std::string& text, int indent, int hanging = 0);

  /// All lines so far; none are left.
  [[nodiscard]] std::string Take();

 private:
  const TerminalStyle& style_;
  int label_columns_;
  std::string lines_;
};

}  // namespace rebisect
