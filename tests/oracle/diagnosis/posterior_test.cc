// Bayes' rule in closed form against the same rule by numerical integration.

#include "oracle/diagnosis/posterior.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <map>
#include <tuple>
#include <utility>
#include <vector>

#include "oracle/diagnosis/run_model.h"

namespace rebisect {
namespace {

constexpr double kExact = 1e-9;

/// Of f over [0, 1]: Gauss-Legendre of eight points in each of 400 panels.
double Integrate(const std::function<double(double)>& f) {
  constexpr std::array kAt = {.1834346424956498, .5255324099163290,
                              .7966664774136267, .9602898564975363};
  constexpr std::array kWeight = {.3626837833783620, .3137066458778873,
                                  .2223810344533745, .1012285362903763};
  constexpr int kPanels = 400;
  double sum = 0;
  for (int panel = 0; panel < kPanels; ++panel) {
    const double middle = (panel + .5) / kPanels;
    for (std::size_t i = 0; i < kAt.size(); ++i) {
      const double away = .5 / kPanels * kAt[i];
      sum += kWeight[i] * (f(middle - away) + f(middle + away));
    }
  }
  return sum * .5 / kPanels;
}

/// Of p^(a - 1 + hits) (1 - p)^(b - 1 + misses) over [0, 1/2], with
/// p = u^n / 2, where n takes the corner at 0 away.
double LowerHalf(double a, double b, int hits, int misses) {
  const double n = a < 1 ? 1 / a : 4;
  return Integrate([&](double u) {
    const double p = .5 * std::pow(u, n);
    const double corner = a < 1 ? std::pow(.5, a) * n
                                : std::pow(p, a - 1) * .5 * n * std::pow(u, 3);
    return corner * std::pow(p, hits) * std::pow(1 - p, b - 1 + misses);
  });
}

/// The chance of such runs when their rate is Beta(a, b).
double Chance(double a, double b, int hits, int misses) {
  const auto whole = [](double x, double y, int h, int m) {
    return LowerHalf(x, y, h, m) + LowerHalf(y, x, m, h);
  };
  return whole(a, b, hits, misses) / whole(a, b, 0, 0);
}

TEST(LogBetaRuns, IsTheIntegral) {
  for (const double a : {.005, .1, .8, 1., 2.5, 16., 200.}) {
    for (const double b : {.01, .5, 1., 3., 10.}) {
      for (const auto& [hits, misses] :
           {std::pair{0, 1}, std::pair{1, 0}, std::pair{3, 7}, std::pair{10, 0},
            std::pair{0, 10}, std::pair{17, 4}}) {
        const double exact = Chance(a, b, hits, misses);
        EXPECT_NEAR(std::exp(LogBetaRuns(a, b, hits, misses)) / exact, 1,
                    kExact)
            << a << ' ' << b << ' ' << hits << ' ' << misses;
      }
    }
  }
}

TEST(LogBetaRuns, TakesManyRuns) {
  // Beta(1, 1): each number of hits is as likely.
  const double log = LogBetaRuns(1, 1, 20000, 30000);
  double choose = 0;
  for (int i = 1; i <= 20000; ++i) choose += std::log((30000. + i) / i);
  EXPECT_NEAR(log + choose, -std::log(50001.), 1e-6);
}

/// The posterior by the rule alone: rates integrated numerically, readings,
/// points of the grid and hypotheses in nested loops.
class ByIntegration {
 public:
  ByIntegration(const ModelPriors& priors, const Evidence& evidence,
                const std::vector<Hypothesis>& hypotheses)
      : priors_(priors), evidence_(evidence), hypotheses_(hypotheses) {}

  std::vector<double> Masses(std::size_t without = ~std::size_t{0}) {
    std::vector<double> masses(hypotheses_.size(), 0);
    const RunModel model(priors_);
    for (const bool same : {true, false}) {
      for (const bool first : {true, false}) {
        const bool titles = !evidence_.other_titles.empty();
        if (!titles && !(same && first)) continue;
        if (same && !first) continue;
        const double weight = titles ? Weight(same, first, model) : 1;
        for (const RunModel::Point& point : model.grid()) {
          for (std::size_t h = 0; h < masses.size(); ++h) {
            double joint =
                weight * std::exp(point.log_weight) * hypotheses_[h].prior;
            for (std::size_t c = 0; c < evidence_.commits.size(); ++c) {
              if (c == without) continue;
              const CommitEvidence& commit = evidence_.commits[c];
              const int other = titles ? commit.others[0] : 0;
              joint *= Likelihood(hypotheses_[h].presence[c], point,
                                  commit.target + (same ? other : 0),
                                  commit.ok + (same || first ? 0 : other));
            }
            masses[h] += joint;
          }
        }
      }
    }
    double sum = 0;
    for (const double mass : masses) sum += mass;
    for (double& mass : masses) mass /= sum;
    return masses;
  }

