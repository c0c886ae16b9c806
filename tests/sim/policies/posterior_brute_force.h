#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "sim/graph/commit_age.h"
#include "sim/policies/posterior_selection.h"
#include "tests/sim/policies/selection_history.h"

namespace rebisect::testing_support {

/// Posteriors by definition: every suspect, every observation.
class BruteForce {
 public:
  BruteForce(const History& history, const Known& known)
      : history_(history), known_(known), reached_(Reached(history.suspects)) {}

  [[nodiscard]] bool Contains(Suspect commit, Suspect culprit) const {
    return reached_[commit][culprit];
  }
  [[nodiscard]] double Prior(Suspect s) const {
    return known_.prior.empty() ? 1 : known_.prior[s];
  }
  [[nodiscard]] bool MayTest(Suspect s) const {
    return known_.skipped.empty() || known_.skipped[s] == 0;
  }

  /// Observations as (bad, good) on commits that contain the culprit, and on
  /// others.
  struct Counts {
    int bad_above = 0;
    int good_above = 0;
    int bad_aside = 0;
    int good_aside = 0;
  };
  [[nodiscard]] Counts CountsOf(Suspect culprit) const {
    Counts counts;
    for (const Observation& seen : known_.observations) {
      if (Contains(seen.commit, culprit)) {
        ++(seen.bad ? counts.bad_above : counts.good_above);
      } else {
        ++(seen.bad ? counts.bad_aside : counts.good_aside);
      }
    }
    return counts;
  }

  /// Posteriors of all suspects, and at the end of no culprit.
  [[nodiscard]] std::vector<double> Posterior(
      const std::function<double(Suspect)>& log_likelihood, double no_culprit,
      double log_no_culprit) const {
    std::vector<double> log;
    double priors = 0;
    for (Suspect s = 0; s < history_.size(); ++s) priors += Prior(s);
    for (Suspect s = 0; s < history_.size(); ++s) {
      log.push_back(std::log(Prior(s) / priors * (1 - no_culprit)) +
                    log_likelihood(s));
    }
    log.push_back(std::log(no_culprit) + log_no_culprit);
    const double most = *std::max_element(log.begin(), log.end());
    double sum = 0;
    for (const double one : log) sum += std::exp(one - most);
    std::vector<double> posterior;
    for (const double one : log) {
      posterior.push_back(std::exp(one - most) / sum);
    }
    return posterior;
  }

  [[nodiscard]] std::vector<double> Below(
      const std::vector<double>& posterior) const {
    std::vector<double> below(history_.size(), 0);
    for (Suspect v = 0; v < history_.size(); ++v) {
      for (Suspect a = 0; a < history_.size(); ++a) {
        if (Contains(v, a)) below[v] += posterior[a];
      }
    }
    return below;
  }

  /// The candidate with the greatest score; of several the oldest. (Scores
  /// that differ by less than 1e-12 are the same.)
  [[nodiscard]] Suspect Best(const std::function<double(Suspect)>& score,
                             std::vector<Suspect>* ties = nullptr) const {
    double best = -std::numeric_limits<double>::infinity();
    for (Suspect s = 0; s < history_.size(); ++s) {
      if (MayTest(s)) best = std::max(best, score(s));
    }
    std::optional<Suspect> chosen;
    for (Suspect s = 0; s < history_.size(); ++s) {
      if (!MayTest(s) || score(s) < best - 1e-12) continue;
      if (ties != nullptr) ties->push_back(s);
      if (!chosen || IsOlder(history_.suspects, s, *chosen)) chosen = s;
    }
    return *chosen;
  }

 private:
  const History& history_;
  const Known& known_;
  std::vector<std::vector<bool>> reached_;
};

inline Suspect TestOf(const Result<NextStep>& step, const std::string& what) {
  EXPECT_TRUE(step.has_value()) << what;
  const auto* test = step ? std::get_if<TestStep>(&*step) : nullptr;
  EXPECT_NE(test, nullptr) << what << " is done";
  return test == nullptr ? 0 : test->commits.front();
}

inline DoneStep DoneOf(const Result<NextStep>& step, const std::string& what) {
  EXPECT_TRUE(step.has_value()) << what;
  const auto* done = step ? std::get_if<DoneStep>(&*step) : nullptr;
  EXPECT_NE(done, nullptr) << what << " is not done";
  return done == nullptr ? DoneStep{} : *done;
}

/// Some random history, prior and truth.
struct World {
  History history;
  Known known;
  Suspect culprit = 0;
  std::string what;
};

inline World RandomWorld(TestPrng& prng, Shape shape, std::size_t size) {
  World world;
  world.history =
      RandomHistory(prng, shape, kDates[prng.Below(kDates.size())], size);
  const std::size_t n = world.history.size();
  world.what = std::string(ToString(shape)) + " of " + std::to_string(n);
  if (prng.Percent(50)) {
    for (std::size_t i = 0; i < n; ++i) {
      world.known.prior.push_back(static_cast<double>(prng.Below(4)));
    }
    world.known.prior[prng.Below(n)] = 2;
    world.what += ", weighted";
  }
  world.culprit = static_cast<Suspect>(prng.Below(n));
  return world;
}

/// Asks `policy` and `wanted` for every step of a search with wrong verdicts,
/// up to `steps`; `percent_bad(contains)` is how often a test is bad.
inline void ExpectSameTests(
    World& world, TestPrng& prng, PosteriorSelection& policy,
    const std::function<Suspect(const BruteForce&)>& wanted,
    const std::function<unsigned(bool)>& percent_bad, int steps) {
  for (int step = 0; step < steps; ++step) {
    const BruteForce brute(world.history, world.known);
    const auto next = policy.Next(world.known.View(world.history));
    if (next && std::holds_alternative<DoneStep>(*next)) return;
    const std::string what = world.what + ", step " + std::to_string(step);
    const Suspect test = TestOf(next, what);
    ASSERT_EQ(test, wanted(brute)) << what;
    world.known.observations.push_back(
        {test, prng.Percent(percent_bad(brute.Contains(test, world.culprit)))});
  }
}

}  // namespace rebisect::testing_support
