#include "sim/base/portable_math.h"

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

#include "sim/base/check.h"

namespace rebisect {
namespace {

// ln 2 in two parts: the first has so few digits that its product with an
// exponent is exact.
constexpr double kLn2High = 6.93147180369123816490e-01;
constexpr double kLn2Low = 1.90821492927058770002e-10;
constexpr double kSqrtHalf = 0.70710678118654752440;

/// REQUIRES: -1022 <= n <= 1023.
double PowerOfTwo(int n) {
  constexpr int kBias = 1023;
  constexpr int kMantissaBits = 52;
  return std::bit_cast<double>(static_cast<std::uint64_t>(n + kBias)
                               << kMantissaBits);
}

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
  // e^x = 2^n e^r, |r| <= ln 2 / 2: the sum of r^k / k! up to 13, in an order
  // that leaves a processor much to do at once.
  const double places = x / (kLn2High + kLn2Low);
  const int n = static_cast<int>(places < 0 ? places - .5 : places + .5);
  const double r = (x - n * kLn2High) - n * kLn2Low;
  const double r2 = r * r;
  const double r4 = r2 * r2;
  const double low = (1. / 2 + r * (1. / 6)) + r2 * (1. / 24 + r * (1. / 120));
  const double middle =
      (1. / 720 + r * (1. / 5040)) + r2 * (1. / 40320 + r * (1. / 362880));
  const double high = (1. / 3628800 + r * (1. / 39916800)) +
                      r2 * (1. / 479001600 + r * (1. / 6227020800));
  const double sum = 1 + (r + r2 * (low + r4 * (middle + r4 * high)));
  // In two steps, since 2^n itself may be too small or too large.
  return sum * PowerOfTwo(n / 2) * PowerOfTwo(n - n / 2);
}

}  // namespace rebisect
