#include "harness/experiment/engine/experiment_layout.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <utility>

#include "harness/experiment/engine/experiment_priors.h"
#include "harness/search/selection_policies.h"
#include "sim/base/prng.h"
#include "sim/base/result.h"
#include "sim/graph/ancestor_cover.h"
#include "sim/trees/git_tree.h"
#include "sim/trees/policy_tree.h"

namespace rebisect {
namespace {

/// Limbs of a cover and intervals of ancestors a suspect may have on average,
/// before a history counts as too wide for them.
constexpr std::size_t kMaxLimbs = 64;

/// What a block holds unless the experiment says otherwise: about a second of
/// the slowest policies, and some milliseconds of the fastest.
constexpr std::uint64_t kFastBlock = 65'536;
constexpr std::uint64_t kSlowBlock = 50;

/// Keys of trials and of samples.
constexpr std::uint64_t kTrials = 1;
constexpr std::uint64_t kSamples = 2;

SearchedGraph Searched(const SuspectGraph& suspects) {
  SearchedGraph graph;
  graph.suspects = &suspects;
  const std::size_t most = kMaxLimbs * suspects.size();
  if (const auto cover = CoverAncestors(suspects, most)) {
    graph.intervals = AncestorIntervals::Of(suspects, *cover, most);
  }
  return graph;
}

class LayoutMaker {
 public:
  explicit LayoutMaker(const ExperimentSpec& spec)
      : spec_(spec), layout_(std::make_unique<ExperimentLayout>()) {}

  Result<std::unique_ptr<const ExperimentLayout>> Run() {
    ExperimentInfo& info = layout_->info;
    info.name = spec_.name;
    info.spec = spec_.canonical;
    info.seed = spec_.seed;
    info.version = REBISECT_VERSION;
    layout_->cost = spec_.cost;
    layout_->noises = spec_.noises;
    layout_->budgets = spec_.budgets;
    layout_->retries = spec_.retries;
    layout_->verdicts = spec_.verdicts;
    layout_->rules = spec_.rules;
    REBISECT_RETURN_IF_ERROR(MakePolicies());
    for (const ExperimentGraph& graph : spec_.graphs) {
      REBISECT_RETURN_IF_ERROR(AddGraph(graph));
    }
    for (std::size_t graph = 0; graph < layout_->graphs.size(); ++graph) {
      for (const ExperimentTruth& truth : spec_.truths) {
        for (const ExperimentNoise& noise : layout_->noises) {
          for (const ExperimentBudget& budget : layout_->budgets) {
            REBISECT_RETURN_IF_ERROR(AddGroup(graph, truth, noise, budget));
          }
        }
      }
    }
    info.block_trials =
        spec_.block_trials.value_or(AllTrees() ? kFastBlock : kSlowBlock);
    REBISECT_RETURN_IF_ERROR(CheckBlocks());
    return std::unique_ptr<const ExperimentLayout>(std::move(layout_));
  }

 private:
  /// Neither a store nor the memory is for any number of them.
  [[nodiscard]] Result<void> CheckBlocks() const {
    std::uint64_t blocks = 0;
    for (std::size_t group = 0; group < layout_->groups.size(); ++group) {
      blocks += layout_->info.BlocksOf(group);
      if (blocks <= kMaxBlocks) continue;
      return Fail(ErrorCode::kInput,
                  "this many trials, in blocks of " +
                      std::to_string(layout_->info.block_trials) +
                      ", make more than " + std::to_string(kMaxBlocks) +
                      " blocks; give fewer, or a larger 'block-trials'",
                  spec_.trials_where);
    }
    return {};
  }

  /// To name the cells, and to see what they are; not kept.
  Result<void> MakePolicies() {
    for (const PolicyChain& chain : layout_->retries) {
      REBISECT_ASSIGN_OR_RETURN(auto policy, MakeRetryPolicy(chain));
      retries_.push_back(std::move(policy));
    }
    for (const PolicyChain& chain : layout_->verdicts) {
      REBISECT_ASSIGN_OR_RETURN(auto policy,
                                MakeVerdictPolicy(chain, &layout_->rules));
      verdicts_.push_back(std::move(policy));
    }
    return {};
  }

