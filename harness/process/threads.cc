#include "harness/process/threads.h"

#include <atomic>
#include <optional>
#include <system_error>
#include <utility>
#include <vector>

namespace rebisect {

std::vector<std::thread> StartThreads(std::size_t count,
                                      const std::function<void()>& work) {
  std::vector<std::thread> threads;
  threads.reserve(count);
  try {
    while (threads.size() < count) threads.emplace_back(work);
  } catch (const std::system_error&) {
    // The system has no more of them to give.
  }
  return threads;
}

Result<void> RunInParallel(
    std::size_t jobs, std::size_t threads,
    const std::function<Result<void>(std::size_t)>& job) {
  std::atomic<std::size_t> next{0};
  std::atomic<bool> failed{false};
  std::vector<std::optional<Error>> errors(jobs);
  const auto work = [&] {
    for (std::size_t i = next++; i < jobs && !failed; i = next++) {
      auto done = job(i);
      if (done) continue;
      errors[i] = std::move(done.error());
      failed = true;
    }
  };
  const std::size_t wanted = std::min(threads, jobs);
  auto others = StartThreads(wanted == 0 ? 0 : wanted - 1, work);
  work();
  for (std::thread& other : others) other.join();
  for (auto& error : errors) {
    if (error) return tl::unexpected(std::move(*error));
  }
  return {};
}

}  // namespace rebisect
