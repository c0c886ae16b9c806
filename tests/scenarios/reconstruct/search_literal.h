#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "scenarios/recording/recording.h"

namespace rebisect::testing_support {

/// A step as git printed it, and the verdict.
struct StepLiteral {
  int revisions_left = 0;
  std::optional<int> steps_left{};
  std::optional<Verdict> verdict{};
};

/// A full id that is the same for the same number.
inline std::string LiteralId(std::size_t number) {
  std::string id = std::to_string(number);
  return std::string(8, 'c') + std::string(32 - id.size(), '0') + id;
}

/// A recording from `bad` to `good` with these steps, step i on the commit
/// LiteralId(i) and line i + 1. Ends at a culprit if `ended`.
inline Recording SearchRecording(const std::vector<StepLiteral>& steps,
                                 bool ended = true) {
  Recording recording;
  recording.file = "x.log";
  Start start;
  start.bad = std::string(40, 'b');
  start.goods = {std::string(40, 'a')};
  recording.events.emplace_back(start);
  std::string culprit = start.bad;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const int line = static_cast<int>(i) + 1;
    recording.events.emplace_back(Proposal{LiteralId(i), false,
                                           steps[i].revisions_left,
                                           steps[i].steps_left, line});
    if (!steps[i].verdict) continue;
    Mark mark;
    mark.verdict = *steps[i].verdict;
    mark.commits = {LiteralId(i)};
    mark.line = line;
    recording.events.emplace_back(mark);
    if (mark.verdict == Verdict::kBad) culprit = LiteralId(i);
  }
  if (ended) {
    recording.end.kind = EndKind::kCulprit;
    recording.end.culprit = culprit;
    recording.end.line = static_cast<int>(steps.size()) + 1;
  }
  return recording;
}

}  // namespace rebisect::testing_support
