// Runs a program and lets one of its system calls go wrong.
//
// usage: inject LOG FAULT PROGRAM [ARGUMENT...]
//   LOG    a file for the calls that were made, a line each:
//          "<name> <what it is about>", and "!" before those that went wrong
//   FAULT  "none", or NAME@N=WHAT: the Nth call (from 1; "N+": and all after
//          it) of this name
//            error:NUMBER   fails with this errno and does nothing
//            short:BYTES    reads or writes no more than this
//            signal:NUMBER  brings this signal to the program
//            run:COMMAND    has to wait until the shell has run this
//          or clock=SECONDS: each look at the wall clock sees it jump by so
//          much, forth and back in turn; room=BYTES: no more memory than that
//          from main() on; files=BYTES: no file may become larger.
//
// Calls count from the beginning of main() on, which the program shows by
// setting SIGXFSZ, those of all threads together; what it starts is left
// alone. Ends as the program ends, a signal N as exit code 128 + N; with 125
// when the system does not let programs be traced, or is not of this kind.

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <string>

#if defined(__x86_64__) && defined(__linux__)

#include <elf.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <ctime>
#include <fstream>
#include <map>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

namespace {

constexpr int kCannotTrace = 125;

/// What a call is about.
enum class Subject { kNothing, kDescriptor, kPath, kPathAt };

struct TracedCall {
  const char* name;
  Subject subject;
};

const std::map<std::uint64_t, TracedCall>& Calls() {
  static const std::map<std::uint64_t, TracedCall> kCalls = {
      {SYS_read, {"read", Subject::kDescriptor}},
      {SYS_readv, {"read", Subject::kDescriptor}},
      {SYS_pread64, {"read", Subject::kDescriptor}},
      {SYS_write, {"write", Subject::kDescriptor}},
      {SYS_writev, {"write", Subject::kDescriptor}},
      {SYS_pwrite64, {"write", Subject::kDescriptor}},
      {SYS_open, {"open", Subject::kPath}},
      {SYS_openat, {"open", Subject::kPathAt}},
      {SYS_close, {"close", Subject::kDescriptor}},
      {SYS_stat, {"stat", Subject::kPath}},
      {SYS_lstat, {"stat", Subject::kPath}},
      {SYS_newfstatat, {"stat", Subject::kPathAt}},
      {SYS_statx, {"stat", Subject::kPathAt}},
      {SYS_fstat, {"stat", Subject::kDescriptor}},
      {SYS_access, {"stat", Subject::kPath}},
      {SYS_faccessat, {"stat", Subject::kPathAt}},
      {SYS_faccessat2, {"stat", Subject::kPathAt}},
      {SYS_readlink, {"stat", Subject::kPath}},
      {SYS_getcwd, {"getcwd", Subject::kNothing}},
      {SYS_getdents64, {"readdir", Subject::kDescriptor}},
      {SYS_mkdir, {"mkdir", Subject::kPath}},
      {SYS_mkdirat, {"mkdir", Subject::kPathAt}},
      {SYS_unlink, {"unlink", Subject::kPath}},
      {SYS_unlinkat, {"unlink", Subject::kPathAt}},
      {SYS_rmdir, {"unlink", Subject::kPath}},
      {SYS_rename, {"rename", Subject::kPath}},
      {SYS_renameat, {"rename", Subject::kPathAt}},
      {SYS_renameat2, {"rename", Subject::kPathAt}},
      {SYS_link, {"rename", Subject::kPath}},
      {SYS_symlink, {"mkdir", Subject::kPath}},
      {SYS_fsync, {"fsync", Subject::kDescriptor}},
      {SYS_fdatasync, {"fsync", Subject::kDescriptor}},
      {SYS_ftruncate, {"truncate", Subject::kDescriptor}},
      {SYS_fchmod, {"chmod", Subject::kDescriptor}},
      {SYS_fchmodat, {"chmod", Subject::kPathAt}},
      {SYS_chmod, {"chmod", Subject::kPath}},
      {SYS_fcntl, {"fcntl", Subject::kDescriptor}},
      {SYS_brk, {"memory", Subject::kNothing}},
      {SYS_pipe2, {"pipe", Subject::kNothing}},
      {SYS_pidfd_open, {"pidfd", Subject::kNothing}},
      {SYS_wait4, {"wait", Subject::kNothing}},
      {SYS_waitid, {"wait", Subject::kNothing}},
      {SYS_poll, {"poll", Subject::kNothing}},
      {SYS_ppoll, {"poll", Subject::kNothing}},
      {SYS_futex, {"futex", Subject::kNothing}},
  };
  return kCalls;
}

struct InjectedFault {
  std::string name;
  std::uint64_t first = 0;
  bool all_after = false;
  std::string what;
  std::string value;
};

bool ReadFault(const std::string& text, InjectedFault& fault) {
  if (text == "none") return true;
  const std::size_t equal = text.find('=');
  if (equal == std::string::npos) return false;
  const std::string head = text.substr(0, equal);
  fault.value = text.substr(equal + 1);
  fault.name = head.substr(0, head.find('@'));
  if (head == "clock" || head == "room" || head == "files") return true;
  const std::size_t colon = fault.value.find(':');
  if (head.size() == fault.name.size() || colon == std::string::npos) {
    return false;
  }
  fault.what = fault.value.substr(0, colon);
  fault.value.erase(0, colon + 1);
  fault.first =
      std::strtoull(head.c_str() + fault.name.size() + 1, nullptr, 10);
  fault.all_after = head.back() == '+';
  return fault.first > 0;
}

class TracedProgram {
 public:
  TracedProgram(const char* log, InjectedFault fault)
      : log_(std::fopen(log, "we")), fault_(std::move(fault)) {}

