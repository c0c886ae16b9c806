#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace rebisect {

/// Sums of many 64-bit figures and of their squares, exactly.
__extension__ typedef __int128 Int128;

/// The 97.5% point of the normal distribution: intervals reach 95%.
inline constexpr double kNormal95 = 1.959963984540054;

/// Comparisons whose p is below this are called significant.
inline constexpr double kSignificance = .05;

/// The normal distribution stands for that of a mean of this many or more.
inline constexpr std::uint64_t kMinForNormal = 30;

struct Interval {
  double low = 0;
  double high = 1;
};

/// The 95% interval of a share: count of `of` independent trials. 0 to 1 when
/// there are none. Another `z` reaches another level. REQUIRES: count <= of.
/// Source: E. B. Wilson, J. Amer. Stat. Assoc. 22 (1927); without a
/// correction for continuity.
[[nodiscard]] Interval WilsonInterval(std::uint64_t count, std::uint64_t of,
                                      double z = kNormal95);

/// How often two policies were right, over the same cases.
struct PairedCounts {
  std::uint64_t both = 0;
  std::uint64_t only_first = 0;
  std::uint64_t only_second = 0;
  std::uint64_t neither = 0;

  friend bool operator==(const PairedCounts&, const PairedCounts&) = default;
};

/// 95% interval of the second share less the first: Newcombe's score interval
/// for paired proportions (Statistics in Medicine 17, 1998, pp. 2635-2650,
/// method 10). Unlike a bootstrap it has a width where all pairs agree.
/// REQUIRES: at least one pair.
[[nodiscard]] Interval PairedScoreInterval(const PairedCounts& counts);

/// McNemar's test, exact: how likely it is that `first + second` fair coins
/// fall at least as unevenly. Two-sided, twice the smaller binomial tail and
/// at most 1; the whole probability of what was observed counts (no mid-p).
/// 1 when both are 0. Relative error below 1e-9 while first + second < 2^40;
/// O(sqrt(first + second)).
[[nodiscard]] double McNemarExact(std::uint64_t first, std::uint64_t second);

/// The share of a normal distribution that is at least |z| deviations off
/// its mean. Relative error below 1e-12 while it is above 1e-300.
[[nodiscard]] double NormalTwoSided(double z);

/// Holm's step-down adjustment of p-values, in their order: those below a
/// level together hold with that family-wise level. O(n log n).
/// Source: S. Holm, Scand. J. Stat. 6 (1979).
[[nodiscard]] std::vector<double> HolmAdjusted(const std::vector<double>& p);

/// A mean of a sample with its standard error (that of n - 1 degrees of
/// freedom; none for a single value).
struct MeanEstimate {
  double mean = 0;
  std::optional<double> standard_error{};

  /// mean -+ kNormal95 standard errors; none below kMinForNormal values.
  std::optional<Interval> interval{};
  /// Two-sided, of the hypothesis that the true mean is 0; none the same.
  std::optional<double> p{};
};

/// From sums that are exact: the result does not depend on their order.
/// REQUIRES: count > 0; every value is at most 2^40 in size and count is at
/// most 2^40.
[[nodiscard]] MeanEstimate EstimateMean(std::uint64_t count, Int128 sum,
                                        Int128 squares);

/// A value, and how often it was seen.
struct ValueCount {
  std::int64_t value = 0;
  std::uint64_t count = 0;

  friend bool operator==(const ValueCount&, const ValueCount&) = default;
};

/// A distribution of whole numbers: ascending values, counts above 0.
using ValueCounts = std::vector<ValueCount>;

[[nodiscard]] std::uint64_t CountOf(const ValueCounts& counts);
[[nodiscard]] MeanEstimate MeanOf(const ValueCounts& counts);

/// The least value that at least `percent` in a hundred of the values do not
/// exceed (the inverse of the empirical distribution function, without
/// interpolation). REQUIRES: counts is not empty, 0 < percent <= 100.
[[nodiscard]] std::int64_t QuantileOf(const ValueCounts& counts, int percent);

}  // namespace rebisect
