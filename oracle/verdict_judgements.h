#pragma once

#include <vector>

#include "oracle/verdict_policy.h"
#include "scenarios/recording.h"

namespace rebisect {

/// A recorded test and what a policy makes of it.
struct Judgement {
  const Test* test = nullptr;  ///< borrowed from the recording
  Ruling ruling{};
};

/// Judges every recorded test in its order, each with what the policy learned
/// from those before it. Tests of configurations are judged and learned from
/// too (they make a reproducer flaky as others do), and are in the result.
/// `history` (may be null) gets what was learned in the end. O(runs).
[[nodiscard]] std::vector<Judgement> JudgeRecording(
    const Recording& recording, const VerdictPolicy& policy,
    VerdictHistory* history = nullptr);

/// What the policy learned when the search began: from the start commit and
/// the releases, from all before the first `git bisect start`.
[[nodiscard]] VerdictHistory HistoryBeforeSearch(const Recording& recording,
                                                 const VerdictPolicy& policy);

}  // namespace rebisect
