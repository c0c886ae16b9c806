#pragma once

#include <vector>

#include "sim/decision_tree.h"
#include "sim/suspect_graph.h"

namespace rebisect {

/// How often verdicts are wrong, each for itself.
struct VerdictErrors {
  double false_bad = 0;   ///< of a commit without the bug
  double false_good = 0;  ///< of a commit that has it
};

/// What a test is expected to cost.
struct TestCost {
  double good = 1;  ///< of a commit without the bug
  double bad = 1;   ///< of a commit that has it
};

/// By suspect: the probability that the search ends with it when it is the
/// culprit. Exact. O(n).
[[nodiscard]] std::vector<double> ChanceRight(const DecisionTree& tree,
                                              const VerdictErrors& errors);

/// By suspect: what the tests of a search are expected to cost when it is the
/// culprit, those after a wrong verdict included. Exact.
///
/// After a commit without the bug was judged bad, all further tests are of
/// commits without it. After a commit with the bug was judged good, further
/// tests may be of either kind: 256 culprits at a time, a set for each commit
/// says which of them it contains, and where all tests below a node agree the
/// cost is known at once. O(n^2 / 256) sets, and little more on histories
/// whose branches are short.
[[nodiscard]] std::vector<double> ExpectedCost(const DecisionTree& tree,
                                               const SuspectGraph& suspects,
                                               const VerdictErrors& errors,
                                               const TestCost& cost);

}  // namespace rebisect
