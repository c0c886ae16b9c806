#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace rebisect {

/// A SHA-1 object id. Ordered bytewise, as git orders them.
struct CommitId {
  static constexpr std::size_t kSize = 20;
  static constexpr std::size_t kHexSize = 2 * kSize;

  std::array<std::uint8_t, kSize> bytes{};

  /// The id written as exactly 40 hexadecimal digits of either case.
  [[nodiscard]] static std::optional<CommitId> FromHex(std::string_view hex);

  /// 40 lower-case digits.
  [[nodiscard]] std::string Hex() const;

  friend auto operator<=>(const CommitId&, const CommitId&) = default;
};

/// True when `text` is 4 to 40 hexadecimal digits: what git takes for an
/// abbreviated or full id.
[[nodiscard]] bool LooksLikeHexId(std::string_view text);

}  // namespace rebisect

template <>
struct std::hash<rebisect::CommitId> {
  std::size_t operator()(const rebisect::CommitId& id) const noexcept;
};
