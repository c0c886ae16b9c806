#pragma once

#include <git2.h>

#include <cstring>
#include <memory>
#include <string>

#include "sim/base/result.h"
#include "sim/graph/commit_id.h"

namespace rebisect {

/// Owners of libgit2's handles. For the sources of sim/git alone.
template <class T, void (*kFree)(T*)>
struct GitFree {
  void operator()(T* handle) const { kFree(handle); }
};
template <class T, void (*kFree)(T*)>
using GitOwner = std::unique_ptr<T, GitFree<T, kFree>>;

using GitRepositoryHandle = GitOwner<git_repository, git_repository_free>;
using GitOdbHandle = GitOwner<git_odb, git_odb_free>;
using GitOdbObjectHandle = GitOwner<git_odb_object, git_odb_object_free>;
using GitObjectHandle = GitOwner<git_object, git_object_free>;
using GitReferenceHandle = GitOwner<git_reference, git_reference_free>;
using GitReferenceIteratorHandle =
    GitOwner<git_reference_iterator, git_reference_iterator_free>;
using GitConfigHandle = GitOwner<git_config, git_config_free>;
using GitConfigIteratorHandle =
    GitOwner<git_config_iterator, git_config_iterator_free>;
using GitTreeHandle = GitOwner<git_tree, git_tree_free>;
using GitIndexerHandle = GitOwner<git_indexer, git_indexer_free>;

[[nodiscard]] inline git_oid ToOid(const CommitId& id) {
  git_oid oid;
  std::memcpy(oid.id, id.bytes.data(), CommitId::kSize);
  return oid;
}

[[nodiscard]] inline CommitId FromOid(const git_oid& oid) {
  CommitId id;
  std::memcpy(id.bytes.data(), oid.id, CommitId::kSize);
  return id;
}

/// What libgit2 says went wrong in this thread's last call.
[[nodiscard]] inline std::string GitMessage() {
  const git_error* error = git_error_last();
  return error == nullptr || error->message == nullptr ? "unknown error"
                                                       : error->message;
}

}  // namespace rebisect
