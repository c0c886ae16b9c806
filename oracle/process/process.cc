#include "oracle/process/process.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <utility>

#include "oracle/process/child_process.h"
#include "sim/base/check.h"
#include "sim/base/result.h"

namespace rebisect {
namespace {

using Clock = std::chrono::steady_clock;

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
      : child_(child),
        request_(request),
        output_(output),
        keeper_(keeper),
        watch_(child) {}

  ProcessResult Wait() {
    const Clock::time_point begin = Clock::now();
    ProcessResult result;
    Clock::time_point deadline =
        begin + std::chrono::milliseconds(request_.time_limit_ms);
    bool limited = request_.time_limit_ms > 0;
    bool asked_to_end = false;
    while (!watch_.Ended()) {
      const bool late = limited && Clock::now() >= deadline;
      if (asked_to_end && late) {
        kill(-child_, SIGKILL);
        limited = false;
      } else if (!asked_to_end && (late || Stopped())) {
        result.end = late ? ProcessEnd::kTimedOut : ProcessEnd::kStopped;
        kill(-child_, SIGTERM);
        asked_to_end = true;
        limited = true;
        deadline = Clock::now() + std::chrono::milliseconds(request_.grace_ms);
      } else {
        Poll(limited ? MillisecondsUntil(deadline) : -1);
      }
    }
    if (!asked_to_end && request_.ended) request_.ended();
    // The child is not reaped yet, so that its number and that of its group
    // cannot belong to anybody else.
    kill(-child_, SIGKILL);
    DrainWhatIsThere();
    const int status = Reap(child_);
    if (!asked_to_end) {
      const bool exited = WIFEXITED(status);
      result.end = exited ? ProcessEnd::kExited : ProcessEnd::kSignalled;
      result.code = exited ? WEXITSTATUS(status) : WTERMSIG(status);
    }
    result.seconds =
        std::chrono::duration<double>(Clock::now() - begin).count();
    return result;
  }

 private:
  [[nodiscard]] bool Stopped() const {
    return request_.stop && request_.stop();
  }

  /// Waits for output, the child's end or the time, whichever is first, and
  /// no longer than `stop` may wait.
  void Poll(int timeout_ms) {
    constexpr int kStopMs = 50;
    if (request_.stop && (timeout_ms < 0 || timeout_ms > kStopMs)) {
      timeout_ms = kStopMs;
    }
    std::array<pollfd, 2> polled = {pollfd{output_.get(), POLLIN, 0},
                                    pollfd{watch_.fd(), POLLIN, 0}};
    if (poll(polled.data(), polled.size(), watch_.PollMs(timeout_ms)) <= 0)
      return;
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
    constexpr int kMaxReads = 64;
    for (int i = 0; i < kMaxReads && output_.open(); ++i) {
      if (!Read()) return;
    }
  }

  pid_t child_;
  const ProcessRequest& request_;
  Descriptor& output_;
  OutputKeeper& keeper_;
  ChildWatch watch_;
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
  REBISECT_CHECK(end != ProcessEnd::kTimedOut && end != ProcessEnd::kStopped);
  if (end == ProcessEnd::kExited) return code;
  if (end == ProcessEnd::kSignalled) return 128 + code;
  return code == ENOENT || code == ENOTDIR ? 127 : 126;
}

Result<ProcessResult> RunProcess(const ProcessRequest& request) {
  REBISECT_CHECK(!request.words.empty());
  REBISECT_RETURN_IF_ERROR(CheckFolder(request.folder));
  Descriptor file;
  REBISECT_RETURN_IF_ERROR(OpenOutputFile(request.output_file, file));
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) {
    return tl::unexpected(SystemError("no pipe is available", errno));
  }
  Descriptor output(ends[0]);
  Descriptor child_end(ends[1]);
  fcntl(output.get(), F_SETFL, O_NONBLOCK);

  pid_t child = 0;
  const ChildRequest made{request.words,
                          request.folder,
                          request.environment,
                          {-1, child_end.get(), child_end.get()}};
  const int failed = StartChild(made, &child);
  child_end.Close();
  if (failed == EAGAIN || failed == ENOMEM) {
    return tl::unexpected(SystemError("no process is available", failed));
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
