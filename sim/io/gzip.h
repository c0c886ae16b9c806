#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "sim/base/result.h"

namespace rebisect {

/// No larger text is read as a whole, packed or not: records, YAML, tables.
inline constexpr std::uint64_t kMaxTextBytes = std::uint64_t{256} << 20;

/// No larger graph as text is read, packed or not.
inline constexpr std::uint64_t kMaxInputBytes = std::uint64_t{4} << 30;

/// Packed input may be this many times larger unpacked; more is allowed
/// only below kSmallInputBytes. Text packs 3 to 20 times, DEFLATE at most 1032.
inline constexpr std::uint64_t kMaxPackRatio = 200;
inline constexpr std::uint64_t kSmallInputBytes = std::uint64_t{64} << 20;

/// True when the bytes start as a gzip file does (RFC 1952).
[[nodiscard]] bool IsGzip(std::string_view bytes);

/// The unpacked bytes; several members in a row are joined, zero bytes
/// after the last are passed over. `file` is only for errors.
/// Errors: kInput when truncated, damaged, followed by other bytes, larger
/// than kMaxTextBytes, or many times larger than packed.
[[nodiscard]] Result<std::string> Gunzip(std::string_view packed,
                                         const std::string& file);

/// How many bytes a gzip file will hold unpacked, by the size that its last
/// member states (modulo 2^32, and anybody's claim: so bounded by 20 times its
/// own).
[[nodiscard]] std::size_t LikelyUnpacked(std::string_view packed);

/// The room that GunzipInto() needs: one byte more than it may become.
[[nodiscard]] std::size_t MostUnpacked(std::size_t packed_bytes);

/// As Gunzip, into `room` of MostUnpacked() bytes, which may be more than
/// kMaxTextBytes, telling `progress` how many bytes there are by now, every
/// 256 KiB and at the end. Returns how many.
[[nodiscard]] Result<std::size_t> GunzipInto(
    std::string_view packed, const std::string& file, char* room,
    const std::function<void(std::size_t)>& progress);

/// The bytes of one zlib stream (RFC 1950), as git packs loose objects; other
/// bytes after it are an error. `file` is only for errors, as in Gunzip.
[[nodiscard]] Result<std::string> InflateZlib(std::string_view packed,
                                              const std::string& file);

/// One gzip member without name and time: equal bytes give equal bytes.
/// `progress`, unless empty, is told after every MiB how many are packed.
[[nodiscard]] std::string Gzip(
    std::string_view bytes,
    const std::function<void(std::size_t)>& progress = {});

/// Packs many short texts, each as a zlib stream (RFC 1950) of its own, as
/// git packs objects. Fast rather than small.
class ZlibPacker {
 public:
  ZlibPacker();
  ZlibPacker(const ZlibPacker&) = delete;
  ZlibPacker& operator=(const ZlibPacker&) = delete;
  ~ZlibPacker();

  /// Appends the packed bytes. REQUIRES: less than 1 GiB.
  void Append(std::string& out, std::string_view bytes);

 private:
  struct Stream;
  std::unique_ptr<Stream> stream_;
};

}  // namespace rebisect
