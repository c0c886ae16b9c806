#pragma once

#include <optional>
#include <string>

namespace rebisect {

/// The repository that git would use here: that of GIT_DIR, or else the one
/// whose files the current folder is among; it is not opened. Nothing: there
/// is none, or it cannot be seen.
[[nodiscard]] std::optional<std::string> FindRepository();

}  // namespace rebisect
