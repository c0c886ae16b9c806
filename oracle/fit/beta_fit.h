#pragma once

#include <map>
#include <utility>

namespace rebisect {

/// A figure, and the interval that holds it with 95%.
struct Estimate {
  double value = 0;
  double low = 0;
  double high = 0;
};

/// Sequences of runs by (hits, misses), and how much each counts: 1 for one
/// that surely belongs here, less where that is not certain.
using WeightedRuns = std::map<std::pair<int, int>, double>;

/// What is assumed of a Beta distribution of rates before any run: its mean
/// and its concentration k (a = mean k, b = (1 - mean) k) lie near these, on
/// the scales of the log odds and of the logarithm.
struct BetaGuess {
  double mean = .5;
  double concentration = 2;
  double mean_spread = 3;  ///< standard deviation of the log odds
  double concentration_spread = 2;
};

struct BetaFit {
  Estimate mean{};
  Estimate concentration{};
  Estimate a{};
  Estimate b{};
};

/// The Beta distribution from which the rates of the sequences come, by Bayes'
/// rule on a grid that narrows around what is likely. Values are means of the
/// log odds and logarithms. O(different sequences * longest).
[[nodiscard]] BetaFit FitBeta(const WeightedRuns& runs, const BetaGuess& guess);

/// The share of `of` things of which `count` are, if before any it was
/// `guess`, and that was worth `strength` things.
/// REQUIRES: 0 <= count <= of, strength > 0, 0 < guess < 1.
[[nodiscard]] Estimate FitShare(double count, double of, double guess,
                                double strength);

}  // namespace rebisect
