#include "oracle/verdict/history_before_search.h"

#include <variant>

namespace rebisect {

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
