#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "harness/experiment/engine/experiment_layout.h"
#include "harness/experiment/results/experiment_result.h"
#include "sim/base/result.h"

namespace rebisect {

/// How the search of one trial ended, and what it cost.
struct TrialResult {
  TrialOutcome outcome = TrialOutcome::kUnnamed;
  std::int64_t tests = 0;
  std::int64_t runs = 0;
  std::int64_t builds = 0;
  std::int64_t build_ms = 0;
  std::optional<double> confidence{};  ///< the policy's own
};

/// Runs the trials of an experiment, a block at a time. What a block gives
/// depends on the layout alone, not on who runs it or what was run before.
/// For one thread; it keeps the searches that trials share.
class ExperimentWorker {
 public:
  /// Borrowed.
  explicit ExperimentWorker(const ExperimentLayout& layout);
  ~ExperimentWorker();

  /// Errors: those of sessions and policies.
  [[nodiscard]] Result<BlockResult> RunBlock(std::size_t group,
                                             std::size_t block);

  /// REQUIRES: info.groups[group].cells[cell].exact.
  [[nodiscard]] ExactCell RunExact(std::size_t group, std::size_t cell) const;

 private:
  class Trials;
  class SessionTrials;
  class LoopTrials;

  [[nodiscard]] Result<std::vector<TrialResult>> RunCell(std::size_t group,
                                                         std::size_t cell,
                                                         std::uint64_t first,
                                                         std::uint64_t count);
  [[nodiscard]] std::vector<TrialResult> RunTrees(const LaidGroup& group,
                                                  const CellPlan& cell,
                                                  std::uint64_t first,
                                                  std::uint64_t count) const;
  [[nodiscard]] std::int64_t CostOf(const TrialResult& trial) const;
  [[nodiscard]] CellBlock Sum(const std::vector<TrialResult>& trials,
                              const ExperimentNoise& noise) const;
  [[nodiscard]] PairBlock Pair(const std::vector<TrialResult>& first,
                               const std::vector<TrialResult>& second) const;

  const ExperimentLayout& layout_;
  /// By group and cell; those that keep something between blocks.
  std::map<std::pair<std::size_t, std::size_t>, std::unique_ptr<Trials>>
      trials_;
};

}  // namespace rebisect
