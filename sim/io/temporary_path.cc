#include "sim/io/temporary_path.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <string_view>

namespace rebisect {
namespace {

/// Those of threads that write at the same time; more are not remembered.
constexpr std::size_t kMaxPaths = 64;
std::array<std::atomic<const char*>, kMaxPaths> paths{};
static_assert(std::atomic<const char*>::is_always_lock_free);

std::string SixCharacters() {
  constexpr std::string_view kCharacters =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
  std::uint64_t number = 0;
  if (getrandom(&number, sizeof number, 0) != sizeof number) {
    number = static_cast<std::uint64_t>(getpid());
  }
  std::string text;
  for (int i = 0; i < 6; ++i, number /= kCharacters.size()) {
    text += kCharacters[number % kCharacters.size()];
  }
  return text;
}

void RemoveTree(int parent, const char* name, int depth);

/// What is in a folder, as far as one pass finds it; whether anything went.
bool RemoveEntries(int folder, int depth) {
  // readdir() may allocate, which a signal handler may not.
  alignas(dirent64) std::array<char, 2048> buffer;
  bool removed = false;
  long size = 0;
  while ((size = syscall(SYS_getdents64, folder, buffer.data(),
                         buffer.size())) > 0) {
    for (long at = 0; at < size;) {
      const auto* const entry =
          reinterpret_cast<const dirent64*>(buffer.data() + at);
      at += entry->d_reclen;
      const std::string_view name = entry->d_name;
      if (name == "." || name == "..") continue;
      if (entry->d_type == DT_DIR) {
        RemoveTree(folder, entry->d_name, depth + 1);
      }
      removed = unlinkat(folder, entry->d_name, 0) == 0 || removed;
    }
  }
  return removed;
}

void RemoveTree(int parent, const char* name, int depth) {
  constexpr int kMaxDepth = 64;
  const int folder =
      openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (folder < 0) return;
  // A pass may miss what moves when others go.
  while (depth < kMaxDepth && RemoveEntries(folder, depth)) {
    lseek(folder, 0, SEEK_SET);
  }
  close(folder);
  unlinkat(parent, name, AT_REMOVEDIR);
}

}  // namespace

TemporaryPath::TemporaryPath(const std::string& begin, char mark)
    : path_(begin + mark + SixCharacters()) {
  for (auto& place : paths) {
    const char* none = nullptr;
    if (place.compare_exchange_strong(none, path_.c_str())) return;
  }
}

TemporaryPath::~TemporaryPath() {
  for (auto& place : paths) {
    const char* its = path_.c_str();
    if (place.compare_exchange_strong(its, nullptr)) return;
  }
}

void RemoveTemporaryPaths() {
  for (auto& place : paths) {
    const char* const path = place.exchange(nullptr);
    if (path == nullptr || unlink(path) == 0) continue;
    RemoveTree(AT_FDCWD, path, 0);
  }
}

}  // namespace rebisect
