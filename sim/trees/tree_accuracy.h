#pragma once

#include <span>
#include <vector>

#include "sim/graph/suspect_graph.h"
#include "sim/trees/decision_tree.h"

namespace rebisect {

/// How often verdicts are wrong, each for itself.
struct VerdictErrors {
  double false_bad = 0;   ///< of a commit without the bug
  double false_good = 0;  ///< of a commit that has it
};

/// By suspect: the probability that the search ends with it when it is the
/// culprit. Exact. O(n).
[[nodiscard]] std::vector<double> ChanceRight(const DecisionTree& tree,
                                              const VerdictErrors& errors);

/// How searches end: the probability of each number of tests together with
/// the right end, and with a wrong one.
struct SearchEnds {
  std::vector<double> right{};  ///< by number of tests
  std::vector<double> wrong{};  ///< the same
};

/// How searches by the tree end, over all culprits and all errors. Exact.
/// `chances` is by suspect, 1 in sum; empty: there is no culprit.
///
/// After a commit without the bug was judged bad, all further tests are of
/// commits without it. After a commit with the bug was judged good, further
/// tests may be of either kind: 256 culprits at a time, a set for each commit
/// says which of them it contains; and where all tests below a node agree,
/// culprits go on together. O(n) without errors; else O(n^2 / 256) sets, and
/// what each culprit has of nodes that do not agree.
[[nodiscard]] SearchEnds EndsOf(const DecisionTree& tree,
                                const SuspectGraph& suspects,
                                const VerdictErrors& errors,
                                std::span<const double> chances);

}  // namespace rebisect
