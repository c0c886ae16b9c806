#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace rebisect::testing_support {

/// What a program that has ended said. `exit_code` is 128 + the signal for
/// one that was killed, 127 for one that could not be started (the reason is
/// in `err`).
struct ProcessResult {
  int exit_code = 0;
  std::string out;
  std::string err;
};

struct ProcessOptions {
  std::string folder;  ///< where it runs; here when empty
  std::string_view input;
  /// The whole environment, but for PATH, which is passed on.
  std::map<std::string, std::string> environment;
  /// A process group of its own: Ctrl-C at a terminal does not reach it.
  bool own_group = false;
};

/// Runs a program (searched in PATH unless it holds a slash), waits for its
/// end and returns all it printed. No shell in between. May be called from
/// several threads at once.
[[nodiscard]] ProcessResult RunProcess(const std::vector<std::string>& words,
                                       const ProcessOptions& options = {});

}  // namespace rebisect::testing_support