  int Run(char** words) {
    if (!log_) return kCannotTrace;
    std::array<int, 2> gate{};
    if (pipe(gate.data()) != 0) return kCannotTrace;
    program_ = fork();
    if (program_ < 0) return kCannotTrace;
    if (program_ == 0) {
      close(gate[1]);
      char ready = 0;
      if (read(gate[0], &ready, 1) != 1) _exit(kCannotTrace);
      close(gate[0]);
      execvp(words[0], words);
      _exit(127);
    }
    close(gate[0]);
    constexpr long kOptions = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACECLONE |
                              PTRACE_O_TRACEEXEC | PTRACE_O_EXITKILL;
    const bool traced = ptrace(PTRACE_SEIZE, program_, 0, kOptions) == 0;
    if (traced && write(gate[1], "", 1) != 1) return kCannotTrace;
    close(gate[1]);
    if (!traced) waitpid(program_, nullptr, 0);
    return traced ? Follow() : kCannotTrace;
  }

 private:
  int Follow() {
    int code = kCannotTrace;
    int status = 0;
    for (pid_t thread = 0; (thread = waitpid(-1, &status, __WALL)) > 0;) {
      if (WIFEXITED(status) || WIFSIGNALED(status)) {
        if (thread != program_) continue;
        code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
        continue;
      }
      const int signal = WSTOPSIG(status);
      int passed_on = 0;
      if (signal == (SIGTRAP | 0x80)) {
        AtCall(thread);
      } else if (status >> 16 == PTRACE_EVENT_EXEC) {
        if (fault_.name == "clock") HideFastClock(thread);
      } else if (status >> 16 == 0) {
        passed_on = signal;
      }
      ptrace(PTRACE_SYSCALL, thread, 0, passed_on);
    }
    return code;
  }

  void AtCall(pid_t thread) {
    __ptrace_syscall_info info{};
    if (ptrace(PTRACE_GET_SYSCALL_INFO, thread, sizeof info, &info) <= 0) {
      return;
    }
    if (info.op == PTRACE_SYSCALL_INFO_ENTRY) {
      Begin(thread, info);
    } else if (info.op == PTRACE_SYSCALL_INFO_EXIT) {
      End(thread);
    }
  }

  void Begin(pid_t thread, const __ptrace_syscall_info& info) {
    if (!counting_) {
      counting_ =
          info.entry.nr == SYS_rt_sigaction && info.entry.args[0] == SIGXFSZ;
      if (counting_) Limit();
      return;
    }
    if (fault_.name == "clock") {
      LookAtClock(thread, info);
      return;
    }
    const std::string name = NameOf(thread, info);
    if (name.empty()) return;
    const std::uint64_t number = ++counts_[name];
    const bool hit =
        name == fault_.name &&
        (fault_.all_after ? number >= fault_.first : number == fault_.first);
    Log((hit ? "!" : "") + name + ' ' + About(thread, info));
    if (hit) GoWrong(thread, info);
  }