  Result<void> AddGraph(const ExperimentGraph& spec) {
    const bool first_parents = std::any_of(
        spec_.selections.begin(), spec_.selections.end(), NeedsFirstParents);
    REBISECT_ASSIGN_OR_RETURN(auto prepared, PrepareGraph(spec, first_parents));
    auto graph = std::make_unique<LaidGraph>();
    graph->prepared = std::move(prepared);
    graph->whole = Searched(graph->prepared.suspects);
    if (first_parents) {
      graph->first_parents = Searched(graph->prepared.first_parent_suspects);
    }
    if (auto costs = AddCosts(*graph); !costs) return costs;
    for (const PolicySpec& selection : spec_.selections) {
      auto on_graph = std::make_unique<SelectionOnGraph>();
      on_graph->spec = selection;
      on_graph->graph =
          NeedsFirstParents(selection) ? &graph->first_parents : &graph->whole;
      if (auto prior = AddPrior(spec, *on_graph); !prior) return prior;
      if (auto built = BuildTree(*graph, *on_graph); !built) return built;
      if (on_graph->tree) {
        on_graph->trials = std::make_unique<TreeTrials>(
            *on_graph->tree, *on_graph->graph->suspects,
            *on_graph->graph->intervals, on_graph->graph->build_ms);
      }
      graph->selections.push_back(std::move(on_graph));
    }
    layout_->info.graphs.push_back(graph->prepared.info);
    layout_->graphs.push_back(std::move(graph));
    return {};
  }

  Result<void> AddCosts(LaidGraph& graph) const {
    if (!spec_.cost || !spec_.cost->builds) return {};
    REBISECT_ASSIGN_OR_RETURN(
        const auto numbers,
        NumbersBySuspect(*spec_.cost->builds, graph.prepared.suspects,
                         static_cast<double>(spec_.cost->build_ms)));
    for (const double ms : numbers) {
      graph.whole.build_ms.push_back(std::llround(ms));
    }
    if (graph.first_parents.suspects == nullptr) return {};
    const auto& all = graph.prepared.suspects.vertices;
    for (const Vertex v : graph.first_parents.suspects->vertices) {
      const auto at = std::lower_bound(all.begin(), all.end(), v);
      graph.first_parents.build_ms.push_back(
          graph.whole.build_ms[static_cast<std::size_t>(at - all.begin())]);
    }
    return {};
  }

  Result<void> AddPrior(const ExperimentGraph& graph,
                        SelectionOnGraph& selection) const {
    const auto name = PriorOf(selection.spec);
    if (!name) return {};
    for (const ExperimentPrior& prior : spec_.priors) {
      if (prior.name != *name) continue;
      REBISECT_ASSIGN_OR_RETURN(
          auto weights,
          PriorBySuspect(prior, graph, *selection.graph->suspects));
      selection.prior = std::move(weights);
    }
    return {};
  }

  Result<void> BuildTree(const LaidGraph& graph, SelectionOnGraph& selection) {
    const SearchedGraph& searched = *selection.graph;
    const SelectionTree kind = TreeOf(selection.spec);
    if (kind == SelectionTree::kNone || !searched.intervals) return {};
    const SuspectGraph& suspects = *searched.suspects;
    if (kind == SelectionTree::kMidpoints && selection.prior.empty()) {
      selection.tree = BuildBestTree(suspects, kMaxLimbs * suspects.size());
      if (selection.tree) return {};
    }
    if (kind == SelectionTree::kGit) {
      GitTree tree = BuildGitTree(suspects, graph.prepared.goods,
                                  GitRules::Of(*GitVersionOf(selection.spec)));
      if (!tree.unlike.empty()) {
        layout_->notes.push_back(
            "note: git would list other commits too while it searches for " +
            std::to_string(tree.unlike.size()) + " of " +
            std::to_string(suspects.size()) +
            " culprits (their dates are far out of order); here it does not");
      }
      selection.tree = std::move(tree.tree);
      return {};
    }
    REBISECT_ASSIGN_OR_RETURN(
        auto policy,
        MakeSelectionPolicy(selection.spec, Prng(spec_.seed, 0, 0)));
    REBISECT_ASSIGN_OR_RETURN(
        auto tree, BuildPolicyTree(suspects, selection.prior, *policy));
    selection.tree = std::move(tree);
    return {};
  }

