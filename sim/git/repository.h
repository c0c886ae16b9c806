#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "sim/base/result.h"
#include "sim/graph/commit_id.h"

namespace rebisect {

/// An existing git repository, for reading: bare or not, a linked worktree,
/// shallow, a partial clone, with alternates. SHA-1 ids and files for refs
/// alone. Never fetches. For one thread at a time.
class Repository {
 public:
  /// Opens the repository at `path`: its worktree, its `.git` (a folder or a
  /// file), or a bare repository. Folders above are not searched.
  /// Errors: kNotFound (no such folder, or no repository), kPermission (may
  /// not be read, or belongs to another user and is not in git's
  /// safe.directory), kUnsupported (SHA-256, reftable, other extensions),
  /// kInput (damaged).
  [[nodiscard]] static Result<Repository> Open(const std::string& path);

  Repository(Repository&&) noexcept;
  Repository& operator=(Repository&&) noexcept;
  ~Repository();

  /// As given to Open.
  [[nodiscard]] const std::string& path() const;
  [[nodiscard]] bool IsBare() const;
  [[nodiscard]] bool IsShallow() const;
  /// Whether objects may be missing on purpose (a promisor remote).
  [[nodiscard]] bool IsPartialClone() const;

  /// The commit that a revision stands for, in git's syntax (gitrevisions(7)
  /// as far as libgit2 has it); tags are peeled. Replacements, grafts and the
  /// shallow file do not matter for the name.
  /// Errors: kNotFound; kMissingObject for a full id that is not there;
  /// kInput when the name is ambiguous, malformed or no commit's, or its commit
  /// cannot be read.
  [[nodiscard]] Result<CommitId> Resolve(const std::string& rev) const;

  /// Errors: kNotFound when there is no commit yet.
  [[nodiscard]] Result<CommitId> Head() const;

  /// The first paragraph of the message in one line, as git's %s. Bytes as
  /// they are, whatever encoding the commit is in.
  /// Errors: kMissingObject, kInput.
  [[nodiscard]] Result<std::string> Subject(const CommitId& id) const;

  /// The whole message, bytes as they are. Errors: as Subject().
  [[nodiscard]] Result<std::string> Message(const CommitId& id) const;

  /// Every ref that leads to a commit, by its full name, and HEAD. Refs that
  /// lead elsewhere or nowhere are left out, refs/replace/ too.
  [[nodiscard]] Result<std::map<std::string, CommitId, std::less<>>>
  References() const;

  /// For the other sources of sim/git.
  struct Impl;
  [[nodiscard]] Impl& impl() const { return *impl_; }

 private:
  explicit Repository(std::unique_ptr<Impl> impl);

  std::unique_ptr<Impl> impl_;
};

}  // namespace rebisect
