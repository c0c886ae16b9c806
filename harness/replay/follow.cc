#include "harness/replay/follow.h"

#include <algorithm>
#include <map>
#include <utility>

#include "harness/replay/explain.h"
#include "harness/search/record_commands.h"
#include "oracle/verdict/history_before_search.h"
#include "sim/base/result.h"

namespace rebisect {
namespace {

class Follower {
 public:
  Follower(const FollowInput& input, const SearchOptions& options)
      : input_(input), search_(input.source, options) {
    result_.options = options;
    input_.oracle.Rewind();
  }

  Result<Followed> Run() {
    for (std::size_t i = 0; i < input_.search.moves.size(); ++i) {
      const Move& move = input_.search.moves[i];
      Result<bool> go_on = true;
      switch (move.kind) {
        case MoveKind::kStart:
          go_on = DoStart(move);
          break;
        case MoveKind::kEndpoint:
          go_on = DoEndpoint(move);
          break;
        case MoveKind::kStep:
          go_on = DoStep(i);
          break;
        case MoveKind::kJump:
          go_on = DoJump(i);
          break;
      }
      REBISECT_RETURN_IF_ERROR(go_on);
      if (!*go_on) break;
    }
    if (!branched_) {
      // A record that names its end has it; one that stops here, stops.
      const bool finished =
          input_.recording.end.kind == EndKind::kCulprit ||
          input_.recording.end.kind == EndKind::kOnlySkippedLeft;
      if (finished && Testing(current_) && result_.missing.empty()) {
        REBISECT_RETURN_IF_ERROR(ContinueWithOwnChoices(search_, current_));
      } else {
        result_.end = current_;
      }
    }
    result_.inexact = result_.inexact || search_.session().Inexact();
    return std::move(result_);
  }

 private:
  [[nodiscard]] MarkCommand MarkProposed(Verdict verdict) const {
    return {TermOf(search_.session(), verdict), {}};
  }

  /// Without an end of the search there is nothing to follow.
  [[nodiscard]] FindRecorded FindEnd(int line) const {
    return [this, line](const std::string& name) -> Result<CommitId> {
      if (const auto id = input_.commit_of(name)) return *id;
      return Fail(ErrorCode::kNotFound,
                  "the graph lacks " + name +
                      ", an end of the search; fetch it (git fetch <remote> " +
                      name + ") or give the repository that has it",
                  {input_.recording.file, line, 0});
    };
  }

  Result<bool> DoStart(const Move& move) {
    const auto& start =
        std::get<rebisect::Start>(input_.recording.events[move.start]);
    REBISECT_ASSIGN_OR_RETURN(const auto command,
                              StartCommandOf(start, FindEnd(move.line)));
    return Take(search_.Start(command));
  }

  Result<bool> DoEndpoint(const Move& move) {
    if (!move.verdict) return true;
    REBISECT_ASSIGN_OR_RETURN(
        const auto mark,
        MarkCommandOf(move, search_.session(), FindEnd(move.line)));
    return Take(search_.Mark(mark));
  }

  Result<bool> Take(Result<StepReport> report) {
    REBISECT_RETURN_IF_ERROR(report);
    current_ = *std::move(report);
    return true;
  }

  [[nodiscard]] ReplayStep MakeStep(std::size_t i) const {
    const Move& move = input_.search.moves[i];
    ReplayStep step;
    step.index = result_.steps.size() + 1;
    step.move = i;
    step.line = move.line;
    step.verdict = move.verdict;
    if (move.verdict) {
      step.crash_verdict = CrashVerdict(input_.recording.kind, *move.verdict);
    }
    step.merge_base =
        move.merge_base || current_.state == SessionState::kMergeBase;
    step.recorded_revisions_left = move.revisions_left;
    step.recorded_steps_left = move.steps_left;
    if (!move.tests.empty()) {
      step.test = &std::get<Test>(input_.recording.events[move.tests.back()]);
    }
    if (current_.next) step.commit = input_.source.Label(*current_.next);
    step.revisions_left = current_.revisions_left;
    step.steps_left = current_.steps_left;
    return step;
  }

  void Diverge(ReplayStep& step, Divergence::Kind kind, std::string why,
               bool explained = false) {
    step.agrees = false;
    if (!step.explanation.empty()) step.explanation += "; ";
    step.explanation += why;
    result_.divergences.push_back(
        {kind, step.index, step.line, explained, std::move(why)});
  }

  Result<bool> DoStep(std::size_t i) {
    const Move& move = input_.search.moves[i];
    ReplayStep step = MakeStep(i);
    step.recorded_commit = move.commit;
    step.agrees = true;
    const auto recorded = input_.commit_of(move.commit);
    if (recorded) step.recorded_commit = input_.source.Label(*recorded);
    if (!recorded) {
      result_.missing.push_back(move.commit);
      Diverge(step, Divergence::Kind::kMissing,
              "the graph lacks the recorded commit " + move.commit +
                  "; the replay cannot follow further");
      result_.steps.push_back(std::move(step));
      return false;
    }
    const bool same = current_.next == *recorded;
    if (!same) {
      Diverge(step,
              Testing(current_) ? Divergence::Kind::kCommit
                                : Divergence::Kind::kEnd,
              ExplainChoice(search_, current_, *recorded, move));
    } else {
      CompareCounts(step);
    }
    REBISECT_RETURN_IF_ERROR(Branch(step, move, *recorded, same));
    result_.steps.push_back(std::move(step));
    if (!move.verdict) return true;
    search_.session().AssumeProposed(*recorded);
    if (!branched_) ++result_.own_steps;
    return Take(search_.Mark(MarkProposed(*move.verdict)));
  }

