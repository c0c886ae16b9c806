#pragma once

#include <vector>

#include "scenarios/recording/recording.h"
#include "sim/base/verdict.h"

namespace rebisect {

/// How the runs of one test ended, counted.
struct RunCounts {
  int runs = 0;
  int crashed = 0;
  int ok = 0;
  /// Broken by the machinery (kInfra, kFailed), not by the kernel.
  int infra = 0;

  /// Runs that say nothing of the crash: failed boots, broken machinery.
  [[nodiscard]] int Neither() const { return runs - crashed - ok; }

  friend bool operator==(const RunCounts&, const RunCounts&) = default;
};

/// A run that stands for all ("all runs: ...") counts as one.
[[nodiscard]] RunCounts CountRuns(const std::vector<Run>& runs);

/// A run that stands for all counts as `alike` of them.
[[nodiscard]] RunCounts CountRuns(const Test& test, int alike);

/// Rules that make a verdict of runs. The verdict is the crash's: kBad means
/// that it was seen (in a search for a fix, git is told the opposite).

/// kBad after any crash, else kGood after any run that passed, else kSkip.
[[nodiscard]] Verdict AnyCrashVerdict(const RunCounts& counts);

/// Syzkaller's rule from December 2018 on: kBad after any crash; else kSkip
/// when more than 2 * (runs div 3) runs say neither; else kGood after any run
/// that passed; else kSkip.
[[nodiscard]] Verdict Syzkaller2018Verdict(const RunCounts& counts);

}  // namespace rebisect
