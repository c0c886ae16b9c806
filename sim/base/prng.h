#pragma once

#include <array>
#include <cstdint>

namespace rebisect {

/// 128 pseudo-random bits that depend on nothing but the arguments: Philox
/// 4x32-10 of the counter (a, b), keyed by `key`. Source: Salmon, Moraes,
/// Dror, Shaw: Parallel random numbers: as easy as 1, 2, 3 (SC 2011).
[[nodiscard]] std::array<std::uint64_t, 2> KeyedBits(std::uint64_t key,
                                                     std::uint64_t a,
                                                     std::uint64_t b);

/// A number in [0, 1), the same for the same arguments on every machine:
/// noise that is keyed by what it is about (a commit, a run) and not by the
/// order of the questions. Numbers of different seeds or streams have nothing
/// to do with each other.
[[nodiscard]] double KeyedUniform(std::uint64_t seed, std::uint64_t stream,
                                  std::uint64_t a, std::uint64_t b);

/// A sequence of pseudo-random numbers, fixed by (seed, cell, trial): trials
/// of an experiment get the same numbers whatever thread or shard they run
/// on, in whatever order. Counter-based (KeyedBits()), so that any of them
/// costs nothing to set up. Equal on every machine with IEEE 754 doubles and
/// -ffp-contract=off. A value; 40 bytes.
class Prng {
 public:
  Prng(std::uint64_t seed, std::uint64_t cell, std::uint64_t trial);

  /// A sequence of its own for a purpose (graph, truth, noise, policy), that
  /// does not change when another purpose draws more or less. It depends on
  /// the key of this one and not on how much was drawn from it.
  [[nodiscard]] Prng Stream(std::uint64_t purpose) const;

  /// 64 bits, the next of 2^65.
  [[nodiscard]] std::uint64_t Next();

  /// 0 .. n - 1, each exactly as likely. REQUIRES: n > 0.
  [[nodiscard]] std::uint32_t Below(std::uint32_t n);

  /// In [0, 1), a multiple of 2^-53.
  [[nodiscard]] double Uniform();

  /// True with probability p: never for p <= 0, always for p >= 1.
  [[nodiscard]] bool Chance(double p);

  /// Mean 0, variance 1 (Marsaglia's polar method).
  [[nodiscard]] double Normal();

  /// Gamma distribution of scale 1; may underflow to 0 for shapes below
  /// 0.1. REQUIRES: 1e-12 <= shape <= 1e12. Source: Marsaglia, Tsang: A simple
  /// method for generating gamma variables (2000).
  [[nodiscard]] double Gamma(double shape);

  /// In [0, 1], mean a / (a + b). REQUIRES: a and b in [1e-12, 1e12].
  [[nodiscard]] double Beta(double a, double b);

 private:
  Prng(std::uint64_t key, std::uint64_t tweak) : key_(key), tweak_(tweak) {}

  /// The logarithm of a gamma variable; does not underflow.
  [[nodiscard]] double LogGamma(double shape);

  std::uint64_t key_;
  std::uint64_t tweak_;
  std::uint64_t block_ = 0;
  std::uint64_t spare_ = 0;
  bool has_spare_ = false;
};

}  // namespace rebisect
