#pragma once

#include <string_view>

#include "sim/graph/weights.h"
#include "sim/session/git_version.h"
#include "sim/session/selection_policy.h"

namespace rebisect {

/// The very commit that `git bisect` chooses, by version, and the numbers it
/// prints. Source: bisect.c (find_bisection, best_bisection_sorted,
/// managed_skipped) at the commits that GitRules names. O(n) after the
/// weights, O(n log n) when anything was skipped.
class GitSelection final : public SelectionPolicy {
 public:
  explicit GitSelection(const GitRules& rules) : rules_(rules) {}

  [[nodiscard]] std::string_view Name() const override { return "git"; }
  [[nodiscard]] Result<NextStep> Next(const SearchView& view) override;

 private:
  GitRules rules_;
};

}  // namespace rebisect
