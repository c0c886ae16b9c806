// Trials as `git bisect` sessions: any retry and verdict policy, skips, the
// end checked again.

#include <algorithm>
#include <utility>

#include "harness/experiment/engine/experiment_trials.h"
#include "harness/search/selection_policies.h"
#include "sim/base/prng.h"
#include "sim/base/result.h"

namespace rebisect {
namespace {

/// Sessions kept for trials to come; beyond, all is forgotten.
constexpr std::size_t kMaxSessions = 20'000;

bool IsTesting(const StepReport& report) {
  return report.state == SessionState::kTesting ||
         report.state == SessionState::kMergeBase;
}

}  // namespace

bool TrialBudget::Allows(const TestCosts& spent) const {
  if (spent.tests >= kMaxTestsOfTrial) return false;
  if (budget_.tests && spent.tests >= *budget_.tests) return false;
  if (budget_.runs && spent.runs >= *budget_.runs) return false;
  if (!budget_.cost_ms || !cost_) return true;
  return spent.build_ms + spent.runs * cost_->run_ms < *budget_.cost_ms;
}

std::optional<Suspect> GuiltyIn(const LaidGroup& group, const CellPlan& cell,
                                std::uint64_t trial) {
  if (!cell.culprits) return std::nullopt;
  const Suspect culprit = CulpritOf(*cell.culprits, group.key, trial);
  if (culprit == kNoSuspect) return std::nullopt;
  return culprit;
}

Result<TrialPolicies> TrialPolicies::Make(const ExperimentLayout& layout,
                                          const CellPlan& cell) {
  REBISECT_ASSIGN_OR_RETURN(auto retry, MakeRetryPolicy(*cell.retry));
  REBISECT_ASSIGN_OR_RETURN(auto verdict,
                            MakeVerdictPolicy(*cell.verdict, &layout.rules));
  return TrialPolicies{std::move(retry), std::move(verdict)};
}

Result<void> TrialPolicies::Check() const {
  if (!verdict) return {};
  auto failure = verdict->Failure();
  if (failure) return tl::unexpected(*std::move(failure));
  return {};
}

Result<std::unique_ptr<ExperimentWorker::SessionTrials>>
ExperimentWorker::SessionTrials::Make(const ExperimentLayout& layout,
                                      const LaidGroup& group,
                                      const CellPlan& cell) {
  std::unique_ptr<SessionTrials> trials(new SessionTrials(layout, group, cell));
  REBISECT_ASSIGN_OR_RETURN(
      auto policy,
      MakeSelectionPolicy(cell.selection->spec, Prng(layout.info.seed, 0, 0)));
  trials->policy_ = std::move(policy);
  REBISECT_ASSIGN_OR_RETURN(auto policies, TrialPolicies::Make(layout, cell));
  trials->policies_ = std::move(policies);
  trials->Renew();
  return trials;
}

ExperimentWorker::SessionTrials::SessionTrials(const ExperimentLayout& layout,
                                               const LaidGroup& group,
                                               const CellPlan& cell)
    : layout_(layout), group_(group), cell_(cell) {
  const PreparedGraph& prepared = layout.graphs[group.graph]->prepared;
  options_.version = GitVersionOf(cell.selection->spec).value_or(kNewestGit);
  options_.boundary_is_root = true;
  start_.bad = prepared.graph->Id(prepared.bad);
  for (const Vertex good : prepared.goods) {
    start_.goods.push_back(prepared.graph->Id(good));
  }
  start_.first_parent = NeedsFirstParents(cell.selection->spec);
  const SuspectGraph& suspects = *cell.selection->graph->suspects;
  suspect_of_.assign(prepared.graph->size(), kNoSuspect);
  for (Suspect s = 0; s < suspects.size(); ++s) {
    suspect_of_[suspects.vertices[s]] = s;
  }
}

const CommitGraph& ExperimentWorker::SessionTrials::graph() const {
  return *layout_.graphs[group_.graph]->prepared.graph;
}

void ExperimentWorker::SessionTrials::Renew() {
  cache_ = std::make_unique<SessionCache>(graph(), *policy_, options_, start_);
}

/// One trial.
class ExperimentWorker::SessionTrials::Search {
 public:
  Search(SessionTrials& trials, std::uint64_t trial)
      : trials_(trials),
        tester_(std::get<RunNoise>(trials.group_.noise->noise),
                *trials.policies_.retry, *trials.policies_.verdict,
                KeyedBits(trials.group_.key, trial, kLuckOfTrial)[0]),
        budget_(*trials.group_.budget, trials.layout_.cost) {
    culprit_ = GuiltyIn(trials.group_, trials.cell_, trial);
    if (culprit_ && !trials.cell_.selection->graph->intervals) MarkBug();
  }

  Result<TrialResult> Run() {
    REBISECT_ASSIGN_OR_RETURN(auto root, trials_.cache_->Root());
    at_ = root;
    REBISECT_ASSIGN_OR_RETURN(auto outcome, Go());
    TrialResult result;
    result.outcome = outcome;
    result.tests = tester_.costs().tests;
    result.runs = tester_.costs().runs;
    result.builds = tester_.costs().builds;
    result.build_ms = tester_.costs().build_ms;
    return result;
  }

