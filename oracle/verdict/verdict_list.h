#pragma once

#include <span>

#include "oracle/verdict/verdict_entry.h"

namespace rebisect {

/// Every verdict policy that is built in, in the order in which help and errors
/// name them: filters first.
[[nodiscard]] std::span<const VerdictEntry* const> VerdictEntries();

}  // namespace rebisect
