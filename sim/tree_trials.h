#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "sim/ancestor_intervals.h"
#include "sim/decision_tree.h"
#include "sim/tree_accuracy.h"

namespace rebisect {

/// How the searches of some trials went: how many took so many tests.
struct TrialTally {
  std::vector<std::uint64_t> right{};  ///< ended with the culprit
  std::vector<std::uint64_t> wrong{};  ///< ended with another suspect

  void Add(bool is_right, std::uint32_t tests);
  friend bool operator==(const TrialTally&, const TrialTally&) = default;
};

/// Which trials: each draws its culprit and its noise by (key, trial) alone,
/// so that it does not matter which thread runs it.
struct TrialRange {
  std::uint64_t key = 0;
  std::uint64_t first = 0;
  std::uint64_t count = 0;
};

/// Runs of a commit that make its verdict: bad when `bad_from` or more of
/// `runs` crash.
struct RunRates {
  int runs = 10;           ///< 1 to 1000
  int bad_from = 1;        ///< 1 to runs
  double crash = 1;        ///< chance of a run where the bug is
  double false_crash = 0;  ///< and of one where it is not
};

/// Draws searches by a decision tree whose culprit is any of the suspects,
/// each as likely. Immutable: for any number of threads.
class TreeTrials {
 public:
  /// Borrows both. O(n).
  TreeTrials(const DecisionTree& tree, const AncestorIntervals& intervals);

  /// Verdicts that are wrong by chance. The chance that a search meets no
  /// error at all is known for each culprit, so that one number settles most
  /// trials; and from error to error one number tells how far. The same
  /// distribution as a draw for each test would give.
  void Sample(const VerdictErrors& errors, const TrialRange& range,
              TrialTally& tally) const;

  /// Every run of every test is drawn for itself, keyed by (trial, commit,
  /// run): searches by different trees and rates meet the same luck.
  void SampleRuns(const RunRates& rates, const TrialRange& range,
                  TrialTally& tally) const;

  /// The suspect that is guilty in a trial, whatever the tree.
  [[nodiscard]] Suspect CulpritOf(std::uint64_t key, std::uint64_t trial) const;

 private:
  class Luck;
  class Draws;

  [[nodiscard]] std::uint32_t AfterFalseBad(std::uint32_t at, double false_bad,
                                            Luck& luck) const;
  [[nodiscard]] std::uint32_t AfterFalseGood(std::uint32_t at, Suspect culprit,
                                             const VerdictErrors& errors,
                                             Luck& luck) const;

  const DecisionTree& tree_;
  const AncestorIntervals& intervals_;
  std::vector<std::uint32_t> leaf_of_;  // by suspect
  std::vector<std::uint32_t> depth_;    // by leaf
  std::uint32_t deepest_ = 0;
};

}  // namespace rebisect
