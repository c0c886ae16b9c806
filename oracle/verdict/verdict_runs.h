#pragma once

#include <string>
#include <vector>

#include "scenarios/recording/recording.h"
#include "scenarios/recording/run_verdict.h"

namespace rebisect {

/// The most runs that a parameter may speak of.
inline constexpr int kMaxRuns = 10000;

/// The outcomes of the first `limit` runs (0: of all). A run that stands for
/// all ("all runs: ...") counts as `alike` of them.
[[nodiscard]] std::vector<RunOutcome> OutcomesOf(const Test& test, int alike,
                                                 int limit);

[[nodiscard]] RunCounts CountOutcomes(const std::vector<RunOutcome>& outcomes);

/// No runs, or none but failed builds: nothing was run.
[[nodiscard]] bool NothingRan(const Test& test);

/// "1 of 10 runs crashed, 8 passed", and what else there was; says that a
/// recorded "all runs" was taken for a number.
[[nodiscard]] std::string CountsText(const Test& test, const RunCounts& counts);

}  // namespace rebisect
