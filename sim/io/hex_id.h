#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "sim/graph/commit_id.h"

namespace rebisect {
namespace hex_id {

constexpr std::array<std::uint8_t, 256> MakeHexTable() {
  std::array<std::uint8_t, 256> table{};
  for (std::size_t c = 0; c < table.size(); ++c) table[c] = 0xff;
  for (std::size_t i = 0; i < 10; ++i) {
    table['0' + i] = static_cast<std::uint8_t>(i);
  }
  for (std::size_t i = 0; i < 6; ++i) {
    table['a' + i] = table['A' + i] = static_cast<std::uint8_t>(10 + i);
  }
  return table;
}
inline constexpr std::array<std::uint8_t, 256> kDigits = MakeHexTable();

/// At least 0x10 for a character that is no digit.
inline std::uint8_t DigitValue(char c) {
  return kDigits[static_cast<unsigned char>(c)];
}

/// Eight lower-case digits at once: `word` holds the characters, the first
/// one lowest; the four bytes come out the same. False for other characters.
inline bool PackHex8(std::uint64_t word, std::uint32_t& packed) {
  constexpr std::uint64_t kOnes = 0x0101010101010101ULL;
  // '0'-'9' are 0x30-0x39, 'a'-'f' are 0x61-0x66.
  const std::uint64_t letter = (word >> 6) & kOnes;
  const std::uint64_t low = word & (0x0f * kOnes);
  const std::uint64_t high = word & (0xf0 * kOnes);
  const std::uint64_t value = low + 9 * letter;
  std::uint64_t bad = high ^ (0x30 * kOnes + 0x30 * letter);
  bad |= (low + 6 * (kOnes ^ letter) + 9 * letter) & (0x10 * kOnes);
  bad |= ((low + 0x0f * letter) ^ (0x10 * letter)) & (0x10 * kOnes);
  std::uint64_t lanes = (value << 4 | value >> 8) & 0x00ff00ff00ff00ffULL;
  lanes = (lanes | lanes >> 8) & 0x0000ffff0000ffffULL;
  packed = static_cast<std::uint32_t>(lanes | lanes >> 16);
  return bad == 0;
}

}  // namespace hex_id

/// Reads an id of CommitId::kHexSize digits, of either case; false when a
/// character is none, and `id` is then anything. Faster than
/// CommitId::FromHex(), for files of millions.
inline bool ReadHex(const char* text, CommitId& id) {
  if constexpr (std::endian::native == std::endian::little) {
    bool plain = true;
    for (std::size_t i = 0; i < CommitId::kSize; i += 4) {
      std::uint64_t word = 0;
      std::uint32_t packed = 0;
      std::memcpy(&word, text + 2 * i, sizeof word);
      plain = hex_id::PackHex8(word, packed) && plain;
      std::memcpy(id.bytes.data() + i, &packed, sizeof packed);
    }
    if (plain) return true;
  }
  unsigned bad = 0;
  for (std::size_t i = 0; i < CommitId::kSize; ++i) {
    const unsigned high = hex_id::DigitValue(text[2 * i]);
    const unsigned low = hex_id::DigitValue(text[2 * i + 1]);
    bad |= high | low;
    id.bytes[i] = static_cast<std::uint8_t>(high << 4 | low);
  }
  return (bad & 0xf0U) == 0;
}

}  // namespace rebisect
