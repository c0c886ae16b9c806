#pragma once

#include <sys/types.h>

#include <chrono>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace rebisect {

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
  void Close();
  void Swap(Descriptor& other) { std::swap(fd_, other.fd_); }

 private:
  int fd_;
};

/// What a child has for 0, 1 and 2; borrowed.
struct ChildStreams {
  int input = -1;  ///< -1: /dev/null
  int output = -1;
  int errors = -1;
};

/// What a child is made of.
struct ChildRequest {
  /// As in ProcessRequest. REQUIRES: not empty.
  const std::vector<std::string>& words;
  const std::string& folder;
  const std::map<std::string, std::string>& environment;
  ChildStreams streams{};
};

/// Starts a child in a process group of its own, with no descriptor but its
/// three streams, no blocked and no ignored signal. Returns an errno, 0 when
/// it runs; `child` then has its number.
[[nodiscard]] int StartChild(const ChildRequest& request, pid_t* child);

/// Tells when a child has ended, without reaping it: until then neither its
/// number nor that of its group can belong to anybody else.
class ChildWatch {
 public:
  explicit ChildWatch(pid_t child);

  /// Readable when the child has ended; -1 where the system has no such thing.
  [[nodiscard]] int fd() const { return watch_.get(); }
  /// How long to poll at most when fd() is part of it: -1 is for ever.
  [[nodiscard]] int PollMs(int wanted_ms) const;
  [[nodiscard]] bool Ended() const;

 private:
  pid_t child_;
  Descriptor watch_;
};

/// Waits for the end of a child and reaps it: its status, as waitpid() has it.
int Reap(pid_t child);

/// Milliseconds until then, rounded up; 0 when it has passed, a minute at
/// most: what poll() is given.
[[nodiscard]] int MillisecondsUntil(
    std::chrono::steady_clock::time_point deadline);

}  // namespace rebisect
