#include "oracle/expression.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "sim/check.h"

namespace rebisect {
namespace {

constexpr double kMost = std::numeric_limits<double>::max();

/// Of a sum, product or quotient of finite numbers: never NaN.
double Finite(double x) { return std::min(std::max(x, -kMost), kMost); }

double Quotient(double a, double b) { return b == 0 ? 0 : Finite(a / b); }

/// Of b's sign, less than b in size. fmod() is exact.
double Modulo(double a, double b) {
  if (b == 0) return 0;
  const double rest = std::fmod(a, b);
  return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
}

double Truth(bool holds) { return holds ? 1 : 0; }

double Unary(Expression::Op op, double a) {
  using Op = Expression::Op;
  switch (op) {
    case Op::kNegate:
      return 0 - a;  // no negative zero
    case Op::kNot:
      return 1 - a;
    case Op::kAbs:
      return std::fabs(a);
    case Op::kFloor:
      return std::floor(a);
    case Op::kCeil:
      return std::ceil(a);
    default:
      return a;
  }
}

double Binary(Expression::Op op, double a, double b) {
  using Op = Expression::Op;
  switch (op) {
    case Op::kAdd:
      return Finite(a + b);
    case Op::kSubtract:
      return Finite(a - b);
    case Op::kMultiply:
      return Finite(a * b);
    case Op::kDivide:
      return Quotient(a, b);
    case Op::kWholeDivide:
      return std::floor(Quotient(a, b));
    case Op::kModulo:
      return Modulo(a, b);
    case Op::kLess:
      return Truth(a < b);
    case Op::kLessEqual:
      return Truth(a <= b);
    case Op::kGreater:
      return Truth(a > b);
    case Op::kGreaterEqual:
      return Truth(a >= b);
    case Op::kEqual:
      return Truth(a == b);
    case Op::kNotEqual:
      return Truth(a != b);
    case Op::kAnd:
    case Op::kMin:
      return std::min(a, b);
    case Op::kOr:
    case Op::kMax:
      return std::max(a, b);
    default:
      return a;
  }
}

}  // namespace

double Expression::Evaluate(std::span<const double> values) const {
  // The compiler counted: no more than kDeepest values are kept at a time.
  std::array<double, kDeepest> stack;
  std::size_t depth = 0;
  for (const Step& step : steps_) {
    if (step.op == Op::kConstant) {
      stack[depth++] = step.constant;
    } else if (step.op == Op::kVariable) {
      stack[depth++] = values[step.variable];
    } else if (step.op < Op::kAdd) {
      stack[depth - 1] = Unary(step.op, stack[depth - 1]);
    } else if (step.op < Op::kSelect) {
      --depth;
      stack[depth - 1] = Binary(step.op, stack[depth - 1], stack[depth]);
    } else {
      depth -= 2;
      stack[depth - 1] =
          stack[depth - 1] != 0 ? stack[depth] : stack[depth + 1];
    }
  }
  return stack[0];
}

}  // namespace rebisect
