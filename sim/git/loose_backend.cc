#include "sim/git/loose_backend.h"

#include <git2/sys/odb_backend.h>
// Where libgit2 1.6 and later declare git_error_set_str().
#if __has_include(<git2/sys/errors.h>)
#include <git2/sys/errors.h>
#endif

#include <charconv>
#include <cstring>
#include <exception>
#include <filesystem>
#include <optional>
#include <string_view>
#include <system_error>

#include "sim/git/handles.h"
#include "sim/io/gzip.h"
#include "sim/io/input.h"

namespace rebisect {
namespace {

namespace fs = std::filesystem;

struct LooseBackend {
  git_odb_backend base{};  // first: libgit2 knows this part alone
  std::string folder;
};

LooseBackend& Of(git_odb_backend* backend) {
  return *reinterpret_cast<LooseBackend*>(backend);
}

std::string PathOf(const LooseBackend& backend, const CommitId& id) {
  const std::string hex = id.Hex();
  return backend.folder + "/" + hex.substr(0, 2) + "/" + hex.substr(2);
}

struct Object {
  git_object_t type = GIT_OBJECT_INVALID;
  std::string bytes;     // with the header
  std::size_t text = 0;  // where the object begins in them
};

int Failed(const std::string& message) {
  git_error_set_str(GIT_ERROR_ODB, message.c_str());
  return GIT_ERROR;
}

/// `<type> <size>\0<text>`, packed. Returns a code of libgit2.
int Read(const LooseBackend& backend, const CommitId& id, Object& object) {
  const std::string path = PathOf(backend, id);
  std::error_code ignored;
  if (!fs::exists(path, ignored)) return GIT_ENOTFOUND;
  const Result<std::string> packed = ReadInput(path);
  if (!packed) return Failed(packed.error().message);
  Result<std::string> bytes = InflateZlib(*packed, path);
  if (!bytes) return Failed(bytes.error().message);
  object.bytes = std::move(*bytes);
  const std::string_view whole = object.bytes;
  const std::size_t blank = whole.find(' ');
  const std::size_t end = whole.find('\0');
  if (blank == std::string_view::npos || end == std::string_view::npos ||
      blank > end) {
    return Failed("the loose object " + id.Hex() + " has no header");
  }
  object.type =
      git_object_string2type(std::string(whole.substr(0, blank)).c_str());
  object.text = end + 1;
  std::size_t size = 0;
  const auto parsed =
      std::from_chars(whole.data() + blank + 1, whole.data() + end, size);
  if (object.type == GIT_OBJECT_INVALID || parsed.ptr != whole.data() + end ||
      size != whole.size() - object.text) {
    return Failed("the loose object " + id.Hex() + " has a false header");
  }
  return 0;
}

/// Nothing of C++ may pass through libgit2.
template <class Function>
int Guarded(const Function& function) {
  try {
    return function();
  } catch (const std::exception& e) {
    return Failed(e.what());
  }
}

int ReadObject(void** data, std::size_t* size, git_object_t* type,
               git_odb_backend* backend, const git_oid* oid) {
  return Guarded([&] {
    Object object;
    const int status = Read(Of(backend), FromOid(*oid), object);
    if (status != 0) return status;
    *type = object.type;
    *size = object.bytes.size() - object.text;
    // A byte more, for those who count on a NUL.
    *data = git_odb_backend_data_alloc(backend, *size + 1);
    if (*data == nullptr) return static_cast<int>(GIT_ERROR);
    std::memcpy(*data, object.bytes.data() + object.text, *size);
    static_cast<char*>(*data)[*size] = '\0';
    return 0;
  });
}

int ReadHeader(std::size_t* size, git_object_t* type, git_odb_backend* backend,
               const git_oid* oid) {
  return Guarded([&] {
    Object object;
    const int status = Read(Of(backend), FromOid(*oid), object);
    *type = object.type;
    *size = object.bytes.size() - object.text;
    return status;
  });
}

int Exists(git_odb_backend* backend, const git_oid* oid) {
  std::error_code ignored;
  return fs::exists(PathOf(Of(backend), FromOid(*oid)), ignored) ? 1 : 0;
}

int ExistsPrefix(git_oid* found, git_odb_backend* backend,
                 const git_oid* prefix, std::size_t length) {
  return Guarded([&] {
    const std::string hex = FromOid(*prefix).Hex().substr(0, length);
    if (hex.size() < 2) return static_cast<int>(GIT_EAMBIGUOUS);
    std::optional<CommitId> only;
    std::error_code error;
    fs::directory_iterator files(Of(backend).folder + "/" + hex.substr(0, 2),
                                 error);
    for (; !error && files != fs::directory_iterator();
         files.increment(error)) {
      const std::string name =
          hex.substr(0, 2) + files->path().filename().string();
      const auto id = CommitId::FromHex(name);
      if (!id || name.compare(0, hex.size(), hex) != 0) continue;
      if (only) return static_cast<int>(GIT_EAMBIGUOUS);
      only = id;
    }
    if (!only) return static_cast<int>(GIT_ENOTFOUND);
    *found = ToOid(*only);
    return 0;
  });
}

int ReadPrefix(git_oid* found, void** data, std::size_t* size,
               git_object_t* type, git_odb_backend* backend,
               const git_oid* prefix, std::size_t length) {
  const int status = ExistsPrefix(found, backend, prefix, length);
  if (status != 0) return status;
  return ReadObject(data, size, type, backend, found);
}

void Free(git_odb_backend* backend) { delete &Of(backend); }

}  // namespace

git_odb_backend* NewLooseBackend(const std::string& folder) {
  auto* backend = new LooseBackend;
  git_odb_init_backend(&backend->base, GIT_ODB_BACKEND_VERSION);
  backend->base.read = ReadObject;
  backend->base.read_prefix = ReadPrefix;
  backend->base.read_header = ReadHeader;
  backend->base.exists = Exists;
  backend->base.exists_prefix = ExistsPrefix;
  backend->base.free = Free;
  backend->folder = folder;
  return &backend->base;
}

}  // namespace rebisect
