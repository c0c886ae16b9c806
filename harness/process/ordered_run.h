#pragma once

#include <algorithm>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "harness/process/threads.h"

namespace rebisect {

/// Makes what make(i) returns for all i below `jobs`, on this many threads, and
/// gives each to take(i, made) on the calling thread: in order, and as soon as
/// those before it have been taken. No further one is made once take() has
/// returned false. At most `kMadeAhead` per thread wait to be taken, so that
/// memory does not grow with `jobs`.
/// REQUIRES: threads >= 1; neither function throws.
template <typename T>
class OrderedRun {
 public:
  static constexpr std::size_t kMadeAhead = 64;

  OrderedRun(std::size_t jobs, std::size_t threads,
             std::function<T(std::size_t)> make)
      : jobs_(jobs),
        window_(std::min(jobs, threads * kMadeAhead)),
        make_(std::move(make)),
        made_(window_) {
    workers_ = StartThreads(std::min(threads, jobs), [this] { Work(); });
  }
  OrderedRun(const OrderedRun&) = delete;
  OrderedRun& operator=(const OrderedRun&) = delete;
  ~OrderedRun() { End(); }

  void Run(const std::function<bool(std::size_t, T)>& take) {
    for (std::size_t i = 0; i < jobs_; ++i) {
      if (workers_.empty()) {  // no thread was available
        if (!take(i, make_(i))) break;
        continue;
      }
      std::unique_lock lock(mutex_);
      is_made_.wait(lock, [&] { return made_[i % window_].has_value(); });
      T one = *std::move(made_[i % window_]);
      made_[i % window_].reset();
      taken_ = i + 1;
      lock.unlock();
      has_room_.notify_all();
      if (!take(i, std::move(one))) break;
    }
    End();
  }

 private:
  void Work() {
    for (;;) {
      std::unique_lock lock(mutex_);
      has_room_.wait(lock, [&] {
        return ended_ || next_ == jobs_ || next_ < taken_ + window_;
      });
      if (ended_ || next_ == jobs_) return;
      const std::size_t i = next_++;
      lock.unlock();
      T one = make_(i);
      lock.lock();
      made_[i % window_] = std::move(one);
      lock.unlock();
      is_made_.notify_one();
    }
  }

  void End() {
    {
      const std::lock_guard lock(mutex_);
      ended_ = true;
    }
    has_room_.notify_all();
    for (std::thread& worker : workers_) worker.join();
    workers_.clear();
  }

  const std::size_t jobs_;
  const std::size_t window_;
  const std::function<T(std::size_t)> make_;
  std::mutex mutex_;
  std::condition_variable is_made_;
  std::condition_variable has_room_;
  std::vector<std::optional<T>> made_;  ///< i in place i % window_
  std::size_t next_ = 0;
  std::size_t taken_ = 0;
  bool ended_ = false;
  std::vector<std::thread> workers_;
};

}  // namespace rebisect