 private:
  double Likelihood(Presence presence, const RunModel::Point& point, int hits,
                    int misses) {
    const double never =
        Known(priors_.false_crash_a, priors_.false_crash_b, hits, misses);
    const double shows =
        Known(point.mean * point.concentration,
              (1 - point.mean) * point.concentration, hits, misses);
    const double absent =
        (1 - priors_.exposed_share) * never + priors_.exposed_share * shows;
    const double present =
        (1 - priors_.hidden_share) * shows + priors_.hidden_share * never;
    switch (presence) {
      case Presence::kAbsent:
        return absent;
      case Presence::kPresent:
        return present;
      case Presence::kEither:
        return (absent + present) / 2;
      case Presence::kApart:
        return Known(priors_.unrelated_a, priors_.unrelated_a, hits, misses);
      case Presence::kBest:
        return std::max(absent, present);
      case Presence::kWorst:
        return std::min(absent, present);
    }
    return 0;
  }

  double Known(double a, double b, int hits, int misses) {
    const auto [at, is_new] = known_.try_emplace({a, b, hits, misses}, 0.);
    if (is_new) at->second = Chance(a, b, hits, misses);
    return at->second;
  }

  /// Prior and likelihood of one reading of the one other title.
  double Weight(bool same, bool first, const RunModel& model) {
    bool beside = false;
    for (const auto& commit : evidence_.commits) {
      if (commit.target > 0 && commit.others[0] > 0) beside = true;
    }
    const double prior =
        beside ? 1 - priors_.other_if_beside : priors_.same_if_apart;
    if (same) {
      double sum = 0;
      for (const double mean : kSplitMeans) {
        for (const double k : kSplitConcentrations) {
          double product = 1;
          for (const auto& commit : evidence_.commits) {
            product *= Known(mean * k, (1 - mean) * k, commit.others[0],
                             commit.target);
          }
          sum += product / 20;
        }
      }
      return prior * sum;
    }
    const auto misses = [&](const CommitEvidence& commit) {
      return commit.ok + (first ? commit.target : 0);
    };
    double background = 1;
    for (const auto& commit : evidence_.commits) {
      background *= Known(priors_.background_a, priors_.background_b,
                          commit.others[0], misses(commit));
    }
    double own = 0;
    double priors = 0;
    for (const Hypothesis& hypothesis : hypotheses_) {
      priors += hypothesis.prior;
      for (const RunModel::Point& point : model.grid()) {
        double product = hypothesis.prior * std::exp(point.log_weight);
        for (std::size_t c = 0; c < evidence_.commits.size(); ++c) {
          const CommitEvidence& commit = evidence_.commits[c];
          product *= Likelihood(hypothesis.presence[c], point, commit.others[0],
                                misses(commit));
        }
        own += product;
      }
    }
    return (1 - prior) / 2 *
           (priors_.background_share * background +
            (1 - priors_.background_share) * own / priors);
  }

