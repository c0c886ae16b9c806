#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rebisect {

/// What stands in an expression, one after the other.
enum class ExpressionWordKind : std::uint8_t {
  kNumber,
  kName,    ///< of a variable or a function, or a word of the language
  kSymbol,  ///< + - * / ( ) , < <= > >= = == !=
  kEnd,
};

struct ExpressionWord {
  ExpressionWordKind kind = ExpressionWordKind::kEnd;
  std::string_view text{};
  std::size_t at = 0;  ///< in bytes, from 0
  double number = 0;
};

struct ExpressionFault {
  std::size_t at = 0;
  std::string message{};
};

/// Takes an expression apart, with kEnd at its end; blanks and line ends
/// separate words. A fault is the first character (or number) that cannot be;
/// `words` then holds those before it. O(length).
[[nodiscard]] std::optional<ExpressionFault> ReadExpressionWords(
    std::string_view text, std::vector<ExpressionWord>& words);

}  // namespace rebisect
