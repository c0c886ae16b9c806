#pragma once

#include "scenarios/recording.h"
#include "sim/commit_id.h"
#include "sim/result.h"
#include "sim/verdict.h"

namespace rebisect {

/// What an oracle says of a commit.
struct Answer {
  Verdict verdict = Verdict::kGood;  ///< git's side
  /// The runs behind it, where there are any; borrowed from the oracle.
  const Test* test = nullptr;
};

/// Who answers "good or bad?".
class Oracle {
 public:
  virtual ~Oracle() = default;

  /// Errors: kNeedsUntested when there is no answer for this commit.
  [[nodiscard]] virtual Result<Answer> Ask(const CommitId& commit) = 0;
};

}  // namespace rebisect
