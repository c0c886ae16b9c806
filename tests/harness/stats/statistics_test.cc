// Against other formulae, brute force and published tables.

#include "harness/stats/statistics.h"

#include <gtest/gtest.h>

#include <cmath>

#include "sim/base/prng.h"

namespace rebisect {
namespace {

// The interval's ends are the shares p whose own standard error, that of the
// hypothesis, puts the observed share z of them off: a quadratic equation,
// solved here by bisection.
double ScoreEnd(double count, double n, bool upper) {
  const double share = count / n;
  double inside = share;
  double outside = upper ? 1 : 0;
  for (int i = 0; i < 200; ++i) {
    const double p = (inside + outside) / 2;
    const bool within =
        std::abs(p - share) <= kNormal95 * std::sqrt(p * (1 - p) / n);
    (within ? inside : outside) = p;
  }
  return inside;
}

TEST(StatisticsTest, WilsonIsTheScoreTestTurnedRound) {
  for (const auto& [count, of] : {std::pair<std::uint64_t, std::uint64_t>{1, 2},
                                  {3, 10},
                                  {17, 20},
                                  {500, 1000},
                                  {999'999, 1'000'000},
                                  {123, 100'000}}) {
    const Interval interval = WilsonInterval(count, of);
    const auto k = static_cast<double>(count);
    const auto n = static_cast<double>(of);
    EXPECT_NEAR(interval.low, ScoreEnd(k, n, false), 1e-12) << count;
    EXPECT_NEAR(interval.high, ScoreEnd(k, n, true), 1e-12) << count;
  }
}

TEST(StatisticsTest, WilsonAtTheEnds) {
  EXPECT_EQ(WilsonInterval(0, 0).low, 0);
  EXPECT_EQ(WilsonInterval(0, 0).high, 1);
  EXPECT_EQ(WilsonInterval(0, 10).low, 0);
  const double z2 = kNormal95 * kNormal95;
  EXPECT_NEAR(WilsonInterval(0, 10).high, z2 / (10 + z2), 1e-15);
  EXPECT_EQ(WilsonInterval(10, 10).high, 1);
  EXPECT_NEAR(WilsonInterval(10, 10).low, 10 / (10 + z2), 1e-15);
}

// Every outcome of n coins that is not likelier than the observed one, by
// adding up Pascal's triangle.
double BruteMcNemar(int first, int second) {
  const int n = first + second;
  std::vector<double> row = {1};
  for (int i = 0; i < n; ++i) {
    std::vector<double> next(row.size() + 1);
    for (std::size_t k = 0; k < row.size(); ++k) {
      next[k] += row[k] / 2;
      next[k + 1] += row[k] / 2;
    }
    row = next;
  }
  double p = 0;
  for (int k = 0; k <= n; ++k) {
    if (std::abs(2 * k - n) >= std::abs(first - second)) {
      p += row[static_cast<std::size_t>(k)];
    }
  }
  return p;
}

TEST(StatisticsTest, McNemarIsTheExactBinomialTest) {
  for (int first = 0; first <= 40; ++first) {
    for (int second = 0; second <= 40; ++second) {
      const double expected = BruteMcNemar(first, second);
      EXPECT_NEAR(McNemarExact(static_cast<std::uint64_t>(first),
                               static_cast<std::uint64_t>(second)) /
                      expected,
                  1, 1e-12)
          << first << ' ' << second;
    }
  }
  EXPECT_NEAR(McNemarExact(300, 240) / BruteMcNemar(300, 240), 1, 1e-12);
  // By hand: 6 of 6 coins fall alike with chance 2 / 64.
  EXPECT_NEAR(McNemarExact(0, 6), 2. / 64, 1e-16);
}

TEST(StatisticsTest, McNemarOfManyIsNearlyNormal) {
  // With a correction for continuity the normal tail is within 1/n of it.
  const double n = 1e10;
  const std::uint64_t excess = 150'000;
  const double z = (2 * static_cast<double>(excess) - 1) / std::sqrt(n);
  EXPECT_NEAR(McNemarExact(5'000'000'000 + excess, 5'000'000'000 - excess) /
                  NormalTwoSided(z),
              1, 1e-7);
  EXPECT_EQ(McNemarExact(1'000'000, 0), 0);
}

TEST(StatisticsTest, TheNormalTail) {
  EXPECT_NEAR(NormalTwoSided(0), 1, 1e-15);
  EXPECT_NEAR(NormalTwoSided(kNormal95), .05, 1e-15);
  for (double z = -12; z <= 35; z += .0625) {
    const double expected = std::erfc(std::abs(z) / std::sqrt(2));
    EXPECT_NEAR(NormalTwoSided(z) / expected, 1, 1e-12) << z;
  }
  EXPECT_EQ(NormalTwoSided(1e9), 0);
}

TEST(StatisticsTest, HolmByHand) {
  // Sorted: .01 * 4, .02 * 3, .03 * 2, .04 * 1; none below the one before.
  EXPECT_EQ(HolmAdjusted({.03, .01, .04, .02}),
            (std::vector<double>{.06, .04, .06, .06}));
  EXPECT_EQ(HolmAdjusted({.5, .9}), (std::vector<double>{1, 1}));
  EXPECT_EQ(HolmAdjusted({.2}), (std::vector<double>{.2}));
  EXPECT_TRUE(HolmAdjusted({}).empty());
}

TEST(StatisticsTest, MeansAreThoseOfTheValuesThemselves) {
  Prng prng(1, 2, 3);
  for (const std::int64_t offset :
       {std::int64_t{0}, std::int64_t{1} << 40, -(std::int64_t{1} << 40)}) {
    std::vector<double> values;
    Int128 sum = 0;
    Int128 squares = 0;
    for (int i = 0; i < 1000; ++i) {
      const std::int64_t value = offset + prng.Below(7);
      values.push_back(static_cast<double>(value - offset));
      sum += value;
      squares += static_cast<Int128>(value) * value;
    }
    double mean = 0;
    for (const double value : values) mean += value / 1000;
    double variance = 0;
    for (const double value : values) {
      variance += (value - mean) * (value - mean) / 999;
    }
    const MeanEstimate estimate = EstimateMean(1000, sum, squares);
    EXPECT_NEAR(estimate.mean - static_cast<double>(offset), mean, 1e-3);
    ASSERT_TRUE(estimate.standard_error && estimate.interval && estimate.p);
    EXPECT_NEAR(*estimate.standard_error, std::sqrt(variance / 1000), 1e-12);
    EXPECT_NEAR(estimate.interval->high - estimate.interval->low,
                2 * kNormal95 * *estimate.standard_error, 1e-3);
  }
}

TEST(StatisticsTest, AFewValuesHaveNoNormalInterval) {
  const MeanEstimate one = EstimateMean(1, 7, 49);
  EXPECT_EQ(one.mean, 7);
  EXPECT_FALSE(one.standard_error || one.interval || one.p);
  const MeanEstimate few = EstimateMean(kMinForNormal - 1, 58, 116);
  EXPECT_EQ(few.standard_error, 0);
  EXPECT_FALSE(few.interval || few.p);
  EXPECT_EQ(EstimateMean(30, 0, 0).p, 1);
  EXPECT_EQ(EstimateMean(30, -30, 30).p, 0);
  EXPECT_EQ(EstimateMean(30, 3, 3).p, EstimateMean(30, -3, 3).p);
}

TEST(StatisticsTest, QuantilesAreValuesThatWereSeen) {
  const ValueCounts counts = {{3, 50}, {5, 45}, {9, 4}, {70, 1}};
  EXPECT_EQ(CountOf(counts), 100U);
  EXPECT_EQ(QuantileOf(counts, 50), 3);
  EXPECT_EQ(QuantileOf(counts, 51), 5);
  EXPECT_EQ(QuantileOf(counts, 95), 5);
  EXPECT_EQ(QuantileOf(counts, 96), 9);
  EXPECT_EQ(QuantileOf(counts, 100), 70);
  EXPECT_EQ(QuantileOf({{4, 1}}, 1), 4);
  EXPECT_NEAR(MeanOf(counts).mean, 4.81, 1e-12);
}

}  // namespace
}  // namespace rebisect
