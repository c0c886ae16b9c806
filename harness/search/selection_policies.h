#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "sim/base/prng.h"
#include "sim/base/result.h"
#include "sim/policies/policy_spec.h"
#include "sim/policies/selection_entry.h"
#include "sim/session/git_version.h"
#include "sim/session/selection_policy.h"

namespace rebisect {

/// Every selection policy that is built in (SelectionEntries()), with its
/// parameters. Besides there are custom programs, `exec:./choose.py`
/// (exec_selection.h).
[[nodiscard]] std::span<const PolicyInfo> SelectionPolicies();

/// Reads one policy, `bayes-entropy:stop=.95`; the result is the same for
/// texts that mean the same. `where` is the place of the text's first
/// character. Errors: kUsage, at the place: what ParsePolicyChain() and
/// MakeSelectionPolicy() refuse, and more than one policy.
[[nodiscard]] Result<PolicySpec> ParseSelection(std::string_view text,
                                                const Position& where);

/// The policy that the spec names; `prng` is for those that draw.
/// Errors: kUsage for a name, a parameter or a value that there is not, with
/// its place.
[[nodiscard]] Result<std::unique_ptr<SelectionPolicy>> MakeSelectionPolicy(
    const PolicySpec& spec, const Prng& prng);

/// The name of the prior that the policy is to be given, if there is one.
[[nodiscard]] std::optional<std::string> PriorOf(const PolicySpec& spec);

/// Whether it weighs what tests cost, and has to be told.
[[nodiscard]] bool UsesCost(const PolicySpec& spec);

/// How the decision tree of its searches is found; kNone too if it weighs
/// costs. REQUIRES: MakeSelectionPolicy() takes the spec; so for the rest.
[[nodiscard]] SelectionTree TreeOf(const PolicySpec& spec);

/// Whether its searches are a decision tree.
[[nodiscard]] bool IsDecisionTree(const PolicySpec& spec);

/// Whether it draws, and has to be made anew for each trial.
[[nodiscard]] bool DrawsItsTests(const PolicySpec& spec);

/// Whether it searches among the first parents of the bad end alone, as
/// `git bisect start --first-parent`: it then names, for a culprit that came
/// with a merge, the merge. It has to be given suspects of first parents
/// alone.
[[nodiscard]] bool NeedsFirstParents(const PolicySpec& spec);

/// The git whose choice it makes; nothing for policies that are not git's.
[[nodiscard]] std::optional<GitVersion> GitVersionOf(const PolicySpec& spec);

}  // namespace rebisect
