#pragma once

// Sources: expression_compiler.cc: text to code; expression.cc runs the code.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/base/result.h"

namespace rebisect {

/// What an expression or a variable stands for. Nothing is taken for the
/// other: 1 is no truth.
enum class ExpressionType : std::uint8_t { kNumber, kTruth };

/// A name that expressions may use: lower-case letters, digits and '_'.
struct ExpressionVariable {
  std::string_view name;
  ExpressionType type = ExpressionType::kNumber;
  std::string_view about;
};

/// Where an expression was written.
struct ExpressionPlace {
  Position where{};
  /// `where` is its first character, and it was written as it is read: errors
  /// have columns of their own. Else they count its characters.
  bool literal = true;
};

/// A formula over named numbers and truths, compiled once. The language, from
/// what binds least to what binds most:
///   if C then A else B    A and B alike in type; B reaches as far as it can
///   A or B
///   A and B
///   not A
///   A < B  <=  >  >=  = (or ==)  !=     not in chains; truths: = and != only
///   A + B  -
///   A * B  /  div  mod
///   -A
///   12  0.5  .5  true  false  NAME  (A)
///   min(A, B, ...)  max(A, B, ...)  abs(A)  floor(A)  ceil(A)
/// Numbers are IEEE doubles. A div B is the greatest whole number that is not
/// above A / B, A mod B what that leaves, of B's sign (exact for whole numbers
/// up to 2^53). Whatever is divided by 0 is 0, and so is A mod 0; a result
/// beyond the largest double is that. So every expression has a value, a finite
/// one, and the same one on every machine: no operation but those that IEEE 754
/// defines.
///
/// Nothing is branched over and nothing repeats: an evaluation takes as many
/// steps as the expression has operators.
///
/// It is a language of our own, of some 300 lines, because a rule is what is
/// studied here and has to be exact: the library at hand, muParser, takes
/// 1 for true and so `bad >= 2 + flaky` for a rule, has assignments and can
/// change its variables, reads numbers by the locale, raises exceptions, and
/// has functions whose last digits differ from machine to machine.
class Expression {
 public:
  /// At most this many characters, and this many values and open operators at a
  /// time.
  static constexpr std::size_t kMaxLength = 4096;
  static constexpr std::size_t kMaxDepth = 64;

  /// O(length). REQUIRES: at most 64 variables.
  /// Errors: kInput, at the character that cannot be: what is no expression of
  /// the wanted type, and names that are not known, with the nearest.
  [[nodiscard]] static Result<Expression> Compile(
      std::string_view text, std::span<const ExpressionVariable> variables,
      ExpressionType wanted, const ExpressionPlace& place);

  /// `values` by variable; truths are 1 and 0. REQUIRES: a finite value for
  /// each of the variables that it was compiled with.
  [[nodiscard]] double Evaluate(std::span<const double> values) const;

  /// Bit i: the i-th variable is used.
  [[nodiscard]] std::uint64_t used() const { return used_; }
  /// As written.
  [[nodiscard]] const std::string& text() const { return text_; }

  /// The steps of a stack machine: what each takes from the stack it replaces
  /// by its result.
  enum class Op : std::uint8_t {
    kConstant,  ///< takes none
    kVariable,  ///< takes none
    kNegate,
    kNot,
    kAbs,
    kFloor,
    kCeil,
    kAdd,  ///< takes two, as those below
    kSubtract,
    kMultiply,
    kDivide,
    kWholeDivide,
    kModulo,
    kLess,
    kLessEqual,
    kGreater,
    kGreaterEqual,
    kEqual,
    kNotEqual,
    kAnd,
    kOr,
    kMin,
    kMax,
    kSelect,  ///< takes three: condition, then, else
  };

 private:
  friend class ExpressionCompiler;

  struct Step {
    Op op = Op::kConstant;
    std::uint8_t variable = 0;
    double constant = 0;
  };

  Expression() = default;

  std::string text_;
  std::vector<Step> steps_;
  std::uint64_t used_ = 0;
};

}  // namespace rebisect
