#include "scenarios/recording/log_arithmetic.h"

#include <utility>

#include "sim/session/selection_policy.h"

namespace rebisect {
namespace {

using std::int64_t;
using Kind = ChainBreak::Kind;

class Checker {
 public:
  Checker(const Recording& recording, const RecordedSearch& search)
      : recording_(recording), search_(search) {}

  LogArithmetic Run() {
    for (std::size_t i = 0; i < search_.moves.size() && !path_limited_; ++i) {
      Take(i);
    }
    const End& end = recording_.end;
    if (end.kind == EndKind::kCulprit && !chain_.empty() && !parted_) {
      Close(1, end.line);
    } else {
      Close(std::nullopt, 0);
    }
    Conclude();
    return std::move(result_);
  }

 private:
  const Move& At(std::size_t link) const {
    return search_.moves[result_.steps[chain_[link]].move];
  }

  void Break(Kind kind, int line, std::string reason) {
    result_.breaks.push_back({kind, line, std::move(reason)});
  }

  void Take(std::size_t index) {
    const Move& move = search_.moves[index];
    if (move.kind == MoveKind::kStart) {
      Close(std::nullopt, 0);
      parted_ = false;
      const auto& start = std::get<Start>(recording_.events[move.start]);
      if (!start.paths.empty()) path_limited_ = true;
      return;
    }
    if (move.after_gap) Part(Kind::kMissing, move.line, "lines are missing");
    if (move.kind == MoveKind::kJump && !Harmless(move)) {
      Part(Kind::kJump, move.line,
           "a commit that was not proposed is marked here");
    }
    if (move.kind != MoveKind::kStep || move.merge_base) return;
    if (!move.revisions_left.has_value()) {
      // A step known from its answer alone changes the count, unseen.
      Part(Kind::kMissing, move.line, "no count is printed for this step");
      return;
    }
    Link(index, move);
  }

  // Marking a commit again as before, or one more to skip, leaves the
  // suspects as they are.
  static bool Harmless(const Move& move) {
    if (move.verdict == Verdict::kSkip) return true;
    return move.marked_before != 0 && move.verdict == move.verdict_before &&
           move.marked.size() == 1;
  }

  void Link(std::size_t index, const Move& move) {
    if (parted_) {
      // Counts go on after a break: that is where the record is parted.
      Close(std::nullopt, 0);
      if (!result_.steps.empty()) result_.breaks.push_back(pending_);
      parted_ = false;
    }
    chain_.push_back(result_.steps.size());
    StepNumbers numbers;
    numbers.move = index;
    result_.steps.push_back(numbers);
    if (!move.verdict.has_value()) {
      Part(Kind::kMissing, move.line, "the answer to this step is missing");
    }
  }

  void Part(Kind kind, int line, std::string reason) {
    if (parted_) return;
    parted_ = true;
    pending_ = {kind, line, std::move(reason)};
  }

  // Ends the chain at hand; `left` suspects remain, where that is known.
  void Close(std::optional<int64_t> left, int end_line) {
    const bool fits = Forwards(left, end_line);
    if (fits) Backwards(left);
    for (std::size_t i = 0; fits && i < chain_.size(); ++i) {
      if (!CheckStep(i)) break;
    }
    chain_.clear();
  }

  // a of every step after the first good answer.
  bool Forwards(std::optional<int64_t> left, int end_line) {
    std::optional<int64_t> a;
    for (std::size_t i = 0; i < chain_.size(); ++i) {
      const Move& move = At(i);
      const int64_t n = *move.revisions_left;
      if (n < 0) {
        Break(Kind::kContradiction, move.line,
              "a negative count needs a search limited to paths");
        return false;
      }
      if (a.has_value() && *a < n + 2) {
        Break(Kind::kContradiction, move.line,
              "the answers above leave " + std::to_string(*a) +
                  " suspects, too few for " + std::to_string(n) +
                  " revisions left");
        return false;
      }
      Set(i, a);
      if (move.verdict == Verdict::kGood) {
        a = n + 1;
      } else if (move.verdict == Verdict::kBad && a.has_value()) {
        a = *a - n - 1;
      } else if (!move.verdict.has_value()) {
        a.reset();
      }
    }
    if (left.has_value() && a.has_value() && *a != *left) {
      Break(Kind::kContradiction, end_line,
            "a culprit is named, but the answers above leave " +
                std::to_string(*a) + " suspects");
      return false;
    }
    return true;
  }

  // What the answers below say of the steps before the first good one.
  void Backwards(std::optional<int64_t> after) {
    for (std::size_t i = chain_.size(); i-- > 0;) {
      const Move& move = At(i);
      const StepNumbers& step = result_.steps[chain_[i]];
      if (!step.suspects.has_value() && after.has_value()) {
        if (move.verdict == Verdict::kBad) {
          Set(i, *after + *move.revisions_left + 1);
        } else if (move.verdict == Verdict::kSkip) {
          Set(i, after);
        }
      }
      after = step.suspects;
    }
  }

  void Set(std::size_t link, std::optional<int64_t> a) {
    if (!a.has_value()) return;
    StepNumbers& step = result_.steps[chain_[link]];
    step.suspects = a;
    step.reached = *a - *At(link).revisions_left - 1;
    step.expected_steps_left = EstimateSteps(*a);
  }

  bool CheckStep(std::size_t link) {
    const Move& move = At(link);
    const StepNumbers& step = result_.steps[chain_[link]];
    const int64_t n = *move.revisions_left;
    if (step.reached.has_value() && *step.reached < 1) {
      Break(Kind::kContradiction, move.line,
            std::to_string(n) + " revisions left do not fit the counts below");
      return false;
    }
    if (!move.steps_left.has_value()) return true;
    const int printed = *move.steps_left;
    if (step.expected_steps_left.has_value() &&
        *step.expected_steps_left != printed) {
      Break(Kind::kContradiction, move.line,
            "\"roughly " + std::to_string(printed) + "\" is printed, but " +
                std::to_string(*step.suspects) + " suspects make it " +
                std::to_string(*step.expected_steps_left));
      return false;
    }
    // Where a is not known it is at least N + 2.
    if (EstimateSteps(n + 2) > printed) {
      Break(Kind::kContradiction, move.line,
            "\"roughly " + std::to_string(printed) + "\" is too few for " +
                std::to_string(n) + " revisions left");
      return false;
    }
    return true;
  }

  void Conclude() {
    if (path_limited_) {
      result_ = LogArithmetic{};
      return;
    }
    if (result_.steps.empty()) return;
    bool missing = parted_ && pending_.kind == Kind::kMissing &&
                   recording_.end.kind == EndKind::kCulprit;
    bool broken = false;
    for (const ChainBreak& at : result_.breaks) {
      (at.kind == Kind::kMissing ? missing : broken) = true;
    }
    if (broken) {
      result_.closes = false;
    } else if (!missing) {
      result_.closes = true;
    }
  }

  const Recording& recording_;
  const RecordedSearch& search_;
  LogArithmetic result_;
  std::vector<std::size_t> chain_;  // indices into result_.steps
  bool parted_ = false;             // the next count starts a new chain
  ChainBreak pending_;              // why
  bool path_limited_ = false;
};

}  // namespace

LogArithmetic CheckArithmetic(const Recording& recording,
                              const RecordedSearch& search) {
  return Checker(recording, search).Run();
}

}  // namespace rebisect
