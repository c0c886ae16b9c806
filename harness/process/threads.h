#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <thread>
#include <vector>

#include "sim/base/result.h"

namespace rebisect {

/// How many threads `-j` means: 0 is as many as there are processors.
[[nodiscard]] inline std::size_t ThreadsOf(std::size_t wanted) {
  if (wanted != 0) return wanted;
  return std::max(1U, std::thread::hardware_concurrency());
}

/// Starts this many threads that do this; fewer, or none, where the system has
/// no more of them to give.
[[nodiscard]] std::vector<std::thread> StartThreads(
    std::size_t count, const std::function<void()>& work);

/// Runs job(i) for all i below `jobs`, on this many threads of which this is
/// one; no further one begins once one has failed. Errors: the failed job's
/// of the lowest number.
[[nodiscard]] Result<void> RunInParallel(
    std::size_t jobs, std::size_t threads,
    const std::function<Result<void>(std::size_t)>& job);

}  // namespace rebisect
