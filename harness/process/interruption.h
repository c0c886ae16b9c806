#pragma once

#include <array>
#include <csignal>

namespace rebisect {

/// The exit code of a command that a signal stopped.
inline constexpr int kExitInterrupted = 130;

/// Until the end of the scope the first SIGINT, SIGTERM or SIGHUP asks the work
/// to stop, the second one ends the process (EndBySignal()). One at a time.
class Interruptions {
 public:
  Interruptions();
  Interruptions(const Interruptions&) = delete;
  Interruptions& operator=(const Interruptions&) = delete;
  ~Interruptions();

 private:
  static constexpr std::array<int, 3> kSignals = {SIGINT, SIGTERM, SIGHUP};
  std::array<struct sigaction, kSignals.size()> old_{};
};

/// Whether the last Interruptions has seen a signal. From any thread.
[[nodiscard]] bool Interrupted();

}  // namespace rebisect
