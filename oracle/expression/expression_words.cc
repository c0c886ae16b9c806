#include "oracle/expression/expression_words.h"

#include <array>
#include <charconv>
#include <system_error>
#include <utility>

#include "sim/base/text.h"

namespace rebisect {
namespace {

using std::string_view;

bool IsLetter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool IsBlank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

// Longer ones first.
constexpr std::array<string_view, 14> kSymbols = {
    "<=", ">=", "==", "!=", "+", "-", "*", "/", "(", ")", ",", "<", ">", "="};

/// What other languages write.
constexpr std::array<std::pair<string_view, string_view>, 6> kForeign = {{
    {"&", "write 'and'"},
    {"|", "write 'or'"},
    {"!", "write 'not', or '!=' for 'is not'"},
    {"%", "write 'mod'"},
    {"?", "write 'if C then A else B'"},
    {"^", "there are no powers; multiply"},
}};

std::string FaultOf(string_view rest) {
  for (const auto& [symbol, advice] : kForeign) {
    if (rest.starts_with(symbol)) {
      return "there is no '" + std::string(symbol) + "' here; " +
             std::string(advice);
    }
  }
  std::size_t length = 1;
  while (length < rest.size() && (rest[length] & 0xC0) == 0x80) ++length;
  const bool shown = rest[0] < 0 || rest[0] > ' ';
  return (shown ? "'" + ToUtf8(rest.substr(0, length)) + "'"
                : std::string("a control character")) +
         " cannot stand in an expression; use numbers, names, operators and "
         "parentheses";
}

std::size_t LengthWhile(string_view text, bool (*accept)(char)) {
  std::size_t length = 0;
  while (length < text.size() && accept(text[length])) ++length;
  return length;
}

/// Digits, with or without a fraction.
std::size_t NumberLength(string_view rest) {
  std::size_t length = LengthWhile(rest, &IsDigit);
  if (length < rest.size() && rest[length] == '.') {
    length += 1 + LengthWhile(rest.substr(length + 1), &IsDigit);
  }
  return length;
}

std::optional<std::string> ReadNumber(string_view rest, ExpressionWord& word) {
  word.kind = ExpressionWordKind::kNumber;
  word.text = rest.substr(0, NumberLength(rest));
  const char* const end = word.text.data() + word.text.size();
  const auto [stop, error] = std::from_chars(word.text.data(), end, word.number,
                                             std::chars_format::fixed);
  const string_view after = rest.substr(word.text.size());
  if (error == std::errc() && stop == end &&
      (after.empty() || (after[0] != '.' && !IsLetter(after[0])))) {
    return std::nullopt;
  }
  return "this is no number; write it as 12 or 0.5";
}

}  // namespace

std::optional<ExpressionFault> ReadExpressionWords(
    string_view text, std::vector<ExpressionWord>& words) {
  std::size_t at = 0;
  while (at < text.size()) {
    const string_view rest = text.substr(at);
    if (IsBlank(rest[0])) {
      ++at;
      continue;
    }
    ExpressionWord word;
    word.at = at;
    if (IsDigit(rest[0]) ||
        (rest[0] == '.' && rest.size() > 1 && IsDigit(rest[1]))) {
      if (auto fault = ReadNumber(rest, word)) {
        return ExpressionFault{at, *std::move(fault)};
      }
    } else if (IsLetter(rest[0])) {
      word.kind = ExpressionWordKind::kName;
      word.text = rest.substr(0, LengthWhile(rest, [](char c) {
                                return IsLetter(c) || IsDigit(c);
                              }));
    } else {
      word.kind = ExpressionWordKind::kSymbol;
      for (const string_view symbol : kSymbols) {
        if (!rest.starts_with(symbol)) continue;
        word.text = rest.substr(0, symbol.size());
        break;
      }
      if (word.text.empty()) return ExpressionFault{at, FaultOf(rest)};
    }
    at += word.text.size();
    words.push_back(word);
  }
  words.push_back({ExpressionWordKind::kEnd, {}, text.size(), 0});
  return std::nullopt;
}

}  // namespace rebisect
