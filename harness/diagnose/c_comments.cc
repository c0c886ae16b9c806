#include "harness/diagnose/c_comments.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "sim/base/text.h"

namespace rebisect {
namespace {

using std::string_view;

constexpr std::size_t kMaxDelimiterLength = 16;

/// Bytes of other alphabets are letters.
bool IsWord(char c) {
  return IsDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         c == '_' || c == '$' || static_cast<unsigned char>(c) >= 0x80;
}

bool IsBlank(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v' ||
         c == '\n';
}

/// No token has one of these and more: blanks beside them part nothing.
bool StandsAlone(char c) {
  return string_view("(){}[];,").find(c) != string_view::npos;
}

class CodeReader {
 public:
  explicit CodeReader(string_view source) : source_(source) {}

  std::optional<std::string> Read() {
    if (source_.find('\0') != string_view::npos) return std::nullopt;
    out_.reserve(source_.size() / 2);
    while (valid_ && !AtEnd()) Token();
    if (!valid_) return std::nullopt;
    if (!out_.empty() && out_.back() == '\n') out_.pop_back();
    return std::move(out_);
  }

 private:
  /// The length of a continued line's end at `at`, 0 when there is none.
  [[nodiscard]] std::size_t Splice(std::size_t at) const {
    if (at >= source_.size() || source_[at] != '\\') return 0;
    std::size_t end = at + 1;
    if (end < source_.size() && source_[end] == '\r') ++end;
    return end < source_.size() && source_[end] == '\n' ? end + 1 - at : 0;
  }

  /// Where the next character is that is no end of a continued line.
  [[nodiscard]] std::size_t Skip(std::size_t at) const {
    while (const std::size_t splice = Splice(at)) at += splice;
    return at;
  }

  bool AtEnd() {
    at_ = Skip(at_);
    return at_ >= source_.size();
  }
  /// REQUIRES: !AtEnd().
  [[nodiscard]] char Peek() const { return source_[at_]; }
  /// What follows what Peek() gives; '\0' at the end.
  [[nodiscard]] char Second() const {
    const std::size_t at = Skip(at_ + 1);
    return at < source_.size() ? source_[at] : '\0';
  }
  char Take() { return source_[at_++]; }

  /// Adds code, with the whitespace before it where that parts something.
  void Put(char c) {
    if (blank_) {
      const bool parts =
          !out_.empty() && out_.back() != '\n' &&
          (directive_ || (!StandsAlone(out_.back()) && !StandsAlone(c)));
      if (parts) out_ += ' ';
      blank_ = false;
    }
    out_ += c;
    fresh_line_ = false;
  }

  void Token() {
    const char c = Peek();
    if (IsBlank(c)) {
      Take();
      Blank(c);
    } else if (c == '/' && Second() == '/') {
      LineComment();
    } else if (c == '/' && Second() == '*') {
      BlockComment();
    } else if (c == '"' || c == '\'') {
      Put(Take());
      Literal(c);
    } else if (IsDigit(c) || (c == '.' && IsDigit(Second()))) {
      Number();
    } else if (IsWord(c)) {
      Word();
    } else {
      if (c == '#' && fresh_line_) StartDirective();
      Put(Take());
    }
  }

  /// A line of the preprocessor starts a line in what is written, too.
  void StartDirective() {
    if (!out_.empty() && out_.back() != '\n') out_ += '\n';
    blank_ = false;
    directive_ = true;
  }

  void Blank(char c) {
    blank_ = true;
    if (c != '\n') return;
    if (directive_) {
      out_ += '\n';
      directive_ = false;
      blank_ = false;
    }
    fresh_line_ = true;
  }

  void LineComment() {
    while (!AtEnd() && Peek() != '\n') Take();
    blank_ = true;
  }

  void BlockComment() {
    Take();
    AtEnd();
    Take();
    while (!AtEnd()) {
      if (Take() == '*' && !AtEnd() && Peek() == '/') {
        Take();
        blank_ = true;
        return;
      }
    }
    valid_ = false;
  }

  /// After the opening quotation mark. One without its counterpart ends with
  /// the line: prose in a part that is never compiled.
  void Literal(char quote) {
    while (!AtEnd() && Peek() != '\n') {
      const char c = Take();
      out_ += c;
      if (c == quote) return;
      if (c == '\\' && !AtEnd() && Peek() != '\n') out_ += Take();
    }
  }

  /// A number of the preprocessor: 1'000 and 1e+5 are one.
  void Number() {
    Put(Take());
    while (!AtEnd()) {
      const char c = Peek();
      const char last = out_.back();
      const bool exponent =
          last == 'e' || last == 'E' || last == 'p' || last == 'P';
      const bool goes_on = IsWord(c) || c == '.' ||
                           (c == '\'' && IsWord(Second())) ||
                           ((c == '+' || c == '-') && exponent);
      if (!goes_on) return;
      out_ += Take();
    }
  }

  void Word() {
    const std::size_t start = out_.size();
    Put(Take());
    while (!AtEnd() && IsWord(Peek())) out_ += Take();
    if (AtEnd() || Peek() != '"') return;
    string_view word = string_view(out_).substr(start);
    if (!word.empty() && word.front() == ' ') word.remove_prefix(1);
    if (word == "R" || word == "LR" || word == "uR" || word == "UR" ||
        word == "u8R") {
      RawString();
    }
  }

  /// R"x(...)x": nothing in it means anything else, continued lines neither.
  void RawString() {
    string_view delimiter = source_.substr(at_ + 1, kMaxDelimiterLength + 1);
    const std::size_t open = delimiter.find('(');
    // Else it is a macro of that name before a plain string.
    if (open == string_view::npos) return;
    delimiter = delimiter.substr(0, open);
    if (delimiter.find_first_of(" \\)\"\n\r\t\f\v") != string_view::npos) {
      return;
    }
    std::string end = ")";
    end.append(delimiter).append("\"");
    const std::size_t close = source_.find(end, at_ + 1 + open);
    if (close == string_view::npos) {
      valid_ = false;
      return;
    }
    const std::size_t length = close + end.size() - at_;
    out_.append(source_.substr(at_, length));
    at_ += length;
  }

  string_view source_;
  std::size_t at_ = 0;
  std::string out_;
  bool valid_ = true;
  bool blank_ = false;      // whitespace or a comment since the last code
  bool fresh_line_ = true;  // nothing but that since the line's start
  bool directive_ = false;  // in a line of the preprocessor
};

}  // namespace

bool IsCLike(string_view path) {
  static constexpr std::array<string_view, 16> kEnds = {
      "c",   "h",   "cc",  "hh",  "cpp", "hpp", "cxx", "hxx",
      "c++", "h++", "inl", "ipp", "tpp", "cu",  "dts", "dtsi"};
  const std::size_t dot = path.rfind('.');
  if (dot == string_view::npos) return false;
  return std::find(kEnds.begin(), kEnds.end(), path.substr(dot + 1)) !=
         kEnds.end();
}

std::optional<std::string> CodeOfC(string_view source) {
  return CodeReader(source).Read();
}

}  // namespace rebisect
