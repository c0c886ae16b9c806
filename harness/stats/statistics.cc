#include "harness/stats/statistics.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <numeric>

#include "sim/base/check.h"
#include "sim/base/portable_math.h"

namespace rebisect {
namespace {

constexpr double kPi = 3.14159265358979323846;
constexpr double kLn2 = 0.693147180559945309417;

/// ln n! - ((n + 1/2) ln n - n + ln(2 pi) / 2): what Stirling's formula lacks.
double StirlingError(double n) {
  constexpr double kTabled = 15;
  if (n <= kTabled) {
    double factorial = 1;  // exact up to 18!
    for (double i = 2; i <= n; ++i) factorial *= i;
    return PortableLog(factorial) - (n + .5) * PortableLog(n) + n -
           .5 * PortableLog(2 * kPi);
  }
  const double square = n * n;
  return (1. / 12 -
          (1. / 360 -
           (1. / 1260 - (1. / 1680 - 1. / 1188 / square) / square) / square) /
              square) /
         n;
}

/// x ln(x / mean) + mean - x, without cancellation where x is near the mean.
double Deviance(double x, double mean) {
  const double difference = x - mean;
  const double v = difference / (x + mean);
  if (std::abs(v) >= .1) return x * PortableLog(x / mean) + mean - x;
  // ln(x / mean) = 2 artanh(v).
  double sum = difference * v;
  double power = 2 * x * v;
  for (int k = 3;; k += 2) {
    power *= v * v;
    const double next = sum + power / k;
    if (next == sum) return sum;
    sum = next;
  }
}

/// The chance of k heads among n fair coins.
/// Source: C. Loader, Fast and accurate computation of binomial probabilities
/// (2000).
double FairCoins(double k, double n) {
  if (k == 0) return PortableExp(-n * kLn2);
  const double rest = n - k;
  const double exponent = StirlingError(n) - StirlingError(k) -
                          StirlingError(rest) - Deviance(k, n / 2) -
                          Deviance(rest, n / 2);
  return PortableExp(exponent) * std::sqrt(n / (2 * kPi * k * rest));
}

}  // namespace

Interval WilsonInterval(std::uint64_t count, std::uint64_t of, double z) {
  REBISECT_CHECK(count <= of);
  if (of == 0) return {0, 1};
  const auto n = static_cast<double>(of);
  const double share = static_cast<double>(count) / n;
  const double z2 = z * z;
  const double scale = 1 / (1 + z2 / n);
  const double middle = share + z2 / (2 * n);
  const double half = z * std::sqrt(share * (1 - share) / n + z2 / (4 * n * n));
  // The ends are exactly 0 and 1 where nothing or all was counted.
  return {count == 0 ? 0 : std::max(0., (middle - half) * scale),
          count == of ? 1 : std::min(1., (middle + half) * scale)};
}

Interval PairedScoreInterval(const PairedCounts& counts) {
  const std::uint64_t firsts = counts.both + counts.only_first;
  const std::uint64_t seconds = counts.both + counts.only_second;
  const std::uint64_t all = firsts + counts.only_second + counts.neither;
  REBISECT_CHECK(all > 0);
  const Interval first = WilsonInterval(firsts, all);
  const Interval second = WilsonInterval(seconds, all);
  const auto product = [](std::uint64_t a, std::uint64_t b) {
    return static_cast<double>(a) * static_cast<double>(b);
  };
  double excess = product(counts.both, counts.neither) -
                  product(counts.only_first, counts.only_second);
  // Newcombe's correction for continuity.
  const double half = static_cast<double>(all) / 2;
  if (excess > 0) excess = std::max(0., excess - half);
  const double scale = std::sqrt(product(firsts, all - firsts)) *
                       std::sqrt(product(seconds, all - seconds));
  const double phi = scale > 0 ? excess / scale : 0;
  const auto reach = [&](double a, double b) {
    return std::sqrt(std::max(0., a * a - 2 * phi * a * b + b * b));
  };
  const auto share = [all](std::uint64_t count) {
    return static_cast<double>(count) / static_cast<double>(all);
  };
  const double first_share = share(firsts);
  const double second_share = share(seconds);
  const double difference = second_share - first_share;
  return {
      difference - reach(second_share - second.low, first.high - first_share),
      difference + reach(second.high - second_share, first_share - first.low)};
}

double McNemarExact(std::uint64_t first, std::uint64_t second) {
  if (first == second) return 1;
  auto k = static_cast<double>(std::min(first, second));
  const double n = static_cast<double>(first) + static_cast<double>(second);
  double term = FairCoins(k, n);
  double tail = 0;
  // From the largest term down: the rest is soon below a rounding.
  for (; k >= 0; --k) {
    const double next = tail + term;
    if (next == tail) break;
    tail = next;
    term *= k / (n - k + 1);
  }
  return std::min(1., 2 * tail);
}

double NormalTwoSided(double z) {
  const double x = std::abs(z) / std::sqrt(2.);
  const double density = PortableExp(-x * x) / std::sqrt(kPi);
  if (density == 0) return 0;
  constexpr double kSeriesUpTo = 1.5;
  if (x < kSeriesUpTo) {
    // erf x = 2 x e^-x^2 / sqrt(pi) (1 + 2x^2/3 + (2x^2)^2/(3 5) + ...).
    double term = 2 * x * density;
    double sum = 0;
    for (int k = 1; sum + term != sum; k += 2) {
      sum += term;
      term *= 2 * x * x / (k + 2);
    }
    return 1 - sum;
  }
  // erfc x = e^-x^2 / sqrt(pi) / (x + (1/2)/(x + 1/(x + (3/2)/(x + ...)))).
  double fraction = x;
  for (int k = 120; k >= 1; --k) fraction = x + k / 2. / fraction;
  return density / fraction;
}

std::vector<double> HolmAdjusted(const std::vector<double>& p) {
  std::vector<std::size_t> order(p.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&p](std::size_t a, std::size_t b) {
    return p[a] != p[b] ? p[a] < p[b] : a < b;
  });
  std::vector<double> adjusted(p.size());
  double least = 0;
  for (std::size_t rank = 0; rank < order.size(); ++rank) {
    const auto left = static_cast<double>(p.size() - rank);
    least = std::max(least, std::min(1., left * p[order[rank]]));
    adjusted[order[rank]] = least;
  }
  return adjusted;
}

