#include "sim/policies/selection_entry.h"

#include <array>

namespace rebisect {

Result<const SelectionEntry*> FindSelection(
    const PolicySpec& spec, std::span<const SelectionEntry* const> entries) {
  REBISECT_ASSIGN_OR_RETURN(
      const auto index, FindPolicy(spec, InfosOf(entries), "selection policy"));
  return entries[index];
}

Result<std::unique_ptr<SelectionPolicy>> MakeSelection(
    const SelectionEntry& entry, const PolicySpec& spec, const Prng& prng) {
  PolicyParameters params(spec, entry.info);
  REBISECT_ASSIGN_OR_RETURN(auto policy, entry.make(params, prng));
  if (!entry.info.open && spec.params.contains(kObjectiveParameter.name)) {
    constexpr std::array<std::string_view, 2> kObjectives = {
        std::get<std::string_view>(kObjectiveParameter.fallback),
        kCostObjective};
    static_cast<void>(params.Choice(kObjectiveParameter.name, kObjectives));
  }
  if (params.error()) return tl::unexpected(*params.error());
  return policy;
}

}  // namespace rebisect
