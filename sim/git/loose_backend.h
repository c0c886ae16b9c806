#pragma once

#include <git2.h>

#include <string>

namespace rebisect {

/// A backend for git_odb_add_backend that reads the loose objects of an
/// object folder, and nothing else: libgit2's own (1.5.1) never comes back
/// from a truncated one.
[[nodiscard]] git_odb_backend* NewLooseBackend(const std::string& folder);

}  // namespace rebisect
