#include "harness/experiment/engine/experiment_engine.h"

#include <algorithm>
#include <numeric>

#include "harness/experiment/engine/experiment_trials.h"
#include "sim/base/result.h"
#include "sim/trees/tree_accuracy.h"

namespace rebisect {
namespace {

bool IsTree(const CellPlan& cell) {
  return cell.maker == TrialMaker::kSkipAhead ||
         cell.maker == TrialMaker::kTreeRuns;
}

/// A quantile of a distribution: the least value with so much at or below it.
std::int64_t QuantileOf(const SearchEnds& ends, double share) {
  double sum = 0;
  std::size_t last = 0;
  for (std::size_t tests = 0; tests < ends.right.size(); ++tests) {
    const double here = ends.right[tests] + ends.wrong[tests];
    if (here == 0) continue;
    sum += here;
    last = tests;
    // What is missing to 1 is rounding.
    if (sum >= share - 1e-12) return static_cast<std::int64_t>(tests);
  }
  return static_cast<std::int64_t>(last);
}

/// How searches end, with and without somebody guilty.
SearchEnds EndsOverAll(const DecisionTree& tree, const SuspectGraph& suspects,
                       const VerdictErrors& errors,
                       const std::optional<CulpritDraw>& culprits) {
  const double no_culprit = culprits ? culprits->ChanceOfNoCulprit() : 1;
  SearchEnds innocent =
      no_culprit > 0 ? EndsOf(tree, suspects, errors, std::span<const double>())
                     : SearchEnds{};
  if (!culprits) return innocent;
  SearchEnds ends =
      EndsOf(tree, suspects, errors,
             culprits->Chances(static_cast<std::uint32_t>(suspects.size())));
  const std::size_t most = std::max(ends.wrong.size(), innocent.wrong.size());
  ends.right.resize(most, 0);
  ends.wrong.resize(most, 0);
  for (std::size_t tests = 0; tests < innocent.wrong.size(); ++tests) {
    ends.wrong[tests] += no_culprit * innocent.wrong[tests];
  }
  return ends;
}

}  // namespace

ExperimentWorker::ExperimentWorker(const ExperimentLayout& layout)
    : layout_(layout) {}
ExperimentWorker::~ExperimentWorker() = default;

Result<BlockResult> ExperimentWorker::RunBlock(std::size_t group,
                                               std::size_t block) {
  const LaidGroup& laid = layout_.groups[group];
  const std::uint64_t first = layout_.info.block_trials * block;
  const std::uint64_t count = layout_.info.TrialsIn(group, block);
  BlockResult result{group, block, {}, {}};
  std::vector<std::vector<TrialResult>> trials;
  for (std::size_t cell = 0; cell < laid.cells.size(); ++cell) {
    REBISECT_ASSIGN_OR_RETURN(auto made, RunCell(group, cell, first, count));
    result.cells.push_back(Sum(made, *laid.noise));
    trials.push_back(std::move(made));
  }
  result.pairs.reserve(PairsOf(trials.size()));
  for (std::size_t a = 0; a < trials.size(); ++a) {
    for (std::size_t b = a + 1; b < trials.size(); ++b) {
      result.pairs.push_back(Pair(trials[a], trials[b]));
    }
  }
  return result;
}

Result<std::vector<TrialResult>> ExperimentWorker::RunCell(
    std::size_t group, std::size_t cell, std::uint64_t first,
    std::uint64_t count) {
  const LaidGroup& laid_group = layout_.groups[group];
  const CellPlan& laid = laid_group.cells[cell];
  if (IsTree(laid)) return RunTrees(laid_group, laid, first, count);
  std::unique_ptr<Trials>& maker = trials_[{group, cell}];
  if (!maker && laid.maker == TrialMaker::kSession) {
    REBISECT_ASSIGN_OR_RETURN(auto made,
                              SessionTrials::Make(layout_, laid_group, laid));
    maker = std::move(made);
  } else if (!maker) {
    REBISECT_ASSIGN_OR_RETURN(auto made,
                              LoopTrials::Make(layout_, laid_group, laid));
    maker = std::move(made);
  }
  std::vector<TrialResult> trials;
  trials.reserve(count);
  for (std::uint64_t i = 0; i < count; ++i) {
    REBISECT_ASSIGN_OR_RETURN(auto trial, maker->Run(first + i));
    trials.push_back(trial);
  }
  return trials;
}

std::vector<TrialResult> ExperimentWorker::RunTrees(const LaidGroup& group,
                                                    const CellPlan& cell,
                                                    std::uint64_t first,
                                                    std::uint64_t count) const {
  std::vector<TrialEnd> ends(count);
  const TrialRange range{group.key, first,
                         cell.culprits ? &*cell.culprits : nullptr};
  if (cell.maker == TrialMaker::kSkipAhead) {
    cell.selection->trials->Sample(cell.ideals, range, ends);
  } else {
    cell.selection->trials->SampleRuns(cell.rates, range, ends);
  }
  const TrialBudget budget(*group.budget, layout_.cost);
  const std::int64_t build_ms = layout_.UsualBuildMs();
  std::vector<TrialResult> trials;
  trials.reserve(count);
  for (const TrialEnd& end : ends) {
    TrialResult trial;
    trial.outcome = end.right ? TrialOutcome::kRight : TrialOutcome::kWrong;
    const auto tests = static_cast<std::int64_t>(end.tests);
    for (trial.tests = 0; trial.tests < tests; ++trial.tests) {
      const std::int64_t runs = trial.tests * cell.rates.runs;
      if (!group.budget->Unbounded() &&
          !budget.Allows(
              {trial.tests, runs, trial.tests, trial.tests * build_ms})) {
        trial.outcome = TrialOutcome::kOverBudget;
        break;
      }
    }
    trial.runs = trial.tests * cell.rates.runs;
    trial.builds = trial.tests;
    trial.build_ms = cell.selection->graph->build_ms.empty()
                         ? trial.tests * build_ms
                         : end.cost;
    trials.push_back(trial);
  }
  return trials;
}

std::int64_t ExperimentWorker::CostOf(const TrialResult& trial) const {
  if (!layout_.cost) return 0;
  return trial.build_ms + trial.runs * layout_.cost->run_ms;
}

CellBlock ExperimentWorker::Sum(const std::vector<TrialResult>& trials,
                                const ExperimentNoise& noise) const {
  const bool of_runs = std::holds_alternative<RunNoise>(noise.noise);
  CellBlock sum;
  std::array<ValueCounter, kQuantities> counters;
  const auto count = [&](Quantity quantity, std::int64_t value) {
    counters[static_cast<std::size_t>(quantity)].Add(
        std::min(value, kMaxQuantity));
  };
  for (const TrialResult& trial : trials) {
    ++sum.outcomes[static_cast<std::size_t>(trial.outcome)];
    count(Quantity::kTests, trial.tests);
    if (of_runs) {
      count(Quantity::kRuns, trial.runs);
      count(Quantity::kBuilds, trial.builds);
    }
    if (layout_.cost) count(Quantity::kCostMs, CostOf(trial));
    if (trial.confidence) {
      sum.calibration.Add(*trial.confidence,
                          trial.outcome == TrialOutcome::kRight);
    }
  }
  for (std::size_t i = 0; i < kQuantities; ++i) {
    sum.quantities[i] = counters[i].Counts();
  }
  return sum;
}

PairBlock ExperimentWorker::Pair(const std::vector<TrialResult>& first,
                                 const std::vector<TrialResult>& second) const {
  PairBlock pair;
  for (std::size_t i = 0; i < first.size(); ++i) {
    const bool a = first[i].outcome == TrialOutcome::kRight;
    const bool b = second[i].outcome == TrialOutcome::kRight;
    ++(a ? (b ? pair.right.both : pair.right.only_first)
         : (b ? pair.right.only_second : pair.right.neither));
    pair.tests.Add(second[i].tests - first[i].tests);
    pair.cost_ms.Add(std::min(CostOf(second[i]), kMaxQuantity) -
                     std::min(CostOf(first[i]), kMaxQuantity));
  }
  return pair;
}

ExactCell ExperimentWorker::RunExact(std::size_t group,
                                     std::size_t cell) const {
  const LaidGroup& laid_group = layout_.groups[group];
  const CellPlan& laid = laid_group.cells[cell];
  const SelectionOnGraph& selection = *laid.selection;
  const SuspectGraph& suspects = *selection.graph->suspects;
  const SearchEnds ends =
      EndsOverAll(*selection.tree, suspects, laid.errors, laid.culprits);
  ExactCell exact;
  exact.group = group;
  exact.cell = cell;
  // Rounding may lead past the whole.
  const double right =
      std::min(1.0, std::accumulate(ends.right.begin(), ends.right.end(), 0.0));
  exact.shares[static_cast<std::size_t>(TrialOutcome::kRight)] = right;
  exact.shares[static_cast<std::size_t>(TrialOutcome::kWrong)] = 1 - right;
  double mean = 0;
  for (std::size_t tests = 0; tests < ends.right.size(); ++tests) {
    mean +=
        static_cast<double>(tests) * (ends.right[tests] + ends.wrong[tests]);
  }
  const auto cost = [&](std::int64_t each) {
    return ExactCell::Cost{
        mean * static_cast<double>(each), QuantileOf(ends, .5) * each,
        QuantileOf(ends, .95) * each, QuantileOf(ends, 1) * each};
  };
  const auto set = [&](Quantity quantity, std::int64_t each) {
    exact.costs[static_cast<std::size_t>(quantity)] = cost(each);
  };
  set(Quantity::kTests, 1);
  if (std::holds_alternative<RunNoise>(laid_group.noise->noise)) {
    set(Quantity::kRuns, laid.rates.runs);
    set(Quantity::kBuilds, 1);
  }
  if (layout_.cost && selection.graph->build_ms.empty()) {
    set(Quantity::kCostMs,
        layout_.cost->build_ms + laid.rates.runs * layout_.cost->run_ms);
  }
  return exact;
}

}  // namespace rebisect
