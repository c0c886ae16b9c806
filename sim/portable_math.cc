#include "sim/portable_math.h"

#include <cmath>
#include <limits>

#include "sim/check.h"

namespace rebisect {
namespace {

// ln 2 in two parts: the first has so few digits that its product with an
// exponent is exact.
constexpr double kLn2High = 6.93147180369123816490e-01;
constexpr double kLn2Low = 1.90821492927058770002e-10;
constexpr double kSqrtHalf = 0.70710678118654752440;

}  // namespace

double PortableLog(double x) {
  REBISECT_CHECK(x > 0 && x <= std::numeric_limits<double>::max());
  int exponent = 0;
  double mantissa = std::frexp(x, &exponent);  // exact; 1/2 <= mantissa < 1
  if (mantissa < kSqrtHalf) {
    mantissa *= 2;
    --exponent;
  }
  // ln m = 2 artanh(s), s = (m - 1) / (m + 1), |s| < 0.172; the series in
  // s^2 < 0.0295 is below 2^-53 after eleven terms.
  const double s = (mantissa - 1) / (mantissa + 1);
  const double square = s * s;
  double sum = 0;
  for (int k = 23; k >= 3; k -= 2) sum = (sum + 1.0 / k) * square;
  const double power = exponent;
  return power * kLn2High + (2 * s + (2 * s * sum + power * kLn2Low));
}

double PortableExp(double x) {
  REBISECT_CHECK(x == x);
  if (x < -745.2) return 0;
  if (x > 709.8) return std::numeric_limits<double>::infinity();
  // e^x = 2^n e^r, |r| <= ln 2 / 2. floor() and ldexp() are exact.
  const double n = std::floor(x / (kLn2High + kLn2Low) + 0.5);
  const double r = (x - n * kLn2High) - n * kLn2Low;
  double sum = 1;
  for (int k = 14; k >= 1; --k) sum = 1 + sum * (r / k);
  return std::ldexp(sum, static_cast<int>(n));
}

}  // namespace rebisect
