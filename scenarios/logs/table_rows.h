#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/recording/recording.h"
#include "sim/base/result.h"

namespace rebisect {

/// The columns of a table of runs.
enum class TableColumn : std::uint8_t {
  kCommit,
  kRun,
  kOutcome,
  kTitle,
  kSeconds,
  kVerdict,
};

[[nodiscard]] std::optional<TableColumn> TableColumnNamed(
    std::string_view name);
[[nodiscard]] std::vector<std::string_view> TableColumnNames();

/// One value of a row and where it stands.
struct TableField {
  std::string text{};
  int line = 0;
  int column = 0;
};
using TableRow = std::map<TableColumn, TableField>;

/// Gathers rows into the tests and marks of a Recording (table.h says how).
class TableRows {
 public:
  TableRows(const std::string& file, std::string format);

  /// `line` is where the row starts, for what is missing from it.
  [[nodiscard]] Result<void> Add(const TableRow& row, int line);

  /// The Recording; the object is spent. Errors: kInput without any row.
  [[nodiscard]] Result<Recording> Finish();

 private:
  void CloseTest();
  [[nodiscard]] tl::unexpected<Error> Wrong(const TableField& field,
                                            std::string message) const;
  [[nodiscard]] Result<void> AddRunNumber(const TableField& field);
  [[nodiscard]] Result<void> AddVerdict(const TableField& field);

  Recording recording_;
  std::optional<Test> test_;
  std::optional<Verdict> verdict_;
  std::set<int> run_numbers_;
};

}  // namespace rebisect
