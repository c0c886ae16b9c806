#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "scenarios/recording/recording.h"
#include "sim/base/result.h"
#include "sim/base/verdict.h"
#include "sim/graph/commit_id.h"

namespace rebisect {

/// What is asked of an oracle: to run one commit.
struct Question {
  CommitId commit;
  /// At most this many runs; 0: as many as the oracle likes.
  int runs = 0;
  /// False: go on with the build that there is, so that ten questions of one
  /// run each are one question of ten. True: build the commit again.
  bool rebuild = false;
};

/// Where an answer comes from, so that what a record says and what a model
/// adds can be told apart.
enum class AnswerSource : std::uint8_t { kRecord, kModel, kCommand };

/// What an oracle says of a commit: the runs, for a verdict policy to judge,
/// and what was said without them.
struct Answer {
  /// The runs of one build, none of them given before; may hold fewer than
  /// were asked for. Outcomes are the crash's: kCrashed is "seen".
  Test test;
  /// A mark in a record, a command's exit code: git's side.
  std::optional<Verdict> stated{};
  AnswerSource source = AnswerSource::kModel;
  std::string output{};  ///< what a command printed, bounded
};

/// Who answers "good or bad?". Used from one thread.
class Oracle {
 public:
  virtual ~Oracle() = default;

  /// Runs that were not given before: a second question of a commit goes on
  /// where the first one ended. Never empty: an answer has runs or a stated
  /// verdict.
  /// Errors: kNeedsUntested when there is no (further) answer for this
  /// commit, kBudget when no more may be run, kAborted when the search has to
  /// stop, and those of the kind.
  /// REQUIRES: question.runs >= 0.
  [[nodiscard]] virtual Result<Answer> Ask(const Question& question) = 0;

  /// Forgets which runs were given: the next search meets the same answers.
  /// No effect on what happens outside (a command runs anew).
  virtual void Rewind() = 0;
};

}  // namespace rebisect
