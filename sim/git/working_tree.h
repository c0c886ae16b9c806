#pragma once

#include <map>
#include <string>

#include "sim/base/result.h"
#include "sim/graph/commit_id.h"

namespace rebisect {

/// Puts the files of a commit into the working tree at `folder`, which holds
/// `.git` (a folder or, when linked, a file) and nothing else, and writes its
/// index. HEAD stays as it is, and replace refs do not matter. Files are as
/// committed, whatever the user's settings.
/// Errors: kInput with what libgit2 says.
[[nodiscard]] Result<void> CheckOutFiles(const std::string& folder,
                                         const CommitId& commit);

/// What the index of the working tree at `folder` holds: the file by its
/// path, and by `path (stage n)` in a merge that is not done.
/// Errors: kInput with what libgit2 says.
[[nodiscard]] Result<std::map<std::string, CommitId>> ReadIndex(
    const std::string& folder);

}  // namespace rebisect
