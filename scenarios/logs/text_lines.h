#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace rebisect {

/// One line of a log, freed of what mail programs, terminals and people put
/// around it.
struct TextLine {
  int number = 0;          ///< in the file as it is, from 1
  std::string_view text;   ///< without quotation marks and outer blanks
  std::string_view whole;  ///< as it stood, without the end of line
  int indent = 0;          ///< blanks between the quotation marks and `text`
};

/// What a format knows of its lines, so that wrapped ones can be joined.
struct WrapRules {
  /// A line that may go on below, such as one that ends in a subject.
  bool (*wrappable)(std::string_view text) = nullptr;
  /// A line that begins something of its own, and so continues nothing.
  bool (*begins)(std::string_view text) = nullptr;
};

/// The lines of a log. Undoes, and keeps the numbers of the lines as they
/// are in the file: a byte order mark, CRLF, `> ` and `| ` quotation (nested
/// too), leading blanks, terminal colours, quoted-printable (recognised when
/// every "=" of the text is one of that encoding), bytes that are no UTF-8
/// (each becomes U+FFFD), and lines wrapped by a mail program (a line is
/// joined to the one above when that may wrap and had no room for the first
/// word of this one). Linear in the size of the input.
class TextLines {
 public:
  /// `bytes` must outlive the object.
  TextLines(std::string_view bytes, const WrapRules& rules);

  [[nodiscard]] const std::vector<TextLine>& lines() const { return lines_; }

 private:
  void Split(std::string_view text, const std::vector<int>& numbers);
  void Join(const WrapRules& rules);

  std::shared_ptr<const std::string> decoded_;  // when the bytes are not usable
  std::vector<std::shared_ptr<const std::string>> joined_;
  std::vector<TextLine> lines_;
};

/// `line` without quotation marks (">" and "|", nested) and outer blanks;
/// `indent`, when given, receives the blanks after the quotation marks.
[[nodiscard]] std::string_view Unquote(std::string_view line,
                                       int* indent = nullptr);

}  // namespace rebisect
