#include "oracle/process/child_process.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdint>

#include "sim/base/check.h"

namespace rebisect {
namespace {

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
  int Prepare(const std::string& folder, const ChildStreams& streams) {
    sigset_t none;
    sigemptyset(&none);
    sigset_t all;
    sigfillset(&all);
    const int results[] = {
        streams.input < 0
            ? posix_spawn_file_actions_addopen(&actions_, 0, "/dev/null",
                                               O_RDONLY, 0)
            : posix_spawn_file_actions_adddup2(&actions_, streams.input, 0),
        posix_spawn_file_actions_adddup2(&actions_, streams.output, 1),
        posix_spawn_file_actions_adddup2(&actions_, streams.errors, 2),
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

  int Spawn(pid_t* child, const ChildRequest& request) {
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

}  // namespace

void Descriptor::Close() {
  if (fd_ >= 0) close(fd_);
  fd_ = -1;
}

int StartChild(const ChildRequest& request, pid_t* child) {
  REBISECT_CHECK(!request.words.empty());
  SpawnSetup setup;
  if (const int failed = setup.Prepare(request.folder, request.streams)) {
    return failed;
  }
  return setup.Spawn(child, request);
}

ChildWatch::ChildWatch(pid_t child) : child_(child) {
  // Says by poll() when the child has ended. Where the system has no such
  // descriptor the child is asked now and then.
  watch_.Take(static_cast<int>(syscall(SYS_pidfd_open, child, 0)));
}

int ChildWatch::PollMs(int wanted_ms) const {
  constexpr int kAskMs = 20;
  if (watch_.open()) return wanted_ms;
  return wanted_ms < 0 ? kAskMs : std::min(wanted_ms, kAskMs);
}

bool ChildWatch::Ended() const {
  siginfo_t info;
  info.si_pid = 0;
  const int asked = waitid(P_PID, static_cast<id_t>(child_), &info,
                           WEXITED | WNOHANG | WNOWAIT);
  REBISECT_CHECK(asked == 0 || errno == EINTR);
  return asked == 0 && info.si_pid == child_;
}

int Reap(pid_t child) {
  int status = 0;
  while (waitpid(child, &status, 0) < 0) REBISECT_CHECK(errno == EINTR);
  return status;
}

int MillisecondsUntil(std::chrono::steady_clock::time_point deadline) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(
      deadline - std::chrono::steady_clock::now());
  return static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, 60000));
}

}  // namespace rebisect
