#include "harness/process/ordered_run.h"

#include <gtest/gtest.h>

#include <atomic>
#include <numeric>
#include <string>
#include <vector>

namespace rebisect {
namespace {

TEST(OrderedRunTest, GivesResultsInOrderWhateverTheNumberOfThreads) {
  for (const std::size_t threads : {1U, 2U, 7U}) {
    constexpr std::size_t kJobs = 1000;  // more than may wait
    OrderedRun<std::string> run(
        kJobs, threads, [](std::size_t i) { return std::to_string(i); });
    std::size_t next = 0;
    run.Run([&](std::size_t i, const std::string& made) {
      EXPECT_EQ(i, next++);
      EXPECT_EQ(made, std::to_string(i));
      return true;
    });
    EXPECT_EQ(next, kJobs) << threads << " threads";
  }
}

TEST(OrderedRunTest, MakesNoMoreThanMayWait) {
  constexpr std::size_t kJobs = 5000;
  std::atomic<std::size_t> made{0};
  std::size_t taken = 0;
  OrderedRun<int> run(kJobs, 3, [&](std::size_t) {
    ++made;
    return 0;
  });
  run.Run([&](std::size_t, int) {
    // What is made is taken, waits, or is being made by one of the threads.
    EXPECT_LE(made.load(), taken + 1 + 3 * OrderedRun<int>::kMadeAhead);
    ++taken;
    return true;
  });
  EXPECT_EQ(made.load(), kJobs);
}

TEST(OrderedRunTest, StopsWhenNoMoreIsWanted) {
  std::atomic<std::size_t> made{0};
  OrderedRun<int> run(100'000, 2, [&](std::size_t) {
    ++made;
    return 0;
  });
  std::size_t taken = 0;
  run.Run([&](std::size_t, int) { return ++taken < 10; });
  EXPECT_EQ(taken, 10U);
  EXPECT_LE(made.load(), 10 + 3 * OrderedRun<int>::kMadeAhead);
}

TEST(OrderedRunTest, NothingToDoIsDone) {
  OrderedRun<int> run(0, 4, [](std::size_t) { return 1; });
  run.Run([](std::size_t, int) {
    ADD_FAILURE();
    return true;
  });
  const OrderedRun<int> never_run(3, 2, [](std::size_t) { return 1; });
}

}  // namespace
}  // namespace rebisect
