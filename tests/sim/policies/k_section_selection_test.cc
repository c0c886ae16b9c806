#include "sim/policies/k_section.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <utility>

#include "tests/sim/policies/selection_history.h"

namespace rebisect {
namespace {

using testing_support::Dates;
using testing_support::History;
using testing_support::Known;
using testing_support::kShapes;
using testing_support::LineHistory;
using testing_support::RandomHistory;
using testing_support::Reached;
using testing_support::Shape;
using testing_support::TestPrng;

std::vector<Suspect> Tests(const History& history, const Known& known, int k) {
  KSectionSelection policy(k);
  const auto next = policy.Next(known.View(history));
  const auto* test = next ? std::get_if<TestStep>(&*next) : nullptr;
  return test == nullptr ? std::vector<Suspect>{} : test->commits;
}

/// The largest piece that the tests leave, and the sum of squares.
std::pair<double, double> Left(const History& history, const Known& known,
                               const std::vector<Suspect>& tests) {
  const auto reached = Reached(history.suspects);
  std::map<std::vector<bool>, double> pieces;
  for (Suspect s = 0; s < history.size(); ++s) {
    std::vector<bool> verdicts;
    for (const Suspect test : tests) verdicts.push_back(reached[test][s]);
    pieces[verdicts] += known.prior.empty() ? 1 : known.prior[s];
  }
  std::pair<double, double> left;
  for (const auto& [verdicts, mass] : pieces) {
    left.first = std::max(left.first, mass);
    left.second += mass * mass;
  }
  return left;
}

TEST(KSectionSelection, PartsALineEvenly) {
  EXPECT_EQ(Tests(LineHistory(9), {}, 2), (std::vector<Suspect>{2, 5}));
  EXPECT_EQ(Tests(LineHistory(100), {}, 3), (std::vector<Suspect>{24, 49, 74}));
  EXPECT_EQ(Tests(LineHistory(3), {}, 5), (std::vector<Suspect>{0, 1}));
  const History line = LineHistory(1000);
  for (const int k : {1, 2, 4, 7, 9}) {
    EXPECT_EQ(Left(line, {}, Tests(line, {}, k)).first, (1000 + k) / (k + 1));
  }
}

TEST(KSectionSelection, IsMadeBetterByNoSingleExchange) {
  TestPrng prng(51);
  int best_of_all = 0;
  int cases = 0;
  for (const Shape shape : kShapes) {
    for (const bool weighted : {false, true}) {
      const History history =
          RandomHistory(prng, shape, Dates::kJitter, prng.Between(4, 14));
      Known known;
      for (std::size_t i = 0; weighted && i < history.size(); ++i) {
        known.prior.push_back(static_cast<double>(prng.Between(1, 9)));
      }
      const auto tests = Tests(history, known, 2);
      ASSERT_FALSE(tests.empty());
      const auto left = Left(history, known, tests);
      for (std::size_t i = 0; i < tests.size(); ++i) {
        for (Suspect s = 0; s < history.last(); ++s) {
          auto other = tests;
          other[i] = s;
          EXPECT_GE(Left(history, known, other), left) << ToString(shape);
        }
      }
      auto best = left;
      for (Suspect a = 0; a < history.last(); ++a) {
        for (Suspect b = 0; b < a; ++b) {
          best = std::min(best, Left(history, known, {a, b}));
        }
      }
      ++cases;
      if (best == left) ++best_of_all;
    }
  }
  RecordProperty("best_of_all", best_of_all);
  EXPECT_GT(2 * best_of_all, cases);
}

TEST(BestSelection, RulesOutMostForTheCost) {
  const History history = LineHistory(10);
  BestSelection best;
  Known known;
  known.cost.assign(10, 1);
  const auto test = [&] {
    const auto next = best.Next(known.View(history));
    return std::get<TestStep>(*next).commits.front();
  };
  EXPECT_EQ(test(), 4U);
  // 25 / 4 is less than the 24 of its neighbours; the older of them.
  known.cost[4] = 4;
  EXPECT_EQ(test(), 3U);
}

}  // namespace
}  // namespace rebisect