  Result<std::optional<CulpritDraw>> DrawOf(const LaidGraph& graph,
                                            const ExperimentTruth& truth) {
    const auto n = static_cast<std::uint32_t>(graph.prepared.suspects.size());
    switch (truth.kind) {
      case ExperimentTruth::Kind::kNone:
        return std::optional<CulpritDraw>();
      case ExperimentTruth::Kind::kEvery:
        return std::optional(CulpritDraw::Uniform(n));
      case ExperimentTruth::Kind::kMaybe:
        return std::optional(CulpritDraw::MaybeNoCulprit(n, truth.none));
      case ExperimentTruth::Kind::kSample: {
        if (truth.count > n) {
          return Fail(ErrorCode::kInput,
                      "a sample of " + std::to_string(truth.count) +
                          " is larger than a graph of " + std::to_string(n) +
                          " suspects; give 'every', or a smaller one",
                      truth.where);
        }
        Prng prng(spec_.seed, kSamples, truth.count);
        std::vector<Suspect> all(n);
        for (Suspect s = 0; s < n; ++s) all[s] = s;
        for (std::uint32_t i = 0; i < truth.count; ++i) {
          std::swap(all[i], all[i + prng.Below(n - i)]);
        }
        all.resize(truth.count);
        std::sort(all.begin(), all.end());
        return std::optional(CulpritDraw::Among(std::move(all)));
      }
      case ExperimentTruth::Kind::kWeighted: {
        REBISECT_ASSIGN_OR_RETURN(
            auto weights,
            NumbersBySuspect(truth.table, graph.prepared.suspects, 0));
        return std::optional(CulpritDraw::Weighted(weights));
      }
    }
    return std::optional<CulpritDraw>();
  }

  Result<void> AddGroup(std::size_t graph_index, const ExperimentTruth& truth,
                        const ExperimentNoise& noise,
                        const ExperimentBudget& budget) {
    const LaidGraph& graph = *layout_->graphs[graph_index];
    REBISECT_ASSIGN_OR_RETURN(auto draw, DrawOf(graph, truth));
    LaidGroup group;
    group.graph = graph_index;
    group.noise = &noise;
    group.budget = &budget;
    group.culprits = std::move(draw);
    group.key = KeyedBits(spec_.seed, kTrials, layout_->groups.size())[0];
    GroupInfo info{graph_index,    TextOf(truth), TextOf(noise),
                   TextOf(budget), spec_.trials,  {}};
    const bool of_runs = std::holds_alternative<RunNoise>(noise.noise);
    const std::size_t retries = of_runs ? spec_.retries.size() : 1;
    const std::size_t verdicts = of_runs ? spec_.verdicts.size() : 1;
    for (const auto& selection : graph.selections) {
      for (std::size_t retry = 0; retry < retries; ++retry) {
        for (std::size_t verdict = 0; verdict < verdicts; ++verdict) {
          CellPlan cell;
          cell.selection = selection.get();
          CellInfo cell_info{ToText({selection->spec}), "", "", false};
          if (of_runs) {
            cell.retry = &layout_->retries[retry];
            cell.verdict = &layout_->verdicts[verdict];
            cell_info.retry = retries_[retry]->Name();
            cell_info.verdict = verdicts_[verdict]->Name();
          }
          ChooseMaker(noise, retry, verdict, cell);
          cell_info.exact = spec_.exact && IsTree(cell) && budget.Unbounded();
          group.cells.push_back(std::move(cell));
          info.cells.push_back(std::move(cell_info));
        }
      }
    }
    AlignLuck(group);
    for (CellPlan& cell : group.cells) DrawCulprits(graph, group, cell);
    layout_->groups.push_back(std::move(group));
    layout_->info.groups.push_back(std::move(info));
    return {};
  }

