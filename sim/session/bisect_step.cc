// The step of a session: the check of the merge bases, the list of suspects,
// the choice and what is said about it (bisect_next_all() in git's bisect.c).

#include <algorithm>
#include <array>
#include <utility>

#include "sim/base/result.h"
#include "sim/session/bisect_process.h"
#include "sim/session/bisect_session.h"

namespace rebisect {
namespace {

std::vector<CommitId> Ids(const std::set<CommitId>& ids) {
  return {ids.begin(), ids.end()};
}

}  // namespace

Result<StepReport> BisectSession::Step(Process& process) {
  if (!rules_.marks_in_process) process.Renew();
  StepReport report;
  REBISECT_ASSIGN_OR_RETURN(auto stop, BeforeChoice(process, report));
  if (stop.has_value()) return *std::move(stop);
  return Choose(process, std::move(report));
}

/// Returns a report if the step ends before there is a choice.
Result<std::optional<StepReport>> BisectSession::BeforeChoice(
    Process& process, StepReport& report) {
  process.ReadRefs(state_.goods, state_.skips);
  if (state_.ancestors_ok || process.goods().empty()) {
    return std::optional<StepReport>();
  }
  auto stop = CheckAncestors(process, report);
  if (stop && !stop->has_value()) state_.ancestors_ok = true;
  return stop;
}

/// Are all goods ancestors of the bad commit? If not, their merge bases have
/// to be looked at first. Returns a report if the step ends here.
Result<std::optional<StepReport>> BisectSession::CheckAncestors(
    Process& process, StepReport& report) {
  REBISECT_ASSIGN_OR_RETURN(const auto bad, Find(*state_.bad));
  std::vector<WalkInput> inputs = {{bad, true}};
  std::vector<Vertex> goods;
  for (const CommitId& id : process.goods()) {
    REBISECT_ASSIGN_OR_RETURN(const auto good, Find(id));
    goods.push_back(good);
    inputs.push_back({good, false});
  }
  GitObjects& objects = process.objects();
  REBISECT_ASSIGN_OR_RETURN(const auto emitted, objects.Walk(inputs, {}));
  std::vector<Vertex> tips = {bad};
  tips.insert(tips.end(), goods.begin(), goods.end());
  objects.ClearWalkMarks(tips);
  if (emitted.empty()) return std::optional<StepReport>();
  return CheckMergeBases(process, bad, goods, report);
}

Result<std::optional<StepReport>> BisectSession::CheckMergeBases(
    Process& process, Vertex bad, const std::vector<Vertex>& goods,
    StepReport& report) {
  const std::vector<CommitId> good_ids = Ids(state_.goods);
  const bool by_generation =
      options_.commit_graph && options_.version >= GitVersion{2, 31, 0, 0};
  for (const Vertex base :
       process.objects().MergeBases(bad, goods, by_generation)) {
    const CommitId& id = graph_->Id(base);
    if (id == *state_.bad) {
      const bool answered = state_.expected == id;
      report.state = SessionState::kError;
      report.exit_code = answered ? 3 : 1;
      report.errors += answered ? Messages().MergeBaseIsBad(id, good_ids)
                                : Messages().NotAncestors();
      return std::optional(std::move(report));
    }
    process.SortGoods();
    if (process.IsGood(id)) continue;
    if (process.skips().count(id) != 0) {
      report.errors += Messages().MergeBaseSkipped(*state_.bad, good_ids, id);
      continue;
    }
    report.state = SessionState::kMergeBase;
    report.output += Messages().MergeBaseToTest();
    Checkout(id, report);
    return std::optional(std::move(report));
  }
  return std::optional<StepReport>();
}

/// The trees to compare in this process; null when the search is not limited
/// to paths.
Result<TreeComparison*> BisectSession::Trees(Process& process) const {
  if (state_.paths.empty()) return nullptr;
  if (!options_.trees) {
    return Fail(ErrorCode::kUnsupported,
                "a search limited to paths needs a repository with trees; "
                "this graph has none");
  }
  if (!process.trees) {
    REBISECT_ASSIGN_OR_RETURN(auto trees,
                              options_.trees(*graph_, state_.paths));
    process.trees = std::move(trees);
  }
  return process.trees.get();
}

/// Everything reachable from bad and from no good, in git's order.
Result<std::vector<Vertex>> BisectSession::ListSuspects(Process& process) {
  REBISECT_ASSIGN_OR_RETURN(const auto trees, Trees(process));
  REBISECT_ASSIGN_OR_RETURN(const auto bad, Find(*state_.bad));
  std::vector<WalkInput> inputs = {{bad, false}};
  for (const CommitId& id : process.goods()) {
    REBISECT_ASSIGN_OR_RETURN(const auto good, Find(id));
    inputs.push_back({good, true});
  }
  GitObjects& objects = process.objects();
  REBISECT_ASSIGN_OR_RETURN(
      const auto emitted,
      objects.Walk(inputs, WalkOptions{state_.first_parent, trees}));
  std::vector<Vertex> listing;
  listing.reserve(emitted.size());
  for (auto it = emitted.rbegin(); it != emitted.rend(); ++it) {
    if (!objects.Uninteresting(*it)) listing.push_back(*it);
  }
  return listing;
}

/// The graph of the suspects, with what git's marks say of them.
SuspectGraph BisectSession::MakeSuspects(
    GitObjects& objects, const std::vector<Vertex>& listing) const {
  SuspectGraph suspects = BuildSuspectGraph(*graph_, listing, [&](Vertex v) {
    const std::span<const Vertex> parents = objects.Parents(v);
    return state_.first_parent && !parents.empty() ? parents.first(1) : parents;
  });
  if (!state_.paths.empty()) {
    suspects.counted.resize(suspects.size());
    suspects.counted_total = 0;
    for (Suspect s = 0; s < suspects.size(); ++s) {
      suspects.counted[s] = objects.Treesame(suspects.vertices[s]) ? 0 : 1;
      suspects.counted_total += suspects.counted[s];
    }
  }
  if (rules_.merge_base_marks_leak) {
    const auto first_merge = std::find_if(
        suspects.listing.begin(), suspects.listing.end(),
        [&](Suspect s) { return suspects.Parents(s).size() >= 2; });
    if (first_merge != suspects.listing.end() &&
        objects.MergeBaseMark(suspects.vertices[*first_merge])) {
      suspects.weightless_merge = *first_merge;
    }
  }
  return suspects;
}

Result<StepReport> BisectSession::Choose(Process& process, StepReport report) {
  REBISECT_ASSIGN_OR_RETURN(const auto listing, ListSuspects(process));
  suspects_.reset();
  if (listing.empty()) {
    report.state = SessionState::kError;
    report.exit_code = 1;
    report.output += Messages().BothGoodAndBad(*state_.bad);
    return report;
  }
  suspects_ = std::make_shared<const SuspectGraph>(
      MakeSuspects(process.objects(), listing));
  const SuspectGraph& suspects = *suspects_;
  std::vector<std::uint8_t> skipped;
  if (!process.skips().empty()) {
    skipped.resize(suspects.size());
    for (Suspect s = 0; s < suspects.size(); ++s) {
      skipped[s] = process.skips().count(graph_->Id(suspects.vertices[s])) != 0;
    }
  }
  const auto bad = std::find(suspects.vertices.begin(), suspects.vertices.end(),
                             *Find(*state_.bad));
  const SearchView view{
      suspects,
      bad == suspects.vertices.end()
          ? kNoSuspect
          : static_cast<Suspect>(bad - suspects.vertices.begin()),
      skipped};
  const auto next = policy_.Next(view);
  if (next) return Finish(*next, suspects, process, std::move(report));
  if (next.error().code != ErrorCode::kNoTestable) {
    return tl::unexpected(next.error());
  }
  report.state = SessionState::kError;
  report.exit_code = 4;
  report.errors += Messages().NoTestableCommit();
  return report;
}

Result<StepReport> BisectSession::Finish(const NextStep& next,
                                         const SuspectGraph& suspects,
                                         Process& process, StepReport report) {
  const auto id_of = [&](Suspect s) {
    return graph_->Id(suspects.vertices[s]);
  };
  if (const auto* test = std::get_if<TestStep>(&next)) {
    report.state = SessionState::kTesting;
    report.revisions_left = test->revisions_left;
    report.steps_left = test->steps_left;
    report.output +=
        Messages().Bisecting(test->revisions_left, test->steps_left);
    Checkout(id_of(test->commits.front()), report);
    process.objects().ClearAllWalkMarks();
    return report;
  }
  const auto& done = std::get<DoneStep>(next);
  // The log has carried how a search ended since 1.8.3.
  const bool logged = options_.version >= GitVersion{1, 8, 3, 0};
  if (done.culprit) {
    const CommitId culprit = id_of(*done.culprit);
    report.state = SessionState::kFound;
    report.culprit = culprit;
    report.output += Messages().FirstBad(culprit);
    if (logged) {
      state_.log +=
          "# " + Messages().LogFirstBad() + ": " + Describe(culprit) + '\n';
    }
    return report;
  }
  for (const Suspect s : done.candidates) report.suspects.push_back(id_of(s));
  report.state = SessionState::kOnlySkipped;
  report.exit_code = 2;
  report.output += Messages().OnlySkipped(report.suspects);
  if (logged) {
    REBISECT_RETURN_IF_ERROR(LogPossible(process));
  }
  return report;
}

/// Everything that is left goes to the log, in the order of a plain walk.
Result<void> BisectSession::LogPossible(Process& process) {
  state_.log += "# only skipped commits left to test\n";
  std::vector<WalkInput> inputs = {{*graph_->Find(*state_.bad), false}};
  for (const CommitId& id : state_.goods) {
    inputs.push_back({*graph_->Find(id), true});
  }
  GitObjects& objects = process.objects();
  objects.ResetWalk();
  REBISECT_ASSIGN_OR_RETURN(const auto listed, objects.Walk(inputs, {}));
  for (const Vertex v : listed) {
    if (objects.Uninteresting(v)) continue;
    state_.log += "# " + Messages().LogPossibleFirstBad() + ": " +
                  Describe(graph_->Id(v)) + '\n';
  }
  return {};
}

}  // namespace rebisect
