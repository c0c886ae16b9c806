#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace rebisect {

/// Whether git takes refs/bisect/NAME for the name of a ref
/// (check_refname_format() in git's refs.c).
[[nodiscard]] bool IsBisectRefName(std::string_view name);

/// git's words for terms that it does not take; nothing for terms that it
/// does. Source: write_terms() and check_term_format(), since 2.7.0.
[[nodiscard]] std::optional<std::string> RefusedTerms(const std::string& bad,
                                                      const std::string& good);

}  // namespace rebisect
