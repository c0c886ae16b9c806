#include "oracle/expression/expression.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "sim/base/check.h"

namespace rebisect {
namespace {

constexpr double kMax = std::numeric_limits<double>::max();

/// Of a sum, product or quotient of finite numbers: never NaN.
double Finite(double x) { return std::min(std::max(x, -kMax), kMax); }

double Quotient(double a, double b) { return b == 0 ? 0 : Finite(a / b); }

/// Of b's sign, less than b in size. fmod() is exact.
double Modulo(double a, double b) {
  if (b == 0) return 0;
  const double rest = std::fmod(a, b);
  return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
}

double TruthValue(bool holds) { return holds ? 1 : 0; }

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
    default:
      return std::ceil(a);
  }
}

}  // namespace

double Expression::Evaluate(std::span<const double> values) const {
  // No more than kMaxDepth values are kept at a time: the compiler counted. The
  // last of them is `top`; below[-1] is the one before.
  std::array<double, kMaxDepth + 1> stack;
  double* below = stack.data();
  double top = 0;
  for (const Step& step : steps_) {
    switch (step.op) {
      case Op::kConstant:
        *below++ = top;
        top = step.constant;
        break;
      case Op::kVariable:
        *below++ = top;
        top = values[step.variable];
        break;
      case Op::kNegate:
      case Op::kNot:
      case Op::kAbs:
      case Op::kFloor:
      case Op::kCeil:
        top = Unary(step.op, top);
        break;
      case Op::kAdd:
        top = Finite(*--below + top);
        break;
      case Op::kSubtract:
        top = Finite(*--below - top);
        break;
      case Op::kMultiply:
        top = Finite(*--below * top);
        break;
      case Op::kDivide:
        top = Quotient(*--below, top);
        break;
      case Op::kWholeDivide:
        top = std::floor(Quotient(*--below, top));
        break;
      case Op::kModulo:
        top = Modulo(*--below, top);
        break;
      case Op::kLess:
        top = TruthValue(*--below < top);
        break;
      case Op::kLessEqual:
        top = TruthValue(*--below <= top);
        break;
      case Op::kGreater:
        top = TruthValue(*--below > top);
        break;
      case Op::kGreaterEqual:
        top = TruthValue(*--below >= top);
        break;
      case Op::kEqual:
        top = TruthValue(*--below == top);
        break;
      case Op::kNotEqual:
        top = TruthValue(*--below != top);
        break;
      case Op::kAnd:
      case Op::kMin:
        top = std::min(*--below, top);
        break;
      case Op::kOr:
      case Op::kMax:
        top = std::max(*--below, top);
        break;
      case Op::kSelect:
        below -= 2;
        top = below[0] != 0 ? below[1] : top;
        break;
    }
  }
  return top;
}

}  // namespace rebisect
