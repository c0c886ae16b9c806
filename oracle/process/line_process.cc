#include "oracle/process/line_process.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <ctime>
#include <utility>

#include "oracle/process/proc_scanner.h"
#include "sim/base/text.h"

namespace rebisect {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kKeptComplaints = 4096;

/// A pipe, both ends closed on exec; an errno, 0 when it is there.
int MakePipe(Descriptor& read_end, Descriptor& write_end) {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) return errno;
  read_end.Take(ends[0]);
  write_end.Take(ends[1]);
  return 0;
}

void MakeNonBlocking(const Descriptor& descriptor) {
  fcntl(descriptor.get(), F_SETFL, O_NONBLOCK);
}

/// While it lives, writing to a pipe without a reader is an error and no
/// signal to this thread.
class NoPipeSignal {
 public:
  NoPipeSignal() {
    sigemptyset(&pipe_);
    sigaddset(&pipe_, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
  }
  NoPipeSignal(const NoPipeSignal&) = delete;
  NoPipeSignal& operator=(const NoPipeSignal&) = delete;
  ~NoPipeSignal() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

  /// A write failed for it: takes the signal, so that it does not come later.
  /// A thread that has it blocked anyway is left with it.
  void Take() {
    const timespec now{0, 0};
    if (sigismember(&before_, SIGPIPE) == 0) {
      sigtimedwait(&pipe_, nullptr, &now);
    }
  }

 private:
  sigset_t pipe_{};
  sigset_t before_{};
};

}  // namespace

std::unique_ptr<LineProcess> LineProcess::Start(
    const LineProcessRequest& request, int* error) {
  Descriptor child_input;
  Descriptor child_output;
  Descriptor child_errors;
  Descriptor input;
  Descriptor output;
  Descriptor errors;
  *error = MakePipe(child_input, input);
  if (*error == 0) *error = MakePipe(output, child_output);
  if (*error == 0) *error = MakePipe(errors, child_errors);
  if (*error != 0) return nullptr;
  pid_t child = 0;
  const std::string here;
  std::map<std::string, std::string> environment = request.environment;
  const std::string name(kRunMarkName);
  environment[name] = NewMark();
  *error =
      StartChild({request.words,
                  here,
                  environment,
                  {child_input.get(), child_output.get(), child_errors.get()}},
                 &child);
  if (*error != 0) return nullptr;
  std::unique_ptr<LineProcess> process(
      new LineProcess(request, name + '=' + environment[name], child));
  process->input_.Swap(input);
  process->output_.Swap(output);
  process->errors_.Swap(errors);
  MakeNonBlocking(process->input_);
  MakeNonBlocking(process->output_);
  MakeNonBlocking(process->errors_);
  return process;
}

LineProcess::LineProcess(const LineProcessRequest& request, std::string mark,
                         pid_t child)
    : mark_(std::move(mark)),
      child_(child),
      watch_(child),
      time_limit_ms_(request.time_limit_ms),
      grace_ms_(request.grace_ms),
      longest_line_(request.longest_line) {}

LineProcess::~LineProcess() {
  if (reaped_) return;
  input_.Close();
  const auto deadline = Clock::now() + std::chrono::milliseconds(grace_ms_);
  // A program that was late or answered badly has had its time.
  while (!fault_ && !watch_.Ended() && Clock::now() < deadline) {
    Wait({}, deadline);
    heard_.clear();
    scanned_ = 0;
  }
  kill(-child_, SIGKILL);
  Reap(child_);
  (void)KillMarked(mark_);
}

std::optional<std::string> LineProcess::Exchange(std::string_view lines) {
  if (fault_) return std::nullopt;
  const auto deadline =
      Clock::now() + std::chrono::milliseconds(time_limit_ms_);
  bool may_have_ended = false;
  while (true) {
    Write(lines);
    if (lines.empty() || !input_.open()) {
      if (auto line = TakeLine()) return line;
      if (fault_) return std::nullopt;
    }
    if (may_have_ended && watch_.Ended()) {
      // It may have answered before.
      while (ReadOutput()) {
      }
      if (auto line = lines.empty() ? TakeLine() : std::nullopt) return line;
      End();
      return std::nullopt;
    }
    if (Clock::now() >= deadline) {
      fault_ = output_.open() ? LineFault::kTimedOut : LineFault::kClosed;
      return std::nullopt;
    }
    may_have_ended = Wait(lines, deadline);
  }
}

