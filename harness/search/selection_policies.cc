#include "harness/search/selection_policies.h"

#include <array>
#include <string>
#include <utility>
#include <vector>

#include "harness/search/exec_selection.h"
#include "sim/base/result.h"
#include "sim/policies/selection_list.h"

namespace rebisect {
namespace {

using std::string_view;

/// Policies that need what is not there below the harness, such as processes.
constexpr std::array kHarnessEntries = {&kExecSelectionEntry};

/// The entry that the spec names. Errors: those of FindPolicy().
Result<const SelectionEntry*> SelectionOf(const PolicySpec& spec) {
  const auto* const entry = EntryOf<SelectionEntry>(kHarnessEntries, spec.name);
  if (entry != nullptr) return entry;
  return FindSelection(spec, SelectionEntries());
}

}  // namespace

std::span<const PolicyInfo> SelectionPolicies() {
  static const std::vector<PolicyInfo> kInfos = InfosOf(SelectionEntries());
  return kInfos;
}

Result<std::unique_ptr<SelectionPolicy>> MakeSelectionPolicy(
    const PolicySpec& spec, const Prng& prng) {
  REBISECT_ASSIGN_OR_RETURN(const auto* const entry, SelectionOf(spec));
  return MakeSelection(*entry, spec, prng);
}

Result<PolicySpec> ParseSelection(string_view text, const Position& where) {
  REBISECT_ASSIGN_OR_RETURN(auto chain, ParsePolicyChain(text, where));
  if (chain.size() > 1) {
    return Fail(ErrorCode::kUsage,
                "one policy selects; give '" + chain[0].name + "' and '" +
                    chain[1].name + "' one by one, to compare them",
                chain[1].where);
  }
  REBISECT_RETURN_IF_ERROR(MakeSelectionPolicy(chain.front(), Prng(0, 0, 0)));
  if (const auto version = GitVersionOf(chain.front())) {
    chain.front().params.insert_or_assign(std::string(kVersionParameter),
                                          version->ToString());
  }
  return Canonical(std::move(chain), SelectionPolicies(), false).front();
}

std::optional<std::string> PriorOf(const PolicySpec& spec) {
  const auto given = spec.params.find(kPriorParameter.name);
  if (given == spec.params.end() || given->second == kNoPrior) {
    return std::nullopt;
  }
  return given->second;
}

bool UsesCost(const PolicySpec& spec) {
  const auto given = spec.params.find(kObjectiveParameter.name);
  return given != spec.params.end() && given->second == kCostObjective;
}

SelectionTree TreeOf(const PolicySpec& spec) {
  const auto entry = SelectionOf(spec);
  if (!entry || UsesCost(spec)) return SelectionTree::kNone;
  return (*entry)->tree;
}

bool IsDecisionTree(const PolicySpec& spec) {
  return TreeOf(spec) != SelectionTree::kNone;
}

bool DrawsItsTests(const PolicySpec& spec) {
  const auto entry = SelectionOf(spec);
  return entry && (*entry)->draws;
}

bool NeedsFirstParents(const PolicySpec& spec) {
  const auto entry = SelectionOf(spec);
  return entry && (*entry)->first_parents;
}

std::optional<GitVersion> GitVersionOf(const PolicySpec& spec) {
  const auto entry = SelectionOf(spec);
  if (!entry || !(*entry)->is_git) return std::nullopt;
  PolicyParameters params(spec, (*entry)->info);
  const GitVersion version = params.Version(kVersionParameter);
  return params.error() ? std::nullopt : std::optional(version);
}

}  // namespace rebisect