MeanEstimate EstimateMean(std::uint64_t count, Int128 sum, Int128 squares) {
  REBISECT_CHECK(count > 0);
  const auto n = static_cast<Int128>(count);
  // About the whole number nearest to the mean, so that nothing large is
  // subtracted from something large in floating point.
  Int128 middle = (sum >= 0 ? sum + n / 2 : sum - n / 2) / n;
  const auto off = static_cast<double>(sum - n * middle);
  const auto about =
      static_cast<double>(squares - 2 * middle * sum + n * middle * middle);
  const auto size = static_cast<double>(count);
  MeanEstimate estimate;
  estimate.mean = static_cast<double>(middle) + off / size;
  if (count < 2) return estimate;
  const double variance = std::max(0., about - off * off / size) / (size - 1);
  const double error = std::sqrt(variance / size);
  estimate.standard_error = error;
  if (count < kMinForNormal) return estimate;
  estimate.interval = Interval{estimate.mean - kNormal95 * error,
                               estimate.mean + kNormal95 * error};
  if (estimate.mean == 0) {
    estimate.p = 1;
  } else {
    estimate.p = error == 0 ? 0 : NormalTwoSided(estimate.mean / error);
  }
  return estimate;
}

std::uint64_t CountOf(const ValueCounts& counts) {
  std::uint64_t total = 0;
  for (const ValueCount& entry : counts) total += entry.count;
  return total;
}

MeanEstimate MeanOf(const ValueCounts& counts) {
  Int128 sum = 0;
  Int128 squares = 0;
  for (const ValueCount& entry : counts) {
    const Int128 part = static_cast<Int128>(entry.value) * entry.count;
    sum += part;
    squares += part * entry.value;
  }
  return EstimateMean(CountOf(counts), sum, squares);
}

std::int64_t QuantileOf(const ValueCounts& counts, int percent) {
  REBISECT_CHECK(!counts.empty() && percent > 0 && percent <= 100);
  const Int128 wanted = static_cast<Int128>(CountOf(counts)) * percent;
  Int128 seen = 0;
  for (const ValueCount& entry : counts) {
    seen += entry.count;
    if (seen * 100 >= wanted) return entry.value;
  }
  return counts.back().value;
}

}  // namespace rebisect
