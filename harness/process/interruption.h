#pragma once

#include <csignal>

namespace rebisect {

/// The exit code of a command that a signal stopped.
inline constexpr int kExitInterrupted = 130;

/// Until the end of the scope the first SIGINT or SIGTERM asks the work to
/// stop; the second one is the system's again. One at a time.
class Interruptions {
 public:
  Interruptions();
  Interruptions(const Interruptions&) = delete;
  Interruptions& operator=(const Interruptions&) = delete;
  ~Interruptions();

 private:
  struct sigaction old_interrupt_ {};
  struct sigaction old_terminate_ {};
};

/// Whether the last Interruptions has seen a signal. From any thread.
[[nodiscard]] bool Interrupted();

}  // namespace rebisect
