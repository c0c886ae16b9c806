#pragma once

#include "oracle/verdict/verdict_policy.h"
#include "scenarios/recording/recording.h"

namespace rebisect {

/// What the policy learned when the search began: from the start commit and
/// the releases, from all before the first `git bisect start`. O(runs).
[[nodiscard]] VerdictHistory HistoryBeforeSearch(const Recording& recording,
                                                 const VerdictPolicy& policy);

}  // namespace rebisect
