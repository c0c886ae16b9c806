#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "sim/graph/ancestor_intervals.h"
#include "sim/trees/culprit_draw.h"
#include "sim/trees/decision_tree.h"
#include "sim/trees/run_draws.h"
#include "sim/trees/tree_accuracy.h"
#include "sim/trees/tree_shortcuts.h"

namespace rebisect {

/// How the search of a trial ended.
struct TrialEnd {
  std::uint32_t tests = 0;
  bool right = false;     ///< with the culprit; else with another suspect
  std::int64_t cost = 0;  ///< of the tests, where costs were given

  friend bool operator==(const TrialEnd&, const TrialEnd&) = default;
};

/// Which trials: each draws its culprit and its noise by (key, trial) alone,
/// so that it does not matter which thread runs it.
struct TrialRange {
  std::uint64_t key = 0;
  std::uint64_t first = 0;
  /// Draws the culprit; null: there is none, and every search ends wrong.
  /// Borrowed.
  const CulpritDraw* culprits = nullptr;
};

/// The culprit of a trial, whatever policy searches; kNoSuspect: there is none.
[[nodiscard]] Suspect CulpritOf(const CulpritDraw& draw, std::uint64_t key,
                                std::uint64_t trial);

/// Draws searches by a decision tree. Immutable: for any number of threads.
class TreeTrials {
 public:
  /// Borrows all but the suspects. `costs` is by suspect, or empty. O(n).
  TreeTrials(const DecisionTree& tree, const SuspectGraph& suspects,
             const AncestorIntervals& intervals,
             std::span<const std::int64_t> costs = {});

  /// For each culprit, the search in which no verdict is wrong.
  struct Ideal {
    double chance;  ///< of it
    std::uint32_t leaf;
    std::uint32_t tests;
  };
  struct Ideals {
    VerdictErrors errors{};
    std::vector<Ideal> by_suspect{};
  };
  /// O(n).
  [[nodiscard]] Ideals With(const VerdictErrors& errors) const;

  /// Verdicts that are wrong by chance, for one trial after the other, one an
  /// element of `ends`. One number settles most trials: those without an
  /// error; and from error to error one number tells how far. The same
  /// distribution as a draw for each test would give. `ideals` are this
  /// object's. Costs are left out.
  void Sample(const Ideals& ideals, const TrialRange& range,
              std::span<TrialEnd> ends) const;

  /// Every run of every test is drawn for itself (RunDraws): searches by
  /// different trees of one CommitGraph, and rates, meet the same noise.
  void SampleRuns(const RunRates& rates, const TrialRange& range,
                  std::span<TrialEnd> ends) const;

 private:
  /// As many as make vectors and fill the time that memory takes.
  static constexpr std::size_t kLanes = 8;

  class Draws;
  class DrawnRuns;
  class SkipAhead;

  const DecisionTree& tree_;
  const AncestorIntervals& intervals_;
  std::span<const std::int64_t> costs_;
  TreeShortcuts shortcuts_;
  std::vector<Vertex> commits_;         // of each node, the test
  std::vector<std::uint32_t> leaf_of_;  // by suspect
  std::vector<std::uint32_t> tests_;    // the same
};

}  // namespace rebisect