  const ModelPriors& priors_;
  const Evidence& evidence_;
  const std::vector<Hypothesis>& hypotheses_;
  std::map<std::tuple<double, double, int, int>, double> known_;
};

CommitEvidence Runs(int target, int ok, std::vector<int> others = {}) {
  CommitEvidence commit;
  commit.has_runs = true;
  commit.target = target;
  commit.ok = ok;
  commit.others = std::move(others);
  return commit;
}

Hypothesis Claim(double prior, std::vector<Presence> presence) {
  Hypothesis hypothesis;
  hypothesis.prior = prior;
  hypothesis.presence = std::move(presence);
  return hypothesis;
}

using enum Presence;

void ExpectSame(const Evidence& evidence,
                const std::vector<Hypothesis>& hypotheses) {
  const ModelPriors priors;
  RunModel model(priors);
  ByIntegration brute(priors, evidence, hypotheses);
  const auto readings = ReadTitles(model, evidence, hypotheses);
  const Posterior posterior =
      ComputePosterior(model, evidence, hypotheses, readings);
  const std::vector<double> masses = brute.Masses();
  ASSERT_EQ(posterior.mass.size(), masses.size());
  for (std::size_t h = 0; h < masses.size(); ++h) {
    EXPECT_NEAR(posterior.mass[h], masses[h], kExact) << h;
  }
  if (!evidence.other_titles.empty()) return;
  const LeftOut left = LeaveEachOut(model, evidence, hypotheses, readings);
  for (std::size_t c = 0; c < evidence.commits.size(); ++c) {
    const std::vector<double> without = brute.Masses(c);
    for (std::size_t h = 0; h < masses.size(); ++h) {
      EXPECT_NEAR(left.mass[c][h], without[h], kExact) << c << ' ' << h;
    }
    // Bayes factor: odds with the commit over odds without it.
    std::array<double, 2> with{};
    std::array<double, 2> before{};
    for (std::size_t h = 0; h < masses.size(); ++h) {
      const Presence presence = hypotheses[h].presence[c];
      if (presence != kAbsent && presence != kPresent) continue;
      const std::size_t side = presence == kPresent ? 1 : 0;
      with[side] += masses[h];
      before[side] += without[h];
    }
    double log10 = 0;  // where all hypotheses agree on the commit
    if (before[0] > 0 && before[1] > 0) {
      log10 = std::log10((with[1] / with[0]) / (before[1] / before[0]));
    }
    EXPECT_NEAR(left.log10_present[c], log10, 1e-8) << c;
  }
}

TEST(Posterior, IsTheIntegral) {
  Evidence evidence;
  evidence.commits = {Runs(9, 1), Runs(0, 10), Runs(1, 9), Runs(0, 3)};
  ExpectSame(evidence, {Claim(.4, {kPresent, kAbsent, kAbsent, kAbsent}),
                        Claim(.3, {kPresent, kAbsent, kPresent, kAbsent}),
                        Claim(.15, {kPresent, kPresent, kPresent, kPresent}),
                        Claim(.1, {kPresent, kEither, kPresent, kAbsent}),
                        Claim(.05, {kApart, kApart, kApart, kApart})});
}

TEST(Posterior, IsTheIntegralWithAnotherTitle) {
  Evidence evidence;
  evidence.other_titles = {"another"};
  for (const int beside : {0, 2}) {
    evidence.commits = {Runs(8, 2, {beside}), Runs(0, 9, {1}),
                        Runs(0, 10, {0})};
    ExpectSame(evidence, {Claim(.5, {kPresent, kAbsent, kAbsent}),
                          Claim(.35, {kPresent, kPresent, kAbsent}),
                          Claim(.1, {kPresent, kPresent, kPresent}),
                          Claim(.05, {kApart, kApart, kApart})});
  }
}

TEST(Posterior, StatedVerdictsHaveTheirErrorRates) {
  Evidence evidence;
  evidence.commits.resize(2);
  evidence.commits[0].verdict = Verdict::kBad;
  evidence.commits[1].verdict = Verdict::kGood;
  ModelPriors priors;
  priors.false_bad = .1;
  priors.false_good = .3;
  RunModel model(priors);
  const std::vector<Hypothesis> hypotheses = {Claim(.5, {kPresent, kAbsent}),
                                              Claim(.25, {kAbsent, kAbsent}),
                                              Claim(.25, {kPresent, kPresent})};
  const Posterior posterior = ComputePosterior(
      model, evidence, hypotheses, ReadTitles(model, evidence, hypotheses));
  const double sum = .5 * .7 * .9 + .25 * .1 * .9 + .25 * .7 * .3;
  EXPECT_NEAR(posterior.mass[0], .5 * .7 * .9 / sum, 1e-12);
  EXPECT_NEAR(posterior.mass[1], .25 * .1 * .9 / sum, 1e-12);
  EXPECT_NEAR(posterior.mass[2], .25 * .7 * .3 / sum, 1e-12);
}

TEST(Posterior, EvidenceAgainstEveryHypothesisStaysANumber) {
  Evidence evidence;
  evidence.commits = {Runs(2000, 0), Runs(0, 2000), Runs(1000, 1000)};
  RunModel model{ModelPriors()};
  const std::vector<Hypothesis> hypotheses = {
      Claim(.5, {kAbsent, kPresent, kAbsent}),
      Claim(.5, {kAbsent, kPresent, kPresent})};
  const auto readings = ReadTitles(model, evidence, hypotheses);
  const Posterior posterior =
      ComputePosterior(model, evidence, hypotheses, readings);
  EXPECT_NEAR(posterior.mass[0] + posterior.mass[1], 1, 1e-12);
  const LeftOut left = LeaveEachOut(model, evidence, hypotheses, readings);
  for (const double log10 : left.log10_present) {
    EXPECT_TRUE(std::isfinite(log10));
  }
}

}  // namespace
}  // namespace rebisect
