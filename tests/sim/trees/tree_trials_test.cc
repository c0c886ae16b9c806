#include "sim/trees/tree_trials.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <span>
#include <string>
#include <vector>

#include "tests/sim/policies/selection_history.h"

namespace rebisect {
namespace {

using testing_support::Dates;
using testing_support::History;
using testing_support::kNoLimit;
using testing_support::RandomHistory;
using testing_support::Shape;
using testing_support::TestPrng;

class TreeTrialsTest : public testing::Test {
 protected:
  explicit TreeTrialsTest(std::size_t size = 400) {
    TestPrng prng(11);
    history_ = RandomHistory(prng, Shape::kKernel, Dates::kJitter, size);
    const auto cover = CoverAncestors(history_.suspects, kNoLimit);
    tree_ = *BuildBestTree(history_.suspects, kNoLimit);
    intervals_ = *AncestorIntervals::Of(history_.suspects, *cover, kNoLimit);
  }

  /// Draws trials, and expects what is exact within five standard errors.
  void ExpectExact(const std::vector<TrialEnd>& ends,
                   const VerdictErrors& errors, const CulpritDraw& culprits,
                   const std::string& what) const {
    double right = 0;
    double tests = 0;
    const SearchEnds exact = EndsOf(
        tree_, history_.suspects, errors,
        culprits.Chances(static_cast<std::uint32_t>(tree_.leaves.size())));
    for (std::size_t i = 0; i < exact.right.size(); ++i) {
      right += exact.right[i];
      tests += static_cast<double>(i) * (exact.right[i] + exact.wrong[i]);
    }
    const auto n = static_cast<double>(ends.size());
    double drawn_right = 0;
    double sum = 0;
    double squares = 0;
    for (const TrialEnd& end : ends) {
      drawn_right += end.right ? 1 : 0;
      sum += end.tests;
      squares += static_cast<double>(end.tests) * end.tests;
    }
    EXPECT_NEAR(drawn_right / n, right,
                5 * std::sqrt(right * (1 - right) / n) + 1e-9)
        << what;
    const double mean = sum / n;
    EXPECT_NEAR(mean, tests,
                5 * std::sqrt((squares / n - mean * mean) / n) + 1e-9)
        << what;
  }

  History history_;
  DecisionTree tree_;
  AncestorIntervals intervals_;
};

TEST_F(TreeTrialsTest, AgreeWithWhatIsExact) {
  std::vector<double> weights(tree_.leaves.size(), 0);
  weights[0] = 1;
  weights[7] = 5;
  weights[weights.size() - 1] = .25;
  const std::vector<CulpritDraw> draws = {
      CulpritDraw::Uniform(static_cast<std::uint32_t>(weights.size())),
      CulpritDraw::Among({3, 4, 4, 200}), CulpritDraw::Weighted(weights)};
  for (const CulpritDraw& culprits : draws) {
    const TreeTrials trials(tree_, history_.suspects, intervals_);
    for (const VerdictErrors errors :
         {VerdictErrors{0, 0}, VerdictErrors{.004, .0001},
          VerdictErrors{.086, .046}, VerdictErrors{.3, .4}}) {
      const std::string what = std::to_string(errors.false_bad);
      std::vector<TrialEnd> ends(60'000);
      trials.Sample(trials.With(errors), {7, 0, &culprits}, ends);
      ExpectExact(ends, errors, culprits, "sampled " + what);
      trials.SampleRuns({1, 1, 1 - errors.false_good, errors.false_bad},
                        {8, 0, &culprits}, ends);
      ExpectExact(ends, errors, culprits, "one run " + what);
    }
  }
}

TEST_F(TreeTrialsTest, ManyRunsAreABinomial) {
  const CulpritDraw culprits =
      CulpritDraw::Uniform(static_cast<std::uint32_t>(tree_.leaves.size()));
  const TreeTrials trials(tree_, history_.suspects, intervals_);
  const RunRates rates{20, 2, .3, .01};
  const auto fewer = [&](double rate) {
    return std::pow(1 - rate, 20) + 20 * rate * std::pow(1 - rate, 19);
  };
  std::vector<TrialEnd> ends(50'000);
  trials.SampleRuns(rates, {9, 0, &culprits}, ends);
  ExpectExact(ends, {1 - fewer(rates.false_crash), fewer(rates.crash)},
              culprits, "20 runs");
}

TEST_F(TreeTrialsTest, NobodyGuiltyIsEveryTestGood) {
  const TreeTrials trials(tree_, history_.suspects, intervals_);
  std::vector<TrialEnd> ends(50'000);
  std::array<double, 2> means{};
  trials.Sample(trials.With({.1, .5}), {4, 0}, ends);
  for (const TrialEnd& end : ends) means[0] += end.tests / 50'000.0;
  trials.SampleRuns({1, 1, .5, .1}, {5, 0}, ends);
  for (const TrialEnd& end : ends) {
    means[1] += end.tests / 50'000.0;
    EXPECT_FALSE(end.right);
  }
  EXPECT_NEAR(means[0], means[1], .1);
  trials.SampleRuns({10, 1, 1, 0}, {5, 0}, ends);
  std::uint32_t newest = 0;  // good, good, ...
  for (std::uint32_t at = tree_.root(); (at & DecisionTree::kLeaf) == 0;
       at = tree_.nodes[at].good) {
    ++newest;
  }
  EXPECT_EQ(ends[0], (TrialEnd{newest, false}));
}

TEST_F(TreeTrialsTest, EveryTrialIsItself) {
  const CulpritDraw culprits =
      CulpritDraw::Uniform(static_cast<std::uint32_t>(tree_.leaves.size()));
  const TreeTrials trials(tree_, history_.suspects, intervals_);
  std::vector<TrialEnd> whole(1000);
  std::vector<TrialEnd> parts(1000);
  const std::span<TrialEnd> split(parts);
  const VerdictErrors errors{.1, .05};
  trials.Sample(trials.With(errors), {3, 100, &culprits}, whole);
  trials.Sample(trials.With(errors), {3, 600, &culprits}, split.subspan(500));
  trials.Sample(trials.With(errors), {3, 100, &culprits}, split.first(500));
  EXPECT_EQ(whole, parts);
  const RunRates rates{10, 1, .2, .01};
  trials.SampleRuns(rates, {3, 100, &culprits}, whole);
  trials.SampleRuns(rates, {3, 100, &culprits}, split.first(1));
  trials.SampleRuns(rates, {3, 101, &culprits}, split.subspan(1));
  EXPECT_EQ(whole, parts);
}

TEST_F(TreeTrialsTest, OneSuspectNeedsNoTest) {
  TestPrng prng(1);
  const History history = RandomHistory(prng, Shape::kLinear, Dates::kEqual, 1);
  const auto tree = BuildBestTree(history.suspects, kNoLimit);
  const auto intervals = AncestorIntervals::Of(
      history.suspects, *CoverAncestors(history.suspects, kNoLimit), kNoLimit);
  const CulpritDraw culprits = CulpritDraw::Uniform(1);
  const TreeTrials trials(*tree, history.suspects, *intervals);
  std::vector<TrialEnd> ends(10);
  trials.Sample(trials.With({.5, .5}), {1, 0, &culprits}, ends);
  EXPECT_EQ(ends, std::vector<TrialEnd>(10, {0, true}));
  trials.SampleRuns({}, {1, 0, &culprits}, ends);
  EXPECT_EQ(ends, std::vector<TrialEnd>(10, {0, true}));
}

}  // namespace
}  // namespace rebisect
