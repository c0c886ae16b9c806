#include "harness/replay/run_summary.h"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

namespace rebisect {
namespace {

std::string_view Word(RunOutcome outcome) {
  switch (outcome) {
    case RunOutcome::kOk:
      return "OK";
    case RunOutcome::kCrashed:
      return "crashed";
    case RunOutcome::kBootFailed:
      return "boot failed";
    case RunOutcome::kTestFailed:
      return "test failed";
    case RunOutcome::kInfra:
      return "infra";
    case RunOutcome::kIgnored:
      return "ignored";
    case RunOutcome::kBuildFailed:
      return "build failed";
    case RunOutcome::kFailed:
      return "failed";
  }
  return "";
}

std::string Describe(const Run& run) {
  std::string text(Word(run.outcome));
  if (!run.title.empty()) text += ": " + run.title;
  return text;
}

}  // namespace

std::string SummariseRuns(const Test& test) {
  if (test.runs.empty()) return "";
  if (test.runs_alike) return "all " + Describe(test.runs.front());
  std::vector<std::pair<std::string, std::size_t>> counts;
  for (const Run& run : test.runs) {
    const std::string text = Describe(run);
    const auto it =
        std::find_if(counts.begin(), counts.end(),
                     [&](const auto& entry) { return entry.first == text; });
    if (it == counts.end()) {
      counts.emplace_back(text, 1);
    } else {
      ++it->second;
    }
  }
  const std::size_t total = test.runs.size();
  if (counts.size() == 1) {
    return (total == 1 ? "" : "all " + std::to_string(total) + ' ') +
           counts.front().first;
  }
  std::string text;
  for (const auto& [what, count] : counts) {
    if (!text.empty()) text += "; ";
    text += std::to_string(count) +
            (text.empty() ? " of " + std::to_string(total) + ' ' : " ") + what;
  }
  return text;
}

}  // namespace rebisect
