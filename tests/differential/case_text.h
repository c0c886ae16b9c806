#pragma once

#include <string>
#include <string_view>

#include "sim/base/result.h"
#include "tests/differential/bisect_case.h"

namespace rebisect::testing_support {

/// A case as text, a line for each commit and command, to be read by people
/// and by ReadCase(): `commit DATE PARENT... [: CONTENT...]`, in order, and
/// `git bisect ...` with n<node> for commits.
[[nodiscard]] std::string CaseText(const BisectCase& bisect_case);

/// Reads what CaseText() wrote. Empty lines and lines that begin with `#` are
/// passed over. Errors: kInput, with the line.
[[nodiscard]] Result<BisectCase> ReadCase(std::string_view text,
                                          const std::string& file);

}  // namespace rebisect::testing_support
