#pragma once

#include <string>
#include <vector>

#include "oracle/verdict/verdict_policy.h"
#include "scenarios/recording/recording.h"

namespace rebisect {

/// A test made before a search begins: of the start commit, of HEAD, of a
/// release on the way back to a good one.
struct ReleaseStep {
  const Test* test = nullptr;        ///< borrowed from the recording
  Verdict verdict = Verdict::kGood;  ///< the crash's side, from its runs
  bool agrees = true;
  std::string explanation{};  ///< where it does not
};

/// Checks the way to the ends of the search: the commit it starts from
/// crashes; releases are stepped over, newest first, as long as they crash
/// (or cannot be judged); the first that does not is the good one; the last
/// that did is the bad one. A search for a fix: HEAD does not crash. The
/// verdicts are those that `policy` makes of the runs.
[[nodiscard]] std::vector<ReleaseStep> CheckReleaseStepping(
    const Recording& recording, const VerdictPolicy& policy);

}  // namespace rebisect
