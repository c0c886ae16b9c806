#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sim/git/commit_text.h"
#include "sim/git/handles.h"
#include "sim/git/repository.h"
#include "sim/git/substitutions.h"

namespace rebisect {

/// The tree without entries. It need not be in a repository.
inline constexpr std::string_view kEmptyTree =
    "4b825dc642cb6eb9a060e54bf8d69288fbee4904";

/// Starts libgit2, once a process, as this project needs it.
void StartLibgit2();

struct Repository::Impl {
  std::string path;
  GitRepositoryHandle repo;
  GitOdbHandle odb;
  Substitutions substitutions;
  bool partial_clone = false;
  bool commit_graph_allowed = true;  ///< core.commitGraph

  /// The object's text. Errors: kMissingObject; kInput when it is no commit
  /// or cannot be read. Replacements are not applied.
  [[nodiscard]] Result<GitOdbObjectHandle> ReadCommit(const CommitId& id) const;

  /// What `part` takes of the text of the commit that stands for `id`.
  /// Errors: those of ReadCommit() and Substitutions::Replaced().
  [[nodiscard]] Result<std::string> ReadText(
      const CommitId& id, std::string (*part)(std::string_view text)) const;

  /// What the commit that stands for `id` (replacements are applied) says of
  /// itself; appends its parents, of grafts and shallow ends nothing known.
  /// Errors: those of ReadCommit() and Substitutions::Replaced(); kInput when
  /// the header is malformed.
  [[nodiscard]] Result<CommitHeader> ReadHeader(
      const CommitId& id, std::vector<CommitId>& parents) const;

  /// The object folders: its own, then its alternates, and theirs.
  [[nodiscard]] std::vector<std::string> ObjectFolders() const;

  /// What to do about an object that is not there; empty when nothing helps.
  [[nodiscard]] std::string MissingHint(const CommitId& id) const;
};

}  // namespace rebisect
