#pragma once

#include <git2.h>

#include <map>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "sim/base/result.h"
#include "sim/graph/commit_id.h"

namespace rebisect {

/// What a repository says of its graph beside the objects: libgit2 reads
/// none of it. As git does it: a replacement gives parents, date and message
/// (the id stays); then a graft gives other parents; a commit of the shallow
/// file has none, whatever a graft says.
struct Substitutions {
  std::unordered_map<CommitId, CommitId> replacements;
  std::unordered_map<CommitId, std::vector<CommitId>> grafts;
  std::unordered_set<CommitId> shallow;
  bool is_shallow = false;  ///< there is a shallow file, be it empty

  /// git does not use a commit-graph file where this is false.
  [[nodiscard]] bool Empty() const {
    return replacements.empty() && grafts.empty() && !is_shallow;
  }

  /// The object to read for `id`: replacements of replacements are followed.
  /// Errors: kInput after more than five, as git has it.
  [[nodiscard]] Result<CommitId> Replaced(const CommitId& id) const;
};

/// Reads refs/replace/ (unless GIT_NO_REPLACE_OBJECTS or core.useReplaceRefs
/// forbids it), info/grafts (or GIT_GRAFT_FILE) and the shallow file.
/// Errors: kInput with file and line, for lines that git does not take.
[[nodiscard]] Result<Substitutions> ReadSubstitutions(git_repository* repo);

}  // namespace rebisect