  void CompareCounts(ReplayStep& step) {
    const auto differ = [](const std::optional<int>& recorded,
                           const std::optional<std::int64_t>& here) {
      return recorded && here != std::int64_t{*recorded};
    };
    if (differ(step.recorded_revisions_left, step.revisions_left) ||
        differ(step.recorded_steps_left, step.steps_left)) {
      Diverge(step, Divergence::Kind::kCounts,
              "the same commit, but other counts: the graph is not the one "
              "that was searched");
    }
  }

  /// The oracle's verdict on a commit, git's side: what the policy makes of
  /// its runs, where there are both, else what is stated; nothing when the
  /// commit was not tested. The runs are asked for once.
  Result<std::optional<Verdict>> VerdictOf(const CommitId& commit) {
    const auto known = verdicts_.find(commit);
    if (known != verdicts_.end()) return known->second;
    std::optional<Verdict> verdict;
    if (const auto answer = input_.oracle.Ask({commit})) {
      verdict = answer->stated;
      if (input_.policy != nullptr && !answer->test.runs.empty()) {
        verdict = CrashVerdict(input_.recording.kind, Judge(answer->test));
      }
    } else if (answer.error().code != ErrorCode::kNeedsUntested) {
      return tl::unexpected(answer.error());
    }
    verdicts_.emplace(commit, verdict);
    return verdict;
  }

  /// The policy's verdict, with what it learned from the tests before the
  /// search and from those judged so far.
  Verdict Judge(const Test& test) {
    if (!history_) {
      history_ = HistoryBeforeSearch(input_.recording, *input_.policy);
    }
    const Ruling ruling = input_.policy->Decide(test, *history_);
    input_.policy->Learn(test, ruling, *history_);
    return rebisect::VerdictOf(ruling);
  }

  /// Where the record's choice or verdict is not ours, the bisection that
  /// follows its own goes its own way from here.
  Result<void> Branch(ReplayStep& step, const Move& move,
                      const CommitId& recorded, bool same) {
    if (!move.verdict) return {};
    std::optional<Verdict> own;
    if (input_.policy != nullptr) {
      REBISECT_ASSIGN_OR_RETURN(auto verdict, VerdictOf(recorded));
      own = verdict;
      if (own && *own != *move.verdict) {
        Diverge(step, Divergence::Kind::kVerdict,
                "the policy says " + std::string(ToString(*own)) +
                    ", the record " + std::string(ToString(*move.verdict)),
                true);
      }
    }
    if (branched_ || (same && (!own || *own == *move.verdict))) return {};
    branched_ = true;
    return ContinueWithOwnChoices(Search(search_), current_);
  }

  /// Follows the session's own proposals with the record's answers.
  Result<void> ContinueWithOwnChoices(Search alone, StepReport report) {
    while (Testing(report)) {
      REBISECT_ASSIGN_OR_RETURN(const auto verdict, VerdictOf(*report.next));
      if (!verdict) {
        result_.untested = input_.source.Label(*report.next);
        const auto& suspects = alone.session().suspects();
        result_.suspects_left =
            suspects && report.state == SessionState::kTesting
                ? suspects->size()
                : 0;
        break;
      }
      ++result_.own_steps;
      REBISECT_ASSIGN_OR_RETURN(auto next, alone.Mark(MarkProposed(*verdict)));
      report = std::move(next);
    }
    result_.end = std::move(report);
    result_.inexact = result_.inexact || alone.session().Inexact();
    return {};
  }

  Result<bool> DoJump(std::size_t i) {
    const Move& move = input_.search.moves[i];
    if (!move.verdict) return true;
    ReplayStep step = MakeStep(i);
    for (const std::string& name : move.marked) {
      if (!step.recorded_commit.empty()) step.recorded_commit += ' ';
      const auto id = name.find("..") == std::string::npos
                          ? input_.commit_of(name)
                          : std::nullopt;
      step.recorded_commit += id ? input_.source.Label(*id) : name;
    }
    const auto mark = MarkCommandOf(
        move, search_.session(),
        [&](const std::string& name) -> Result<CommitId> {
          if (const auto id = input_.commit_of(name)) return *id;
          result_.missing.push_back(name);
          return Fail(ErrorCode::kNotFound,
                      "the graph lacks the marked commit " + name);
        });
    if (!mark) {
      Diverge(step, Divergence::Kind::kMissing,
              mark.error().message + "; the replay cannot follow further");
      result_.steps.push_back(std::move(step));
      return false;
    }
    if (move.marked_before > 0) {
      Diverge(step, Divergence::Kind::kMarkedAgain,
              "marked again, " + std::string(ToString(*move.verdict)) +
                  " (it was marked " +
                  std::string(ToString(move.verdict_before)) + " at line " +
                  std::to_string(move.marked_before) +
                  "): no commit that git proposed",
              true);
    } else {
      Diverge(step, Divergence::Kind::kOtherMark,
              "marked by choice: git had proposed another commit", true);
    }
    result_.steps.push_back(std::move(step));
    return Take(search_.Mark(*mark));
  }

  const FollowInput& input_;
  Search search_;
  StepReport current_;
  Followed result_;
  std::map<CommitId, std::optional<Verdict>> verdicts_;
  std::optional<VerdictHistory> history_;
  bool branched_ = false;
};

}  // namespace

std::size_t Followed::Agreeing() const {
  return static_cast<std::size_t>(
      std::count_if(steps.begin(), steps.end(),
                    [](const ReplayStep& step) { return step.agrees; }));
}

Result<Followed> FollowRecord(const FollowInput& input,
                              const SearchOptions& options) {
  return Follower(input, options).Run();
}

}  // namespace rebisect
