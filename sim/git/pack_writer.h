#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/base/result.h"
#include "sim/graph/commit_id.h"
#include "sim/io/gzip.h"
#include "sim/io/id_table.h"

namespace rebisect {

/// Types of objects, as packs number them (gitformat-pack(5)).
enum class PackedType : std::uint8_t { kCommit = 1, kTree = 2, kBlob = 3 };

/// Gathers objects in memory and writes them as one pack, without deltas.
class PackWriter {
 public:
  /// Adds the object unless it is there. Returns its id, and whether it is
  /// new.
  std::pair<CommitId, bool> Add(PackedType type, std::string_view text);

  /// The id that the object would have.
  [[nodiscard]] CommitId IdOf(PackedType type, std::string_view text);

  /// Writes the pack and its index into the folder (`objects/pack`).
  /// Errors: kInput with what libgit2 says.
  [[nodiscard]] Result<void> Write(const std::string& pack_folder);

 private:
  std::vector<CommitId> ids_;
  IdTable table_;
  std::string objects_;  // packed one after the other
  std::string scratch_;
  ZlibPacker packer_;
};

}  // namespace rebisect
