#include "sim/base/prng.h"

#include <cmath>

#include <Random123/philox.h>

#include "sim/base/check.h"
#include "sim/base/portable_math.h"

namespace rebisect {
namespace {

/// Sets the keys of sequences apart from those of single numbers.
constexpr std::uint64_t kSequences = 0x73657175656e6365ULL;

std::uint32_t Low(std::uint64_t x) { return static_cast<std::uint32_t>(x); }
std::uint32_t High(std::uint64_t x) {
  return static_cast<std::uint32_t>(x >> 32);
}

std::uint64_t Join(std::uint32_t low, std::uint32_t high) {
  return (std::uint64_t{high} << 32) | low;
}

/// The upper 53 bits as a fraction.
double Fraction(std::uint64_t bits) {
  return static_cast<double>(bits >> 11) * 0x1p-53;
}

}  // namespace

std::array<std::uint64_t, 2> KeyedBits(std::uint64_t key, std::uint64_t a,
                                       std::uint64_t b) {
  const r123::Philox4x32::ctr_type counter = {
      {Low(a), High(a), Low(b), High(b)}};
  const r123::Philox4x32::key_type words = {{Low(key), High(key)}};
  const r123::Philox4x32::ctr_type bits = r123::Philox4x32()(counter, words);
  return {Join(bits[0], bits[1]), Join(bits[2], bits[3])};
}

double KeyedUniform(std::uint64_t seed, std::uint64_t stream, std::uint64_t a,
                    std::uint64_t b) {
  const std::uint64_t key = KeyedBits(seed, stream, 0)[0];
  return Fraction(KeyedBits(key, a, b)[0]);
}

Prng::Prng(std::uint64_t seed, std::uint64_t cell, std::uint64_t trial)
    : Prng(0, 0) {
  const auto bits =
      KeyedBits(KeyedBits(seed, kSequences, kSequences)[0], cell, trial);
  key_ = bits[0];
  tweak_ = bits[1];
}

Prng Prng::Stream(std::uint64_t purpose) const {
  // A block number that Next() does not get to, and the key turned round.
  const auto bits = KeyedBits(~key_, purpose, tweak_);
  return Prng(bits[0], bits[1]);
}

std::uint64_t Prng::Next() {
  if (has_spare_) {
    has_spare_ = false;
    return spare_;
  }
  const auto bits = KeyedBits(key_, block_++, tweak_);
  spare_ = bits[1];
  has_spare_ = true;
  return bits[0];
}

std::uint32_t Prng::Below(std::uint32_t n) {
  REBISECT_CHECK(n > 0);
  // The upper half of draw * n; draws that would favour some results are
  // drawn again (Lemire: Fast random integer generation in an interval).
  const std::uint32_t refuse = (0U - n) % n;
  while (true) {
    const std::uint64_t product = std::uint64_t{High(Next())} * n;
    if (Low(product) >= refuse) return High(product);
  }
}

double Prng::Uniform() { return Fraction(Next()); }

bool Prng::Chance(double p) { return Uniform() < p; }

double Prng::Normal() {
  while (true) {
    const double x = 2 * Uniform() - 1;
    const double y = 2 * Uniform() - 1;
    const double square = x * x + y * y;
    if (square < 1 && square > 0) {
      return x * std::sqrt(-2 * PortableLog(square) / square);
    }
  }
}

double Prng::LogGamma(double shape) {
  REBISECT_CHECK(shape >= 1e-12 && shape <= 1e12);
  if (shape < 1) {
    // Gamma(shape) is Gamma(shape + 1) * U^(1 / shape).
    double u = Uniform();
    while (u <= 0) u = Uniform();
    return PortableLog(Gamma(shape + 1)) + PortableLog(u) / shape;
  }
  const double d = shape - 1.0 / 3;
  const double c = 1 / std::sqrt(9 * d);
  while (true) {
    const double x = Normal();
    const double root = 1 + c * x;
    if (root <= 0) continue;
    const double v = root * root * root;
    const double u = Uniform();
    if (u <= 0) continue;
    const double log_v = PortableLog(v);
    if (PortableLog(u) < 0.5 * x * x + d * (1 - v + log_v)) {
      return PortableLog(d) + log_v;
    }
  }
}

double Prng::Gamma(double shape) { return PortableExp(LogGamma(shape)); }

double Prng::Beta(double a, double b) {
  const double x = LogGamma(a);
  const double y = LogGamma(b);
  return 1 / (1 + PortableExp(y - x));
}

}  // namespace rebisect
