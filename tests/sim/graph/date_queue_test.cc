#include "sim/graph/date_queue.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <utility>
#include <vector>

#include "sim/base/prng.h"

namespace rebisect {
namespace {

/// git's own way: into a list, behind all that are as new.
class LinkedList {
 public:
  void Push(std::uint32_t commit, std::int64_t date) {
    const auto at =
        std::find_if(list_.begin(), list_.end(),
                     [&](const auto& entry) { return entry.first < date; });
    list_.insert(at, {date, commit});
  }
  std::pair<std::int64_t, std::uint32_t> Pop() {
    const auto front = list_.front();
    list_.erase(list_.begin());
    return front;
  }
  [[nodiscard]] bool Empty() const { return list_.empty(); }

 private:
  std::vector<std::pair<std::int64_t, std::uint32_t>> list_;
};

TEST(DateQueue, OrdersAsALinkedListDoes) {
  for (std::uint64_t trial = 0; trial < 200; ++trial) {
    Prng prng(7, 0, trial);
    DateQueue queue;
    LinkedList list;
    for (std::uint32_t commit = 0; commit < 300; ++commit) {
      // More in than out at first, then the other way round.
      if (!list.Empty() && prng.Below(300) < commit) {
        if (prng.Below(2) == 0) {
          EXPECT_EQ(queue.FrontDate(), LinkedList(list).Pop().first);
        }
        ASSERT_EQ(queue.Pop(), list.Pop().second) << "trial " << trial;
      }
      const std::int64_t date = std::int64_t{prng.Below(20)} - 10;
      queue.Push(commit, date);
      list.Push(commit, date);
      EXPECT_FALSE(queue.Empty());
    }
    while (!list.Empty()) ASSERT_EQ(queue.Pop(), list.Pop().second);
    EXPECT_TRUE(queue.Empty());
  }
}

TEST(DateQueue, TakesEveryDate) {
  constexpr std::int64_t kMin = std::numeric_limits<std::int64_t>::min();
  constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();
  DateQueue queue;
  std::uint32_t commit = 0;
  for (const std::int64_t date :
       {std::int64_t{0}, kMin, kMax, std::int64_t{-1}}) {
    queue.Push(commit++, date);
  }
  for (const std::int64_t date :
       {kMax, std::int64_t{0}, std::int64_t{-1}, kMin}) {
    EXPECT_EQ(queue.FrontDate(), date);
    (void)queue.Pop();
  }
}

}  // namespace
}  // namespace rebisect
