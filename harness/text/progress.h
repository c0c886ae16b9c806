#pragma once

#include <chrono>
#include <cstdint>
#include <iosfwd>
#include <string>

namespace rebisect {

/// Says how far long work is, how fast it goes and when it will be done: a
/// line that is written over again and again on a terminal, and a plain line
/// every ten seconds in a log. Nothing before a second has passed.
class Progress {
 public:
  /// `total` units of work, of which `done` were done before; `unit` is their
  /// plural. A total of 0: it is not known. `errors` is
  /// borrowed; `terminal` says what it is.
  Progress(std::ostream& errors, bool terminal, std::string unit,
           std::uint64_t total, std::uint64_t done);

  /// This many are done by now.
  void Update(std::uint64_t done);
  /// Removes the line from a terminal; the next Update() brings it back.
  void Finish();

 private:
  using Clock = std::chrono::steady_clock;

  [[nodiscard]] std::string Text(std::uint64_t done, double seconds) const;

  std::ostream& errors_;
  bool terminal_;
  std::string unit_;
  std::uint64_t total_;
  std::uint64_t before_;
  Clock::time_point begin_;
  Clock::time_point next_;
  bool shown_ = false;
};

/// "42s", "3m 20s", "5h 07m".
[[nodiscard]] std::string DurationText(double seconds);

}  // namespace rebisect
