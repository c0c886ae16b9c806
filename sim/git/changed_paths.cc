#include "sim/git/changed_paths.h"

#include <git2.h>

#include <optional>
#include <string_view>
#include <utility>

#include "sim/base/check.h"
#include "sim/base/result.h"
#include "sim/git/repository_impl.h"

namespace rebisect {
namespace {

using GitDiffHandle = GitOwner<git_diff, git_diff_free>;

/// git knows it without an object.
tl::unexpected<Error> TreeError(const Repository& repository,
                                const std::string& what, int status) {
  const Position where{repository.path(), 0, 0};
  if (status != GIT_ENOTFOUND) {
    return Fail(ErrorCode::kInput,
                what + ": " + GitMessage() + "; 'git fsck' says more", where);
  }
  Error error{
      ErrorCode::kMissingObject,
      std::string("the repository lacks trees") +
          (repository.IsPartialClone() ? " (it is a partial clone)" : ""),
      where,
      {"hint: use a clone with trees (git clone, or "
       "--filter=blob:none)"}};
  return tl::unexpected(std::move(error));
}

ChangedPath::Kind KindOf(const git_diff_delta& delta) {
  if (delta.status == GIT_DELTA_ADDED) return ChangedPath::Kind::kAdded;
  if (delta.status == GIT_DELTA_DELETED) return ChangedPath::Kind::kDeleted;
  const bool file = delta.old_file.mode == GIT_FILEMODE_BLOB ||
                    delta.old_file.mode == GIT_FILEMODE_BLOB_EXECUTABLE;
  return file && delta.old_file.mode == delta.new_file.mode
             ? ChangedPath::Kind::kContents
             : ChangedPath::Kind::kOther;
}

/// Null stands for the empty tree.
Result<std::vector<ChangedPath>> Compare(const Repository& repository,
                                         git_tree* before, git_tree* after) {
  std::vector<ChangedPath> paths;
  if (before == after) return paths;
  git_diff_options options;
  git_diff_options_init(&options, GIT_DIFF_OPTIONS_VERSION);
  options.flags = GIT_DIFF_INCLUDE_TYPECHANGE | GIT_DIFF_SKIP_BINARY_CHECK;
  git_diff* made = nullptr;
  const int status = git_diff_tree_to_tree(&made, repository.impl().repo.get(),
                                           before, after, &options);
  const GitDiffHandle diff(made);
  if (status != 0) {
    return TreeError(repository, "cannot compare the trees", status);
  }
  const std::size_t count = git_diff_num_deltas(diff.get());
  paths.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    const git_diff_delta* const delta = git_diff_get_delta(diff.get(), i);
    paths.push_back({delta->new_file.path, KindOf(*delta),
                     FromOid(delta->old_file.id), FromOid(delta->new_file.id)});
  }
  return paths;
}

Result<GitTreeHandle> FindTree(const Repository& repository,
                               const CommitId& id) {
  if (id.Hex() == kEmptyTree) return GitTreeHandle();
  const git_oid oid = ToOid(id);
  git_tree* tree = nullptr;
  const int status = git_tree_lookup(&tree, repository.impl().repo.get(), &oid);
  if (status != 0) {
    return TreeError(repository, "cannot read the tree " + id.Hex(), status);
  }
  return GitTreeHandle(tree);
}

Result<CommitChanges> ChangesIn(const Repository& repository,
                                const CommitId& commit) {
  const Repository::Impl& impl = repository.impl();
  CommitChanges changes;
  std::vector<CommitId> parents;
  REBISECT_ASSIGN_OR_RETURN(const auto header,
                            impl.ReadHeader(commit, parents));
  const auto& grafts = impl.substitutions.grafts;
  if (impl.substitutions.shallow.count(commit) > 0) {
    return Fail(ErrorCode::kMissingObject,
                "the history that the repository holds begins with this "
                "commit (it is shallow)",
                {impl.path, 0, 0});
  }
  if (const auto graft = grafts.find(commit); graft != grafts.end()) {
    parents = graft->second;
  }
  changes.parents = parents.size();
  REBISECT_ASSIGN_OR_RETURN(auto after, FindTree(repository, header.tree));
  GitTreeHandle before;
  if (!parents.empty()) {
    std::vector<CommitId> unused;
    REBISECT_ASSIGN_OR_RETURN(const auto parent,
                              impl.ReadHeader(parents.front(), unused));
    REBISECT_ASSIGN_OR_RETURN(auto tree, FindTree(repository, parent.tree));
    before = std::move(tree);
  }
  REBISECT_ASSIGN_OR_RETURN(auto paths,
                            Compare(repository, before.get(), after.get()));
  changes.paths = std::move(paths);
  return changes;
}

}  // namespace

Result<CommitChanges> ChangesOf(std::span<const Repository* const> repositories,
                                const CommitId& commit) {
  REBISECT_CHECK(!repositories.empty());
  const git_oid oid = ToOid(commit);
  std::optional<Error> error;
  bool had_it = false;
  for (const Repository* const repository : repositories) {
    auto changes = ChangesIn(*repository, commit);
    if (changes) return changes;
    // One that has the commit knows more of what is wrong.
    const bool has_it = git_odb_exists(repository->impl().odb.get(), &oid) == 1;
    if (!error || (has_it && !had_it)) error = std::move(changes.error());
    had_it = had_it || has_it;
  }
  return tl::unexpected(*std::move(error));
}

Result<std::string> ReadBlob(std::span<const Repository* const> repositories,
                             const CommitId& blob, std::size_t most) {
  REBISECT_CHECK(!repositories.empty());
  const git_oid oid = ToOid(blob);
  for (const Repository* const repository : repositories) {
    const Repository::Impl& impl = repository->impl();
    const Position where{impl.path, 0, 0};
    std::size_t size = 0;
    git_object_t type = GIT_OBJECT_INVALID;
    int status = git_odb_read_header(&size, &type, impl.odb.get(), &oid);
    if (status == GIT_ENOTFOUND) continue;
    if (status == 0 && size > most) {
      return Fail(ErrorCode::kInput,
                  "the file " + blob.Hex() + " is larger than " +
                      std::to_string(most) + " bytes",
                  where);
    }
    git_odb_object* object = nullptr;
    if (status == 0) status = git_odb_read(&object, impl.odb.get(), &oid);
    const GitOdbObjectHandle owner(object);
    if (status != 0 || git_odb_object_type(object) != GIT_OBJECT_BLOB) {
      return Fail(ErrorCode::kInput,
                  "cannot read the file " + blob.Hex() + ": " +
                      (status != 0 ? GitMessage() : "it is no file") +
                      "; 'git fsck' says what is damaged",
                  where);
    }
    return std::string(static_cast<const char*>(git_odb_object_data(object)),
                       git_odb_object_size(object));
  }
  return Fail(ErrorCode::kMissingObject,
              "the repository lacks the file " + blob.Hex(),
              {repositories.front()->path(), 0, 0});
}

}  // namespace rebisect
