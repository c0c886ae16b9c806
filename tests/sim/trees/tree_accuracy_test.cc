#include "sim/trees/tree_accuracy.h"

#include <gtest/gtest.h>

#include <numeric>
#include <optional>
#include <utility>
#include <vector>

#include "sim/graph/ancestor_cover.h"
#include "sim/graph/ancestor_intervals.h"
#include "tests/sim/policies/selection_history.h"

namespace rebisect {
namespace {

using testing_support::History;
using testing_support::kDates;
using testing_support::kNoLimit;
using testing_support::kShapes;
using testing_support::RandomHistory;
using testing_support::Reached;
using testing_support::TestPrng;

TEST(AncestorIntervals, KnowEveryAncestor) {
  TestPrng prng(1);
  for (const auto shape : kShapes) {
    const History history =
        RandomHistory(prng, shape, kDates[prng.Below(kDates.size())], 90);
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

/// By definition: every verdict of every test of one culprit's search (or
/// nobody's), right or wrong.
void Enumerate(const DecisionTree& tree,
               const std::vector<std::vector<bool>>& reached,
               std::optional<Suspect> culprit, const VerdictErrors& errors,
               std::uint32_t at, std::size_t tests, double chance,
               SearchEnds& ends) {
  if ((at & DecisionTree::kLeaf) != 0) {
    const Suspect found = tree.leaves[at & ~DecisionTree::kLeaf];
    (found == culprit ? ends.right : ends.wrong)[tests] += chance;
    return;
  }
  const DecisionTree::Node& node = tree.nodes[at];
  const bool has_bug = culprit && reached[node.test][*culprit];
  const double says_bad = has_bug ? 1 - errors.false_good : errors.false_bad;
  Enumerate(tree, reached, culprit, errors, node.bad, tests + 1,
            chance * says_bad, ends);
  Enumerate(tree, reached, culprit, errors, node.good, tests + 1,
            chance * (1 - says_bad), ends);
}

void ExpectSame(const SearchEnds& ends, const SearchEnds& expected) {
  for (const auto& [is, has_to_be] :
       {std::pair(&ends.right, &expected.right),
        std::pair(&ends.wrong, &expected.wrong)}) {
    for (std::size_t tests = 0; tests < has_to_be->size(); ++tests) {
      EXPECT_NEAR(tests < is->size() ? (*is)[tests] : 0, (*has_to_be)[tests],
                  1e-12);
    }
  }
}

TEST(TreeAccuracy, IsThatOfEveryVerdictTakenInTurn) {
  TestPrng prng(2);
  for (const std::size_t size : {1U, 2U, 7U, 60U, 300U}) {
    for (const auto shape : kShapes) {
      const History history =
          RandomHistory(prng, shape, kDates[prng.Below(kDates.size())], size);
      const auto n = static_cast<Suspect>(history.suspects.size());
      const auto reached = Reached(history.suspects);
      const auto tree = BuildBestTree(history.suspects, kNoLimit);
      std::vector<double> chances(n);
      double sum = 0;
      for (double& chance : chances) {
        chance = static_cast<double>(prng.Below(5));
        sum += chance;
      }
      chances[0] += 1;
      for (double& chance : chances) chance /= sum + 1;
      for (const VerdictErrors errors :
           {VerdictErrors{0, 0}, VerdictErrors{.004, .0001},
            VerdictErrors{.086, .046}, VerdictErrors{.3, 0},
            VerdictErrors{1, 1}}) {
        const SearchEnds none{std::vector<double>(n + 1, 0),
                              std::vector<double>(n + 1, 0)};
        SearchEnds expected = none;
        const auto right = ChanceRight(*tree, errors);
        for (Suspect culprit = 0; culprit < n; ++culprit) {
          SearchEnds own = none;
          Enumerate(*tree, reached, culprit, errors, tree->root(), 0, 1, own);
          ASSERT_NEAR(right[culprit],
                      std::accumulate(own.right.begin(), own.right.end(), 0.0),
                      1e-12);
          for (std::size_t tests = 0; tests <= n; ++tests) {
            expected.right[tests] += chances[culprit] * own.right[tests];
            expected.wrong[tests] += chances[culprit] * own.wrong[tests];
          }
        }
        ExpectSame(EndsOf(*tree, history.suspects, errors, chances), expected);
        SearchEnds nobody = none;
        Enumerate(*tree, reached, std::nullopt, errors, tree->root(), 0, 1,
                  nobody);
        ExpectSame(EndsOf(*tree, history.suspects, errors, {}), nobody);
      }
    }
  }
}

}  // namespace
}  // namespace rebisect
