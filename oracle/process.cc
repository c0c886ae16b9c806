#include "oracle/process.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <utility>

#include "sim/check.h"

namespace rebisect {
namespace {

using Clock = std::chrono::steady_clock;

/// A descriptor that closes itself.
class Descriptor {
 public:
  explicit Descriptor(int fd = -1) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() { Close(); }

  [[nodiscard]] int get() const { return fd_; }
  [[nodiscard]] bool open() const { return fd_ >= 0; }
  void Take(int fd) {
    Close();
    fd_ = fd;
  }
  void Close() {
    if (fd_ >= 0) close(fd_);
    fd_ = -1;
  }

 private:
  int fd_;
};

/// The words as the system takes them; they point into `words`.
std::vector<char*> Pointers(std::vector<std::string>& words) {
  std::vector<char*> pointers;
  pointers.reserve(words.size() + 1);
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  return pointers;
}

/// What a child starts with, freed at the end.
class SpawnSetup {
 public:
  SpawnSetup() {
    REBISECT_CHECK(posix_spawn_file_actions_init(&actions_) == 0);
    REBISECT_CHECK(posix_spawnattr_init(&attributes_) == 0);
  }
  SpawnSetup(const SpawnSetup&) = delete;
  SpawnSetup& operator=(const SpawnSetup&) = delete;
  ~SpawnSetup() {
    posix_spawnattr_destroy(&attributes_);
    posix_spawn_file_actions_destroy(&actions_);
  }

  /// Returns an errno, 0 when all is well.
  int Prepare(const std::string& folder, int output) {
    sigset_t none;
    sigemptyset(&none);
    sigset_t all;
    sigfillset(&all);
    const int results[] = {
        posix_spawn_file_actions_addopen(&actions_, 0, "/dev/null", O_RDONLY,
                                         0),
        posix_spawn_file_actions_adddup2(&actions_, output, 1),
        posix_spawn_file_actions_adddup2(&actions_, output, 2),
        // Whatever a library here opened without O_CLOEXEC stays here.
        posix_spawn_file_actions_addclosefrom_np(&actions_, 3),
        folder.empty()
            ? 0
            : posix_spawn_file_actions_addchdir_np(&actions_, folder.c_str()),
        posix_spawnattr_setpgroup(&attributes_, 0),
        posix_spawnattr_setsigmask(&attributes_, &none),
        posix_spawnattr_setsigdefault(&attributes_, &all),
        posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETPGROUP |
                                                   POSIX_SPAWN_SETSIGMASK |
                                                   POSIX_SPAWN_SETSIGDEF)};
    const auto* failed = std::find_if(std::begin(results), std::end(results),
                                      [](int result) { return result != 0; });
    return failed == std::end(results) ? 0 : *failed;
  }

  int Spawn(pid_t* child, const ProcessRequest& request) {
    std::vector<std::string> words = request.words;
    std::vector<std::string> variables;
    variables.reserve(request.environment.size());
    for (const auto& [name, value] : request.environment) {
      variables.emplace_back(name).append("=").append(value);
    }
    const std::vector<char*> argv = Pointers(words);
    const std::vector<char*> envp = Pointers(variables);
    return posix_spawnp(child, argv[0], &actions_, &attributes_, argv.data(),
                        envp.data());
  }

 private:
  posix_spawn_file_actions_t actions_{};
  posix_spawnattr_t attributes_{};
};

/// Keeps the end of the output in memory and its beginning in a file.
class OutputKeeper {
 public:
  OutputKeeper(const ProcessRequest& request, int file)
      : keep_(request.keep_bytes), file_(file), room_(request.file_bytes) {}

  void Add(const char* bytes, std::size_t count) {
    ToFile(bytes, count);
    text_.append(bytes, count);
    total_ += count;
    // Cut seldom, so that much output costs no more than it is long.
    if (text_.size() > 2 * keep_ + kChunk) Cut();
  }

  void Finish(ProcessResult& result) {
    Cut();
    result.dropped_bytes = total_ - text_.size();
    result.output = std::move(text_);
  }

  static constexpr std::size_t kChunk = 65536;

 private:
  void Cut() {
    if (text_.size() > keep_) text_.erase(0, text_.size() - keep_);
  }

  void ToFile(const char* bytes, std::size_t count) {
    count = std::min(count, room_);
    while (file_ >= 0 && count > 0) {
      const ssize_t put = write(file_, bytes, count);
      if (put < 0 && errno == EINTR) continue;
      if (put <= 0) {
        room_ = 0;  // a full disk: the file ends here
        return;
      }
      bytes += put;
      count -= static_cast<std::size_t>(put);
      room_ -= static_cast<std::size_t>(put);
    }
  }

  std::size_t keep_;
  int file_;
  std::size_t room_;
  std::string text_;
  std::size_t total_ = 0;
};

/// A child that runs: its output, its end, its time limit.
class RunningProcess {
 public:
  RunningProcess(pid_t child, const ProcessRequest& request, Descriptor& output,
                 OutputKeeper& keeper)
      : child_(child), request_(request), output_(output), keeper_(keeper) {
    // Says by poll() when the child has ended. Where the system has no such
    // descriptor the child is asked now and then.
    watch_.Take(static_cast<int>(syscall(SYS_pidfd_open, child, 0)));
  }