void LineProcess::Write(std::string_view& unsent) {
  if (unsent.empty() || !input_.open()) return;
  NoPipeSignal no_signal;
  while (!unsent.empty()) {
    const ssize_t put = write(input_.get(), unsent.data(), unsent.size());
    if (put > 0) {
      unsent.remove_prefix(static_cast<std::size_t>(put));
    } else if (errno == EAGAIN) {
      return;
    } else if (errno != EINTR) {
      // It does not read any more; its end or its silence will tell.
      if (errno == EPIPE) no_signal.Take();
      input_.Close();
      return;
    }
  }
}

bool LineProcess::ReadOutput() {
  if (!output_.open()) return false;
  const ssize_t got = read(output_.get(), buffer_.data(), buffer_.size());
  if (got > 0) {
    heard_.append(buffer_.data(), static_cast<std::size_t>(got));
    // A program that writes without end is not read without end.
    return heard_.size() <= 2 * longest_line_;
  }
  if (got < 0 && (errno == EINTR || errno == EAGAIN)) return errno == EINTR;
  output_.Close();
  return false;
}

bool LineProcess::ReadErrors() {
  if (!errors_.open()) return false;
  const ssize_t got = read(errors_.get(), buffer_.data(), buffer_.size());
  if (got > 0) {
    stderr_tail_.append(buffer_.data(), static_cast<std::size_t>(got));
    if (stderr_tail_.size() > kKeptComplaints) {
      stderr_tail_.erase(0, stderr_tail_.size() - kKeptComplaints);
    }
    return true;
  }
  if (got < 0 && (errno == EINTR || errno == EAGAIN)) return errno == EINTR;
  errors_.Close();
  return false;
}

std::optional<std::string> LineProcess::TakeLine() {
  const std::size_t end = heard_.find('\n', scanned_);
  const std::size_t length = end == std::string::npos ? heard_.size() : end;
  if (length > longest_line_) {
    fault_ = LineFault::kTooLong;
    return std::nullopt;
  }
  if (end == std::string::npos) {
    scanned_ = heard_.size();
    return std::nullopt;
  }
  std::string line = heard_.substr(0, end);
  if (line.ends_with('\r')) line.pop_back();
  heard_.erase(0, end + 1);
  scanned_ = 0;
  return line;
}

/// Until there is something to read or room to write, the child has ended, or
/// the time is over. False: it has not ended.
bool LineProcess::Wait(std::string_view unsent, Clock::time_point deadline) {
  const int input = unsent.empty() || !input_.open() ? -1 : input_.get();
  std::array<pollfd, 4> polled = {
      pollfd{input, POLLOUT, 0}, pollfd{output_.get(), POLLIN, 0},
      pollfd{errors_.get(), POLLIN, 0}, pollfd{watch_.fd(), POLLIN, 0}};
  const int timeout = watch_.PollMs(MillisecondsUntil(deadline));
  const bool asks = watch_.fd() < 0;
  if (poll(polled.data(), polled.size(), timeout) <= 0) return asks;
  if (polled[1].revents != 0) ReadOutput();
  if (polled[2].revents != 0) ReadErrors();
  return asks || polled[3].revents != 0;
}

/// Of a child that has ended.
void LineProcess::End() {
  kill(-child_, SIGKILL);  // what it left behind
  const int status = Reap(child_);
  (void)KillMarked(mark_);
  reaped_ = true;
  const bool exited = WIFEXITED(status);
  fault_ = exited ? LineFault::kExited : LineFault::kSignalled;
  fault_code_ = exited ? WEXITSTATUS(status) : WTERMSIG(status);
}

std::string LineProcess::LastErrorLine() {
  constexpr int kMaxReads = 64;
  for (int i = 0; i < kMaxReads && ReadErrors(); ++i) {
  }
  std::string_view rest = stderr_tail_;
  while (true) {
    const std::size_t end = rest.rfind('\n');
    const bool last = end == std::string_view::npos;
    const std::string_view line = Trim(last ? rest : rest.substr(end + 1));
    if (!line.empty() || last) return std::string(line);
    rest = rest.substr(0, end);
  }
}

}  // namespace rebisect
