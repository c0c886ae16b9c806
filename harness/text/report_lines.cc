#include "harness/text/report_lines.h"

#include <array>
#include <cstdio>
#include <utility>

#include "sim/graph/commit_id.h"

namespace rebisect {
namespace {

std::string Blanks(int columns) {
  return std::string(static_cast<std::size_t>(columns), ' ');
}

}  // namespace

std::string Short(const std::string& commit) {
  return CommitId::FromHex(commit) ? commit.substr(0, 12) : commit;
}

std::string Counted(std::size_t n, const std::string& noun) {
  return std::to_string(n) + ' ' + noun + (n == 1 ? "" : "s");
}

std::string Fixed(double value, int digits) {
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%.*f", digits, value);
  return text.data();
}

void ReportLines::Heading(const std::string& heading) {
  Line("");
  Line(style_.Dim("  " + heading));
}

void ReportLines::Field(const std::string& label, const std::string& text) {
  bool first = true;
  for (const std::string& line :
       Wrap(Printable(text), style_.width - 2 - label_columns_)) {
    Line("  " + PadRight(first ? label : "", label_columns_) + line);
    first = false;
  }
}

void ReportLines::Paragraph(const std::string& text, int indent, int hanging) {
  bool first = true;
  for (const std::string& line :
       Wrap(Printable(text), style_.width - indent - hanging)) {
    Line(Blanks(first ? indent : indent + hanging) + line);
    first = false;
  }
}

std::string ReportLines::Take() { return std::exchange(lines_, {}); }

}  // namespace rebisect