  /// room= and files=.
  void Limit() {
    std::uint64_t most = std::strtoull(fault_.value.c_str(), nullptr, 10);
    if (fault_.name == "room") {
      std::ifstream sizes("/proc/" + std::to_string(program_) + "/statm");
      std::uint64_t pages = 0;
      sizes >> pages;
      most += pages * static_cast<std::uint64_t>(getpagesize());
    } else if (fault_.name != "files") {
      return;
    }
    const rlimit limit{most, most};
    prlimit(program_, fault_.name == "room" ? RLIMIT_AS : RLIMIT_FSIZE, &limit,
            nullptr);
    Log('!' + fault_.name);
  }

  void GoWrong(pid_t thread, const __ptrace_syscall_info& info) {
    const int value = std::atoi(fault_.value.c_str());
    user_regs_struct registers{};
    ptrace(PTRACE_GETREGS, thread, 0, &registers);
    if (fault_.what == "error" && info.entry.nr == SYS_brk) {
      // It has no errno: the end stays where it is.
      asked_[thread] = std::exchange(registers.rdi, 0);
    } else if (fault_.what == "error") {
      registers.orig_rax = ~0ULL;
      results_[thread] = -value;
    } else if (fault_.what == "short") {
      // Of several buffers the first one.
      const bool several =
          info.entry.nr == SYS_readv || info.entry.nr == SYS_writev;
      registers.rdx = std::min<unsigned long long>(
          registers.rdx, several ? 1 : static_cast<unsigned>(value));
    } else if (fault_.what == "signal") {
      kill(program_, value);
    } else if (std::system(fault_.value.c_str()) != 0) {
      Log("!failed " + fault_.value);
    }
    ptrace(PTRACE_SETREGS, thread, 0, &registers);
  }

  /// Puts the result of a call that was made to fail; moves the clock.
  void End(pid_t thread) {
    user_regs_struct registers{};
    if (const auto failed = results_.find(thread); failed != results_.end()) {
      ptrace(PTRACE_GETREGS, thread, 0, &registers);
      registers.rax = static_cast<unsigned long long>(failed->second);
      ptrace(PTRACE_SETREGS, thread, 0, &registers);
      results_.erase(failed);
    }
    if (const auto asked = asked_.find(thread); asked != asked_.end()) {
      ptrace(PTRACE_GETREGS, thread, 0, &registers);
      registers.rdi = asked->second;
      ptrace(PTRACE_SETREGS, thread, 0, &registers);
      asked_.erase(asked);
    }
    const auto clock = clocks_.find(thread);
    if (clock == clocks_.end()) return;
    // Seconds stand first in what gettimeofday() fills, too.
    const long seconds = ptrace(PTRACE_PEEKDATA, thread, clock->second, 0);
    const long jump = std::atol(fault_.value.c_str());
    ptrace(PTRACE_POKEDATA, thread, clock->second,
           seconds + (++looks_ % 2 == 0 ? -jump : jump));
    clocks_.erase(clock);
  }

  void LookAtClock(pid_t thread, const __ptrace_syscall_info& info) {
    const auto& arguments = info.entry.args;
    std::uint64_t result = 0;
    if (info.entry.nr == SYS_gettimeofday) result = arguments[0];
    if (info.entry.nr == SYS_clock_gettime &&
        (arguments[0] == CLOCK_REALTIME ||
         arguments[0] == CLOCK_REALTIME_COARSE)) {
      result = arguments[1];
    }
    if (result == 0) return;
    clocks_[thread] = result;
    Log("!clock");
  }

  /// So that the clock is asked by system calls: the part of the kernel that
  /// answers without one is taken from what the program is told of its start.
  static void HideFastClock(pid_t thread) {
    user_regs_struct registers{};
    ptrace(PTRACE_GETREGS, thread, 0, &registers);
    constexpr std::uint64_t kWord = sizeof(long);
    std::uint64_t at = registers.rsp;
    const auto word = [&] { return ptrace(PTRACE_PEEKDATA, thread, at, 0); };
    at += (static_cast<std::uint64_t>(word()) + 2) * kWord;  // arguments
    while (word() != 0) at += kWord;                         // environment
    for (at += kWord; word() != AT_NULL; at += 2 * kWord) {
      if (word() != AT_SYSINFO_EHDR) continue;
      ptrace(PTRACE_POKEDATA, thread, at, AT_IGNORE);
    }
  }

