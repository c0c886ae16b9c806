#include "sim/base/prng.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <set>
#include <vector>

namespace rebisect {
namespace {

constexpr std::uint64_t kOnes = ~std::uint64_t{0};
using Bits = std::array<std::uint64_t, 2>;

TEST(PrngTest, KeyedBitsArePhilox) {
  // The known answers that come with Random123, as pairs of 32-bit words.
  EXPECT_EQ(KeyedBits(0, 0, 0),
            (Bits{0xe169c58d6627e8d5ULL, 0x9b00dbd8bc57ac4cULL}));
  EXPECT_EQ(KeyedBits(kOnes, kOnes, kOnes),
            (Bits{0x41c83b0e408f276dULL, 0x6d5451fda20bc7c6ULL}));
  EXPECT_EQ(KeyedBits(0x299f31d0a4093822ULL, 0x85a308d3243f6a88ULL,
                      0x0370734413198a2eULL),
            (Bits{0x94fdccebd16cfe09ULL, 0x24126ea15001e420ULL}));
}

/// These numbers are a promise: results that people wrote down with a seed
/// must come out again.
TEST(PrngTest, TheSequenceNeverChanges) {
  Prng prng(1, 2, 3);
  EXPECT_EQ(prng.Next(), 4281594226908371359ULL);
  EXPECT_EQ(prng.Next(), 13684020720603004578ULL);
  EXPECT_EQ(prng.Below(1000), 575U);
  EXPECT_EQ(prng.Uniform(), 0x1.0aa5b6934f7ap-3);
  EXPECT_EQ(prng.Normal(), 0x1.ca84a15a4aa87p-2);
  EXPECT_EQ(prng.Gamma(2.5), 0x1.29ceefe9234b2p+0);
  EXPECT_EQ(prng.Gamma(0.5), 0x1.b4432ff019ea2p-4);
  EXPECT_EQ(prng.Beta(0.5, 2), 0x1.7e9444427da66p-10);
  EXPECT_EQ(KeyedUniform(1, 2, 3, 4), 0x1.3926ea5e914ccp-1);
}

TEST(PrngTest, EveryPartOfTheKeyCounts) {
  std::set<std::uint64_t> first;
  for (std::uint64_t i = 0; i < 4; ++i) {
    for (std::uint64_t j = 0; j < 4; ++j) {
      for (std::uint64_t k = 0; k < 4; ++k) {
        Prng prng(i, j, k);
        first.insert(prng.Next());
        first.insert(prng.Stream(0).Next());
        first.insert(prng.Stream(1).Next());
      }
    }
  }
  EXPECT_EQ(first.size(), 4U * 4 * 4 * 3);
}

TEST(PrngTest, AStreamDoesNotDependOnWhatWasDrawn) {
  Prng prng(7, 0, 0);
  const std::uint64_t before = prng.Stream(1).Next();
  static_cast<void>(prng.Next());
  EXPECT_EQ(prng.Stream(1).Next(), before);
}

TEST(PrngTest, BelowReachesAllAndNothingElse) {
  Prng prng(1, 0, 0);
  std::vector<int> counts(6);
  for (int i = 0; i < 60000; ++i) ++counts.at(prng.Below(6));
  for (const int count : counts) EXPECT_NEAR(count, 10000, 500);
  EXPECT_EQ(prng.Below(1), 0U);
  for (int i = 0; i < 100; ++i) EXPECT_LT(prng.Below(0xffffffffU), 0xffffffffU);
}

TEST(PrngTest, ChanceHasItsEnds) {
  Prng prng(1, 0, 0);
  int heads = 0;
  for (int i = 0; i < 10000; ++i) {
    EXPECT_FALSE(prng.Chance(0));
    EXPECT_TRUE(prng.Chance(1));
    heads += prng.Chance(0.25) ? 1 : 0;
  }
  EXPECT_NEAR(heads, 2500, 200);
}

TEST(PrngTest, KeyedUniformIsUniformInEachArgument) {
  double sum[4] = {};
  constexpr int kDraws = 20000;
  for (std::uint64_t i = 0; i < kDraws; ++i) {
    sum[0] += KeyedUniform(i, 1, 1, 1);
    sum[1] += KeyedUniform(1, i, 1, 1);
    sum[2] += KeyedUniform(1, 1, i, 1);
    sum[3] += KeyedUniform(1, 1, 1, i);
  }
  for (const double s : sum) EXPECT_NEAR(s / kDraws, 0.5, 0.01);
}

/// Mean and variance of many draws.
template <class Draw>
void ExpectMoments(const Draw& draw, double mean, double variance) {
  constexpr int kDraws = 40000;
  double sum = 0;
  double squares = 0;
  for (int i = 0; i < kDraws; ++i) {
    const double x = draw();
    sum += x;
    squares += (x - mean) * (x - mean);
  }
  EXPECT_NEAR(sum / kDraws, mean, 5 * std::sqrt(variance / kDraws));
  EXPECT_NEAR(squares / kDraws, variance, 0.1 * variance);
}

TEST(PrngTest, TheMomentsAreThoseOfTheNamedDistributions) {
  Prng prng(3, 0, 0);
  ExpectMoments([&] { return prng.Uniform(); }, 0.5, 1.0 / 12);
  ExpectMoments([&] { return prng.Normal(); }, 0, 1);
  for (const double shape : {0.2, 1.0, 4.5}) {
    SCOPED_TRACE(shape);
    ExpectMoments([&] { return prng.Gamma(shape); }, shape, shape);
  }
  const std::array<double, 2> pairs[] = {{0.1, 0.1}, {0.5, 3}, {8, 2}};
  for (const auto& [a, b] : pairs) {
    SCOPED_TRACE(a);
    const double sum = a + b;
    const double shape_a = a;
    const double shape_b = b;
    ExpectMoments([&] { return prng.Beta(shape_a, shape_b); }, a / sum,
                  a * b / (sum * sum * (sum + 1)));
  }
}

TEST(PrngTest, BetaTakesExtremeShapes) {
  Prng prng(4, 0, 0);
  for (const double a : {1e-12, 1.0, 1e12}) {
    for (const double b : {1e-12, 1.0, 1e12}) {
      const double x = prng.Beta(a, b);
      EXPECT_GE(x, 0) << a << ' ' << b;
      EXPECT_LE(x, 1) << a << ' ' << b;
    }
  }
}

}  // namespace
}  // namespace rebisect
