#include "sim/trees/tree_shortcuts.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "sim/base/prng.h"
#include "sim/trees/tree_trials.h"
#include "tests/sim/policies/selection_history.h"

namespace rebisect {
namespace {

using testing_support::Dates;
using testing_support::History;
using testing_support::kNoLimit;
using testing_support::kShapes;
using testing_support::RandomHistory;
using testing_support::Shape;
using testing_support::TestPrng;

bool IsLeaf(std::uint32_t at) { return (at & DecisionTree::kLeaf) != 0; }

/// The tests from a node to the leaf when all verdicts are alike.
std::vector<Suspect> Follow(const DecisionTree& tree, std::uint32_t at,
                            bool bad) {
  std::vector<Suspect> tests;
  while (!IsLeaf(at)) {
    const DecisionTree::Node& node = tree.nodes[at];
    tests.push_back(node.test);
    at = bad ? node.bad : node.good;
  }
  return tests;
}

/// On a line, the oldest or the newest first: paths as long as they get.
DecisionTree OneByOne(std::uint32_t suspects, bool oldest_first) {
  DecisionTree tree;
  for (Suspect s = 0; s < suspects; ++s) tree.leaves.push_back(s);
  const std::uint32_t nodes = suspects - 1;
  for (std::uint32_t i = 0; i < nodes; ++i) {
    const Suspect test = oldest_first ? i : nodes - 1 - i;
    const bool last = i + 1 == nodes;
    const std::uint32_t rest = last ? DecisionTree::kLeaf | (test + 1) : i + 1;
    if (oldest_first) {
      tree.nodes.push_back({test, DecisionTree::kLeaf | test, rest, test + 1});
    } else {
      tree.nodes.push_back({test, last ? DecisionTree::kLeaf | test : i + 1,
                            DecisionTree::kLeaf | (test + 1), test + 1});
    }
  }
  return tree;
}

struct Case {
  explicit Case(History of) : history(std::move(of)) {
    const auto cover = CoverAncestors(history.suspects, kNoLimit);
    intervals = *AncestorIntervals::Of(history.suspects, *cover, kNoLimit);
    tree = *BuildBestTree(history.suspects, kNoLimit);
  }

  History history;
  AncestorIntervals intervals;
  DecisionTree tree;
};

/// Histories of every shape with their best trees; lines with the worst.
std::vector<Case> Cases() {
  TestPrng prng(5);
  std::vector<Case> cases;
  for (const auto shape : kShapes) {
    for (const std::size_t size : {2U, 40U, 400U}) {
      cases.emplace_back(RandomHistory(prng, shape, Dates::kJitter, size));
    }
  }
  for (const bool oldest_first : {true, false}) {
    cases.emplace_back(
        RandomHistory(prng, Shape::kLinear, Dates::kDistinct, 400));
    Case& line = cases.back();
    line.tree = OneByOne(static_cast<std::uint32_t>(line.tree.leaves.size()),
                         oldest_first);
  }
  return cases;
}

TEST(TreeShortcuts, LeadWhereTheVerdictsLead) {
  for (const Case& one : Cases()) {
    const TreeShortcuts shortcuts(one.tree, one.intervals);
    for (std::uint32_t leaf = 0; leaf < one.tree.leaves.size(); ++leaf) {
      const std::uint32_t path = shortcuts.Path(leaf);
      std::uint32_t at = one.tree.root();
      for (unsigned i = 0; i <= TreeShortcuts::kTop && !IsLeaf(at); ++i) {
        ASSERT_EQ(shortcuts.Node(path, i), at);
        if (i == TreeShortcuts::kTop) break;
        const bool bad = (path >> (TreeShortcuts::kTop - 1 - i) & 1U) != 0;
        ASSERT_EQ(bad, leaf < one.tree.nodes[at].split);
        at = bad ? one.tree.nodes[at].bad : one.tree.nodes[at].good;
      }
    }
    for (std::uint32_t at = 0; at < one.tree.nodes.size(); ++at) {
      const std::size_t far = TreeShortcuts::kFar;
      const auto bads = Follow(one.tree, at, true);
      const TreeShortcuts::Alike& alike = shortcuts.AllAlike(at);
      EXPECT_EQ(alike.goods, std::min(Follow(one.tree, at, false).size(), far));
      EXPECT_EQ(alike.bads, std::min(bads.size(), far));
      EXPECT_EQ(alike.oldest, bads.back());
      for (std::size_t i = 1; i < bads.size(); ++i) {
        EXPECT_TRUE(one.intervals.Reaches(bads[i - 1], bads[i]));
      }
    }
  }
}

/// A trial without any shortcut: a verdict for each test, with the numbers
/// that the trial is defined by.
TrialEnd OneTrial(const Case& one, const VerdictErrors& errors,
                  const CulpritDraw& culprits, std::uint64_t key,
                  std::uint64_t trial) {
  constexpr std::uint64_t kStart = std::uint64_t{1} << 62U;
  const Suspect culprit = CulpritOf(culprits, key, trial);
  std::uint64_t drawn = 1;  // the first half of the first is the culprit
  const auto next = [&] {
    const auto bits = KeyedBits(key, trial, kStart + drawn / 2);
    const std::uint64_t one_of = bits[drawn % 2];
    ++drawn;
    return static_cast<double>(one_of >> 11U) * 0x1p-53;
  };
  double chance = next();
  double none_yet = 1;
  TrialEnd end;
  std::uint32_t at = one.tree.root();
  while (!IsLeaf(at)) {
    const DecisionTree::Node& node = one.tree.nodes[at];
    const bool has_bug =
        culprit != kNoSuspect && one.intervals.Reaches(node.test, culprit);
    none_yet *= 1 - (has_bug ? errors.false_good : errors.false_bad);
    const bool wrong = chance >= none_yet;
    if (wrong) {
      chance = next();
      none_yet = 1;
    }
    ++end.tests;
    at = has_bug != wrong ? node.bad : node.good;
  }
  end.right = one.tree.leaves[at & ~DecisionTree::kLeaf] == culprit;
  return end;
}

TEST(TreeShortcuts, MakeNoDifferenceToTrials) {
  for (const Case& one : Cases()) {
    const TreeTrials trials(one.tree, one.history.suspects, one.intervals);
    const auto n = static_cast<std::uint32_t>(one.tree.leaves.size());
    for (const CulpritDraw& culprits :
         {CulpritDraw::Uniform(n), CulpritDraw::MaybeNoCulprit(n, .4)}) {
      for (const VerdictErrors errors :
           {VerdictErrors{.004, .0001}, VerdictErrors{.086, .046},
            VerdictErrors{.3, .4}, VerdictErrors{0, .2}, VerdictErrors{.2, 0},
            VerdictErrors{1, 0}, VerdictErrors{1, 1}}) {
        std::vector<TrialEnd> ends(300);
        trials.Sample(trials.With(errors), {9, 70, &culprits}, ends);
        for (std::size_t i = 0; i < ends.size(); ++i) {
          ASSERT_EQ(ends[i], OneTrial(one, errors, culprits, 9, 70 + i))
              << n << " suspects, errors " << errors.false_bad << ' '
              << errors.false_good << ", trial " << i;
        }
      }
    }
  }
}

}  // namespace
}  // namespace rebisect
