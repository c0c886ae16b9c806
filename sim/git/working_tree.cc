#include "sim/git/working_tree.h"

#include <cstddef>
#include <utility>

#include "sim/base/result.h"
#include "sim/git/handles.h"
#include "sim/git/repository_impl.h"

namespace rebisect {
namespace {

using GitIndexHandle = GitOwner<git_index, git_index_free>;

Result<GitRepositoryHandle> OpenWorkingTree(const std::string& folder) {
  StartLibgit2();
  git_repository* repo = nullptr;
  if (git_repository_open_ext(&repo, folder.c_str(),
                              GIT_REPOSITORY_OPEN_NO_SEARCH, nullptr) != 0) {
    return Fail(ErrorCode::kInput,
                "cannot open the repository: " + GitMessage(), {folder, 0, 0});
  }
  return GitRepositoryHandle(repo);
}

}  // namespace

Result<void> CheckOutFiles(const std::string& folder, const CommitId& commit) {
  REBISECT_ASSIGN_OR_RETURN(const auto repo, OpenWorkingTree(folder));
  const git_oid oid = ToOid(commit);
  git_object* object = nullptr;
  const int found =
      git_object_lookup(&object, repo.get(), &oid, GIT_OBJECT_COMMIT);
  const GitObjectHandle owner(object);
  git_checkout_options options;
  git_checkout_options_init(&options, GIT_CHECKOUT_OPTIONS_VERSION);
  options.checkout_strategy = GIT_CHECKOUT_FORCE;
  options.disable_filters = 1;
  if (found != 0 || git_checkout_tree(repo.get(), object, &options) != 0) {
    return Fail(ErrorCode::kInput,
                "cannot check out " + commit.Hex() + ": " + GitMessage(),
                {folder, 0, 0});
  }
  return {};
}

Result<std::map<std::string, CommitId>> ReadIndex(const std::string& folder) {
  REBISECT_ASSIGN_OR_RETURN(const auto repo, OpenWorkingTree(folder));
  git_index* index = nullptr;
  const int opened = git_repository_index(&index, repo.get());
  const GitIndexHandle owner(index);
  if (opened != 0 || git_index_read(index, 1) != 0) {
    return Fail(ErrorCode::kInput, "cannot read the index: " + GitMessage(),
                {folder, 0, 0});
  }
  std::map<std::string, CommitId> files;
  for (std::size_t i = 0; i < git_index_entrycount(index); ++i) {
    const git_index_entry* entry = git_index_get_byindex(index, i);
    std::string path = entry->path;
    const int stage = git_index_entry_stage(entry);
    if (stage != 0) path += " (stage " + std::to_string(stage) + ')';
    files.emplace(std::move(path), FromOid(entry->id));
  }
  return files;
}

}  // namespace rebisect
