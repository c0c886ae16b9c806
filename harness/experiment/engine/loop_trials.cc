// Trials in which the policy is asked at every step: policies that trust no
// verdict, that draw, or that test several commits side by side.

#include <algorithm>
#include <utility>
#include <variant>

#include "harness/experiment/engine/experiment_trials.h"
#include "harness/search/selection_policies.h"
#include "sim/base/prng.h"
#include "sim/base/result.h"
#include "sim/trees/run_draws.h"

namespace rebisect {
namespace {

/// Those of the suspects that are kept, in the same order.
SuspectGraph Keep(const SuspectGraph& suspects,
                  const std::vector<std::uint8_t>& kept) {
  SuspectGraph left;
  left.graph = suspects.graph;
  std::vector<Suspect> number(suspects.size(), kNoSuspect);
  for (Suspect s = 0; s < suspects.size(); ++s) {
    if (kept[s] == 0) continue;
    number[s] = static_cast<Suspect>(left.vertices.size());
    left.vertices.push_back(suspects.vertices[s]);
    left.rows.push_back(static_cast<std::uint32_t>(left.parents.size()));
    for (const Suspect p : suspects.Parents(s)) {
      if (kept[p] != 0) left.parents.push_back(number[p]);
    }
  }
  left.rows.push_back(static_cast<std::uint32_t>(left.parents.size()));
  for (const Suspect s : suspects.listing) {
    if (kept[s] != 0) left.listing.push_back(number[s]);
  }
  left.counted_total = static_cast<std::uint32_t>(left.size());
  return left;
}

/// By suspect: 1 for `tip` and its ancestors.
std::vector<std::uint8_t> AncestorsOf(const SuspectGraph& suspects,
                                      Suspect tip) {
  std::vector<std::uint8_t> ancestors(suspects.size(), 0);
  ancestors[tip] = 1;
  for (Suspect s = tip + 1; s-- > 0;) {
    if (ancestors[s] == 0) continue;
    for (const Suspect p : suspects.Parents(s)) ancestors[p] = 1;
  }
  return ancestors;
}

}  // namespace

Result<std::unique_ptr<ExperimentWorker::LoopTrials>>
ExperimentWorker::LoopTrials::Make(const ExperimentLayout& layout,
                                   const LaidGroup& group,
                                   const CellPlan& cell) {
  std::unique_ptr<LoopTrials> trials(new LoopTrials(layout, group, cell));
  if (cell.retry != nullptr) {
    REBISECT_ASSIGN_OR_RETURN(auto policies, TrialPolicies::Make(layout, cell));
    trials->policies_ = std::move(policies);
  }
  trials->FindCost();
  return trials;
}

ExperimentWorker::LoopTrials::LoopTrials(const ExperimentLayout& layout,
                                         const LaidGroup& group,
                                         const CellPlan& cell)
    : layout_(layout), group_(group), cell_(cell) {}

/// What a test of each suspect is expected to cost, with as many runs as the
/// retry policy begins with.
void ExperimentWorker::LoopTrials::FindCost() {
  if (!UsesCost(cell_.selection->spec)) return;
  const SearchedGraph& graph = *cell_.selection->graph;
  int runs = 1;
  if (policies_.retry) {
    const NoiseModel& model = std::get<RunNoise>(group_.noise->noise).model;
    runs = policies_.retry->Runs({TestPurpose::kStep, 0}, {})
               .runs.value_or(model.runs);
  }
  for (Suspect s = 0; s < graph.suspects->size(); ++s) {
    const std::int64_t ms =
        layout_.BuildMs(graph, s) + runs * layout_.cost->run_ms;
    // Nothing is for nothing.
    cost_.push_back(static_cast<double>(std::max<std::int64_t>(ms, 1)));
  }
}

/// One trial.
class ExperimentWorker::LoopTrials::Search {
 public:
  Search(const LoopTrials& trials, SelectionPolicy& policy, std::uint64_t trial)
      : trials_(trials),
        all_(*trials.cell_.selection->graph->suspects),
        policy_(policy),
        trial_(trial),
        budget_(*trials.group_.budget, trials.layout_.cost) {
    culprit_ = GuiltyIn(trials.group_, trials.cell_, trial);
    if (culprit_) {
      has_bug_.assign(all_.size(), 0);
      has_bug_[*culprit_] = 1;
      for (Suspect s = *culprit_; s < all_.size(); ++s) {
        for (const Suspect p : all_.Parents(s)) has_bug_[s] |= has_bug_[p];
      }
    }
    if (trials.policies_.retry) {
      tester_.emplace(std::get<RunNoise>(trials.group_.noise->noise),
                      *trials.policies_.retry, *trials.policies_.verdict,
                      KeyedBits(trials.group_.key, trial, kLuckOfTrial)[0]);
    } else {
      draws_.emplace(trials.cell_.rates, trials.group_.key);
      visits_.assign(all_.size(), 0);
    }
  }