  static bool IsTree(const CellPlan& cell) {
    return cell.maker == TrialMaker::kSkipAhead ||
           cell.maker == TrialMaker::kTreeRuns;
  }

  void ChooseMaker(const ExperimentNoise& noise, std::size_t retry,
                   std::size_t verdict, CellPlan& cell) const {
    const bool tree = cell.selection->tree.has_value();
    if (const auto* verdicts = std::get_if<VerdictNoise>(&noise.noise)) {
      cell.errors = {verdicts->false_bad, verdicts->false_good};
      cell.rates = {1, 1, 1 - verdicts->false_good, verdicts->false_bad};
      cell.maker = tree ? TreeMaker(cell) : TrialMaker::kLoop;
      return;
    }
    const auto rates =
        RatesOf(std::get<RunNoise>(noise.noise), *cell.retry, *cell.verdict,
                *retries_[retry], *verdicts_[verdict]);
    if (tree && rates) {
      cell.rates = *rates;
      cell.errors = ErrorsOf(*rates);
      cell.maker = TreeMaker(cell);
      return;
    }
    cell.maker = RunsMaker(cell);
  }

  /// What tests cost is only summed up one by one.
  static TrialMaker TreeMaker(const CellPlan& cell) {
    return cell.selection->graph->build_ms.empty() ? TrialMaker::kSkipAhead
                                                   : TrialMaker::kTreeRuns;
  }

  /// Sessions know of no prior.
  static TrialMaker RunsMaker(const CellPlan& cell) {
    return IsDecisionTree(cell.selection->spec) && cell.selection->prior.empty()
               ? TrialMaker::kSession
               : TrialMaker::kLoop;
  }

  /// Policies that are compared have to meet the same noise: runs that are all
  /// drawn, and drawn alike.
  static void AlignLuck(LaidGroup& group) {
    if (group.cells.size() == 1) return;
    const bool of_runs = std::holds_alternative<RunNoise>(group.noise->noise);
    const bool all_trees =
        std::all_of(group.cells.begin(), group.cells.end(), IsTree);
    for (CellPlan& cell : group.cells) {
      if (!IsTree(cell)) continue;
      cell.maker =
          of_runs && !all_trees ? RunsMaker(cell) : TrialMaker::kTreeRuns;
    }
  }

  static void DrawCulprits(const LaidGraph& graph, const LaidGroup& group,
                           CellPlan& cell) {
    cell.culprits = group.culprits;
    if (cell.culprits && cell.selection->graph == &graph.first_parents) {
      cell.culprits = cell.culprits->Mapped(graph.prepared.brought_by);
    }
    if (cell.maker == TrialMaker::kSkipAhead) {
      cell.ideals = cell.selection->trials->With(cell.errors);
    }
  }

  [[nodiscard]] bool AllTrees() const {
    return std::all_of(
        layout_->groups.begin(), layout_->groups.end(), [](const auto& group) {
          return std::all_of(group.cells.begin(), group.cells.end(), IsTree);
        });
  }

  const ExperimentSpec& spec_;
  std::unique_ptr<ExperimentLayout> layout_;
  std::vector<std::unique_ptr<RetryPolicy>> retries_;
  std::vector<std::unique_ptr<VerdictPolicy>> verdicts_;
};

}  // namespace

Result<std::unique_ptr<const ExperimentLayout>> LayOut(
    const ExperimentSpec& spec) {
  return LayoutMaker(spec).Run();
}

}  // namespace rebisect
