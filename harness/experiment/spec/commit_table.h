#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "scenarios/yaml/yaml_fields.h"
#include "sim/base/result.h"
#include "sim/graph/suspect_graph.h"

namespace rebisect {

/// A row of a table of numbers by commit.
struct CommitNumber {
  std::string commit{};  ///< an id, an abbreviation of one, or a label
  double number = 0;     ///< finite, none below 0
  Position where{};
};

struct CommitTable {
  std::string path{};
  std::string sha1{};  ///< of its bytes, in hexadecimal
  std::vector<CommitNumber> rows{};
};

/// What the numbers of a table are: the name of its second column.
inline constexpr std::string_view kWeightColumn = "weight";
inline constexpr std::string_view kBuildColumn = "build-ms";

/// The table that a file names.
struct CommitTableName {
  std::string path{};
  std::string sha1{};  ///< empty: any
  Position where{};    ///< of `sha1`
};

/// Reads CSV with the columns `commit` and `column`.
/// Errors: those of reading; kInput: another SHA-1, at name.where; with line
/// and column another header, a number that is not finite or below 0, a commit
/// that comes twice in the same spelling, no number above 0.
[[nodiscard]] Result<CommitTable> ReadCommitTable(const CommitTableName& name,
                                                  std::string_view column);

/// By suspect: its number in the table; `otherwise` for those that are not in
/// it. O(n log n + rows * log n).
/// Errors: kInput, with the place in the table, for a commit that is no
/// suspect, or could be several of them, or has a row already.
[[nodiscard]] Result<std::vector<double>> NumbersBySuspect(
    const CommitTable& table, const SuspectGraph& suspects, double otherwise);

}  // namespace rebisect