  void Log(const std::string& text) {
    std::fprintf(log_.get(), "%s\n", text.c_str());
    std::fflush(log_.get());
  }

  /// Empty for calls that nothing is done to.
  static std::string NameOf(pid_t thread, const __ptrace_syscall_info& info) {
    const auto& arguments = info.entry.args;
    if (info.entry.nr == SYS_mmap) {
      return (arguments[3] & MAP_ANONYMOUS) == 0 ? "map" : "memory";
    }
    if (info.entry.nr == SYS_clone3 || info.entry.nr == SYS_clone) {
      const std::uint64_t flags =
          info.entry.nr == SYS_clone
              ? arguments[0]
              : static_cast<std::uint64_t>(
                    ptrace(PTRACE_PEEKDATA, thread, arguments[0], 0));
      return (flags & CLONE_THREAD) != 0 ? "thread" : "process";
    }
    const auto call = Calls().find(info.entry.nr);
    if (call == Calls().end()) return {};
    const std::string name = call->second.name;
    if (name == "write" && arguments[0] == STDOUT_FILENO) return "stdout";
    if (name == "write" && arguments[0] == STDERR_FILENO) return "stderr";
    if (name == "read" && arguments[0] == STDIN_FILENO) return "stdin";
    return name;
  }

  [[nodiscard]] std::string About(pid_t thread,
                                  const __ptrace_syscall_info& info) const {
    const auto call = Calls().find(info.entry.nr);
    const Subject subject =
        call == Calls().end() ? Subject::kNothing : call->second.subject;
    const bool map =
        info.entry.nr == SYS_mmap && (info.entry.args[3] & MAP_ANONYMOUS) == 0;
    if (map || subject == Subject::kDescriptor) {
      return Descriptor(info.entry.args[map ? 4 : 0]);
    }
    if (subject == Subject::kPath) return Text(thread, info.entry.args[0]);
    if (subject != Subject::kPathAt) return "-";
    const std::string path = Text(thread, info.entry.args[1]);
    const auto folder = static_cast<int>(info.entry.args[0]);
    if (path.empty()) return Descriptor(info.entry.args[0]);
    return path[0] == '/' || folder == AT_FDCWD
               ? path
               : Descriptor(info.entry.args[0]) + '/' + path;
  }

  [[nodiscard]] std::string Descriptor(std::uint64_t number) const {
    const std::string link = "/proc/" + std::to_string(program_) + "/fd/" +
                             std::to_string(static_cast<std::int32_t>(number));
    std::array<char, 4096> path{};
    const ssize_t size = readlink(link.c_str(), path.data(), path.size());
    return size <= 0 ? "-"
                     : std::string(path.data(), static_cast<std::size_t>(size));
  }

  static std::string Text(pid_t thread, std::uint64_t at) {
    std::string text;
    for (std::array<char, sizeof(long)> part{}; text.size() < 4096;
         at += part.size()) {
      errno = 0;
      const long word = ptrace(PTRACE_PEEKDATA, thread, at, 0);
      if (errno != 0) return text;
      std::memcpy(part.data(), &word, part.size());
      auto* const end = std::find(part.begin(), part.end(), '\0');
      text.append(part.begin(), end);
      if (end != part.end()) return text;
    }
    return text;
  }

  struct CloseFile {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  std::unique_ptr<std::FILE, CloseFile> log_;
  InjectedFault fault_;
  pid_t program_ = -1;
  bool counting_ = false;
  std::map<std::string, std::uint64_t> counts_{};
  std::map<pid_t, std::int64_t> results_{};  // of calls made to fail
  std::map<pid_t, std::uint64_t> asked_{};   // ends of the heap not given
  std::map<pid_t, std::uint64_t> clocks_{};  // where a look at it goes
  std::uint64_t looks_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  InjectedFault fault;
  if (argc < 4 || !ReadFault(argv[2], fault)) {
    std::fputs("usage: inject LOG FAULT PROGRAM [ARGUMENT...]\n", stderr);
    return 2;
  }
  return TracedProgram(argv[1], fault).Run(argv + 3);
}

#else

int main() {
  std::fputs("inject: error: for Linux on x86-64 only\n", stderr);
  return 125;
}

#endif
