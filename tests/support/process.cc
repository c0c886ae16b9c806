#include "tests/support/process.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>

#include "sim/base/check.h"

namespace rebisect::testing_support {
namespace {

/// A pipe whose ends close themselves; not inherited by other children.
struct Pipe {
  Pipe() { REBISECT_CHECK(pipe2(ends.data(), O_CLOEXEC) == 0); }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  ~Pipe() {
    CloseEnd(0);
    CloseEnd(1);
  }
  void CloseEnd(std::size_t end) {
    if (ends[end] >= 0) close(ends[end]);
    ends[end] = -1;
  }
  std::array<int, 2> ends{-1, -1};
};

/// Feeds and drains the pipes until both outputs are closed.
void Exchange(std::string_view input, Pipe& in, Pipe& out, Pipe& err,
              ProcessResult& result) {
  fcntl(in.ends[1], F_SETFL, O_NONBLOCK);
  if (input.empty()) in.CloseEnd(1);
  std::array<char, 65536> buffer{};
  while (out.ends[0] >= 0 || err.ends[0] >= 0) {
    std::array<pollfd, 3> polled = {pollfd{out.ends[0], POLLIN, 0},
                                    pollfd{err.ends[0], POLLIN, 0},
                                    pollfd{in.ends[1], POLLOUT, 0}};
    if (poll(polled.data(), polled.size(), -1) < 0) {
      REBISECT_CHECK(errno == EINTR);
      continue;
    }
    const auto drain = [&](const pollfd& entry, Pipe& from, std::string& to) {
      if (entry.revents == 0) return;
      const ssize_t got = read(entry.fd, buffer.data(), buffer.size());
      if (got > 0) {
        to.append(buffer.data(), static_cast<std::size_t>(got));
      } else if (got == 0 || errno != EINTR) {
        from.CloseEnd(0);
      }
    };
    drain(polled[0], out, result.out);
    drain(polled[1], err, result.err);
    if (polled[2].revents != 0) {
      const ssize_t put = write(in.ends[1], input.data(), input.size());
      if (put > 0) {
        input.remove_prefix(static_cast<std::size_t>(put));
      } else if (errno != EAGAIN && errno != EINTR) {
        input = {};  // it reads no more
      }
      if (input.empty()) in.CloseEnd(1);
    }
  }
}

}  // namespace

ProcessResult RunProcess(const std::vector<std::string>& words,
                         const ProcessOptions& options) {
  // A child that closes its input early is no reason to die.
  static const bool ignored = std::signal(SIGPIPE, SIG_IGN) != SIG_ERR;
  REBISECT_CHECK(ignored && !words.empty());
  std::vector<std::string> variables;
  if (const char* path = std::getenv("PATH")) {
    variables.push_back(std::string("PATH=") + path);
  }
  for (const auto& [name, value] : options.environment) {
    variables.emplace_back(name).append("=").append(value);
  }
  std::vector<std::string> owned = words;
  std::vector<char*> argv;
  for (std::string& word : owned) argv.push_back(word.data());
  argv.push_back(nullptr);
  std::vector<char*> envp;
  for (std::string& variable : variables) envp.push_back(variable.data());
  envp.push_back(nullptr);

  Pipe in;
  Pipe out;
  Pipe err;
  posix_spawn_file_actions_t actions;
  REBISECT_CHECK(posix_spawn_file_actions_init(&actions) == 0);
  posix_spawn_file_actions_adddup2(&actions, in.ends[0], 0);
  posix_spawn_file_actions_adddup2(&actions, out.ends[1], 1);
  posix_spawn_file_actions_adddup2(&actions, err.ends[1], 2);
  if (!options.folder.empty()) {
    posix_spawn_file_actions_addchdir_np(&actions, options.folder.c_str());
  }
  // The child gets SIGPIPE back as it was.
  posix_spawnattr_t attributes;
  REBISECT_CHECK(posix_spawnattr_init(&attributes) == 0);
  sigset_t defaults;
  sigemptyset(&defaults);
  sigaddset(&defaults, SIGPIPE);
  posix_spawnattr_setsigdefault(&attributes, &defaults);
  posix_spawnattr_setflags(
      &attributes,
      static_cast<short>(POSIX_SPAWN_SETSIGDEF |
                         (options.own_group ? POSIX_SPAWN_SETPGROUP : 0)));
  pid_t child = 0;
  const int failed = posix_spawnp(&child, argv[0], &actions, &attributes,
                                  argv.data(), envp.data());
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  ProcessResult result;
  if (failed != 0) {
    result.exit_code = 127;
    result.err = words[0] + ": " + std::strerror(failed) + '\n';
    return result;
  }
  in.CloseEnd(0);
  out.CloseEnd(1);
  err.CloseEnd(1);
  Exchange(options.input, in, out, err, result);
  int status = 0;
  while (waitpid(child, &status, 0) < 0) REBISECT_CHECK(errno == EINTR);
  result.exit_code =
      WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return result;
}

}  // namespace rebisect::testing_support
