#pragma once

#include <string>
#include <string_view>

namespace rebisect {

/// The title of a crash without what varies between kernels and records of
/// one bug: leading underscores of functions ("__gfn_to_rmap"), directories
/// of source files, line numbers ("mmu.c:4426" and "mmu.c:LINE!" become
/// "mmu.c:LINE"), a trailing "(2)" that numbers reports of the same title,
/// blanks in a row. Equal results mean one family of titles; it is a reading,
/// not a proof.
[[nodiscard]] std::string NormalTitle(std::string_view title);

}  // namespace rebisect
