#pragma once

#include <cstddef>
#include <string_view>

#include "sim/graph/commit_id.h"

namespace rebisect {

/// The SHA-1 of the bytes (FIPS 180-4), as git's ids and checksums are made.
/// Uses the instructions of the processor where it has them (x86-64: about
/// 1.5 GB/s), plain code elsewhere. Good against accidents, not attackers.
[[nodiscard]] CommitId Sha1(std::string_view bytes);

namespace internal {
/// Sha1 by the plain code, wherever it runs: for tests.
[[nodiscard]] CommitId Sha1Portable(std::string_view bytes);
}  // namespace internal

}  // namespace rebisect
