#include "harness/experiment/engine/experiment_run.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>

#include "harness/experiment/engine/experiment_engine.h"
#include "harness/process/threads.h"

namespace rebisect {
namespace {

/// How long results wait for others before they are taken together.
constexpr std::chrono::milliseconds kGathering{500};

bool Has(const std::vector<std::vector<bool>>& done, std::size_t group,
         std::size_t number) {
  return group < done.size() && number < done[group].size() &&
         done[group][number];
}

/// Threads that run work, and the one that takes what they made.
class Crew {
 public:
  Crew(const ExperimentLayout& layout, const ExperimentWork& work)
      : layout_(layout), work_(work) {}

  Result<void> Run(std::size_t threads,
                   const std::function<Result<void>(const WorkResults&)>& take,
                   const std::function<bool()>& stop) {
    const std::size_t pieces = work_.blocks.size() + work_.exact.size();
    const std::size_t wanted = std::min(threads, pieces);
    running_ = wanted;
    auto crew = StartThreads(wanted, [this] { Work(); });
    if (wanted > 0 && crew.empty()) {
      return Fail(ErrorCode::kInternal,
                  "no thread is available; end other programs, or raise the "
                  "limit (ulimit -u)");
    }
    {
      const std::lock_guard lock(mutex_);
      running_ -= wanted - crew.size();
    }
    Result<void> taken;
    while (true) {
      std::unique_lock lock(mutex_);
      changed_.wait_for(lock, kGathering, [this] { return running_ == 0; });
      const WorkResults results = std::exchange(made_, {});
      const bool all = running_ == 0;
      lock.unlock();
      if (taken && !(results.blocks.empty() && results.exact.empty())) {
        taken = take(results);
      }
      if (!taken || stop()) stopping_ = true;
      if (all) break;
    }
    for (std::thread& thread : crew) thread.join();
    if (!taken) return taken;
    if (error_) return tl::unexpected(*std::move(error_));
    return {};
  }

 private:
  void Work() {
    ExperimentWorker worker(layout_);
    const std::size_t pieces = work_.blocks.size() + work_.exact.size();
    while (!stopping_) {
      const std::size_t piece = next_++;
      if (piece >= pieces) break;
      if (piece < work_.exact.size()) {
        const auto [group, cell] = work_.exact[piece];
        ExactCell exact = worker.RunExact(group, cell);
        const std::lock_guard lock(mutex_);
        made_.exact.push_back(exact);
        continue;
      }
      const auto [group, block] = work_.blocks[piece - work_.exact.size()];
      auto result = worker.RunBlock(group, block);
      const std::lock_guard lock(mutex_);
      if (!result) {
        if (!error_) error_ = std::move(result.error());
        stopping_ = true;
        break;
      }
      made_.blocks.push_back(*std::move(result));
    }
    const std::lock_guard lock(mutex_);
    --running_;
    changed_.notify_one();
  }

  const ExperimentLayout& layout_;
  const ExperimentWork& work_;
  std::atomic<std::size_t> next_{0};
  std::atomic<bool> stopping_{false};
  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t running_ = 0;  // guarded by mutex_, and what follows
  WorkResults made_;
  std::optional<Error> error_;
};

}  // namespace

ExperimentWork WorkOf(const ExperimentInfo& info, std::size_t shard,
                      std::size_t shards, const StoredParts& done) {
  ExperimentWork work;
  std::size_t piece = 0;
  for (std::size_t group = 0; group < info.groups.size(); ++group) {
    for (std::size_t cell = 0; cell < info.groups[group].cells.size(); ++cell) {
      if (!info.groups[group].cells[cell].exact) continue;
      if (piece++ % shards != shard || Has(done.exact, group, cell)) continue;
      work.exact.emplace_back(group, cell);
    }
    for (std::size_t block = 0; block < info.BlocksOf(group); ++block) {
      if (piece++ % shards != shard || Has(done.blocks, group, block)) continue;
      work.blocks.emplace_back(group, block);
    }
  }
  return work;
}

Result<void> RunWork(
    const ExperimentLayout& layout, const ExperimentWork& work,
    std::size_t threads,
    const std::function<Result<void>(const WorkResults&)>& take,
    const std::function<bool()>& stop) {
  return Crew(layout, work).Run(threads, take, stop);
}

}  // namespace rebisect
