#pragma once

#include <span>

#include "oracle/verdict/retry_entry.h"

namespace rebisect {

/// Every retry policy, in the order in which help and errors name them.
[[nodiscard]] std::span<const RetryEntry* const> RetryEntries();

}  // namespace rebisect
