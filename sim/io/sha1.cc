#include "sim/io/sha1.h"

#include <array>
#include <cstdint>
#include <cstring>

#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>
#endif

namespace rebisect {
namespace {

constexpr std::size_t kBlock = 64;
using State = std::array<std::uint32_t, 5>;
using BlocksFunction = void (*)(State& state, const unsigned char* data,
                                std::size_t blocks);

std::uint32_t RotateLeft(std::uint32_t x, int bits) {
  return (x << bits) | (x >> (32 - bits));
}

std::uint32_t BigEndian32(const unsigned char* p) {
  return (std::uint32_t{p[0]} << 24) | (std::uint32_t{p[1]} << 16) |
         (std::uint32_t{p[2]} << 8) | std::uint32_t{p[3]};
}

struct Round {
  std::uint32_t f;
  std::uint32_t k;
};

Round RoundOf(int t, std::uint32_t b, std::uint32_t c, std::uint32_t d) {
  if (t < 20) return {(b & c) | (~b & d), 0x5a827999U};
  if (t < 40) return {b ^ c ^ d, 0x6ed9eba1U};
  if (t < 60) return {(b & c) | (b & d) | (c & d), 0x8f1bbcdcU};
  return {b ^ c ^ d, 0xca62c1d6U};
}

void PortableBlocks(State& state, const unsigned char* data,
                    std::size_t blocks) {
  for (; blocks > 0; --blocks, data += kBlock) {
    std::array<std::uint32_t, 80> w;
    for (std::size_t t = 0; t < 16; ++t) w[t] = BigEndian32(data + 4 * t);
    for (std::size_t t = 16; t < 80; ++t) {
      w[t] = RotateLeft(w[t - 3] ^ w[t - 8] ^ w[t - 14] ^ w[t - 16], 1);
    }
    auto [a, b, c, d, e] = state;
    for (int t = 0; t < 80; ++t) {
      const Round round = RoundOf(t, b, c, d);
      const std::uint32_t next = RotateLeft(a, 5) + round.f + e + round.k +
                                 w[static_cast<std::size_t>(t)];
      e = d;
      d = c;
      c = RotateLeft(b, 30);
      b = a;
      a = next;
    }
    state[0] += a;
    state[1] += b;
    state[2] += c;
    state[3] += d;
    state[4] += e;
  }
}

#if defined(__x86_64__)
/// Four rounds of the group `K` (0 to 3): takes the words of this group of
/// rounds, and leaves in `e` what the next group adds to its words.
template <int K>
[[gnu::target("sha,sse4.1"), gnu::always_inline]] inline void FourRounds(
    __m128i& abcd, __m128i& e, __m128i words, bool first) {
  const __m128i sum =
      first ? _mm_add_epi32(e, words) : _mm_sha1nexte_epu32(e, words);
  e = abcd;
  abcd = _mm_sha1rnds4_epu32(abcd, sum, K);
}

[[gnu::target("sha,sse4.1"), gnu::always_inline]] inline __m128i NextWords(
    __m128i w0, __m128i w1, __m128i w2, __m128i w3) {
  return _mm_sha1msg2_epu32(_mm_xor_si128(_mm_sha1msg1_epu32(w0, w1), w2), w3);
}

[[gnu::target("sha,sse4.1")]] void ShaNiBlocks(State& state,
                                               const unsigned char* data,
                                               std::size_t blocks) {
  const __m128i reverse =
      _mm_set_epi64x(0x0001020304050607LL, 0x08090a0b0c0d0e0fLL);
  __m128i abcd = _mm_shuffle_epi32(
      _mm_loadu_si128(reinterpret_cast<const __m128i*>(state.data())), 0x1b);
  __m128i e = _mm_set_epi32(static_cast<int>(state[4]), 0, 0, 0);
  for (; blocks > 0; --blocks, data += kBlock) {
    const __m128i abcd_before = abcd;
    const __m128i e_before = e;
    __m128i w[4];
    for (int i = 0; i < 4; ++i) {
      w[i] = _mm_shuffle_epi8(
          _mm_loadu_si128(reinterpret_cast<const __m128i*>(data) + i), reverse);
    }
#pragma GCC unroll 20
    for (int group = 0; group < 20; ++group) {
      __m128i& words = w[group % 4];
      if (group >= 4) {
        words = NextWords(words, w[(group + 1) % 4], w[(group + 2) % 4],
                          w[(group + 3) % 4]);
      }
      if (group < 5) {
        FourRounds<0>(abcd, e, words, group == 0);
      } else if (group < 10) {
        FourRounds<1>(abcd, e, words, false);
      } else if (group < 15) {
        FourRounds<2>(abcd, e, words, false);
      } else {
        FourRounds<3>(abcd, e, words, false);
      }
    }
    e = _mm_sha1nexte_epu32(e, e_before);
    abcd = _mm_add_epi32(abcd, abcd_before);
  }
  _mm_storeu_si128(reinterpret_cast<__m128i*>(state.data()),
                   _mm_shuffle_epi32(abcd, 0x1b));
  state[4] = static_cast<std::uint32_t>(_mm_extract_epi32(e, 3));
}

bool HasShaNi() {
  unsigned a = 0;
  unsigned b = 0;
  unsigned c = 0;
  unsigned d = 0;
  if (__get_cpuid_count(7, 0, &a, &b, &c, &d) == 0) return false;
  const bool sha = (b >> 29 & 1U) != 0;
  if (__get_cpuid(1, &a, &b, &c, &d) == 0) return false;
  const bool ssse3_and_sse41 = (c >> 9 & 1U) != 0 && (c >> 19 & 1U) != 0;
  return sha && ssse3_and_sse41;
}
#endif

BlocksFunction BestBlocks() {
#if defined(__x86_64__)
  static const bool has_sha_ni = HasShaNi();
  if (has_sha_ni) return ShaNiBlocks;
#endif
  return PortableBlocks;
}

CommitId Sha1By(BlocksFunction blocks, std::string_view bytes) {
  State state = {0x67452301U, 0xefcdab89U, 0x98badcfeU, 0x10325476U,
                 0xc3d2e1f0U};
  const auto* data = reinterpret_cast<const unsigned char*>(bytes.data());
  const std::size_t whole = bytes.size() / kBlock;
  blocks(state, data, whole);
  // The rest, a one bit, zeros, and the length in bits.
  std::array<unsigned char, 2 * kBlock> tail{};
  const std::size_t rest = bytes.size() % kBlock;
  if (rest > 0) std::memcpy(tail.data(), data + whole * kBlock, rest);
  tail[rest] = 0x80;
  const std::size_t tail_blocks = rest + 9 <= kBlock ? 1 : 2;
  const std::uint64_t bits = std::uint64_t{bytes.size()} * 8;
  for (std::size_t i = 0; i < 8; ++i) {
    tail[tail_blocks * kBlock - 1 - i] =
        static_cast<unsigned char>(bits >> (8 * i));
  }
  blocks(state, tail.data(), tail_blocks);
  CommitId id;
  for (std::size_t i = 0; i < CommitId::kSize; ++i) {
    id.bytes[i] = static_cast<std::uint8_t>(state[i / 4] >> (24 - 8 * (i % 4)));
  }
  return id;
}

}  // namespace

CommitId Sha1(std::string_view bytes) { return Sha1By(BestBlocks(), bytes); }

CommitId internal::Sha1Portable(std::string_view bytes) {
  return Sha1By(PortableBlocks, bytes);
}

}  // namespace rebisect
