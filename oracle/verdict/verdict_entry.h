#pragma once

#include <memory>
#include <span>
#include <variant>

#include "oracle/verdict/verdict_filters.h"
#include "oracle/verdict/verdict_policy.h"
#include "sim/base/result.h"
#include "sim/policies/policy_spec.h"

namespace rebisect {

// Makers of parameters that FindPolicy() took. Their caller looks at the
// parameters' error.
using MakeRule =
    Result<std::unique_ptr<VerdictPolicy>> (*)(PolicyParameters& params);
using MakeFilter =
    Result<std::unique_ptr<RunFilter>> (*)(PolicyParameters& params);

/// All that the program knows of a verdict policy: a filter, or a rule that
/// ends a chain. Each exports one from its own file, and VerdictEntries() lists
/// them.
struct VerdictEntry {
  PolicyInfo info;
  std::variant<MakeRule, MakeFilter> make;
  /// Of runs that crashed or passed, their numbers alone decide.
  bool counts_crashes = false;
};

// Parameters that several rules have.

/// Of rules that count runs.
inline constexpr ParameterInfo kAlike{
    "alike", 10, "how many runs a recorded \"all runs\" stands for"};

/// As MakeVerdictPolicy(), with `entries` in place of VerdictEntries().
[[nodiscard]] Result<std::unique_ptr<VerdictPolicy>> MakeVerdictPolicyOf(
    std::span<const VerdictEntry* const> entries, const PolicyChain& chain,
    const VerdictRules* own = nullptr);

}  // namespace rebisect
