#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "sim/base/prng.h"
#include "sim/base/result.h"
#include "sim/policies/policy_spec.h"
#include "sim/session/selection_policy.h"

namespace rebisect {

/// How the decision tree of a policy is found, of one whose next test depends
/// on nothing but the suspects that right verdicts leave, and a prior.
enum class SelectionTree : std::uint8_t {
  kNone,       ///< there is no such tree
  kByPolicy,   ///< the policy is asked at every node
  kMidpoints,  ///< BuildBestTree(), where there is no prior; else as above
  kGit,        ///< BuildGitTree()
};

/// All that the program knows of a selection policy. Each exports one from its
/// own file, and SelectionEntries() lists them.
struct SelectionEntry {
  PolicyInfo info;
  /// The policy, of parameters that FindPolicy() took. The caller looks at the
  /// parameters' error. `prng` is for those that draw.
  Result<std::unique_ptr<SelectionPolicy>> (*make)(PolicyParameters& params,
                                                   const Prng& prng);
  SelectionTree tree = SelectionTree::kNone;
  /// It draws, and starts anew in each trial.
  bool draws = false;
  /// It chooses as the release of git in its kVersionParameter.
  bool is_git = false;
  /// It searches among the first parents of the bad end alone, as
  /// `git bisect start --first-parent`.
  bool first_parents = false;
};

// Parameters that several policies have.

inline constexpr std::string_view kVersionParameter = "version";
inline constexpr std::string_view kStopParameter = "stop";
inline constexpr std::string_view kAboutStop =
    "how sure it has to be of a culprit to name it";

inline constexpr std::string_view kNoPrior = "none";
/// Of policies that want to be told whom to believe likely beforehand.
inline constexpr ParameterInfo kPriorParameter{
    "prior", kNoPrior, "a prior of the experiment, by its name"};
/// Of policies that can weigh what tests cost. MakeSelection() reads it.
inline constexpr ParameterInfo kObjectiveParameter{
    "objective", "tests", "tests, or cost: what is to be spent sparingly"};
inline constexpr std::string_view kCostObjective = "cost";

/// The most tests side by side.
inline constexpr int kMaxSideBySide = 64;
// An error of a half would say nothing, and none at all needs no such policy.
inline constexpr double kMinError = 1e-9;
inline constexpr double kMaxError = .499;

/// The entry that the spec names. Errors: those of FindPolicy().
[[nodiscard]] Result<const SelectionEntry*> FindSelection(
    const PolicySpec& spec, std::span<const SelectionEntry* const> entries);

/// The policy. REQUIRES: FindSelection() finds the entry for the spec. Errors:
/// kUsage for a value that cannot be, with its place.
[[nodiscard]] Result<std::unique_ptr<SelectionPolicy>> MakeSelection(
    const SelectionEntry& entry, const PolicySpec& spec, const Prng& prng);

}  // namespace rebisect