 private:
  Result<TrialOutcome> Go() {
    while (true) {
      const StepReport& report = trials_.cache_->At(at_);
      if (IsTesting(report)) {
        const CommitId commit = *report.next;
        const auto stop = Test(commit, TestPurpose::kStep);
        if (stop) return *stop;
        REBISECT_RETURN_IF_ERROR(Mark(commit));
        continue;
      }
      if (report.state == SessionState::kOnlySkipped) {
        return TrialOutcome::kOnlySkipped;
      }
      if (report.state != SessionState::kFound) return TrialOutcome::kUnnamed;
      const CommitId named = *report.culprit;
      if (trials_.policies_.retry->ConfirmsEnd()) {
        bool holds = true;
        REBISECT_ASSIGN_OR_RETURN(const auto stop, Confirm(named, holds));
        if (stop) return *stop;
        if (!holds) continue;
      }
      return SuspectOf(named) == culprit_ ? TrialOutcome::kRight
                                          : TrialOutcome::kWrong;
    }
  }

  [[nodiscard]] std::optional<Suspect> SuspectOf(const CommitId& id) const {
    const auto v = trials_.graph().Find(id);
    if (!v || trials_.suspect_of_[*v] == kNoSuspect) return std::nullopt;
    return trials_.suspect_of_[*v];
  }

  [[nodiscard]] bool HasBug(const CommitId& id) const {
    const auto suspect = SuspectOf(id);
    // Others that git may ask of are ancestors of good commits.
    if (!suspect || !culprit_) return false;
    const SearchedGraph& graph = *trials_.cell_.selection->graph;
    return graph.intervals ? graph.intervals->Reaches(*suspect, *culprit_)
                           : has_bug_[*suspect] != 0;
  }

  [[nodiscard]] std::int64_t BuildMs(const CommitId& id) const {
    const auto suspect = SuspectOf(id);
    if (!suspect) return trials_.layout_.UsualBuildMs();
    return trials_.layout_.BuildMs(*trials_.cell_.selection->graph, *suspect);
  }

  void MarkBug() {
    const SuspectGraph& suspects = *trials_.cell_.selection->graph->suspects;
    has_bug_.assign(suspects.size(), 0);
    has_bug_[*culprit_] = 1;
    for (Suspect s = *culprit_; s < suspects.size(); ++s) {
      for (const Suspect p : suspects.Parents(s)) has_bug_[s] |= has_bug_[p];
    }
  }

  /// Tests the commit; its verdict is in verdict_. Says if that was the end.
  std::optional<TrialOutcome> Test(const CommitId& commit,
                                   TestPurpose purpose) {
    if (!budget_.Allows(tester_.costs())) return TrialOutcome::kOverBudget;
    switch (tester_.Judge(commit, HasBug(commit), purpose, BuildMs(commit))) {
      case RulingKind::kAbort:
        return TrialOutcome::kAborted;
      case RulingKind::kGood:
        verdict_ = Verdict::kGood;
        break;
      case RulingKind::kBad:
        verdict_ = Verdict::kBad;
        break;
      case RulingKind::kSkip:
      case RulingKind::kMoreRuns:
        verdict_ = Verdict::kSkip;
        break;
    }
    return std::nullopt;
  }

  Result<void> Mark(const CommitId& commit) {
    marks_.emplace_back(commit, verdict_);
    REBISECT_ASSIGN_OR_RETURN(auto next,
                              trials_.cache_->After(at_, commit, verdict_));
    at_ = next;
    return {};
  }

  /// Tests the culprit and its parents again, each once. When one of them is
  /// judged otherwise now, the search stands where that leads, and `holds` is
  /// false.
  Result<std::optional<TrialOutcome>> Confirm(const CommitId& named,
                                              bool& holds) {
    std::vector<std::pair<CommitId, Verdict>> carriers = {
        {named, Verdict::kBad}};
    for (const Vertex p :
         trials_.graph().Parents(*trials_.graph().Find(named))) {
      if (trials_.suspect_of_[p] == kNoSuspect) continue;
      carriers.emplace_back(trials_.graph().Id(p), Verdict::kGood);
    }
    for (const auto& [commit, wanted] : carriers) {
      if (!confirmed_.insert(commit).second) continue;
      if (const auto stop = Test(commit, TestPurpose::kCulprit)) {
        return std::optional(*stop);
      }
      if (verdict_ == wanted) continue;
      holds = false;
      REBISECT_RETURN_IF_ERROR(MarkAnew(commit));
      break;
    }
    return std::optional<TrialOutcome>();
  }

  /// The marks so far, with the new verdict of this commit in its place.
  Result<void> MarkAnew(const CommitId& commit) {
    const auto mark =
        std::find_if(marks_.begin(), marks_.end(),
                     [&](const auto& m) { return m.first == commit; });
    if (mark == marks_.end()) {
      marks_.emplace_back(commit, verdict_);
    } else {
      mark->second = verdict_;
    }
    at_ = *trials_.cache_->Root();
    for (const auto& [known, verdict] : marks_) {
      REBISECT_ASSIGN_OR_RETURN(auto next,
                                trials_.cache_->After(at_, known, verdict));
      at_ = next;
    }
    return {};
  }

  SessionTrials& trials_;
  SimulatedTester tester_;
  TrialBudget budget_;
  std::optional<Suspect> culprit_{};
  std::vector<std::uint8_t> has_bug_;  // by suspect; without intervals
  SessionCache::Node at_ = 0;
  Verdict verdict_ = Verdict::kSkip;
  std::vector<std::pair<CommitId, Verdict>> marks_;
  std::set<CommitId> confirmed_;
};

Result<TrialResult> ExperimentWorker::SessionTrials::Run(std::uint64_t trial) {
  if (cache_->size() > kMaxSessions) Renew();
  auto result = Search(*this, trial).Run();
  REBISECT_RETURN_IF_ERROR(policies_.Check());
  return result;
}

}  // namespace rebisect
