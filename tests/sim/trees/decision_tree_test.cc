#include "sim/trees/decision_tree.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "sim/graph/ancestor_cover.h"
#include "sim/policies/narrowing.h"
#include "sim/session/git_selection.h"
#include "sim/trees/policy_tree.h"
#include "tests/sim/policies/selection_history.h"

namespace rebisect {
namespace {

using testing_support::Dates;
using testing_support::History;
using testing_support::kDates;
using testing_support::kNoLimit;
using testing_support::kShapes;
using testing_support::RandomHistory;
using testing_support::Reached;
using testing_support::Shape;
using testing_support::TestPrng;

/// Every culprit is found where the tree says, by what its tests contain.
void ExpectSound(const SuspectGraph& suspects, const DecisionTree& tree,
                 const std::string& what) {
  const auto reached = Reached(suspects);
  ASSERT_EQ(tree.leaves.size(), suspects.size()) << what;
  ASSERT_EQ(tree.nodes.size() + 1, suspects.size()) << what;
  const std::vector<std::uint32_t> tests = TestsOf(tree);
  for (std::uint32_t leaf = 0; leaf < tree.leaves.size(); ++leaf) {
    const Suspect culprit = tree.leaves[leaf];
    std::uint32_t at = tree.root();
    std::uint32_t depth = 0;
    while ((at & DecisionTree::kLeaf) == 0) {
      const DecisionTree::Node& node = tree.nodes[at];
      const bool bad = reached[node.test][culprit];
      EXPECT_EQ(bad, leaf < node.split) << what;
      at = bad ? node.bad : node.good;
      ++depth;
    }
    EXPECT_EQ(at, DecisionTree::kLeaf | leaf) << what;
    EXPECT_EQ(depth, tests[culprit]) << what;
  }
}

TEST(AncestorCover, HoldsEveryAncestorOnce) {
  TestPrng prng(1);
  for (const Shape shape : kShapes) {
    const History history = RandomHistory(prng, shape, Dates::kJitter, 90);
    const auto reached = Reached(history.suspects);
    const auto cover = CoverAncestors(history.suspects, kNoLimit);
    ASSERT_TRUE(cover.has_value());
    for (Suspect v = 0; v < history.suspects.size(); ++v) {
      std::vector<int> times(history.suspects.size(), 0);
      for (Suspect at = v; at != kNoSuspect; at = cover->trunk[at]) {
        for (const Suspect limb : cover->Limbs(at)) ++times[limb];
      }
      std::uint32_t weight = 0;
      for (Suspect a = 0; a < times.size(); ++a) {
        EXPECT_EQ(times[a], reached[v][a] ? 1 : 0);
        if (reached[v][a]) ++weight;
      }
      EXPECT_EQ(cover->weights[v], weight);
    }
    const std::size_t limbs = cover->limbs.size();
    EXPECT_TRUE(CoverAncestors(history.suspects, limbs).has_value());
    EXPECT_FALSE(CoverAncestors(history.suspects, limbs - 1).has_value());
  }
}

TEST(DecisionTree, OfBestIsTheOneThatTheStepsGive) {
  TestPrng prng(2);
  BestSelection best;
  for (const std::size_t size : {1U, 2U, 5U, 40U, 64U, 65U, 66U, 200U, 400U}) {
    for (const Shape shape : kShapes) {
      const History history =
          RandomHistory(prng, shape, kDates[prng.Below(kDates.size())], size);
      const std::string what =
          std::string(ToString(shape)) + " of " + std::to_string(size);
      const auto tree = BuildBestTree(history.suspects, kNoLimit);
      ASSERT_TRUE(tree.has_value());
      ExpectSound(history.suspects, *tree, what);
      const auto steps = BuildPolicyTree(history.suspects, {}, best);
      ASSERT_TRUE(steps.has_value());
      EXPECT_EQ(tree->leaves, steps->leaves) << what;
      EXPECT_EQ(TestsOf(*tree), TestsOf(*steps)) << what;
    }
  }
}

TEST(DecisionTree, OfEveryPolicyFindsEveryCulprit) {
  TestPrng prng(3);
  BestSelection best;
  LinearSelection linear;
  GoldenSelection golden;
  RandomSelection random(rebisect::Prng(1, 2, 3));
  GitSelection git(GitRules::Of(kNewestGit));
  for (const Shape shape : kShapes) {
    const History history = RandomHistory(prng, shape, Dates::kJitter, 120);
    std::vector<double> prior;
    for (std::size_t i = 0; i < history.suspects.size(); ++i) {
      prior.push_back(static_cast<double>(prng.Between(1, 100)));
    }
    for (SelectionPolicy* policy : std::initializer_list<SelectionPolicy*>{
             &best, &linear, &golden, &random, &git}) {
      for (const bool weighted : {false, true}) {
        const auto tree =
            BuildPolicyTree(history.suspects,
                            weighted ? std::span<const double>(prior)
                                     : std::span<const double>(),
                            *policy);
        ASSERT_TRUE(tree.has_value());
        ExpectSound(
            history.suspects, *tree,
            std::string(policy->Name()) + ", " + std::string(ToString(shape)));
      }
    }
  }
}

TEST(GoldenSelection, KeepsItsBoundWithTwoParents) {
  const double phi = (1 + std::sqrt(5.)) / 2;
  TestPrng prng(4);
  GoldenSelection golden;
  for (int round = 0; round < 25; ++round) {
    for (const Shape shape :
         {Shape::kLinear, Shape::kKernel, Shape::kCrissCross, Shape::kLadder}) {
      const History history =
          RandomHistory(prng, shape, Dates::kJitter, prng.Between(2, 150));
      const auto tree = BuildPolicyTree(history.suspects, {}, golden);
      ASSERT_TRUE(tree.has_value());
      const auto tests = TestsOf(*tree);
      const double bound =
          std::log(static_cast<double>(tests.size())) / std::log(phi) + 1;
      EXPECT_LE(*std::max_element(tests.begin(), tests.end()), bound)
          << ToString(shape) << " of " << tests.size();
    }
  }
}

TEST(BestSelection, PartsTheMassOfThePrior) {
  TestPrng prng(5);
  const History history =
      RandomHistory(prng, Shape::kLinear, Dates::kDistinct, 8);
  std::vector<double> prior(8, 1);
  prior[6] = 100;
  const std::vector<std::uint8_t> none;
  BestSelection best;
  const auto next = best.Next(SearchView{history.suspects, 7, none, prior});
  ASSERT_TRUE(next.has_value());
  // Six below it, or one and the heavy one above.
  EXPECT_EQ(std::get<TestStep>(*next).commits, (std::vector<Suspect>{5}));
}

TEST(NarrowingSelection, EndsWithWhatWasSkipped) {
  TestPrng prng(6);
  const History history =
      RandomHistory(prng, Shape::kLinear, Dates::kDistinct, 4);
  BestSelection best;
  std::vector<std::uint8_t> skipped = {0, 1, 1, 0};
  const auto first = best.Next(SearchView{history.suspects, 3, skipped});
  ASSERT_TRUE(first.has_value());
  EXPECT_EQ(std::get<TestStep>(*first).commits, (std::vector<Suspect>{0}));
  skipped[0] = 1;
  const auto last = best.Next(SearchView{history.suspects, 3, skipped});
  ASSERT_TRUE(last.has_value());
  const auto& done = std::get<DoneStep>(*last);
  EXPECT_FALSE(done.culprit.has_value());
  EXPECT_EQ(done.candidates.size(), 4U);
}

TEST(MassesBelow, AreSumsOverAncestors) {
  TestPrng prng(7);
  for (const Shape shape : kShapes) {
    const History history = RandomHistory(prng, shape, Dates::kJitter, 80);
    const auto reached = Reached(history.suspects);
    std::vector<double> prior;
    for (std::size_t i = 0; i < history.suspects.size(); ++i) {
      prior.push_back(static_cast<double>(prng.Between(0, 9)));
    }
    const auto masses = MassesBelow(history.suspects, prior);
    for (Suspect v = 0; v < masses.size(); ++v) {
      double wanted = 0;
      for (Suspect a = 0; a < masses.size(); ++a) {
        if (reached[v][a]) wanted += prior[a];
      }
      EXPECT_DOUBLE_EQ(masses[v], wanted);
    }
  }
}

}  // namespace
}  // namespace rebisect
