#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/logs/table_rows.h"
#include "sim/base/result.h"

namespace rebisect {

/// Takes one row after another out of CSV as in RFC 4180: quoted fields, ""
/// for a quotation mark, CRLF or LF, line breaks in quoted fields. Borrows the
/// bytes. A byte order mark at their beginning is passed over. Linear.
class CsvReader {
 public:
  CsvReader(std::string_view bytes, const std::string& file);

  [[nodiscard]] bool AtEnd() const { return at_ >= bytes_.size(); }
  /// Of the next row.
  [[nodiscard]] int line() const { return line_; }

  /// The fields of the next row as UTF-8, at least one; one that is empty for
  /// an empty line. REQUIRES: not AtEnd().
  /// Errors: kInput for a quotation mark that is not closed, or stands within
  /// a field, with its place.
  [[nodiscard]] Result<std::vector<TableField>> Row();

 private:
  [[nodiscard]] int Column() const {
    return static_cast<int>(at_ - line_start_) + 1;
  }
  void EndLine();
  [[nodiscard]] bool AtFieldEnd() const;
  [[nodiscard]] Result<void> Plain(TableField* field);
  [[nodiscard]] Result<void> Quoted(TableField* field);

  std::string_view bytes_;
  std::string file_;
  std::size_t at_ = 0;
  std::size_t line_start_ = 0;
  int line_ = 1;
};

}  // namespace rebisect
