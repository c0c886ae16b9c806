#include "sim/policies/bayes_entropy.h"

#include <gtest/gtest.h>

#include <cmath>
#include <utility>

#include "tests/sim/policies/posterior_brute_force.h"

namespace rebisect {
namespace {

using testing_support::BruteForce;
using testing_support::DoneOf;
using testing_support::ExpectSameTests;
using testing_support::History;
using testing_support::Known;
using testing_support::kShapes;
using testing_support::LineHistory;
using testing_support::RandomWorld;
using testing_support::Shape;
using testing_support::TestOf;
using testing_support::TestPrng;
using testing_support::World;

double LogBeta(double a, double b) {
  return std::lgamma(a) + std::lgamma(b) - std::lgamma(a + b);
}

double LogOrNever(int count, double chance) {
  return count == 0 ? 0 : count * std::log(chance);
}

/// The rule by definition: the posterior after each verdict, its entropy.
class Definition {
 public:
  Definition(const BruteForce& brute, const BayesEntropyOptions& options,
             std::size_t suspects)
      : brute_(brute), options_(options), suspects_(suspects) {
    posterior_ = brute.Posterior([&](Suspect s) { return LogLikelihood(s); }, 0,
                                 -std::numeric_limits<double>::infinity());
    posterior_.pop_back();
  }

  [[nodiscard]] const std::vector<double>& posterior() const {
    return posterior_;
  }

  [[nodiscard]] double Information(Suspect v) const {
    return EntropyOf(posterior_) - EntropyAfter(v, true) -
           EntropyAfter(v, false);
  }

  [[nodiscard]] Suspect Choice(const Known& known) const {
    std::vector<double> information;
    for (Suspect v = 0; v < suspects_; ++v) {
      information.push_back(Information(v) /
                            (known.cost.empty() ? 1 : known.cost[v]));
    }
    std::vector<Suspect> ties;
    (void)brute_.Best([&](Suspect v) { return information[v]; }, &ties);
    const auto below = brute_.Below(posterior_);
    std::vector<bool> tied(suspects_, false);
    for (const Suspect s : ties) tied[s] = true;
    return brute_.Best(
        [&](Suspect v) { return tied[v] ? -std::abs(below[v] - .5) : -1; });
  }

 private:
  [[nodiscard]] double LogLikelihood(Suspect culprit) const {
    const auto n = brute_.CountsOf(culprit);
    if (options_.rates) {
      return LogOrNever(n.bad_above, options_.rates->bad_if_bad) +
             LogOrNever(n.good_above, 1 - options_.rates->bad_if_bad) +
             LogOrNever(n.bad_aside, options_.rates->bad_if_good) +
             LogOrNever(n.good_aside, 1 - options_.rates->bad_if_good);
    }
    return LogBeta(options_.if_bad.bad + n.bad_above,
                   options_.if_bad.good + n.good_above) +
           LogBeta(options_.if_good.bad + n.bad_aside,
                   options_.if_good.good + n.good_aside);
  }

  [[nodiscard]] double ChanceOfBad(Suspect test, Suspect culprit) const {
    const auto n = brute_.CountsOf(culprit);
    const bool contains = brute_.Contains(test, culprit);
    if (options_.rates) {
      return contains ? options_.rates->bad_if_bad
                      : options_.rates->bad_if_good;
    }
    const BetaCounts& beta = contains ? options_.if_bad : options_.if_good;
    const int bad = contains ? n.bad_above : n.bad_aside;
    const int good = contains ? n.good_above : n.good_aside;
    return (beta.bad + bad) / (beta.bad + beta.good + bad + good);
  }

  /// Times the chance of that verdict.
  [[nodiscard]] double EntropyAfter(Suspect test, bool bad) const {
    std::vector<double> joint;
    double sum = 0;
    for (Suspect s = 0; s < suspects_; ++s) {
      const double chance = ChanceOfBad(test, s);
      joint.push_back(posterior_[s] * (bad ? chance : 1 - chance));
      sum += joint.back();
    }
    if (sum <= 0) return 0;
    for (double& one : joint) one /= sum;
    return sum * EntropyOf(joint);
  }

  [[nodiscard]] static double EntropyOf(const std::vector<double>& chances) {
    double entropy = 0;
    for (const double p : chances) {
      if (p > 0) entropy -= p * std::log(p);
    }
    return entropy;
  }

