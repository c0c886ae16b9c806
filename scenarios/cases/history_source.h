#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "scenarios/yaml/yaml_fields.h"
#include "scenarios/yaml/yaml_tree.h"
#include "sim/base/result.h"
#include "sim/graph/generate_history.h"

namespace rebisect {

/// A random seed is any number of 64 bits.
inline constexpr std::uint64_t kMaxSeed = ~std::uint64_t{0};

// Where a history comes from. Paths are as the reader of the file would open
// them: relative ones were joined to the folder of the file that names them.

struct RepositoryRange {
  std::string path{};
  std::string bad{};                 ///< a revision
  std::vector<std::string> goods{};  ///< revisions, at least one
};
struct DagRange {
  std::string path{};
  std::string bad{};  ///< an id or a name of the file
  std::vector<std::string> goods{};
};
struct GeneratedHistory {
  HistoryShape shape = HistoryShape::kLinear;
  std::uint32_t commits = 0;  ///< suspects, the bad end included
  std::uint64_t seed = 1;
};
struct ReconstructedRecording {
  std::string path{};
};

using HistorySource = std::variant<RepositoryRange, DagRange, GeneratedHistory,
                                   ReconstructedRecording>;

/// What a path in the file `file` means: with `~/` the home folder, else
/// relative to the folder of `file`.
[[nodiscard]] std::string PathFrom(const std::string& file,
                                   const std::string& path);

/// Reads a mapping with one of the keys `repository`, `dag`, `generate` and
/// `recording`, and what goes with it; `what` names it in messages. Nothing is
/// opened. Errors: kInput, with file, line and column.
[[nodiscard]] Result<HistorySource> ReadHistorySource(const YamlNode& node,
                                                      std::string_view what,
                                                      const std::string& file);

}  // namespace rebisect
