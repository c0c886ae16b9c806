#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "sim/base/result.h"

namespace rebisect {

/// A program to run.
struct ProcessRequest {
  /// The program, searched in PATH unless it holds a slash (then from
  /// `folder`), and its arguments. No shell. REQUIRES: not empty.
  std::vector<std::string> words{};
  std::string folder{};  ///< where it runs; empty: here
  /// The whole environment.
  std::map<std::string, std::string> environment{};
  int time_limit_ms = 0;  ///< 0: none
  /// After the time limit, from SIGTERM to SIGKILL.
  int grace_ms = 1000;
  /// Of the output the last this many bytes are kept in memory.
  std::size_t keep_bytes = std::size_t{64} * 1024;
  /// The output goes to this new file too; empty: to none. At most
  /// `file_bytes` of it; what comes after is dropped.
  std::string output_file{};
  std::size_t file_bytes = std::size_t{64} * 1024 * 1024;
  /// Asked at least every 50 ms; true ends the program as the time limit does.
  /// Empty: it is not wanted.
  std::function<bool()> stop{};
  /// Called once when the program has ended by itself, before what it left
  /// running in its group is killed. May be empty.
  std::function<void()> ended{};
};

enum class ProcessEnd {
  kExited,      ///< `code` is its exit status
  kSignalled,   ///< `code` is the signal
  kTimedOut,    ///< killed at the time limit
  kStopped,     ///< killed because `stop` said so
  kNotStarted,  ///< `code` is the errno of the attempt
};

struct ProcessResult {
  ProcessEnd end = ProcessEnd::kExited;
  int code = 0;
  /// stdout and stderr as they came, the last keep_bytes of them.
  std::string output{};
  std::size_t dropped_bytes = 0;  ///< what came before `output`
  double seconds = 0;

  /// As a shell says it: 128 + signal, 127 for a program that is not there,
  /// 126 for one that cannot be run. REQUIRES: neither timed out nor stopped.
  [[nodiscard]] int ShellCode() const;
};

/// Runs the program in a process group of its own and waits for its end. Its
/// input is empty; it inherits no descriptor but its output, no blocked or
/// ignored signal. At the time limit the whole group is killed; what the
/// program leaves running in its group is killed after its end too (what left
/// the group, as daemons do, is not). May be called from several threads.
/// Errors: kNotFound for a folder that is not there; kPermission for an
/// output file that cannot be written; kInternal when the system has no more
/// processes or pipes to give.
[[nodiscard]] Result<ProcessResult> RunProcess(const ProcessRequest& request);

}  // namespace rebisect
