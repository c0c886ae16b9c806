#include "oracle/diagnosis/run_model.h"

#include <algorithm>
#include <cmath>

#include "sim/base/check.h"
#include "sim/base/portable_math.h"

namespace rebisect {
namespace {

constexpr std::array kMeans = {.01, .02, .05, .1,  .2,  .35, .5,
                               .65, .8,  .9,  .95, .98, .995};
constexpr std::array kConcentrations = {.5, 1., 2., 4., 16., 256.};

double& At(RunModel::Terms& terms, Presence presence) {
  return terms[static_cast<std::size_t>(presence)];
}

/// From the logarithms of absent, present and apart to all six.
RunModel::Terms Complete(double absent, double present, double apart) {
  RunModel::Terms terms{};
  At(terms, Presence::kAbsent) = absent;
  At(terms, Presence::kPresent) = present;
  At(terms, Presence::kEither) = LogAdd(absent, present) - PortableLog(2.);
  At(terms, Presence::kApart) = apart;
  At(terms, Presence::kBest) = std::max(absent, present);
  At(terms, Presence::kWorst) = std::min(absent, present);
  return terms;
}

/// log of a (a + 1) ... (a + n - 1). Products are exact enough and the same
/// on every machine, which lgamma is not.
double LogRising(double a, int n) {
  constexpr double kLarge = 1e200;
  double log = 0;
  double product = 1;
  for (int i = 0; i < n; ++i) {
    product *= a + i;
    if (product > kLarge || product < 1 / kLarge) {
      log += PortableLog(product);
      product = 1;
    }
  }
  return log + PortableLog(product);
}

}  // namespace

double LogBetaRuns(double a, double b, int hits, int misses) {
  REBISECT_CHECK(a > 0 && b > 0 && hits >= 0 && misses >= 0);
  return LogRising(a, hits) + LogRising(b, misses) -
         LogRising(a + b, hits + misses);
}

double LogAdd(double a, double b) {
  if (a < b) std::swap(a, b);
  return std::isinf(b) ? a : a + PortableLog(1 + PortableExp(b - a));
}

RunModel::RunModel(const ModelPriors& priors) : priors_(priors) {
  double sum = 0;
  for (const double mean : kMeans) {
    const double weight = PortableExp(priors.rate_tilt * PortableLog(mean));
    for (const double concentration : kConcentrations) {
      grid_.push_back({mean, concentration, PortableLog(weight)});
      sum += weight;
    }
  }
  for (Point& point : grid_) point.log_weight -= PortableLog(sum);
}

const std::vector<RunModel::Terms>& RunModel::OfRuns(int hits, int misses) {
  const auto [at, is_new] =
      known_.try_emplace({hits, misses}, std::vector<Terms>());
  if (!is_new) return at->second;
  const double never =
      LogBetaRuns(priors_.false_crash_a, priors_.false_crash_b, hits, misses);
  const double apart =
      LogBetaRuns(priors_.unrelated_a, priors_.unrelated_a, hits, misses);
  at->second.reserve(grid_.size());
  for (const Point& point : grid_) {
    const double shows =
        LogBetaRuns(point.mean * point.concentration,
                    (1 - point.mean) * point.concentration, hits, misses);
    at->second.push_back(
        Complete(LogAdd(PortableLog(1 - priors_.exposed_share) + never,
                        PortableLog(priors_.exposed_share) + shows),
                 LogAdd(PortableLog(1 - priors_.hidden_share) + shows,
                        PortableLog(priors_.hidden_share) + never),
                 apart));
  }
  return at->second;
}

RunModel::Terms RunModel::OfVerdict(Verdict verdict) const {
  const bool bad = verdict == Verdict::kBad;
  return Complete(
      PortableLog(bad ? priors_.false_bad : 1 - priors_.false_bad),
      PortableLog(bad ? 1 - priors_.false_good : priors_.false_good),
      PortableLog(.5));
}

}  // namespace rebisect
