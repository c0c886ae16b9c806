#pragma once

#include <span>

#include "sim/policies/selection_entry.h"

namespace rebisect {

/// Every selection policy that needs nothing but a graph and verdicts, in the
/// order in which errors name them.
[[nodiscard]] std::span<const SelectionEntry* const> SelectionEntries();

}  // namespace rebisect
