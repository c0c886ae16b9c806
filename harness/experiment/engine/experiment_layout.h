#pragma once

// Sources: run_rates.cc: rates of verdicts, computed.

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "harness/experiment/engine/experiment_graphs.h"
#include "harness/experiment/results/experiment_result.h"
#include "harness/experiment/spec/experiment.h"
#include "oracle/verdict/retry_policy.h"
#include "oracle/verdict/verdict_policy.h"
#include "sim/graph/ancestor_intervals.h"
#include "sim/session/selection_policy.h"
#include "sim/trees/culprit_draw.h"
#include "sim/trees/decision_tree.h"
#include "sim/trees/run_draws.h"
#include "sim/trees/tree_trials.h"

namespace rebisect {

/// The suspects of a search with what makes questions of ancestry cheap.
struct SearchedGraph {
  const SuspectGraph* suspects = nullptr;
  /// Absent: histories with too many lines side by side.
  std::optional<AncestorIntervals> intervals{};
  /// By suspect, what its build takes. Empty: all take the same.
  std::vector<std::int64_t> build_ms{};
};

/// One selection policy on one graph.
struct SelectionOnGraph {
  const SearchedGraph* graph = nullptr;
  PolicySpec spec{};
  std::vector<double> prior{};  ///< by suspect; empty: all alike
  std::optional<DecisionTree> tree{};
  std::unique_ptr<TreeTrials> trials{};  ///< where there is a tree
};

/// How the trials of a cell are made.
enum class TrialMaker {
  kSkipAhead,  ///< TreeTrials::Sample
  kTreeRuns,   ///< TreeTrials::SampleRuns
  kSession,    ///< `git bisect` sessions that many trials share
  kLoop,       ///< the policy is asked at every step
};

struct CellPlan {
  TrialMaker maker = TrialMaker::kLoop;
  const SelectionOnGraph* selection = nullptr;
  const PolicyChain* retry = nullptr;    ///< null with VerdictNoise
  const PolicyChain* verdict = nullptr;  ///< the same
  RunRates rates{};        ///< of trees, and of kLoop with VerdictNoise
  VerdictErrors errors{};  ///< the same
  /// Absent: there is never a culprit. In the numbers of the selection's graph.
  std::optional<CulpritDraw> culprits{};
  TreeTrials::Ideals ideals{};  ///< kSkipAhead
};

struct LaidGroup {
  std::size_t graph = 0;
  const ExperimentNoise* noise = nullptr;
  const ExperimentBudget* budget = nullptr;
  std::optional<CulpritDraw> culprits{};  ///< absent: there is never a culprit
  std::uint64_t key = 0;                  ///< of its trials
  std::vector<CellPlan> cells{};
};

struct LaidGraph {
  PreparedGraph prepared{};
  SearchedGraph whole{};
  SearchedGraph first_parents{};
  std::vector<std::unique_ptr<SelectionOnGraph>> selections{};
};

/// Everything that trials share; immutable once made. Policies that may keep
/// something, or be programs, are each worker's own.
struct ExperimentLayout {
  ExperimentInfo info{};
  std::optional<ExperimentCost> cost{};
  std::vector<ExperimentNoise> noises{};
  std::vector<ExperimentBudget> budgets{};
  std::vector<PolicyChain> retries{};
  std::vector<PolicyChain> verdicts{};
  VerdictRules rules{};
  std::vector<std::unique_ptr<LaidGraph>> graphs{};
  std::vector<LaidGroup> groups{};
  std::vector<std::string> notes{};

  [[nodiscard]] std::int64_t UsualBuildMs() const {
    return cost ? cost->build_ms : 0;
  }
  [[nodiscard]] std::int64_t BuildMs(const SearchedGraph& graph,
                                     Suspect s) const {
    return graph.build_ms.empty() ? UsualBuildMs() : graph.build_ms[s];
  }
};

/// Loads the graphs, builds the trees, lays out groups and cells.
/// Errors: those of the graphs, tables and policies.
[[nodiscard]] Result<std::unique_ptr<const ExperimentLayout>> LayOut(
    const ExperimentSpec& spec);

/// Retry and verdict policies whose verdict depends on nothing but how many of
/// a fixed number of runs crash, and runs that crash or pass for themselves:
/// a verdict then is a number of draws. nullopt for all others.
[[nodiscard]] std::optional<RunRates> RatesOf(const RunNoise& noise,
                                              const PolicyChain& retry,
                                              const PolicyChain& verdict,
                                              const RetryPolicy& retry_policy,
                                              const VerdictPolicy& policy);

/// How often the verdict of such runs is wrong. O(runs^2).
[[nodiscard]] VerdictErrors ErrorsOf(const RunRates& rates);

}  // namespace rebisect