  const BruteForce& brute_;
  const BayesEntropyOptions& options_;
  std::size_t suspects_;
  std::vector<double> posterior_;
};

unsigned Flaky(bool contains) { return contains ? 85 : 20; }

void ExpectDefinition(World world, TestPrng& prng,
                      const BayesEntropyOptions& options) {
  BayesEntropySelection policy(options);
  const std::size_t n = world.history.size();
  ExpectSameTests(
      world, prng, policy,
      [&](const BruteForce& brute) {
        return Definition(brute, options, n).Choice(world.known);
      },
      Flaky, 12);
  BayesEntropyOptions any = options;
  any.stop = 1e-9;
  BayesEntropySelection at_once(any);
  const auto done =
      DoneOf(at_once.Next(world.known.View(world.history)), world.what);
  const BruteForce brute(world.history, world.known);
  const auto posterior = Definition(brute, options, n).posterior();
  EXPECT_NEAR(done.confidence,
              *std::max_element(posterior.begin(), posterior.end()), 1e-9)
      << world.what;
  EXPECT_NEAR(posterior[*done.culprit], done.confidence, 1e-9) << world.what;
}

TEST(BayesEntropySelection, IsTheRuleByDefinition) {
  TestPrng prng(11);
  for (int round = 0; round < 3; ++round) {
    for (const Shape shape : kShapes) {
      World world = RandomWorld(prng, shape, prng.Between(1, 18));
      if (round > 0) {
        world.known.skipped.assign(world.history.size(), 0);
        world.known.skipped[prng.Below(world.history.size())] = 1;
      }
      BayesEntropyOptions options;
      if (round == 1) options.if_bad = {.9, .1};
      if (round == 1) options.if_good = {.05, .95};
      if (round == 2) options.rates = VerdictRates{.8, .1};
      ExpectDefinition(std::move(world), prng, options);
    }
  }
}

TEST(BayesEntropySelection, WeighsInformationAgainstCost) {
  TestPrng prng(12);
  for (const Shape shape : kShapes) {
    World world = RandomWorld(prng, shape, 15);
    for (std::size_t i = 0; i < world.history.size(); ++i) {
      world.known.cost.push_back(static_cast<double>(prng.Between(1, 5)));
    }
    ExpectDefinition(std::move(world), prng, {});
  }
}

/// The choice on a line, by running sums (as on a line anybody would do it).
Suspect ChoiceOnALine(std::size_t n, const std::vector<Observation>& seen) {
  std::vector<int> bad(n + 1, 0);  // observations at or after
  std::vector<int> good(n + 1, 0);
  for (const Observation& one : seen) {
    ++(one.bad ? bad : good)[one.commit];
  }
  for (std::size_t i = n; i-- > 0;) {
    bad[i] += bad[i + 1];
    good[i] += good[i + 1];
  }
  std::vector<long double> log;
  for (std::size_t b = 0; b < n; ++b) {
    log.push_back(LogBeta(.5 + bad[b], .5 + good[b]) +
                  LogBeta(.5 + bad[0] - bad[b], .5 + good[0] - good[b]));
  }
  const long double most = *std::max_element(log.begin(), log.end());
  long double total = 0;
  for (const long double one : log) total += std::exp(one - most);
  // w log w of the culprits up to i if the test contains them, and of those
  // after i if it does not.
  using Quad = std::array<long double, 4>;
  const auto terms = [&](std::size_t b, bool contains) {
    const int yes = contains ? bad[b] : bad[0] - bad[b];
    const int no = contains ? good[b] : good[0] - good[b];
    const long double p = (.5L + yes) / (1.L + yes + no);
    const long double mass = std::exp(log[b] - most) / total;
    const long double w = mass * p;
    const long double u = mass * (1 - p);
    return Quad{w, w > 0 ? w * std::log(w) : 0, u, u > 0 ? u * std::log(u) : 0};
  };
  Quad sums{};
  for (std::size_t b = 0; b < n; ++b) {
    for (std::size_t k = 0; k < 4; ++k) sums[k] += terms(b, false)[k];
  }
  long double least = 1e9L;
  long double nearest = 1;
  long double mass = 0;
  Suspect best = 0;
  for (std::size_t b = 0; b < n; ++b) {
    for (std::size_t k = 0; k < 4; ++k) sums[k] += terms(b, true)[k];
    for (std::size_t k = 0; k < 4; ++k) sums[k] -= terms(b, false)[k];
    mass += std::exp(log[b] - most) / total;
    const long double entropy = sums[0] * std::log(sums[0]) - sums[1] +
                                sums[2] * std::log(sums[2]) - sums[3];
    const long double distance = std::abs(mass - .5L);
    if (entropy > least + 1e-12L) continue;
    if (entropy > least - 1e-12L && distance >= nearest - 1e-12L) continue;
    least = std::min(least, entropy);
    nearest = distance;
    best = static_cast<Suspect>(b);
  }
  return best;
}

TEST(BayesEntropySelection, IsTheRuleOnALineOfAThousand) {
  const History history = LineHistory(1000);
  TestPrng prng(13);
  for (int search = 0; search < 3; ++search) {
    const auto culprit = static_cast<Suspect>(prng.Below(history.size()));
    BayesEntropySelection policy({});
    Known known;
    for (int step = 0; step < 60; ++step) {
      const auto next = policy.Next(known.View(history));
      if (next && std::holds_alternative<DoneStep>(*next)) break;
      const Suspect test = TestOf(next, "step " + std::to_string(step));
      ASSERT_EQ(test, ChoiceOnALine(history.size(), known.observations))
          << "search " << search << ", step " << step;
      known.observations.push_back(
          {test, prng.Percent(test >= culprit ? 80 : 20)});
    }
    EXPECT_GT(known.observations.size(), 10U);
  }
}

TEST(BayesEntropySelection, StartsInTheMiddleWhereNothingIsKnown) {
  const History history = LineHistory(9);
  BayesEntropySelection policy({});
  EXPECT_EQ(TestOf(policy.Next(Known{}.View(history)), "first"), 3U);
}

}  // namespace
}  // namespace rebisect
