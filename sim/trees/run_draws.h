#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "sim/graph/commit_graph.h"

namespace rebisect {

/// Runs of a commit that make its verdict: bad when `bad_from` or more of
/// `runs` crash.
struct RunRates {
  int runs = 10;           ///< 1 to kMaxDrawnRuns
  int bad_from = 1;        ///< 1 to runs
  double crash = 1;        ///< chance of a run where the bug is
  double false_crash = 0;  ///< and of one where it is not
};
inline constexpr int kMaxDrawnRuns = 1000;

/// A word for each of the tests that are drawn side by side.
template <std::size_t N>
using Lanes = std::array<std::uint32_t, N>;

/// Tests whose runs are drawn side by side, a lane each.
template <std::size_t N>
struct TestLanes {
  Lanes<N> commit{};  ///< a Vertex
  Lanes<N> visit{};   ///< how often it was tested before; < 2^16
  Lanes<N> trial_low{};
  Lanes<N> trial_high{};
  Lanes<N> has_bug{};  ///< 0 or 1

  void SetTrial(std::size_t lane, std::uint64_t trial) {
    trial_low[lane] = static_cast<std::uint32_t>(trial);
    trial_high[lane] = static_cast<std::uint32_t>(trial >> 32U);
  }
};

/// Draws runs, keyed by (key, trial, commit, visit, run) and nothing else:
/// any caller gets the same noise. A run takes eight bits of KeyedBits(key,
/// commit and visit, trial), sixteen runs a number; only where these do not
/// tell on which side of its rate it is (one in 256), 56 more. Equal on all
/// machines. In the header, and for lanes that the compiler makes vectors of,
/// for the speed of it: every test of every trial comes here.
class RunDraws {
 public:
  RunDraws(const RunRates& rates, std::uint64_t key)
      : runs_(rates.runs),
        bad_from_(static_cast<std::uint32_t>(rates.bad_from)),
        key_{static_cast<std::uint32_t>(key),
             static_cast<std::uint32_t>(key >> 32U)},
        rates_{RateOf(rates.false_crash), RateOf(rates.crash)} {}

  /// The verdicts: 1 for bad, 0 for good.
  template <std::size_t N>
  [[nodiscard]] Lanes<N> Judge(const TestLanes<N>& tests) const {
    Lanes<N> crashes{};
    for (int run = 0; run < runs_; run += kRunsABlock) {
      AddCrashes(tests, run, std::min(kRunsABlock, runs_ - run), crashes);
    }
    Lanes<N> bad{};
    for (std::size_t i = 0; i < N; ++i) bad[i] = crashes[i] >= bad_from_;
    return bad;
  }

 private:
  /// A chance in binary: the first eight places, in each byte of a word, and
  /// the 56 after them. What is certain has its high bits set in `certain`.
  struct Rate {
    std::uint32_t certain;
    std::uint32_t first;
    std::uint64_t rest;
  };
  /// 128 bits a lane.
  template <std::size_t N>
  using Blocks = std::array<Lanes<N>, 4>;

  static constexpr int kRunsABlock = 16;
  static constexpr std::uint32_t kRest = 1U << 31U;
  static constexpr std::uint32_t kLowBits = 0x01010101U;
  static constexpr std::uint32_t kHighBits = 0x80808080U;

  static Rate RateOf(double chance) {
    if (chance >= 1) return {kHighBits, 0, 0};
    const auto bits = static_cast<std::uint64_t>(chance * 0x1p64);
    return {0, static_cast<std::uint32_t>(bits >> 56U) * kLowBits,
            bits << 8U >> 8U};
  }

  /// Philox 4x32-10, as KeyedBits() has it. Source: Salmon, Moraes, Dror,
  /// Shaw: Parallel random numbers: as easy as 1, 2, 3 (SC 2011).
  template <std::size_t N>
  void Scramble(Blocks<N>& bits) const {
    std::uint32_t key0 = key_[0];
    std::uint32_t key1 = key_[1];
    for (int round = 0; round < 10; ++round) {
      for (std::size_t i = 0; i < N; ++i) {
        const std::uint64_t a = std::uint64_t{bits[0][i]} * 0xD2511F53U;
        const std::uint64_t b = std::uint64_t{bits[2][i]} * 0xCD9E8D57U;
        bits[0][i] = static_cast<std::uint32_t>(b >> 32U) ^ bits[1][i] ^ key0;
        bits[1][i] = static_cast<std::uint32_t>(b);
        bits[2][i] = static_cast<std::uint32_t>(a >> 32U) ^ bits[3][i] ^ key1;
        bits[3][i] = static_cast<std::uint32_t>(a);
      }
      key0 += 0x9E3779B9U;
      key1 += 0xBB67AE85U;
    }
  }

