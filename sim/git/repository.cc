#include "sim/git/repository.h"

#include <git2/sys/odb_backend.h>
#include <git2/sys/repository.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <mutex>
#include <string_view>
#include <utility>

#include "sim/base/check.h"
#include "sim/base/result.h"
#include "sim/base/text.h"
#include "sim/git/commit_text.h"
#include "sim/git/loose_backend.h"
#include "sim/git/repository_impl.h"
#include "sim/io/input.h"

#if defined(__SANITIZE_ADDRESS__)
/// libgit2 1.5.1 frees nothing of what it matches regular expressions with.
extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() {
  return "leak:libpcre2\n";
}
#endif

/// Nothing here talks to a server, but libgit2 as Debian builds it reads and
/// decodes the system's certificates when it is started: a tenth of the time
/// that a whole search takes. This stands in for the function of mbed TLS that
/// it calls for that, so that there are none. A libgit2 with another TLS
/// library never calls it.
extern "C" int mbedtls_x509_crt_parse_file(void* chain, const char* path);
extern "C" int mbedtls_x509_crt_parse_file(void* /*chain*/,
                                           const char* /*path*/) {
  return 0;
}

namespace rebisect {
namespace {

constexpr std::size_t kMaxAlternates = 100;

/// git compares whole paths.
std::string Absolute(const std::string& path) {
  std::error_code failed;
  const auto whole = std::filesystem::canonical(path, failed);
  return failed ? path : whole.string();
}

std::string QuotedForShell(const std::string& word) {
  std::string quoted = "'";
  for (const char c : word) quoted += c == '\'' ? "'\\''" : std::string(1, c);
  return quoted + '\'';
}

tl::unexpected<Error> OpenError(const std::string& path, int status,
                                const std::string& message) {
  const Position where{path, 0, 0};
  if (Contains(message, "objectformat") || Contains(message, "sha256")) {
    return Fail(ErrorCode::kUnsupported,
                "the repository has SHA-256 ids; only SHA-1 is supported",
                where);
  }
  if (Contains(message, "refstorage")) {
    return Fail(ErrorCode::kUnsupported,
                "the repository keeps its refs as reftable, which is not "
                "supported; 'git refs migrate --ref-format=files' changes it",
                where);
  }
  if (Contains(message, "unsupported")) {
    return Fail(ErrorCode::kUnsupported, message, where);
  }
  if (status == GIT_EOWNER || Contains(message, "safe.directory")) {
    return Fail(ErrorCode::kPermission,
                "the repository belongs to another user; if you trust it, run "
                "git config --global --add safe.directory " +
                    QuotedForShell(Absolute(path)),
                where);
  }
  if (status == GIT_ENOTFOUND) {
    return Fail(ErrorCode::kNotFound,
                "no git repository is here; give the folder of a worktree, "
                "its .git, or a bare repository",
                where);
  }
  return Fail(ErrorCode::kInput,
              "cannot open the git repository: " + message +
                  "; 'git fsck' may say more",
              where);
}

/// Gives the repository an object database whose loose objects we read.
Result<void> OpenObjects(Repository::Impl& impl) {
  git_odb* odb = nullptr;
  int status = git_odb_new(&odb);
  impl.odb.reset(odb);
  for (const std::string& folder : impl.ObjectFolders()) {
    git_odb_backend* packs = nullptr;
    if (status == 0) status = git_odb_backend_pack(&packs, folder.c_str());
    if (status == 0) status = git_odb_add_backend(odb, packs, 2);
    if (status == 0) {
      status = git_odb_add_backend(odb, NewLooseBackend(folder), 1);
    }
  }
  if (status == 0) status = git_repository_set_odb(impl.repo.get(), odb);
  if (status != 0) return OpenError(impl.path, status, GitMessage());
  return {};
}

bool HasPromisor(git_config* config) {
  git_buf buffer = {};
  const bool extension = git_config_get_string_buf(
                             &buffer, config, "extensions.partialclone") == 0;
  git_buf_dispose(&buffer);
  if (extension) return true;
  git_config_iterator* iterator = nullptr;
  // Not the iterator with a pattern: libgit2 1.5.1 leaks 20 KB a match.
  if (git_config_iterator_new(&iterator, config) != 0) return false;
  const GitConfigIteratorHandle owner(iterator);
  git_config_entry* entry = nullptr;
  constexpr std::string_view kEnd = ".promisor";
  while (git_config_next(&entry, iterator) == 0) {
    const std::string_view name = entry->name;
    if (name.substr(0, 7) == "remote." && name.size() > kEnd.size() &&
        name.substr(name.size() - kEnd.size()) == kEnd) {
      return true;
    }
  }
  return false;
}

/// Whether a name is that of a ref, and what it leads to cannot be read. Whole
/// ids are no names.
bool IsRefToNothing(git_repository* repo, const std::string& name) {
  git_reference* reference = nullptr;
  if (CommitId::FromHex(name) ||
      git_reference_dwim(&reference, repo, name.c_str()) != 0) {
    return false;
  }
  const GitReferenceHandle owner(reference);
  git_object* object = nullptr;
  const int status = git_object_lookup(
      &object, repo, git_reference_target(reference), GIT_OBJECT_ANY);
  const GitObjectHandle object_owner(object);
  return status != 0;
}

}  // namespace

void StartLibgit2() {
  static std::once_flag once;
  std::call_once(once, [] {
    git_libgit2_init();
    // Harmless to a reader; libgit2 refuses them unless told.
    const char* extensions[] = {"partialclone", "worktreeconfig",
                                "preciousobjects", "relativeworktrees"};
    git_libgit2_opts(GIT_OPT_SET_EXTENSIONS, extensions,
                     sizeof extensions / sizeof *extensions);
    // As git reads: the sums of zlib, not SHA-1 again for each object.
    git_libgit2_opts(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION, 0);
    // Each object is read once.
    git_libgit2_opts(GIT_OPT_ENABLE_CACHING, 0);
  });
}

Result<GitOdbObjectHandle> Repository::Impl::ReadCommit(
    const CommitId& id) const {
  const git_oid oid = ToOid(id);
  git_odb_object* object = nullptr;
  const int status = git_odb_read(&object, odb.get(), &oid);
  GitOdbObjectHandle owner(object);
  if (status == GIT_ENOTFOUND) {
    Error error{ErrorCode::kMissingObject,
                "the repository lacks the commit " + id.Hex(),
                {path, 0, 0},
                {}};
    const std::string hint = MissingHint(id);
    if (!hint.empty()) error.notes.push_back(hint);
    return tl::unexpected(std::move(error));
  }
  if (status != 0) {
    return Fail(ErrorCode::kInput,
                "cannot read the commit " + id.Hex() + ": " + GitMessage() +
                    "; 'git fsck' says what is damaged",
                {path, 0, 0});
  }
  if (git_odb_object_type(object) != GIT_OBJECT_COMMIT) {
    return Fail(ErrorCode::kInput, id.Hex() + " is no commit", {path, 0, 0});
  }
  return owner;
}

Result<std::string> Repository::Impl::ReadText(
    const CommitId& id, std::string (*part)(std::string_view text)) const {
  REBISECT_ASSIGN_OR_RETURN(const auto replaced, substitutions.Replaced(id));
  REBISECT_ASSIGN_OR_RETURN(const auto object, ReadCommit(replaced));
  return part({static_cast<const char*>(git_odb_object_data(object.get())),
               git_odb_object_size(object.get())});
}

Result<CommitHeader> Repository::Impl::ReadHeader(
    const CommitId& id, std::vector<CommitId>& parents) const {
  REBISECT_ASSIGN_OR_RETURN(const auto replaced, substitutions.Replaced(id));
  REBISECT_ASSIGN_OR_RETURN(const auto object, ReadCommit(replaced));
  CommitHeader header;
  if (!ReadCommitHeader(
          {static_cast<const char*>(git_odb_object_data(object.get())),
           git_odb_object_size(object.get())},
          header, parents)) {
    return Fail(ErrorCode::kInput,
                "the commit " + replaced.Hex() +
                    " has a malformed header; 'git fsck' says more",
                {path, 0, 0});
  }
  return header;
}

std::vector<std::string> Repository::Impl::ObjectFolders() const {
  std::vector<std::string> folders = {
      std::string(git_repository_commondir(repo.get())) + "objects"};
  for (std::size_t i = 0; i < folders.size(); ++i) {
    const auto text = ReadInput(folders[i] + "/info/alternates");
    if (!text) continue;
    std::string_view rest = *text;
    while (!rest.empty() && folders.size() < kMaxAlternates) {
      const std::string_view line = rest.substr(0, rest.find('\n'));
      rest.remove_prefix(std::min(rest.size(), line.size() + 1));
      if (line.empty() || line.front() == '#') continue;
      std::string folder(line);
      if (folder.front() != '/') folder.insert(0, folders[i] + '/');
      folders.push_back(std::move(folder));
    }
  }
  return folders;
}

std::string Repository::Impl::MissingHint(const CommitId& id) const {
  if (substitutions.is_shallow) {
    return "hint: the repository is shallow; 'git -C " + path +
           " fetch --unshallow' brings the rest";
  }
  if (partial_clone) {
    return "hint: the repository is a partial clone; 'git -C " + path +
           " fetch origin " + id.Hex() + "' may bring it";
  }
  return "hint: 'git -C " + path +
         " fetch --all --tags' may bring it; 'git fsck' says whether "
         "something is damaged";
}

Repository::Repository(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Repository::Repository(Repository&&) noexcept = default;
Repository& Repository::operator=(Repository&&) noexcept = default;
Repository::~Repository() = default;

Result<Repository> Repository::Open(const std::string& path) {
  StartLibgit2();
  struct stat status {};
  if (stat(path.c_str(), &status) != 0) {
    const bool denied = errno == EACCES;
    return Fail(denied ? ErrorCode::kPermission : ErrorCode::kNotFound,
                denied ? "permission denied" : "no such folder", {path, 0, 0});
  }
  if (S_ISDIR(status.st_mode) && access(path.c_str(), R_OK | X_OK) != 0) {
    return Fail(ErrorCode::kPermission,
                "permission denied; check who may read the repository",
                {path, 0, 0});
  }
  auto impl = std::make_unique<Impl>();
  impl->path = path;
  git_repository* repo = nullptr;
  const int opened = git_repository_open_ext(
      &repo, path.c_str(), GIT_REPOSITORY_OPEN_NO_SEARCH, nullptr);
  impl->repo.reset(repo);
  if (opened != 0) return OpenError(path, opened, GitMessage());
  REBISECT_RETURN_IF_ERROR(OpenObjects(*impl));
  git_config* config = nullptr;
  if (git_repository_config_snapshot(&config, repo) == 0) {
    const GitConfigHandle owner(config);
    impl->partial_clone = HasPromisor(config);
    int allowed = 1;
    if (git_config_get_bool(&allowed, config, "core.commitgraph") == 0) {
      impl->commit_graph_allowed = allowed != 0;
    }
  }
  REBISECT_ASSIGN_OR_RETURN(auto substitutions, ReadSubstitutions(repo));
  impl->substitutions = std::move(substitutions);
  return Repository(std::move(impl));
}

const std::string& Repository::path() const { return impl_->path; }

bool Repository::IsBare() const {
  return git_repository_is_bare(impl_->repo.get()) == 1;
}

bool Repository::IsShallow() const { return impl_->substitutions.is_shallow; }

bool Repository::IsPartialClone() const { return impl_->partial_clone; }

Result<CommitId> Repository::Resolve(const std::string& rev) const {
  const Position where{impl_->path, 0, 0};
  if (rev.empty() || rev.find('\0') != std::string::npos) {
    return Fail(ErrorCode::kInput, "an empty revision, or one with a NUL byte",
                where);
  }
  // libgit2 says of a ref whose commit cannot be read that it is not found,
  // and forgets to free it.
  if (IsRefToNothing(impl_->repo.get(), rev)) {
    return Fail(ErrorCode::kInput,
                "the commit of '" + rev +
                    "' cannot be read; 'git fsck' says what is damaged",
                where);
  }
  git_object* object = nullptr;
  const int status =
      git_revparse_single(&object, impl_->repo.get(), rev.c_str());
  const GitObjectHandle owner(object);
  if (status == GIT_ENOTFOUND) {
    const auto id = CommitId::FromHex(rev);
    Error error{id ? ErrorCode::kMissingObject : ErrorCode::kNotFound,
                "the repository has no commit '" + rev + "'",
                where,
                {}};
    if (id) error.notes.push_back(impl_->MissingHint(*id));
    return tl::unexpected(std::move(error));
  }
  if (status == GIT_EAMBIGUOUS) {
    return Fail(ErrorCode::kInput,
                "'" + rev + "' is ambiguous; give more digits of the id",
                where);
  }
  if (status != 0) {
    return Fail(ErrorCode::kInput,
                "'" + rev + "' is no revision: " + GitMessage(), where);
  }
  git_object* commit = nullptr;
  const int peeled = git_object_peel(&commit, object, GIT_OBJECT_COMMIT);
  const GitObjectHandle commit_owner(commit);
  if (peeled == GIT_ENOTFOUND) {
    return Fail(ErrorCode::kMissingObject,
                "the repository lacks the commit of '" + rev + "'", where);
  }
  if (peeled != 0) {
    return Fail(ErrorCode::kInput, "'" + rev + "' stands for no commit", where);
  }
  return FromOid(*git_object_id(commit));
}

Result<CommitId> Repository::Head() const {
  if (git_repository_head_unborn(impl_->repo.get()) == 1) {
    return Fail(ErrorCode::kNotFound, "the repository has no commit yet",
                {impl_->path, 0, 0});
  }
  return Resolve("HEAD");
}

Result<std::string> Repository::Subject(const CommitId& id) const {
  return impl_->ReadText(id, CommitSubject);
}

Result<std::string> Repository::Message(const CommitId& id) const {
  return impl_->ReadText(id, CommitMessage);
}

Result<std::map<std::string, CommitId, std::less<>>> Repository::References()
    const {
  std::map<std::string, CommitId, std::less<>> references;
  git_reference_iterator* iterator = nullptr;
  if (git_reference_iterator_new(&iterator, impl_->repo.get()) != 0) {
    return Fail(ErrorCode::kInput, "cannot list the refs: " + GitMessage(),
                {impl_->path, 0, 0});
  }
  const GitReferenceIteratorHandle owner(iterator);
  git_reference* reference = nullptr;
  int status = 0;
  while ((status = git_reference_next(&reference, iterator)) == 0) {
    const GitReferenceHandle reference_owner(reference);
    const std::string name = git_reference_name(reference);
    if (name.compare(0, 13, "refs/replace/") == 0) continue;
    git_object* commit = nullptr;
    if (git_reference_peel(&commit, reference, GIT_OBJECT_COMMIT) != 0) {
      continue;
    }
    const GitObjectHandle commit_owner(commit);
    references.emplace(name, FromOid(*git_object_id(commit)));
  }
  if (status != GIT_ITEROVER) {
    return Fail(ErrorCode::kInput, "cannot list the refs: " + GitMessage(),
                {impl_->path, 0, 0});
  }
  if (const auto head = Head()) references.emplace("HEAD", *head);
  return references;
}

}  // namespace rebisect
