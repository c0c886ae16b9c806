#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include "scenarios/logs/csv_reader.h"
#include "scenarios/logs/parse.h"
#include "scenarios/logs/table.h"
#include "scenarios/logs/table_rows.h"
#include "scenarios/recording/recording_names.h"
#include "sim/base/text.h"

namespace rebisect {
namespace {

using std::string_view;

Result<std::vector<TableColumn>> Header(const std::vector<TableField>& row,
                                        const std::string& file) {
  std::vector<TableColumn> columns;
  for (const TableField& field : row) {
    const Position where{file, field.line, field.column};
    const std::string name(Trim(field.text));
    const auto column = TableColumnNamed(name);
    if (!column.has_value()) {
      return Fail(ErrorCode::kInput,
                  "unknown column '" + name + "' in the header" +
                      SuggestWord(name, TableColumnNames()),
                  where);
    }
    for (const TableColumn earlier : columns) {
      if (earlier == *column) {
        return Fail(ErrorCode::kInput, "the column '" + name + "' occurs twice",
                    where);
      }
    }
    columns.push_back(*column);
  }
  for (const TableColumn needed :
       {TableColumn::kCommit, TableColumn::kOutcome}) {
    bool found = false;
    for (const TableColumn column : columns) found = found || column == needed;
    if (!found) {
      return Fail(
          ErrorCode::kInput,
          "the header has no column '" +
              std::string(
                  TableColumnNames()[static_cast<std::size_t>(needed)]) +
              "'",
          {file, row.front().line, 1});
    }
  }
  return columns;
}

}  // namespace

Result<Recording> ReadCsvTable(string_view bytes, const std::string& file) {
  CsvReader reader(bytes, file);
  TableRows rows(file, "csv");
  std::optional<std::vector<TableColumn>> columns;
  while (!reader.AtEnd()) {
    const int line = reader.line();
    const auto row = reader.Row();
    if (!row.has_value()) return tl::unexpected<Error>(row.error());
    if (row->size() == 1 && row->front().text.empty()) continue;
    if (!columns.has_value()) {
      auto header = Header(*row, file);
      if (!header.has_value()) return tl::unexpected<Error>(header.error());
      columns = std::move(*header);
      continue;
    }
    if (row->size() != columns->size()) {
      return Fail(ErrorCode::kInput,
                  "this row has " + std::to_string(row->size()) +
                      " fields, the header " + std::to_string(columns->size()),
                  {file, line, row->back().column});
    }
    TableRow named;
    for (std::size_t i = 0; i < row->size(); ++i) {
      named.emplace((*columns)[i], (*row)[i]);
    }
    const auto added = rows.Add(named, line);
    if (!added.has_value()) return tl::unexpected<Error>(added.error());
  }
  auto recording = rows.Finish();
  if (recording.has_value()) recording->name = FileStem(file);
  return recording;
}

}  // namespace rebisect
