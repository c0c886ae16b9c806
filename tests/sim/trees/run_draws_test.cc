#include "sim/trees/run_draws.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>

#include "sim/base/prng.h"

namespace rebisect {
namespace {

/// A run after the other, by numbers of the whole range.
bool JudgeSlowly(const RunRates& rates, std::uint64_t key, std::uint64_t trial,
                 Vertex commit, std::uint32_t visit, bool has_bug) {
  const double chance = has_bug ? rates.crash : rates.false_crash;
  int crashes = 0;
  for (std::uint64_t run = 0; run < static_cast<std::uint64_t>(rates.runs);
       ++run) {
    const auto bits = [&](std::uint64_t what) {
      return KeyedBits(key, (what << 16U | visit) << 32U | commit, trial);
    };
    const std::uint64_t first =
        bits(run / 16)[run % 16 / 8] >> (8 * (run % 8)) & 0xffU;
    const std::uint64_t rest = bits(0x8000U | run)[0] >> 8U;
    // 64 bits and a limit of as many: a chance of 1 is beyond all.
    if (chance >= 1 ||
        (first << 56U | rest) < static_cast<std::uint64_t>(chance * 0x1p64)) {
      ++crashes;
    }
  }
  return crashes >= rates.bad_from;
}

TEST(RunDrawsTest, LanesAreRunsDrawnOneByOne) {
  constexpr std::uint64_t kKey = 0x123456789abcdef0;
  for (const RunRates rates :
       {RunRates{10, 1, .67, .001}, RunRates{1, 1, .5, .25},
        RunRates{16, 3, .2, .2}, RunRates{37, 19, .5, .49},
        RunRates{3, 3, 1, 0}, RunRates{20, 1, 1, 1},
        RunRates{5, 1, 0x1p-60, 1 - 0x1p-53},
        RunRates{7, 2, 127.0 / 256, 129.0 / 256}}) {
    const RunDraws draws(rates, kKey);
    for (std::uint64_t at = 0; at < 2000; at += 8) {
      TestLanes<8> lanes;
      for (std::size_t i = 0; i < 8; ++i) {
        lanes.SetTrial(i, (at + i) * 0x100000003U);
        lanes.commit[i] = static_cast<Vertex>(7 * (at + i));
        lanes.visit[i] = static_cast<std::uint32_t>((at + i) % 5);
        lanes.has_bug[i] = (at + i) % 2;
      }
      const Lanes<8> bad = draws.Judge(lanes);
      for (std::size_t i = 0; i < 8; ++i) {
        EXPECT_EQ(bad[i] != 0, JudgeSlowly(rates, kKey, (at + i) * 0x100000003U,
                                           lanes.commit[i], lanes.visit[i],
                                           lanes.has_bug[i] != 0))
            << rates.runs << " runs, test " << at + i;
        TestLanes<1> alone{
            {lanes.commit[i]}, {lanes.visit[i]}, {}, {}, {lanes.has_bug[i]}};
        alone.SetTrial(0, (at + i) * 0x100000003U);
        EXPECT_EQ(draws.Judge(alone)[0], bad[i]);
      }
    }
  }
}

}  // namespace
}  // namespace rebisect