  /// Of `runs` runs from `first` on, a multiple of kRunsABlock.
  template <std::size_t N>
  void AddCrashes(const TestLanes<N>& tests, int first, int runs,
                  Lanes<N>& crashes) const {
    Blocks<N> bits{tests.commit, tests.visit, tests.trial_low,
                   tests.trial_high};
    for (std::uint32_t& visit : bits[1]) {
      visit |= static_cast<std::uint32_t>(first / kRunsABlock) << 16U;
    }
    Scramble(bits);
    Lanes<N> counts{};  // a byte for each run of a word
    Lanes<N> open{};
    for (int word = 0; 4 * word < runs; ++word) {
      const Lanes<N>& drawn = bits[static_cast<std::size_t>(word)];
      const std::uint32_t taken = HighBitsOf(runs - 4 * word);
      for (std::size_t i = 0; i < N; ++i) {
        const std::uint32_t bug = ~(tests.has_bug[i] - 1);  // all bits or none
        const auto of = [&](std::uint32_t Rate::*part) {
          return (bug & rates_[1].*part) | (~bug & rates_[0].*part);
        };
        const std::uint32_t x = drawn[i];
        const std::uint32_t y = of(&Rate::first);
        // In the high bit of each byte: whether x < y there, and x = y.
        const std::uint32_t unlike = x ^ y;
        const std::uint32_t less =
            (~x & y) | (~unlike & ~((x | kHighBits) - (y & ~kHighBits)));
        const std::uint32_t equal =
            ~(((unlike & ~kHighBits) + ~kHighBits) | unlike);
        counts[i] += ((less | of(&Rate::certain)) & taken) >> 7U;
        open[i] |= equal & taken & ~of(&Rate::certain);
      }
    }
    for (std::size_t i = 0; i < N; ++i) {
      crashes[i] += counts[i] * kLowBits >> 24U;  // the sum of the bytes
      if (open[i] != 0) crashes[i] += OpenCrashes(tests, i, first, runs, bits);
    }
  }

  /// Of the runs of a lane that its first bits left open.
  template <std::size_t N>
  [[gnu::noinline]] std::uint32_t OpenCrashes(const TestLanes<N>& tests,
                                              std::size_t lane, int first,
                                              int runs,
                                              const Blocks<N>& bits) const {
    const Rate& rate = rates_[tests.has_bug[lane]];
    std::uint32_t crashes = 0;
    for (int i = 0; i < runs; ++i) {
      const std::uint32_t word = bits[static_cast<std::size_t>(i / 4)][lane];
      const unsigned at = 8U * static_cast<unsigned>(i % 4);
      if ((((word ^ rate.first) >> at) & 0xffU) != 0) continue;
      const auto run = static_cast<std::uint32_t>(first + i);
      Blocks<1> more{{{tests.commit[lane]},
                      {tests.visit[lane] | kRest | run << 16U},
                      {tests.trial_low[lane]},
                      {tests.trial_high[lane]}}};
      Scramble(more);
      const std::uint64_t rest = std::uint64_t{more[1][0]} << 32U | more[0][0];
      if (rest >> 8U < rate.rest) ++crashes;
    }
    return crashes;
  }

  /// The high bits of the first `count` bytes of a word.
  static std::uint32_t HighBitsOf(int count) {
    if (count >= 4) return kHighBits;
    return kHighBits &
           ~(~std::uint32_t{0} << (8U * static_cast<unsigned>(count)));
  }

  int runs_;
  std::uint32_t bad_from_;
  std::array<std::uint32_t, 2> key_;
  std::array<Rate, 2> rates_;  // where no bug is, and where it is
};

}  // namespace rebisect
