#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "sim/base/result.h"

namespace rebisect {

/// The whole of a file; `-` is the standard input. A gzip file, known by its
/// first bytes and not by its name, is unpacked.
/// Errors: kNotFound; kPermission; kInput for a folder, a read error,
/// damaged gzip data, and more than kMaxTextBytes.
[[nodiscard]] Result<std::string> ReadInput(const std::string& path);

/// The same as it is, packed or not. Errors: those of ReadInput but for gzip
/// data; kInput for more than `most` bytes.
[[nodiscard]] Result<std::string> ReadPackedInput(const std::string& path,
                                                  std::uint64_t most);

/// How errors call an input: its path, and `<stdin>` for `-`.
[[nodiscard]] std::string InputName(const std::string& path);

/// Writes a file so that others see the old bytes or all of the new ones,
/// after a crash too: written aside, synchronised, renamed. Packed when the
/// path ends in `.gz`, without a time: equal bytes give equal files. Keeps
/// the permissions of a file that is replaced. `progress` is that of Gzip().
/// A link is followed; what is no regular file (a device, a pipe) is written
/// as it stands.
/// Errors: kNotFound (no such folder), kPermission, kInput.
[[nodiscard]] Result<void> WriteFileAtomically(
    const std::string& path, std::string_view bytes,
    const std::function<void(std::size_t)>& progress = {});

/// Makes a folder with all that `fill` puts into it, or none: `fill` gets the
/// path of a new folder beside it, which is renamed when it is full.
/// Errors: kInput when `path` is there and not an empty folder; those of
/// `fill`; kNotFound, kPermission and kInput as above.
[[nodiscard]] Result<void> MakeFolderAtomically(
    const std::string& path,
    const std::function<Result<void>(const std::string& aside)>& fill);

}  // namespace rebisect
