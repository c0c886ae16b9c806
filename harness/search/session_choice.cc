#include "harness/search/session_choice.h"

#include <algorithm>
#include <cstdint>
#include <variant>
#include <vector>

#include "sim/base/result.h"

namespace rebisect {

Result<std::optional<CommitId>> ChosenBy(SelectionPolicy& policy,
                                         const BisectSession& session) {
  const SuspectGraph& left = *session.suspects();
  const auto number = [&](const CommitId& id) {
    const auto v = left.graph->Find(id);
    if (!v) return kNoSuspect;
    const auto at =
        std::lower_bound(left.vertices.begin(), left.vertices.end(), *v);
    if (at == left.vertices.end() || *at != *v) return kNoSuspect;
    return static_cast<Suspect>(at - left.vertices.begin());
  };
  std::vector<std::uint8_t> skipped;
  for (const CommitId& id : session.skips()) {
    const Suspect suspect = number(id);
    if (suspect == kNoSuspect) continue;
    skipped.resize(left.size(), 0);
    skipped[suspect] = 1;
  }
  REBISECT_ASSIGN_OR_RETURN(
      const auto next,
      policy.Next(SearchView{left, number(*session.bad()), skipped}));
  const auto* const test = std::get_if<TestStep>(&next);
  if (test == nullptr) return std::optional<CommitId>();
  return std::optional(left.graph->Id(left.vertices[test->commits.front()]));
}

}  // namespace rebisect
