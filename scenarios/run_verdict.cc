#include "scenarios/run_verdict.h"

namespace rebisect {

RunCounts CountRuns(const std::vector<Run>& runs) {
  RunCounts counts;
  for (const Run& run : runs) {
    ++counts.runs;
    if (run.outcome == RunOutcome::kCrashed) ++counts.crashed;
    if (run.outcome == RunOutcome::kOk) ++counts.ok;
  }
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
