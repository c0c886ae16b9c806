#pragma once

#include <utility>
#include <variant>
#include <vector>

#include "oracle/verdict/verdict_policy.h"
#include "scenarios/recording/recording.h"

namespace rebisect::testing_support {

/// Every recorded test in its order and what `policy` makes of it, each with
/// what the policy learned from those before it. `history` gets what was
/// learned in the end.
inline std::vector<std::pair<const Test*, Ruling>> JudgeRecording(
    const Recording& recording, const VerdictPolicy& policy,
    VerdictHistory* history) {
  std::vector<std::pair<const Test*, Ruling>> judged;
  *history = {};
  for (const Event& event : recording.events) {
    const auto* const test = std::get_if<Test>(&event);
    if (test == nullptr) continue;
    Ruling ruling = policy.Decide(*test, *history);
    policy.Learn(*test, ruling, *history);
    judged.emplace_back(test, std::move(ruling));
  }
  return judged;
}

}  // namespace rebisect::testing_support
