#include "oracle/verdict/verdict_runs.h"

#include <algorithm>

namespace rebisect {

std::vector<RunOutcome> OutcomesOf(const Test& test, int alike, int limit) {
  std::vector<RunOutcome> outcomes;
  for (const Run& run : test.runs) outcomes.push_back(run.outcome);
  if (test.runs_alike && outcomes.size() == 1) {
    outcomes.resize(static_cast<std::size_t>(alike), outcomes.front());
  }
  if (limit > 0 && outcomes.size() > static_cast<std::size_t>(limit)) {
    outcomes.resize(static_cast<std::size_t>(limit));
  }
  return outcomes;
}

RunCounts CountOutcomes(const std::vector<RunOutcome>& outcomes) {
  std::vector<Run> runs;
  for (const RunOutcome outcome : outcomes) runs.push_back({outcome, {}, {}});
  return CountRuns(runs);
}

bool NothingRan(const Test& test) {
  return std::all_of(test.runs.begin(), test.runs.end(), [](const Run& run) {
    return run.outcome == RunOutcome::kBuildFailed;
  });
}

std::string CountsText(const Test& test, const RunCounts& counts) {
  std::string text = std::to_string(counts.crashed) + " of " +
                     std::to_string(counts.runs) +
                     (counts.runs == 1 ? " run" : " runs") + " crashed, " +
                     std::to_string(counts.ok) + " passed";
  if (counts.infra > 0) {
    text += ", " + std::to_string(counts.infra) + " failed on infrastructure";
  }
  const int unusable = counts.Neither() - counts.infra;
  if (unusable > 0) text += ", " + std::to_string(unusable) + " unusable";
  if (test.runs_alike && test.runs.size() == 1) {
    text += " (\"all runs\" taken as " + std::to_string(counts.runs) + ")";
  }
  return text;
}

}  // namespace rebisect
