#include "sim/graph/commit_id.h"

#include <algorithm>
#include <cstring>

#include "sim/base/text.h"

namespace rebisect {
namespace {}  // namespace

std::optional<CommitId> CommitId::FromHex(std::string_view hex) {
  if (hex.size() != kHexSize) return std::nullopt;
  CommitId id;
  for (std::size_t i = 0; i < kSize; ++i) {
    const int high = HexDigit(hex[2 * i]);
    const int low = HexDigit(hex[2 * i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    id.bytes[i] = static_cast<std::uint8_t>(high * 16 + low);
  }
  return id;
}

std::string CommitId::Hex() const {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string hex(kHexSize, '0');
  for (std::size_t i = 0; i < kSize; ++i) {
    hex[2 * i] = kDigits[bytes[i] >> 4];
    hex[2 * i + 1] = kDigits[bytes[i] & 15];
  }
  return hex;
}

bool LooksLikeHexId(std::string_view text) {
  return text.size() >= 4 && text.size() <= CommitId::kHexSize &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return HexDigit(c) >= 0; });
}

}  // namespace rebisect

std::size_t std::hash<rebisect::CommitId>::operator()(
    const rebisect::CommitId& id) const noexcept {
  std::uint64_t word = 0;
  std::memcpy(&word, id.bytes.data(), sizeof word);
  // Made-up ids may differ in their last bytes only.
  std::uint64_t tail = 0;
  std::memcpy(&tail, id.bytes.data() + 12, sizeof tail);
  // They are the high bits of `tail` then, and tables look at low ones.
  tail ^= tail >> 32;
  tail *= 0x9e3779b97f4a7c15ULL;
  tail ^= tail >> 32;
  return static_cast<std::size_t>(word ^ tail);
}
