#include "oracle/process/proc_scanner.h"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <charconv>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstring>
#include <functional>
#include <memory>
#include <set>
#include <thread>

#include "oracle/process/child_process.h"

namespace rebisect {
namespace {

struct CloseFolder {
  void operator()(DIR* folder) const { closedir(folder); }
};

/// At most this many bytes of a file; nothing when it cannot be read. Files in
/// /proc tell no length.
std::string ReadSome(const std::string& path, std::size_t most) {
  const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  std::string bytes;
  std::array<char, 16384> buffer;
  while (file.open() && bytes.size() < most) {
    const ssize_t got = read(file.get(), buffer.data(),
                             std::min(buffer.size(), most - bytes.size()));
    if (got <= 0) break;
    bytes.append(buffer.data(), static_cast<std::size_t>(got));
  }
  return bytes;
}

bool Holds(const std::string& environment, std::string_view mark) {
  // Variables end with a byte that is 0.
  for (std::size_t at = environment.find(mark); at != std::string::npos;
       at = environment.find(mark, at + 1)) {
    const std::size_t end = at + mark.size();
    if ((at == 0 || environment[at - 1] == '\0') &&
        (end == environment.size() || environment[end] == '\0')) {
      return true;
    }
  }
  return false;
}

std::string CommandOf(const std::string& folder) {
  std::string command = ReadSome(folder + "/cmdline", 200);
  while (!command.empty() && command.back() == '\0') command.pop_back();
  for (char& c : command) {
    if (static_cast<unsigned char>(c) < ' ') c = ' ';
  }
  return command;
}

/// The fields of /proc/N/stat from the state on, which is the first.
std::vector<std::string> StatOf(const std::string& folder) {
  const std::string text = ReadSome(folder + "/stat", 4096);
  std::vector<std::string> fields;
  // The name before may hold anything, blanks and parentheses too.
  for (std::size_t at = text.rfind(") "); at != std::string::npos;
       at = text.find(' ', at + 1)) {
    if (fields.empty()) ++at;
    fields.push_back(text.substr(at + 1, text.find(' ', at + 1) - at - 1));
  }
  return fields;
}

/// When the process began, in ticks since the machine did.
std::uint64_t BeginOf(const std::vector<std::string>& stat) {
  constexpr std::size_t kStartTime = 19;
  std::uint64_t ticks = 0;
  if (stat.size() > kStartTime) {
    const std::string& text = stat[kStartTime];
    std::from_chars(text.data(), text.data() + text.size(), ticks);
  }
  return ticks;
}

/// A thread of the kernel never has an environment.
bool IsOfTheKernel(const std::vector<std::string>& stat) {
  constexpr std::size_t kFlags = 6;
  constexpr std::uint32_t kKernelThread = 0x00200000;  // PF_KTHREAD
  std::uint32_t flags = 0;
  if (stat.size() > kFlags) {
    const std::string& text = stat[kFlags];
    std::from_chars(text.data(), text.data() + text.size(), flags);
  }
  return (flags & kKernelThread) != 0;
}

/// Looks at all processes, again and again.
class ProcScanner {
 public:
  ProcScanner(std::string_view mark, bool kill_them)
      : mark_(mark), kill_them_(kill_them) {
    static const std::uint64_t kOwnBegin = BeginOf(StatOf("/proc/self"));
    own_begin_ = kOwnBegin;
  }

  void Look() {
    found_.clear();
    unsure_ = false;
    // The newest first: those that go on by beginning others and ending
    // themselves are gone in no time.
    std::vector<int> pids = Pids();
    std::sort(pids.begin(), pids.end(), std::greater<>());
    for (const int pid : pids) See(pid);
  }

  /// Of the last look.
  [[nodiscard]] const std::vector<MarkedProcess>& found() const {
    return found_;
  }
  /// Somebody came or went meanwhile, who may have had the mark.
  [[nodiscard]] bool unsure() const { return unsure_; }

 private:
  static std::vector<int> Pids() {
    std::vector<int> pids;
    const std::unique_ptr<DIR, CloseFolder> proc(opendir("/proc"));
    while (proc) {
      const dirent* entry = readdir(proc.get());
      if (entry == nullptr) break;
      int pid = 0;
      const char* end = entry->d_name + std::strlen(entry->d_name);
      const auto [stop, error] = std::from_chars(entry->d_name, end, pid);
      if (error == std::errc() && stop == end && pid != getpid()) {
        pids.push_back(pid);
      }
    }
    return pids;
  }

  void See(int pid) {
    constexpr std::size_t kMaxEnvironment = std::size_t{4} << 20U;
    const std::string folder = "/proc/" + std::to_string(pid);
    const std::string environment =
        ReadSome(folder + "/environ", kMaxEnvironment);
    if (environment.empty()) {
      SeeBlank(pid, folder);
    } else if (Holds(environment, mark_)) {
      found_.push_back({pid, CommandOf(folder)});
      if (kill_them_) kill(pid, SIGKILL);
    }
  }

  /// Gone, another user's, dead and not buried, of the system, or just about
  /// to become another program.
  void SeeBlank(int pid, const std::string& folder) {
    const std::vector<std::string> stat = StatOf(folder);
    if (stat.empty()) {
      unsure_ = true;
    } else if (BeginOf(stat) < own_begin_ || IsOfTheKernel(stat)) {
      return;
    } else if (stat[0] == "Z" || stat[0] == "X") {
      // It may have begun another one since the list was made.
      unsure_ = ended_.insert(pid).second || unsure_;
    } else {
      unsure_ = unsure_ || access((folder + "/environ").c_str(), R_OK) == 0;
    }
  }

  std::string_view mark_;
  bool kill_them_;
  std::uint64_t own_begin_ = 0;
  std::vector<MarkedProcess> found_;
  std::set<int> ended_;  ///< in this look or an earlier one
  bool unsure_ = false;
};

using Clock = std::chrono::steady_clock;

/// How long to look again because of somebody who came or went. On a busy
/// machine somebody always does, and a process that is about to become another
/// program may have to wait for his turn.
class Patience {
 public:
  /// False when it is at its end; else a moment has passed.
  bool Wait() {
    constexpr int kMinLooks = 20;
    if (++looks_ > kMinLooks && Clock::now() >= end_) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
    return true;
  }

 private:
  Clock::time_point end_ = Clock::now() + std::chrono::milliseconds(250);
  int looks_ = 0;
};

}  // namespace

std::string NewMark() {
  static std::atomic<std::uint64_t> next{0};
  const auto now = Clock::now().time_since_epoch().count();
  return std::to_string(getpid()) + '-' + std::to_string(now) + '-' +
         std::to_string(next.fetch_add(1));
}

std::vector<MarkedProcess> FindMarked(std::string_view mark) {
  ProcScanner scanner(mark, false);
  Patience patience;
  do {
    scanner.Look();
  } while (scanner.found().empty() && scanner.unsure() && patience.Wait());
  return scanner.found();
}

bool KillMarked(std::string_view mark) {
  const Clock::time_point deadline = Clock::now() + std::chrono::seconds(5);
  ProcScanner scanner(mark, true);
  Patience patience;
  while (true) {
    scanner.Look();
    if (scanner.found().empty()) {
      if (!scanner.unsure() || !patience.Wait()) return true;
    } else {
      if (Clock::now() >= deadline) return false;
      // A process that is being killed exists a moment longer.
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
      patience = Patience();
    }
  }
}

}  // namespace rebisect
