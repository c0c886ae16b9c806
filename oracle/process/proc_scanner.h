#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace rebisect {

/// The variable by which what a command or a policy program begins is found.
inline constexpr std::string_view kRunMarkName = "REBISECT_RUN_ID";

/// A value that no other mark has.
[[nodiscard]] std::string NewMark();

/// A process that runs.
struct MarkedProcess {
  int pid = 0;
  std::string command{};  ///< its words, cut at 200 bytes
};

/// The processes that began with the variable `mark` ("NAME=value") in their
/// environment, or whose ancestors did and passed it on: wherever they went,
/// into sessions and groups of their own too. Processes of other users, and
/// those that have ended, are not found; where there is no /proc, none is.
/// About 20 us a process of the machine.
[[nodiscard]] std::vector<MarkedProcess> FindMarked(std::string_view mark);

/// Kills them, and looks again until there are none; for 5 s at most. False
/// when some are left. REQUIRES: no other process has the mark, nor this one.
[[nodiscard]] bool KillMarked(std::string_view mark);

}  // namespace rebisect
