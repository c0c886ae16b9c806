#include "harness/process/threads.h"

#include <atomic>
#include <optional>
#include <utility>
#include <vector>

namespace rebisect {

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
  std::vector<std::thread> others;
  for (std::size_t t = 1; t < std::min(threads, jobs); ++t) {
    others.emplace_back(work);
  }
  work();
  for (std::thread& other : others) other.join();
  for (auto& error : errors) {
    if (error) return tl::unexpected(std::move(*error));
  }
  return {};
}

}  // namespace rebisect
