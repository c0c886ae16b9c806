#include "scenarios/recording/run_verdict.h"

namespace rebisect {

RunCounts CountRuns(const std::vector<Run>& runs) {
  RunCounts counts;
  for (const Run& run : runs) {
    ++counts.runs;
    if (run.outcome == RunOutcome::kCrashed) ++counts.crashed;
    if (run.outcome == RunOutcome::kOk) ++counts.ok;
    if (run.outcome == RunOutcome::kInfra ||
        run.outcome == RunOutcome::kFailed) {
      ++counts.infra;
    }
  }
  return counts;
}

RunCounts CountRuns(const Test& test, int alike) {
  RunCounts counts = CountRuns(test.runs);
  if (!test.runs_alike || counts.runs != 1) return counts;
  counts.runs *= alike;
  counts.crashed *= alike;
  counts.ok *= alike;
  counts.infra *= alike;
  return counts;
}

Verdict AnyCrashVerdict(const RunCounts& counts) {
  if (counts.crashed > 0) return Verdict::kBad;
  return counts.ok > 0 ? Verdict::kGood : Verdict::kSkip;
}

Verdict Syzkaller2018Verdict(const RunCounts& counts) {
  if (counts.crashed > 0) return Verdict::kBad;
  if (counts.Neither() > counts.runs / 3 * 2) return Verdict::kSkip;
  return counts.ok > 0 ? Verdict::kGood : Verdict::kSkip;
}

}  // namespace rebisect