  Result<TrialResult> Run() {
    REBISECT_ASSIGN_OR_RETURN(auto outcome, Go());
    const TestCosts& costs = tester_ ? tester_->costs() : costs_;
    TrialResult result;
    result.outcome = outcome;
    result.tests = costs.tests;
    result.runs = costs.runs;
    result.builds = costs.builds;
    result.build_ms = costs.build_ms;
    result.confidence = confidence_;
    return result;
  }

 private:
  Result<TrialOutcome> Go() {
    while (true) {
      const SuspectGraph& suspects = Suspects();
      const SearchView view{suspects,
                            static_cast<Suspect>(suspects.size() - 1),
                            any_skipped_
                                ? std::span<const std::uint8_t>(skipped_)
                                : std::span<const std::uint8_t>(),
                            Prior(),
                            observations_,
                            Cost()};
      const auto next = policy_.Next(view);
      if (!next) {
        if (next.error().code != ErrorCode::kNoTestable) {
          return tl::unexpected(next.error());
        }
        return TrialOutcome::kUnnamed;
      }
      if (const auto* done = std::get_if<DoneStep>(&*next)) return End(*done);
      std::vector<Vertex> tests;
      for (const Suspect s : std::get<TestStep>(*next).commits) {
        tests.push_back(suspects.vertices[s]);
      }
      // Side by side: all of them are tested before any is heard.
      std::vector<RulingKind> verdicts;
      for (const Vertex v : tests) {
        if (!budget_.Allows(tester_ ? tester_->costs() : costs_)) {
          return TrialOutcome::kOverBudget;
        }
        verdicts.push_back(Test(v));
        if (verdicts.back() == RulingKind::kAbort) {
          return TrialOutcome::kAborted;
        }
      }
      for (std::size_t i = 0; i < tests.size(); ++i) {
        Hear(tests[i], verdicts[i]);
      }
    }
  }

  [[nodiscard]] const SuspectGraph& Suspects() const {
    return left_ ? *left_ : all_;
  }
  [[nodiscard]] std::span<const double> Prior() const {
    return left_ ? left_prior_ : trials_.cell_.selection->prior;
  }
  [[nodiscard]] std::span<const double> Cost() const {
    return left_ ? left_cost_ : trials_.cost_;
  }
  [[nodiscard]] static std::optional<Suspect> Number(
      const SuspectGraph& suspects, Vertex v) {
    const auto at =
        std::lower_bound(suspects.vertices.begin(), suspects.vertices.end(), v);
    if (at == suspects.vertices.end() || *at != v) return std::nullopt;
    return static_cast<Suspect>(at - suspects.vertices.begin());
  }

