#include "oracle/verdict_judgements.h"

#include <utility>
#include <variant>

namespace rebisect {

std::vector<Judgement> JudgeRecording(const Recording& recording,
                                      const VerdictPolicy& policy,
                                      VerdictHistory* history) {
  std::vector<Judgement> judgements;
  VerdictHistory own;
  VerdictHistory& learned = history != nullptr ? *history : own;
  learned = {};
  for (const Event& event : recording.events) {
    const auto* const test = std::get_if<Test>(&event);
    if (test == nullptr) continue;
    Ruling ruling = policy.Decide(*test, learned);
    policy.Learn(*test, ruling, learned);
    judgements.push_back({test, std::move(ruling)});
  }
  return judgements;
}

VerdictHistory HistoryBeforeSearch(const Recording& recording,
                                   const VerdictPolicy& policy) {
  VerdictHistory history;
  for (const Event& event : recording.events) {
    if (std::holds_alternative<Start>(event)) break;
    if (const auto* const test = std::get_if<Test>(&event)) {
      policy.Learn(*test, policy.Decide(*test, history), history);
    }
  }
  return history;
}

}  // namespace rebisect
