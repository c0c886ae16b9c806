#include "sim/tree_accuracy.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "sim/ancestor_cover.h"
#include "sim/ancestor_intervals.h"
#include "tests/sim/tree_history.h"

namespace rebisect {
namespace {

using testing_support::History;
using testing_support::kDates;
using testing_support::kNoLimit;
using testing_support::kShapes;
using testing_support::MakeHistory;
using testing_support::Prng;
using testing_support::Reached;

TEST(AncestorIntervals, KnowEveryAncestor) {
  Prng prng(1);
  for (const auto shape : kShapes) {
    const History history =
        MakeHistory(prng, shape, kDates[prng.Below(kDates.size())], 90);
    const auto reached = Reached(history.suspects);
    const auto cover = CoverAncestors(history.suspects, kNoLimit);
    const auto intervals =
        AncestorIntervals::Of(history.suspects, *cover, kNoLimit);
    ASSERT_TRUE(intervals.has_value());
    for (Suspect v = 0; v < history.suspects.size(); ++v) {
      for (Suspect a = 0; a < history.suspects.size(); ++a) {
        ASSERT_EQ(intervals->Reaches(v, a), reached[v][a])
            << ToString(shape) << ' ' << v << ' ' << a;
      }
    }
    const std::size_t size = intervals->size();
    EXPECT_TRUE(
        AncestorIntervals::Of(history.suspects, *cover, size).has_value());
    EXPECT_FALSE(
        AncestorIntervals::Of(history.suspects, *cover, size - 1).has_value());
  }
}

/// By definition: every verdict of every test of one culprit's search, right
/// or wrong.
struct Outcome {
  double right = 0;
  double cost = 0;
};

Outcome Enumerate(const DecisionTree& tree,
                  const std::vector<std::vector<bool>>& reached,
                  Suspect culprit, const VerdictErrors& errors,
                  const TestCost& cost, std::uint32_t at) {
  if ((at & DecisionTree::kLeaf) != 0) {
    const Suspect found = tree.leaves[at & ~DecisionTree::kLeaf];
    return {found == culprit ? 1.0 : 0.0, 0};
  }
  const DecisionTree::Node& node = tree.nodes[at];
  const bool has_bug = reached[node.test][culprit];
  const double says_bad = has_bug ? 1 - errors.false_good : errors.false_bad;
  const Outcome bad = Enumerate(tree, reached, culprit, errors, cost, node.bad);
  const Outcome good =
      Enumerate(tree, reached, culprit, errors, cost, node.good);
  return {says_bad * bad.right + (1 - says_bad) * good.right,
          (has_bug ? cost.bad : cost.good) + says_bad * bad.cost +
              (1 - says_bad) * good.cost};
}

TEST(TreeAccuracy, IsThatOfEveryVerdictTakenInTurn) {
  Prng prng(2);
  const TestCost cost{2.5, 1};
  for (const std::size_t size : {1U, 2U, 7U, 60U, 130U}) {
    for (const auto shape : kShapes) {
      const History history =
          MakeHistory(prng, shape, kDates[prng.Below(kDates.size())], size);
      const auto reached = Reached(history.suspects);
      const auto tree = BuildBestTree(history.suspects, kNoLimit);
      for (const VerdictErrors errors :
           {VerdictErrors{0, 0}, VerdictErrors{.004, .0001},
            VerdictErrors{.086, .046}, VerdictErrors{.3, 0},
            VerdictErrors{1, 1}}) {
        const auto right = ChanceRight(*tree, errors);
        const auto expected =
            ExpectedCost(*tree, history.suspects, errors, cost);
        for (Suspect culprit = 0; culprit < history.suspects.size();
             ++culprit) {
          const Outcome outcome =
              Enumerate(*tree, reached, culprit, errors, cost, tree->root());
          ASSERT_NEAR(right[culprit], outcome.right, 1e-12);
          ASSERT_NEAR(expected[culprit], outcome.cost, 1e-9);
        }
      }
    }
  }
}

TEST(TreeAccuracy, CountsTheTestsWhenNothingIsWrong) {
  Prng prng(3);
  const History history = MakeHistory(prng, kShapes[1], kDates[0], 300);
  const auto tree = BuildBestTree(history.suspects, kNoLimit);
  const auto cost = ExpectedCost(*tree, history.suspects, {}, {});
  const auto tests = TestsOf(*tree);
  for (Suspect s = 0; s < tests.size(); ++s) EXPECT_EQ(cost[s], tests[s]);
}

}  // namespace
}  // namespace rebisect
