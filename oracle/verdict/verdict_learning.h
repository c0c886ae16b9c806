#pragma once

#include "oracle/verdict/verdict_policy.h"
#include "scenarios/recording/recording.h"
#include "scenarios/recording/run_verdict.h"

namespace rebisect {

/// What syzkaller has learned of its reproducer since July 2023, from a test
/// with these counts and the ruling on it: it is flaky, for good, after a bad
/// one of which fewer than half of the usable runs crashed; the chance of a
/// crash is the start commit's share of crashes, lowered by later bad ones;
/// the confidence is the product of those of the search's own steps. Rulings
/// of kMoreRuns teach nothing.
void LearnOfReproducer(const Test& test, const RunCounts& counts,
                       const Ruling& ruling, VerdictHistory& history);

}  // namespace rebisect
