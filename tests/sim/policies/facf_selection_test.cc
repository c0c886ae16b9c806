#include "sim/policies/facf.h"

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

constexpr double kNever = -std::numeric_limits<double>::infinity();

std::vector<double> Posterior(const BruteForce& brute,
                              const FacfOptions& options,
                              const std::vector<Observation>& seen) {
  double none = 0;
  for (const Observation& one : seen) {
    none += std::log(one.bad ? options.flake_rate : 1 - options.flake_rate);
  }
  return brute.Posterior(
      [&](Suspect s) {
        const auto n = brute.CountsOf(s);
        if (n.good_above > 0) return kNever;
        return n.bad_aside * std::log(options.flake_rate) +
               n.good_aside * std::log(1 - options.flake_rate);
      },
      options.no_culprit, none);
}

Suspect Choice(const BruteForce& brute, const FacfOptions& options,
               const std::vector<Observation>& seen, std::size_t n) {
  const auto below = brute.Below(Posterior(brute, options, seen));
  bool any = false;
  for (Suspect v = 0; v < n; ++v) {
    if (brute.MayTest(v) && below[v] >= .5 - 1e-12) any = true;
  }
  const Suspect first = brute.Best([&](Suspect v) {
    if (!any) return below[v];
    return below[v] >= .5 - 1e-12 ? -below[v] : -2;
  });
  std::vector<bool> tested(n, false);
  for (const Observation& one : seen) tested[one.commit] = true;
  const auto inside = [&](Suspect a) {
    return a != first && brute.Contains(first, a) && brute.MayTest(a) &&
           below[a] > 0;
  };
  const Suspect last =
      brute.Best([&](Suspect a) { return inside(a) ? below[a] : -1; });
  if (!inside(last)) return first;
  if (!tested[last]) return last;
  return tested[first] && below[last] > 1 - below[first] ? last : first;
}

TEST(FacfSelection, IsTheRuleByDefinition) {
  TestPrng prng(21);
  for (int round = 0; round < 4; ++round) {
    for (const Shape shape : kShapes) {
      World world = RandomWorld(prng, shape, prng.Between(1, 30));
      FacfOptions options;
      options.flake_rate = .2;
      if (round > 1) options.no_culprit = .05;
      FacfSelection policy(options);
      ExpectSameTests(
          world, prng, policy,
          [&](const BruteForce& brute) {
            return Choice(brute, options, world.known.observations,
                          world.history.size());
          },
          [](bool contains) { return contains ? 100U : 20U; }, 25);
      FacfOptions any = options;
      any.stop = 1e-9;
      FacfSelection at_once(any);
      const auto done =
          DoneOf(at_once.Next(world.known.View(world.history)), world.what);
      const BruteForce brute(world.history, world.known);
      const auto posterior =
          Posterior(brute, options, world.known.observations);
      const double most = *std::max_element(posterior.begin(), posterior.end());
      EXPECT_NEAR(done.confidence, most, 1e-9) << world.what;
      EXPECT_EQ(done.no_culprit, posterior.back() == most) << world.what;
    }
  }
}

/// Runs a search to its end; `bad` says what a test is.
template <class Bad>
DoneStep Search(const History& history, const FacfOptions& options,
                const std::vector<double>& prior, const Bad& bad, int most) {
  FacfSelection policy(options);
  Known known;
  known.prior = prior;
  for (int step = 0; step < most; ++step) {
    const auto next = policy.Next(known.View(history));
    if (!next || std::holds_alternative<DoneStep>(*next)) {
      return DoneOf(next, "search");
    }
    for (const Suspect test : std::get<TestStep>(*next).commits) {
      known.observations.push_back({test, bad(test)});
    }
  }
  ADD_FAILURE() << "no end";
  return {};
}

TEST(FacfSelection, SaysThatThereIsNoCulprit) {
  const History history = LineHistory(30);
  const auto done = Search(
      history, {}, {}, [](Suspect) { return false; }, 20);
  EXPECT_TRUE(done.no_culprit);
  EXPECT_FALSE(done.culprit.has_value());
  EXPECT_GE(done.confidence, .99999999);
}

TEST(FacfSelection, EndsWhereTheMassLiesOnALaterCommit) {
  // Commit 1 has most of the mass, and 0, which is to blame, comes to less
  // than half however often the two are seen to fail.
  const History history = LineHistory(3);
  FacfOptions options;
  options.flake_rate = .5;
  const auto done = Search(
      history, options, {1, 100, 1}, [](Suspect) { return true; }, 200);
  EXPECT_EQ(done.culprit, Suspect{0});
}

TEST(FacfSelection, TestsSideBySideAtTheParts) {
  const History history = LineHistory(100);
  FacfOptions options;
  options.no_culprit = 0;
  options.predecessor_first = false;
  options.tests = 3;
  FacfSelection policy(options);
  const auto next = policy.Next(Known{}.View(history));
  ASSERT_TRUE(next.has_value());
  EXPECT_EQ(std::get<TestStep>(*next).commits,
            (std::vector<Suspect>{24, 49, 74}));
  const auto done = Search(
      history, options, {}, [](Suspect s) { return s >= 61; }, 60);
  EXPECT_EQ(done.culprit, Suspect{61});
}

TEST(FacfSelection, KnowsNothingWhenAllIsContradicted) {
  const History history = LineHistory(4);
  FacfOptions options;
  options.no_culprit = 0;
  FacfSelection policy(options);
  Known known;
  known.observations = {{3, false}, {3, true}};
  const auto done = DoneOf(policy.Next(known.View(history)), "contradicted");
  EXPECT_FALSE(done.culprit.has_value());
  EXPECT_FALSE(done.no_culprit);
  EXPECT_EQ(done.confidence, 0);
  EXPECT_EQ(done.candidates.size(), 4U);
}

}  // namespace
}  // namespace rebisect
