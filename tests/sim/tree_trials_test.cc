#include "sim/tree_trials.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "tests/sim/tree_history.h"

namespace rebisect {
namespace {

using testing_support::Dates;
using testing_support::History;
using testing_support::kNoLimit;
using testing_support::MakeHistory;
using testing_support::Prng;
using testing_support::Shape;

class TreeTrialsTest : public testing::Test {
 protected:
  explicit TreeTrialsTest(std::size_t size = 400) {
    Prng prng(11);
    history_ = MakeHistory(prng, Shape::kKernel, Dates::kJitter, size);
    const auto cover = CoverAncestors(history_.suspects, kNoLimit);
    tree_ = *BuildBestTree(history_.suspects, kNoLimit);
    intervals_ = *AncestorIntervals::Of(history_.suspects, *cover, kNoLimit);
  }

  struct Mean {
    double value = 0;
    double error = 0;  ///< standard error
  };
  static Mean Tests(const TrialTally& tally) {
    double n = 0;
    double sum = 0;
    double squares = 0;
    for (const auto* counts : {&tally.right, &tally.wrong}) {
      for (std::size_t tests = 0; tests < counts->size(); ++tests) {
        const auto count = static_cast<double>((*counts)[tests]);
        const auto value = static_cast<double>(tests);
        n += count;
        sum += count * value;
        squares += count * value * value;
      }
    }
    const double mean = sum / n;
    return {mean, std::sqrt((squares / n - mean * mean) / n)};
  }
  static double Right(const TrialTally& tally) {
    double right = 0;
    double n = 0;
    for (const std::uint64_t count : tally.right) {
      right += static_cast<double>(count);
    }
    n = right;
    for (const std::uint64_t count : tally.wrong) {
      n += static_cast<double>(count);
    }
    return right / n;
  }

  /// What was drawn is what has to be, within five standard errors.
  void ExpectExact(const TrialTally& tally, const VerdictErrors& errors,
                   double trials, const std::string& what) const {
    const auto n = static_cast<double>(tree_.leaves.size());
    double right = 0;
    double tests = 0;
    for (const double chance : ChanceRight(tree_, errors)) right += chance / n;
    for (const double cost :
         ExpectedCost(tree_, history_.suspects, errors, {})) {
      tests += cost / n;
    }
    EXPECT_NEAR(Right(tally), right,
                5 * std::sqrt(right * (1 - right) / trials) + 1e-12)
        << what;
    const Mean drawn = Tests(tally);
    EXPECT_NEAR(drawn.value, tests, 5 * drawn.error + 1e-12) << what;
  }

  History history_;
  DecisionTree tree_;
  AncestorIntervals intervals_;
};

TEST_F(TreeTrialsTest, AgreeWithWhatIsExact) {
  const TreeTrials trials(tree_, intervals_);
  constexpr std::uint64_t kTrials = 100'000;
  for (const VerdictErrors errors :
       {VerdictErrors{0, 0}, VerdictErrors{.004, .0001},
        VerdictErrors{.086, .046}, VerdictErrors{.3, .4}}) {
    const std::string what = std::to_string(errors.false_bad);
    TrialTally sampled;
    trials.Sample(errors, {7, 0, kTrials}, sampled);
    ExpectExact(sampled, errors, kTrials, "sampled " + what);
    TrialTally drawn;
    trials.SampleRuns({1, 1, 1 - errors.false_good, errors.false_bad},
                      {8, 0, kTrials}, drawn);
    ExpectExact(drawn, errors, kTrials, "one run " + what);
  }
}

TEST_F(TreeTrialsTest, ManyRunsAreABinomial) {
  const TreeTrials trials(tree_, intervals_);
  constexpr std::uint64_t kTrials = 50'000;
  const RunRates rates{20, 2, .3, .01};
  const auto fewer = [&](double rate) {
    return std::pow(1 - rate, 20) + 20 * rate * std::pow(1 - rate, 19);
  };
  TrialTally drawn;
  trials.SampleRuns(rates, {9, 0, kTrials}, drawn);
  ExpectExact(drawn, {1 - fewer(rates.false_crash), fewer(rates.crash)},
              kTrials, "20 runs");
}

TEST_F(TreeTrialsTest, EveryTrialIsItself) {
  const TreeTrials trials(tree_, intervals_);
  const VerdictErrors errors{.1, .05};
  const RunRates rates{10, 1, .2, .01};
  TrialTally whole;
  TrialTally parts;
  trials.Sample(errors, {3, 100, 1000}, whole);
  trials.Sample(errors, {3, 600, 500}, parts);
  trials.Sample(errors, {3, 100, 500}, parts);
  EXPECT_EQ(whole, parts);
  trials.SampleRuns(rates, {3, 100, 1000}, whole);
  trials.SampleRuns(rates, {3, 100, 1}, parts);
  trials.SampleRuns(rates, {3, 101, 999}, parts);
  EXPECT_EQ(whole, parts);
}

TEST_F(TreeTrialsTest, OneSuspectNeedsNoTest) {
  Prng prng(1);
  const History history = MakeHistory(prng, Shape::kLinear, Dates::kEqual, 1);
  const auto tree = BuildBestTree(history.suspects, kNoLimit);
  const auto intervals = AncestorIntervals::Of(
      history.suspects, *CoverAncestors(history.suspects, kNoLimit), kNoLimit);
  const TreeTrials trials(*tree, *intervals);
  TrialTally tally;
  trials.Sample({.5, .5}, {1, 0, 10}, tally);
  trials.SampleRuns({}, {1, 0, 10}, tally);
  EXPECT_EQ(tally.right, std::vector<std::uint64_t>{20});
}

}  // namespace
}  // namespace rebisect
