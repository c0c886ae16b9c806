#pragma once

#include <string>
#include <vector>

#include "oracle/diagnosis/evidence.h"
#include "oracle/diagnosis/hypotheses.h"
#include "scenarios/recording/recording.h"
#include "sim/base/result.h"

namespace rebisect {

/// One recording, as far as rates can be learned from it.
struct FitRecord {
  std::string name{};
  Evidence evidence{};
  /// Where its culprit may be, with the default priors.
  std::vector<Hypothesis> hypotheses{};
  bool stepped = false;  ///< over releases that crashed
  /// Its `truth` says where the culprit is, or that the recorded one is wrong.
  bool truth_known = false;
};

/// Puts the tested commits of a recorded search on a plain line, as its
/// verdicts order them: each step in the middle of what was left. That needs
/// no graph and no counts, so that every recording can be learned from; skips
/// and commits that the search had not proposed have no place on it (they may
/// have the bug or not). Pure; O(events * commits).
/// Errors: kInput, with a sentence why nothing can be learned: no good or no
/// bad end, no step that tells anything.
[[nodiscard]] Result<FitRecord> MakeFitRecord(const Recording& recording);

}  // namespace rebisect
