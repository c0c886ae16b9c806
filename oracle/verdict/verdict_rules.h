#pragma once

// Sources: verdict_counting.cc, verdict_sequential.cc, verdict_syzkaller.cc: a
// file for each family of rules.

#include <memory>
#include <span>

#include "oracle/verdict/verdict_policy.h"

namespace rebisect {

/// Of rules that count runs.
inline constexpr ParameterInfo kAlike{
    "alike", "10", "how many runs a recorded \"all runs\" stands for"};

/// Rules that end a chain of policies, by family. For each: what there is, and
/// the maker. REQUIRES of the makers: `spec` names the policy at `index`.
/// Errors: kUsage for parameters that make no sense.

/// any-crash, threshold, majority.
[[nodiscard]] std::span<const PolicyInfo> CountingRules();
[[nodiscard]] Result<std::unique_ptr<VerdictPolicy>> MakeCountingRule(
    const PolicySpec& spec, std::size_t index);

/// What syzkaller did, by period: syzkaller-2018 ... syzkaller-2024. All
/// divisions are of integers.
[[nodiscard]] std::span<const PolicyInfo> SyzkallerRules();
[[nodiscard]] Result<std::unique_ptr<VerdictPolicy>> MakeSyzkallerRule(
    const PolicySpec& spec, std::size_t index);

/// sprt, until-confident: they look at the runs one after the other.
[[nodiscard]] std::span<const PolicyInfo> SequentialRules();
[[nodiscard]] Result<std::unique_ptr<VerdictPolicy>> MakeSequentialRule(
    const PolicySpec& spec, std::size_t index);

}  // namespace rebisect
