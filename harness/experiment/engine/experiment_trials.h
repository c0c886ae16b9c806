#pragma once

// Sources: loop_trials.cc, session_trials.cc: an engine each.

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "harness/experiment/engine/experiment_engine.h"
#include "harness/experiment/engine/simulated_tester.h"
#include "sim/session/selection_policy.h"
#include "sim/session/session_cache.h"

namespace rebisect {

/// A search that tests more than so often is given up: it would not end.
inline constexpr std::int64_t kMaxTestsOfTrial = 1'000;

/// Makes the trials of one cell, one by one.
class ExperimentWorker::Trials {
 public:
  virtual ~Trials() = default;
  [[nodiscard]] virtual Result<TrialResult> Run(std::uint64_t trial) = 0;
};

/// The culprit of the trial, in the numbers of the cell's graph; nullopt:
/// there is none.
[[nodiscard]] std::optional<Suspect> GuiltyIn(const LaidGroup& group,
                                              const CellPlan& cell,
                                              std::uint64_t trial);

/// What judges the tests of a cell with runs.
struct TrialPolicies {
  std::unique_ptr<RetryPolicy> retry{};
  std::unique_ptr<VerdictPolicy> verdict{};

  [[nodiscard]] static Result<TrialPolicies> Make(
      const ExperimentLayout& layout, const CellPlan& cell);
  /// Errors: what has become of a policy that is a program.
  [[nodiscard]] Result<void> Check() const;
};

/// What one trial may still spend.
class TrialBudget {
 public:
  TrialBudget(const ExperimentBudget& budget,
              const std::optional<ExperimentCost>& cost)
      : budget_(budget), cost_(cost) {}

  /// Whether a further test may begin; one that has begun is finished.
  [[nodiscard]] bool Allows(const TestCosts& spent) const;

 private:
  const ExperimentBudget& budget_;
  const std::optional<ExperimentCost>& cost_;
};

/// `git bisect` sessions, with runs, retries and verdicts.
class ExperimentWorker::SessionTrials final : public Trials {
 public:
  [[nodiscard]] static Result<std::unique_ptr<SessionTrials>> Make(
      const ExperimentLayout& layout, const LaidGroup& group,
      const CellPlan& cell);
  [[nodiscard]] Result<TrialResult> Run(std::uint64_t trial) override;

 private:
  class Search;
  SessionTrials(const ExperimentLayout& layout, const LaidGroup& group,
                const CellPlan& cell);
  void Renew();
  [[nodiscard]] const CommitGraph& graph() const;

  const ExperimentLayout& layout_;
  const LaidGroup& group_;
  const CellPlan& cell_;
  TrialPolicies policies_;
  std::unique_ptr<SelectionPolicy> policy_;
  SessionOptions options_;
  StartCommand start_;
  std::vector<Suspect> suspect_of_;  // by vertex
  std::unique_ptr<SessionCache> cache_;
};

/// The policy asked at every step.
class ExperimentWorker::LoopTrials final : public Trials {
 public:
  [[nodiscard]] static Result<std::unique_ptr<LoopTrials>> Make(
      const ExperimentLayout& layout, const LaidGroup& group,
      const CellPlan& cell);
  [[nodiscard]] Result<TrialResult> Run(std::uint64_t trial) override;

 private:
  class Search;
  LoopTrials(const ExperimentLayout& layout, const LaidGroup& group,
             const CellPlan& cell);
  void FindCost();

  const ExperimentLayout& layout_;
  const LaidGroup& group_;
  const CellPlan& cell_;
  TrialPolicies policies_;                   // none with VerdictNoise
  std::unique_ptr<SelectionPolicy> policy_;  // one that keeps sums
  std::vector<double> cost_;  // by suspect; empty unless the policy minds
};

/// Keys of what a trial draws beside its culprit.
enum : std::uint64_t { kLuckOfTrial = 1, kPolicyOfTrial = 2 };

}  // namespace rebisect
