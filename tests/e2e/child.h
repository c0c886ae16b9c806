#pragma once

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <string>
#include <vector>

#include "sim/base/check.h"

namespace rebisect::testing_support {

/// The real program as a process of its own, which may be killed. Its output
/// goes nowhere, its errors to a file. Killed at the end of the scope if it is
/// still there.
class Child {
 public:
  /// Starts `words` (the first is the program's path). No file that it writes
  /// may become larger than `largest_file` bytes.
  Child(std::vector<std::string> words, const std::string& errors,
        rlim_t largest_file = RLIM_INFINITY) {
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    id_ = fork();
    REBISECT_CHECK(id_ >= 0);
    if (id_ != 0) return;
    const int nowhere = open("/dev/null", O_RDWR);
    const int said = open(errors.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    // A kill or the limit would leave half of the counts of `./dev coverage`,
    // which are broken counts for every other run: these go nowhere.
    setenv("GCOV_PREFIX", "/dev/null", 1);
    const rlimit limit{largest_file, RLIM_INFINITY};
    if (said < 0 || dup2(nowhere, 0) < 0 || dup2(nowhere, 1) < 0 ||
        dup2(said, 2) < 0 || setrlimit(RLIMIT_FSIZE, &limit) != 0) {
      _exit(127);
    }
    execv(argv[0], argv.data());
    _exit(127);
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() {
    if (ended_) return;
    Signal(SIGKILL);
    (void)Wait();
  }

  void Signal(int number) const { kill(id_, number); }

  /// Whether it is over; does not wait.
  [[nodiscard]] bool Ended() {
    if (!ended_) ended_ = waitpid(id_, &status_, WNOHANG) == id_;
    return ended_;
  }

  /// Waits for its end: the exit code, or 128 + the signal that killed it.
  [[nodiscard]] int Wait() {
    if (!ended_) ended_ = waitpid(id_, &status_, 0) == id_;
    REBISECT_CHECK(ended_);
    return WIFEXITED(status_) ? WEXITSTATUS(status_) : 128 + WTERMSIG(status_);
  }

 private:
  pid_t id_ = -1;
  bool ended_ = false;
  int status_ = 0;
};

}  // namespace rebisect::testing_support
