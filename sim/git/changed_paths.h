#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "sim/base/result.h"
#include "sim/git/repository.h"
#include "sim/graph/commit_id.h"

namespace rebisect {

/// One file that a commit adds, takes away or changes. Renames are not
/// looked for: a file that moves is gone from one place and new in another.
struct ChangedPath {
  enum class Kind {
    kAdded,
    kDeleted,
    kContents,  ///< a regular file before and after, with the same mode
    kOther,     ///< the mode, a link, another repository in its place
  };

  std::string path{};
  Kind kind = Kind::kContents;
  CommitId before{};  ///< contents; all zeros for what was added
  CommitId after{};   ///< the same for what was deleted
};

/// A commit against its first parent.
struct CommitChanges {
  std::size_t parents = 0;
  std::vector<ChangedPath> paths{};  ///< by path; of a root, all its files
};

/// What a commit changes. The repositories are asked in turn; replacements,
/// grafts and shallow boundaries are honoured; nothing is fetched.
/// O(entries of the folders that differ).
/// Errors: kMissingObject for commits and trees that are not there, and at a
/// shallow boundary; kInput when they are damaged.
/// REQUIRES: at least one repository.
[[nodiscard]] Result<CommitChanges> ChangesOf(
    std::span<const Repository* const> repositories, const CommitId& commit);

/// The contents of a file.
/// Errors: kMissingObject; kInput when damaged or larger than `most` bytes.
/// REQUIRES: at least one repository.
[[nodiscard]] Result<std::string> ReadBlob(
    std::span<const Repository* const> repositories, const CommitId& blob,
    std::size_t most);

}  // namespace rebisect
