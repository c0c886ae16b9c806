#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

#include <Random123/philox.h>

#include "sim/commit_graph.h"

namespace rebisect {

/// Runs of a commit that make its verdict: bad when `bad_from` or more of
/// `runs` crash.
struct RunRates {
  int runs = 10;           ///< 1 to kMostDrawnRuns
  int bad_from = 1;        ///< 1 to runs
  double crash = 1;        ///< chance of a run where the bug is
  double false_crash = 0;  ///< and of one where it is not
};
inline constexpr int kMostDrawnRuns = 1000;

/// Draws runs, keyed by (key, trial, commit, visit, run) and nothing else:
/// whoever asks meets the same luck. A run takes eight bits; only where they
/// do not tell on which side of its rate it is (one in 256), 56 more. Equal on
/// all little-endian machines. In the header for the speed of it: 20 ns for
/// ten runs.
class RunDraws {
 public:
  using Bits = r123::Philox2x64::ctr_type;

  explicit RunDraws(const RunRates& rates, std::uint64_t key)
      : runs_(rates.runs),
        bad_from_(rates.bad_from),
        key_{{key}},
        crash_(ThresholdOf(rates.crash)),
        false_crash_(ThresholdOf(rates.false_crash)) {}

  /// A commit at its n'th test, from 0. REQUIRES: visit < 2^16.
  static std::uint64_t Visit(Vertex commit, std::uint32_t visit) {
    return std::uint64_t{visit} << 40U | commit;
  }

  /// Of the first sixteen runs. Best asked for some visits before Bad() is.
  [[nodiscard]] Bits FirstBits(std::uint64_t trial, std::uint64_t visit) const {
    return Of(trial, visit);
  }

  /// The verdict. `first_bits` are those of the visit.
  [[nodiscard]] bool Bad(std::uint64_t trial, std::uint64_t visit, bool has_bug,
                         const Bits& first_bits) const {
    const Threshold& threshold = has_bug ? crash_ : false_crash_;
    if (threshold.always) return true;
    int crashes = Crashes(threshold, trial, visit, first_bits,
                          std::min(kRunsABlock, runs_));
    for (int run = kRunsABlock; run < runs_; run += kRunsABlock) {
      const std::uint64_t block =
          static_cast<std::uint64_t>(run / kRunsABlock) << 32U | visit;
      crashes += Crashes(threshold, trial, block, Of(trial, block),
                         std::min(kRunsABlock, runs_ - run));
    }
    return crashes >= bad_from_;
  }

 private:
  static constexpr int kRunsABlock = 16;
  static constexpr std::uint64_t kSettling = std::uint64_t{1} << 61U;

  /// A probability in binary: the first eight places, and the 56 after them.
  struct Threshold {
    bool always;
    std::uint8_t first;
    std::uint64_t rest;
  };
  static Threshold ThresholdOf(double chance) {
    if (chance >= 1) return {true, 0, 0};
    const auto bits = static_cast<std::uint64_t>(chance * 0x1p64);
    return {false, static_cast<std::uint8_t>(bits >> 56U), bits << 8U >> 8U};
  }

  [[nodiscard]] Bits Of(std::uint64_t trial, std::uint64_t what) const {
    return r123::Philox2x64()({{trial, what}}, key_);
  }

  /// Of the first `runs` of a block.
  [[nodiscard]] int Crashes(const Threshold& threshold, std::uint64_t trial,
                            std::uint64_t block, const Bits& bits,
                            int runs) const {
    // Sixteen comparisons at once; true is a byte of ones.
    using Bytes [[gnu::vector_size(16)]] = std::uint8_t;
    Bytes bytes{};
    std::memcpy(&bytes, bits.v, sizeof bytes);
    const Words below = WordsOf(bytes < threshold.first);
    const Words equal = WordsOf(bytes == threshold.first);
    const Words taken{FirstBytes(runs), FirstBytes(runs - 8)};
    int crashes = OnesIn(below[0] & taken[0]) + OnesIn(below[1] & taken[1]);
    if (((equal[0] & taken[0]) | (equal[1] & taken[1])) == 0) return crashes;
    for (int i = 0; i < runs; ++i) {
      if (bytes[i] != threshold.first) continue;
      const std::uint64_t rest =
          Of(trial, kSettling + (block << 4U) + static_cast<unsigned>(i))[0];
      if (rest >> 8U < threshold.rest) ++crashes;
    }
    return crashes;
  }

  using Words = std::array<std::uint64_t, 2>;
  template <class Mask>
  static Words WordsOf(const Mask& mask) {
    static_assert(sizeof(Mask) == sizeof(Words));
    Words words{};
    std::memcpy(words.data(), &mask, sizeof words);
    return words;
  }
  /// Ones in the first `count` bytes of a word.
  static std::uint64_t FirstBytes(int count) {
    if (count <= 0) return 0;
    return ~std::uint64_t{0} >> (64 - 8 * std::min(count, 8));
  }
  /// How many bytes of a word of whole bytes are ones.
  static int OnesIn(std::uint64_t word) {
    constexpr std::uint64_t kOnes = 0x0101010101010101U;
    return static_cast<int>((word & kOnes) * kOnes >> 56U);
  }

  int runs_;
  int bad_from_;
  r123::Philox2x64::key_type key_;
  Threshold crash_;
  Threshold false_crash_;
};

}  // namespace rebisect