  TrialOutcome End(const DoneStep& done) {
    if (!policy_.TrustsVerdicts()) confidence_ = done.confidence;
    if (done.no_culprit) {
      return culprit_ ? TrialOutcome::kWrong : TrialOutcome::kRight;
    }
    if (!done.culprit) {
      return policy_.TrustsVerdicts() ? TrialOutcome::kOnlySkipped
                                      : TrialOutcome::kUnnamed;
    }
    const Vertex named = Suspects().vertices[*done.culprit];
    return culprit_ && all_.vertices[*culprit_] == named ? TrialOutcome::kRight
                                                         : TrialOutcome::kWrong;
  }

  RulingKind Test(Vertex v) {
    const Suspect s = *Number(all_, v);
    const bool has_bug = culprit_ && has_bug_[s] != 0;
    const std::int64_t build_ms =
        trials_.layout_.BuildMs(*trials_.cell_.selection->graph, s);
    if (tester_) {
      return tester_->Judge(all_.graph->Id(v), has_bug, TestPurpose::kStep,
                            build_ms);
    }
    costs_.build_ms += build_ms;
    ++costs_.tests;
    ++costs_.runs;
    ++costs_.builds;
    TestLanes<1> test{{v}, {visits_[s]++}, {}, {}, {has_bug ? 1U : 0U}};
    test.SetTrial(0, trial_);
    return draws_->Judge(test)[0] != 0 ? RulingKind::kBad : RulingKind::kGood;
  }

  void Hear(Vertex v, RulingKind verdict) {
    const SuspectGraph& suspects = Suspects();
    const auto s = Number(suspects, v);
    if (!s) return;  // ruled out by one that was tested beside it
    if (verdict != RulingKind::kGood && verdict != RulingKind::kBad) {
      skipped_.resize(suspects.size(), 0);
      skipped_[*s] = 1;
      any_skipped_ = true;
      return;
    }
    const bool bad = verdict == RulingKind::kBad;
    if (!policy_.TrustsVerdicts()) {
      observations_.push_back({*s, bad});
      return;
    }
    std::vector<std::uint8_t> kept = AncestorsOf(suspects, *s);
    if (!bad) {
      for (std::uint8_t& keep : kept) keep ^= 1U;
    }
    const auto narrowed = [&](const auto& values) {
      std::vector<std::decay_t<decltype(values[0])>> left;
      for (Suspect i = 0; i < values.size(); ++i) {
        if (kept[i] != 0) left.push_back(values[i]);
      }
      return left;
    };
    skipped_ = narrowed(skipped_);
    left_prior_ = narrowed(Prior());
    left_cost_ = narrowed(Cost());
    left_ = std::make_unique<SuspectGraph>(Keep(suspects, kept));
  }

  const LoopTrials& trials_;
  const SuspectGraph& all_;
  SelectionPolicy& policy_;
  std::uint64_t trial_;
  TrialBudget budget_;
  std::optional<Suspect> culprit_{};
  std::vector<std::uint8_t> has_bug_;  // by suspect of all_
  std::optional<SimulatedTester> tester_{};
  std::optional<RunDraws> draws_{};
  std::vector<std::uint16_t> visits_;
  TestCosts costs_;
  // For policies that trust verdicts.
  std::unique_ptr<SuspectGraph> left_{};
  std::vector<double> left_prior_;
  std::vector<double> left_cost_;
  std::vector<std::uint8_t> skipped_;
  bool any_skipped_ = false;
  std::vector<Observation> observations_;
  std::optional<double> confidence_{};
};

Result<TrialResult> ExperimentWorker::LoopTrials::Run(std::uint64_t trial) {
  if (!policy_ || DrawsItsTests(cell_.selection->spec)) {
    REBISECT_ASSIGN_OR_RETURN(
        auto made,
        MakeSelectionPolicy(cell_.selection->spec,
                            Prng(group_.key, kPolicyOfTrial, trial)));
    policy_ = std::move(made);
  }
  auto result = Search(*this, *policy_, trial).Run();
  REBISECT_RETURN_IF_ERROR(policies_.Check());
  return result;
}

}  // namespace rebisect
