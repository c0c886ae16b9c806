#include "sim/io/input.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

#include "sim/io/gzip.h"
#include "sim/io/temporary_path.h"

namespace rebisect {
namespace {

class FileDescriptor {
 public:
  explicit FileDescriptor(int fd) : fd_(fd) {}
  FileDescriptor(const FileDescriptor&) = delete;
  FileDescriptor& operator=(const FileDescriptor&) = delete;
  ~FileDescriptor() {
    if (fd_ > STDERR_FILENO) close(fd_);
  }
  [[nodiscard]] int get() const { return fd_; }
  /// Closes now; false when the system reports a late error.
  bool Close() { return close(std::exchange(fd_, -1)) == 0; }

 private:
  int fd_;
};

tl::unexpected<Error> SystemError(const std::string& file,
                                  const std::string& what, int error) {
  const Position where{file, 0, 0};
  switch (error) {
    case ENOENT:
    case ENOTDIR:
      return Fail(ErrorCode::kNotFound, what + ": no such file or folder",
                  where);
    case EACCES:
    case EPERM:
    case EROFS:
      return Fail(ErrorCode::kPermission,
                  what + ": permission denied; check who may access it", where);
    default:
      return Fail(ErrorCode::kInput, what + ": " + std::strerror(error), where);
  }
}

/// More than `most` bytes are an error, found before they are in memory.
Result<std::string> ReadAll(int fd, const std::string& name,
                            std::uint64_t most) {
  struct stat status {};
  if (fstat(fd, &status) != 0) return SystemError(name, "cannot read", errno);
  if (S_ISDIR(status.st_mode)) {
    return Fail(ErrorCode::kInput, "is a folder; name a file in it",
                {name, 0, 0});
  }
  std::string bytes;
  const auto stated = static_cast<std::uint64_t>(
      std::max<off_t>(0, S_ISREG(status.st_mode) ? status.st_size : 0));
  if (stated <= most) bytes.resize(static_cast<std::size_t>(stated) + 1);
  std::size_t size = 0;
  while (true) {
    if (std::max<std::uint64_t>(size, stated) > most) {
      return Fail(ErrorCode::kInput,
                  "is larger than " + std::to_string(most >> 20U) +
                      " MiB, which is all that is read of a file of its kind; "
                      "give a part of it",
                  {name, 0, 0});
    }
    if (size == bytes.size())
      bytes.resize(std::max<std::size_t>(2 * bytes.size(), 1 << 16));
    const ssize_t got = read(fd, bytes.data() + size, bytes.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return SystemError(name, "cannot read", errno);
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  bytes.resize(size);
  return bytes;
}

Result<void> WriteAll(int fd, std::string_view bytes, const std::string& path) {
  while (!bytes.empty()) {
    const ssize_t put = write(fd, bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return SystemError(path, "cannot write", errno);
    bytes.remove_prefix(static_cast<std::size_t>(put));
  }
  return {};
}

/// What the umask leaves of these permissions.
mode_t Unmasked(mode_t mode) {
  const mode_t mask = umask(0);
  umask(mask);
  return mode & ~mask;
}

/// So that the rename itself survives a crash. Not every file system can.
void SyncFolderOf(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  const std::string folder =
      slash == std::string::npos ? "." : path.substr(0, slash + 1);
  const FileDescriptor fd(open(folder.c_str(), O_RDONLY | O_CLOEXEC));
  if (fd.get() >= 0) fsync(fd.get());
}

/// Writes what cannot be replaced: a device, a pipe.
Result<void> WriteInPlace(const std::string& path, std::string_view bytes) {
  FileDescriptor fd(open(path.c_str(), O_WRONLY | O_CLOEXEC));
  if (fd.get() < 0) return SystemError(path, "cannot write", errno);
  auto done = WriteAll(fd.get(), bytes, path);
  if (!fd.Close() && done) return SystemError(path, "cannot write", errno);
  return done;
}

/// Writes the bytes beside `target`, and renames them to it. Errors name
/// `path`.
Result<void> Replace(const std::string& target, mode_t mode,
                     std::string_view bytes, const std::string& path) {
  const TemporaryPath aside(target);
  FileDescriptor fd(open(aside.path().c_str(),
                         O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (fd.get() < 0) return SystemError(path, "cannot write", errno);
  Result<void> done = WriteAll(fd.get(), bytes, path);
  if (done && (fchmod(fd.get(), mode) != 0 || fsync(fd.get()) != 0)) {
    done = SystemError(path, "cannot write", errno);
  }
  if (!fd.Close() && done) done = SystemError(path, "cannot write", errno);
  if (done && std::rename(aside.path().c_str(), target.c_str()) != 0) {
    done = SystemError(path, "cannot write", errno);
  }
  if (!done) {
    unlink(aside.path().c_str());
    return done;
  }
  SyncFolderOf(target);
  return {};
}

}  // namespace

std::string InputName(const std::string& path) {
  return path == "-" ? "<stdin>" : path;
}

Result<std::string> ReadPackedInput(const std::string& path,
                                    std::uint64_t most) {
  const std::string name = InputName(path);
  const FileDescriptor fd(
      path == "-" ? STDIN_FILENO : open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (fd.get() < 0) return SystemError(name, "cannot open", errno);
  return ReadAll(fd.get(), name, most);
}

Result<std::string> ReadInput(const std::string& path) {
  Result<std::string> bytes = ReadPackedInput(path, kMaxTextBytes);
  if (!bytes || !IsGzip(*bytes)) return bytes;
  return Gunzip(*bytes, InputName(path));
}

Result<void> WriteFileAtomically(
    const std::string& path, std::string_view bytes,
    const std::function<void(std::size_t)>& progress) {
  struct stat status {};
  const bool exists = stat(path.c_str(), &status) == 0;
  if (exists && S_ISDIR(status.st_mode)) {
    return Fail(ErrorCode::kInput, "is a folder; name a file in it",
                {path, 0, 0});
  }
  std::string packed;
  if (path.ends_with(".gz")) {
    packed = Gzip(bytes, progress);
    bytes = packed;
  }
  if (!exists) return Replace(path, Unmasked(0666), bytes, path);
  if (!S_ISREG(status.st_mode)) return WriteInPlace(path, bytes);
  std::error_code error;
  const auto target = std::filesystem::canonical(path, error);
  if (error) return SystemError(path, "cannot write", error.value());
  return Replace(target.string(), status.st_mode & 07777, bytes, path);
}

Result<void> MakeFolderAtomically(
    const std::string& path,
    const std::function<Result<void>(const std::string& aside)>& fill) {
  namespace fs = std::filesystem;
  std::error_code error;
  if (fs::exists(fs::symlink_status(path, error)) &&
      !(fs::is_directory(path, error) && fs::is_empty(path, error))) {
    return Fail(ErrorCode::kInput,
                "the folder is not empty; name one that is not there yet",
                {path, 0, 0});
  }
  const std::size_t end = path.find_last_not_of('/');
  const TemporaryPath aside(path.substr(0, end + 1));
  if (mkdir(aside.path().c_str(), 0777) != 0) {
    return SystemError(path, "cannot make the folder", errno);
  }
  Result<void> done = fill(aside.path());
  if (done && std::rename(aside.path().c_str(), path.c_str()) != 0) {
    done = SystemError(path, "cannot make the folder", errno);
  }
  if (!done) {
    fs::remove_all(aside.path(), error);
    // The reader of the error knows of no other folder.
    std::string& file = done.error().where.file;
    if (file.compare(0, aside.path().size(), aside.path()) == 0) {
      file.replace(0, aside.path().size(), path);
    }
    return done;
  }
  SyncFolderOf(path.substr(0, end + 1));
  return {};
}

}  // namespace rebisect
