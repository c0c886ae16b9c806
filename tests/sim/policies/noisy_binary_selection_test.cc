#include "sim/policies/noisy_binary.h"

#include <gtest/gtest.h>

#include <cmath>
#include <utility>

#include "sim/policies/pba.h"
#include "tests/sim/policies/posterior_brute_force.h"

namespace rebisect {
namespace {

using testing_support::BruteForce;
using testing_support::DoneOf;
using testing_support::ExpectSameTests;
using testing_support::kShapes;
using testing_support::RandomWorld;
using testing_support::Shape;
using testing_support::TestPrng;
using testing_support::World;

double Stiffness(double f) {
  return std::min({2.6 * std::pow(f, -.37), .58 * std::pow(f, -.97),
                   .19 * std::pow(f, -2.4)});
}

/// The flakiness after the first `count` verdicts, over all pairs.
double Flakiness(const BruteForce& brute, const std::vector<Observation>& seen,
                 std::size_t count) {
  double contradictions = 0;
  double pairs = 0;
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t j = 0; j < count; ++j) {
      // i on a descendant of j's commit, or on the same.
      if (!brute.Contains(seen[i].commit, seen[j].commit)) continue;
      pairs += 1;
      if (!seen[i].bad && seen[j].bad) contradictions += 1;
    }
  }
  const double share = (contradictions + 1) / (pairs + 7.6143);
  return std::min(1., .1698 * share * share + 3.7844 * share);
}

/// Without the last, which belongs to no culprit.
std::vector<double> Weights(const BruteForce& brute,
                            const std::optional<double>& error,
                            const std::vector<Observation>& seen) {
  std::vector<double> logs;
  for (std::size_t i = 0; i < seen.size(); ++i) {
    logs.push_back(std::log(
        1 + Stiffness(error ? 2 * *error : Flakiness(brute, seen, i + 1))));
  }
  auto weights = brute.Posterior(
      [&](Suspect s) {
        double log = 0;
        for (std::size_t i = 0; i < seen.size(); ++i) {
          if (brute.Contains(seen[i].commit, s) == seen[i].bad) log += logs[i];
        }
        return log;
      },
      0, 0);
  weights.pop_back();
  return weights;
}

Suspect Nearest(const BruteForce& brute, const std::vector<double>& masses) {
  const auto below = brute.Below(masses);
  return brute.Best([&](Suspect s) { return -std::abs(below[s] - .5); });
}

void ExpectMost(const World& world, PosteriorSelection& at_once,
                const std::vector<double>& masses) {
  const auto done =
      DoneOf(at_once.Next(world.known.View(world.history)), world.what);
  EXPECT_NEAR(done.confidence, *std::max_element(masses.begin(), masses.end()),
              1e-9)
      << world.what;
}

unsigned FairlyFlaky(bool contains) { return contains ? 80 : 20; }

TEST(NoisyBinarySelection, IsTheRuleByDefinition) {
  TestPrng prng(31);
  for (const bool known : {false, true}) {
    NoisyBinaryOptions options;
    if (known) options.error = .2;
    for (const Shape shape : kShapes) {
      World world = RandomWorld(prng, shape, prng.Between(2, 40));
      NoisyBinarySelection policy(options);
      const auto& seen = world.known.observations;
      ExpectSameTests(
          world, prng, policy,
          [&](const BruteForce& brute) {
            return Nearest(brute, Weights(brute, options.error, seen));
          },
          FairlyFlaky, 30);
      NoisyBinaryOptions any = options;
      any.stop = 1e-9;
      NoisyBinarySelection at_once(any);
      const BruteForce brute(world.history, world.known);
      ExpectMost(world, at_once, Weights(brute, options.error, seen));
    }
  }
}

TEST(PbaSelection, IsTheRuleByDefinition) {
  TestPrng prng(32);
  PbaOptions options;
  options.error = .2;
  for (const Shape shape : kShapes) {
    World world = RandomWorld(prng, shape, prng.Between(2, 40));
    const auto posterior = [&](const BruteForce& brute) {
      auto masses = brute.Posterior(
          [&](Suspect s) {
            const auto n = brute.CountsOf(s);
            return (n.bad_above + n.good_aside) * std::log(.8) +
                   (n.good_above + n.bad_aside) * std::log(.2);
          },
          0, 0);
      masses.pop_back();
      return masses;
    };
    PbaSelection policy(options);
    ExpectSameTests(
        world, prng, policy,
        [&](const BruteForce& brute) {
          return Nearest(brute, posterior(brute));
        },
        FairlyFlaky, 30);
    PbaOptions any = options;
    any.stop = 1e-9;
    PbaSelection at_once(any);
    ExpectMost(world, at_once,
               posterior(BruteForce(world.history, world.known)));
  }
}

}  // namespace
}  // namespace rebisect
