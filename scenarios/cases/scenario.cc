#include "scenarios/cases/scenario.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace rebisect {
namespace {

// In the order of ToolOutcome.
constexpr std::array<std::string_view, 8> kOutcomes = {
    "found",       "only-skipped", "merge-base-bad", "refused",
    "no-testable", "aborted",      "no-culprit",     "failed"};

}  // namespace

std::string_view NameOf(ToolOutcome outcome) {
  return kOutcomes[static_cast<std::size_t>(outcome)];
}

std::optional<ToolOutcome> ToolOutcomeNamed(std::string_view name) {
  const auto found = std::find(kOutcomes.begin(), kOutcomes.end(), name);
  if (found == kOutcomes.end()) return std::nullopt;
  return static_cast<ToolOutcome>(found - kOutcomes.begin());
}

std::vector<std::string_view> ToolOutcomeNames() {
  return {kOutcomes.begin(), kOutcomes.end()};
}

std::vector<std::string_view> ToolFeatures() {
  return {"skip",         "only-skipped", "terms",        "merge-bases",
          "first-parent", "paths",        "no-checkout",  "several-goods",
          "no-good",      "octopus",      "noise",        "marks",
          "replay",       "abort",        "exit-127-bad", "exit-127-abort",
          "refuses",      "bare",         "shallow",      "replace",
          "worktree",     "fix"};
}

}  // namespace rebisect
