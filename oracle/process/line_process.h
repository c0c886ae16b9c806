#pragma once

#include <sys/types.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "oracle/process/child_process.h"

namespace rebisect {

struct LineProcessRequest {
  /// As in ProcessRequest.
  std::vector<std::string> words{};
  std::map<std::string, std::string> environment{};
  int time_limit_ms = 10000;  ///< of an exchange
  int grace_ms = 1000;        ///< from the end of its input to SIGKILL
  std::size_t longest_line = std::size_t{1} << 20U;
};

/// Why an exchange gave no line.
enum class LineFault {
  kExited,     ///< the program has ended; the code is its exit status
  kSignalled,  ///< the code is the signal
  kClosed,     ///< it runs, but has closed its output
  kTimedOut,
  kTooLong,  ///< a line longer than the longest
};

/// A program that is talked with in lines, on its stdin and stdout. Whatever
/// it writes, and in whatever order it reads, neither side blocks the other.
class LineProcess {
 public:
  /// Starts it, in a process group of its own. Null: it cannot be started, and
  /// `error` is the errno of the attempt.
  [[nodiscard]] static std::unique_ptr<LineProcess> Start(
      const LineProcessRequest& request, int* error);

  LineProcess(const LineProcess&) = delete;
  LineProcess& operator=(const LineProcess&) = delete;
  /// Closes its stdin, waits for its end as long as the grace, kills its
  /// group and what it began elsewhere, daemons too (KillMarked()).
  ~LineProcess();

  /// Sends `lines`, whole ones, and returns the next line of the answer,
  /// without its end. Nothing, from the first fault on.
  [[nodiscard]] std::optional<std::string> Exchange(std::string_view lines);

  /// REQUIRES: Exchange() returned nothing.
  [[nodiscard]] LineFault fault() const { return *fault_; }
  [[nodiscard]] int fault_code() const { return fault_code_; }
  /// The last line that is not blank of what it wrote to its stderr so far.
  [[nodiscard]] std::string LastErrorLine();

 private:
  LineProcess(const LineProcessRequest& request, std::string mark, pid_t child);

  void Write(std::string_view& unsent);
  /// Reads once; false when there is nothing (more).
  bool ReadOutput();
  bool ReadErrors();
  [[nodiscard]] std::optional<std::string> TakeLine();
  bool Wait(std::string_view unsent,
            std::chrono::steady_clock::time_point deadline);
  void End();

  std::string mark_;  ///< NAME=value
  pid_t child_;
  ChildWatch watch_;
  int time_limit_ms_;
  int grace_ms_;
  std::size_t longest_line_;
  Descriptor input_;
  Descriptor output_;
  Descriptor errors_;
  std::string heard_;        ///< of its output, not taken yet
  std::size_t scanned_ = 0;  ///< of heard_, without an end of line
  std::string stderr_tail_;  ///< the end of its stderr
  bool reaped_ = false;
  std::optional<LineFault> fault_;
  int fault_code_ = 0;
  std::array<char, 65536> buffer_;
};

}  // namespace rebisect