  ProcessResult Wait() {
    const Clock::time_point begin = Clock::now();
    ProcessResult result;
    Clock::time_point deadline =
        begin + std::chrono::milliseconds(request_.time_limit_ms);
    bool limited = request_.time_limit_ms > 0;
    while (!Ended()) {
      if (limited && Clock::now() >= deadline) {
        if (result.end == ProcessEnd::kTimedOut) {
          kill(-child_, SIGKILL);
          limited = false;
        } else {
          result.end = ProcessEnd::kTimedOut;
          kill(-child_, SIGTERM);
          deadline += std::chrono::milliseconds(request_.grace_ms);
        }
        continue;
      }
      Poll(limited ? LeftMs(deadline) : -1);
    }
    // The child is not reaped yet, so that its number and that of its group
    // cannot belong to anybody else.
    kill(-child_, SIGKILL);
    DrainWhatIsThere();
    int status = 0;
    while (waitpid(child_, &status, 0) < 0) REBISECT_CHECK(errno == EINTR);
    if (result.end != ProcessEnd::kTimedOut) {
      const bool exited = WIFEXITED(status);
      result.end = exited ? ProcessEnd::kExited : ProcessEnd::kSignalled;
      result.code = exited ? WEXITSTATUS(status) : WTERMSIG(status);
    }
    result.seconds =
        std::chrono::duration<double>(Clock::now() - begin).count();
    return result;
  }

 private:
  [[nodiscard]] bool Ended() const {
    siginfo_t info;
    info.si_pid = 0;
    const int asked = waitid(P_PID, static_cast<id_t>(child_), &info,
                             WEXITED | WNOHANG | WNOWAIT);
    REBISECT_CHECK(asked == 0 || errno == EINTR);
    return asked == 0 && info.si_pid == child_;
  }

  static int LeftMs(Clock::time_point deadline) {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
    return static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, 60000));
  }

  /// Waits for output, the child's end or the time, whichever is first.
  void Poll(int timeout_ms) {
    constexpr int kAskMs = 20;
    if (!watch_.open()) {
      timeout_ms = timeout_ms < 0 ? kAskMs : std::min(timeout_ms, kAskMs);
    }
    std::array<pollfd, 2> polled = {pollfd{output_.get(), POLLIN, 0},
                                    pollfd{watch_.get(), POLLIN, 0}};
    if (poll(polled.data(), polled.size(), timeout_ms) <= 0) return;
    if (polled[0].revents != 0) Read();
  }

  /// Reads once; false when there is nothing (more).
  bool Read() {
    const ssize_t got = read(output_.get(), buffer_.data(), buffer_.size());
    if (got > 0) {
      keeper_.Add(buffer_.data(), static_cast<std::size_t>(got));
      return true;
    }
    if (got < 0 && (errno == EINTR || errno == EAGAIN)) return errno == EINTR;
    output_.Close();
    return false;
  }

  /// Not until the end of the pipe: a daemon may hold it open for ever. Not
  /// without a bound: it may write for ever, too.
  void DrainWhatIsThere() {
    constexpr int kMostReads = 64;
    for (int i = 0; i < kMostReads && output_.open(); ++i) {
      if (!Read()) return;
    }
  }

  pid_t child_;
  const ProcessRequest& request_;
  Descriptor& output_;
  OutputKeeper& keeper_;
  Descriptor watch_;
  std::array<char, OutputKeeper::kChunk> buffer_;
};

std::string Reason(int error) { return std::strerror(error); }

Result<void> CheckFolder(const std::string& folder) {
  if (folder.empty()) return {};
  struct stat info {};
  const bool there = stat(folder.c_str(), &info) == 0;
  if (there && S_ISDIR(info.st_mode)) return {};
  return Fail(ErrorCode::kNotFound,
              "cannot run in " + folder + ": " +
                  (there ? "not a folder" : Reason(errno)) +
                  "; name a folder that is there");
}

Result<void> OpenOutputFile(const std::string& path, Descriptor& file) {
  if (path.empty()) return {};
  file.Take(open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666));
  if (file.open()) return {};
  return Fail(ErrorCode::kPermission,
              "cannot write " + path + ": " + Reason(errno));
}

Error SystemError(const std::string& what, int error) {
  return Error{ErrorCode::kInternal, what + ": " + Reason(error), {}, {}};
}

}  // namespace

int ProcessResult::ShellCode() const {
  REBISECT_CHECK(end != ProcessEnd::kTimedOut);
  if (end == ProcessEnd::kExited) return code;
  if (end == ProcessEnd::kSignalled) return 128 + code;
  return code == ENOENT || code == ENOTDIR ? 127 : 126;
}

Result<ProcessResult> RunProcess(const ProcessRequest& request) {
  REBISECT_CHECK(!request.words.empty());
  if (auto checked = CheckFolder(request.folder); !checked) {
    return tl::unexpected(std::move(checked.error()));
  }
  Descriptor file;
  if (auto opened = OpenOutputFile(request.output_file, file); !opened) {
    return tl::unexpected(std::move(opened.error()));
  }
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) {
    return tl::unexpected(SystemError("no pipe to be had", errno));
  }
  Descriptor output(ends[0]);
  Descriptor child_end(ends[1]);
  fcntl(output.get(), F_SETFL, O_NONBLOCK);

  SpawnSetup setup;
  if (const int failed = setup.Prepare(request.folder, child_end.get())) {
    return tl::unexpected(SystemError("no process to be had", failed));
  }
  pid_t child = 0;
  const int failed = setup.Spawn(&child, request);
  child_end.Close();
  if (failed == EAGAIN || failed == ENOMEM) {
    return tl::unexpected(SystemError("no process to be had", failed));
  }
  ProcessResult result;
  if (failed != 0) {
    result.end = ProcessEnd::kNotStarted;
    result.code = failed;
    result.output = request.words[0] + ": " + Reason(failed) + '\n';
    return result;
  }
  OutputKeeper keeper(request, file.get());
  RunningProcess running(child, request, output, keeper);
  result = running.Wait();
  keeper.Finish(result);
  return result;
}

}  // namespace rebisect
