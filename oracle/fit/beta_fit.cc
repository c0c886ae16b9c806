#include "oracle/fit/beta_fit.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "oracle/diagnosis/run_model.h"
#include "sim/base/check.h"
#include "sim/base/portable_math.h"

namespace rebisect {
namespace {

constexpr int kGridCells = 41;
constexpr int kPasses = 3;
/// Half the width of the grid, in standard deviations.
constexpr double kGridReach = 4.5;
constexpr double kLowTail = .025;
constexpr double kNegligible = 1e-6;

double LogOdds(double share) { return PortableLog(share / (1 - share)); }

double FromLogOdds(double odds) { return 1 / (1 + PortableExp(-odds)); }

/// Values with their weights, to be asked for quantiles.
class Weighted {
 public:
  void Add(double value, double weight) { items_.emplace_back(value, weight); }

  Estimate Around(double value) {
    std::sort(items_.begin(), items_.end());
    double sum = 0;
    for (const auto& item : items_) sum += item.second;
    Estimate estimate{value, value, value};
    double passed = 0;
    for (const auto& [at, weight] : items_) {
      if (passed < kLowTail * sum) estimate.low = at;
      if (passed < (1 - kLowTail) * sum) estimate.high = at;
      passed += weight;
    }
    return estimate;
  }

 private:
  std::vector<std::pair<double, double>> items_;
};

/// One side of the grid.
struct Axis {
  double centre;
  double spread;  ///< of one standard deviation

  [[nodiscard]] double At(int cell) const {
    return centre + kGridReach * spread * (2. * cell / (kGridCells - 1) - 1);
  }
};

class Grid {
 public:
  Grid(const WeightedRuns& runs, const BetaGuess& guess)
      : guess_(guess),
        mean_{LogOdds(guess.mean), guess.mean_spread},
        concentration_{PortableLog(guess.concentration),
                       guess.concentration_spread} {
    for (const auto& [counts, weight] : runs) {
      if (weight > kNegligible) runs_.emplace_back(counts, weight);
    }
  }

  BetaFit Run() {
    for (int pass = 0; pass < kPasses; ++pass) {
      if (pass > 0) Narrow();
      Weigh();
    }
    return Read();
  }

 private:
  [[nodiscard]] double LogPosterior(double odds, double log_k) const {
    const double off_mean = (odds - LogOdds(guess_.mean)) / guess_.mean_spread;
    const double off_k = (log_k - PortableLog(guess_.concentration)) /
                         guess_.concentration_spread;
    double log = -.5 * (off_mean * off_mean + off_k * off_k);
    const double k = PortableExp(log_k);
    const double a = FromLogOdds(odds) * k;
    const double b = FromLogOdds(-odds) * k;
    for (const auto& [counts, weight] : runs_) {
      log += weight * LogBetaRuns(a, b, counts.first, counts.second);
    }
    return log;
  }

  void Weigh() {
    weights_.clear();
    for (int i = 0; i < kGridCells; ++i) {
      for (int j = 0; j < kGridCells; ++j) {
        weights_.push_back(LogPosterior(mean_.At(i), concentration_.At(j)));
      }
    }
    const double most = *std::max_element(weights_.begin(), weights_.end());
    double sum = 0;
    for (double& weight : weights_) sum += weight = PortableExp(weight - most);
    for (double& weight : weights_) weight /= sum;
  }

  /// Calls `use(log odds of the mean, log concentration, weight)`.
  template <class Use>
  void ForEach(Use use) const {
    auto weight = weights_.begin();
    for (int i = 0; i < kGridCells; ++i) {
      for (int j = 0; j < kGridCells; ++j) {
        use(mean_.At(i), concentration_.At(j), *weight++);
      }
    }
  }

  void Narrow() {
    Axis mean{0, 0};
    Axis k{0, 0};
    ForEach([&](double odds, double log_k, double weight) {
      mean.centre += weight * odds;
      k.centre += weight * log_k;
    });
    ForEach([&](double odds, double log_k, double weight) {
      mean.spread += weight * (odds - mean.centre) * (odds - mean.centre);
      k.spread += weight * (log_k - k.centre) * (log_k - k.centre);
    });
    // What falls between two cells is not seen: stay as wide as a cell.
    mean.spread =
        std::max(std::sqrt(mean.spread), mean_.spread / kGridReach / 2);
    k.spread =
        std::max(std::sqrt(k.spread), concentration_.spread / kGridReach / 2);
    mean_ = mean;
    concentration_ = k;
  }

  [[nodiscard]] BetaFit Read() const {
    double odds_mean = 0;
    double log_k_mean = 0;
    Weighted mean;
    Weighted concentration;
    Weighted a;
    Weighted b;
    ForEach([&](double odds, double log_k, double weight) {
      odds_mean += weight * odds;
      log_k_mean += weight * log_k;
      const double k = PortableExp(log_k);
      mean.Add(FromLogOdds(odds), weight);
      concentration.Add(k, weight);
      a.Add(FromLogOdds(odds) * k, weight);
      b.Add(FromLogOdds(-odds) * k, weight);
    });
    const double share = FromLogOdds(odds_mean);
    const double k = PortableExp(log_k_mean);
    return {mean.Around(share), concentration.Around(k), a.Around(share * k),
            b.Around(FromLogOdds(-odds_mean) * k)};
  }

  const BetaGuess& guess_;
  std::vector<std::pair<std::pair<int, int>, double>> runs_;
  Axis mean_;
  Axis concentration_;
  std::vector<double> weights_;
};

}  // namespace

BetaFit FitBeta(const WeightedRuns& runs, const BetaGuess& guess) {
  return Grid(runs, guess).Run();
}

Estimate FitShare(double count, double of, double guess, double strength) {
  REBISECT_CHECK(strength > 0 && guess > 0 && guess < 1);
  const double a = strength * guess + std::clamp(count, 0., of);
  const double b = strength + of - a;
  const double centre = PortableLog(a / b);
  const double spread = std::sqrt(1 / a + 1 / b);
  constexpr int kPoints = 801;
  constexpr double kWidth = 8;
  std::vector<std::pair<double, double>> points;
  double most = -1e300;
  for (int i = 0; i < kPoints; ++i) {
    const double odds = centre + kWidth * spread * (2. * i / (kPoints - 1) - 1);
    const double share = FromLogOdds(odds);
    const double log =
        a * PortableLog(share) + b * PortableLog(FromLogOdds(-odds));
    points.emplace_back(share, log);
    most = std::max(most, log);
  }
  Weighted weighted;
  for (const auto& [share, log] : points) {
    weighted.Add(share, PortableExp(log - most));
  }
  return weighted.Around(a / (a + b));
}

}  // namespace rebisect
