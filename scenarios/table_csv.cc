#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include "scenarios/parse.h"
#include "scenarios/recording_names.h"
#include "scenarios/table.h"
#include "scenarios/table_rows.h"
#include "scenarios/text_lines.h"

namespace rebisect {
namespace {

using std::string_view;

// Takes one row after another out of the bytes.
class CsvReader {
 public:
  CsvReader(string_view bytes, const std::string& file)
      : bytes_(bytes), file_(file) {}

  [[nodiscard]] bool AtEnd() const { return at_ >= bytes_.size(); }
  [[nodiscard]] int line() const { return line_; }

  [[nodiscard]] Result<std::vector<TableField>> Row() {
    std::vector<TableField> row;
    while (true) {
      TableField field{"", line_, Column()};
      const auto taken =
          !AtEnd() && bytes_[at_] == '"' ? Quoted(&field) : Plain(&field);
      if (!taken.has_value()) return tl::unexpected<Error>(taken.error());
      row.push_back(std::move(field));
      if (!AtEnd() && bytes_[at_] == ',') {
        ++at_;
        continue;
      }
      EndLine();
      return row;
    }
  }

 private:
  [[nodiscard]] int Column() const {
    return static_cast<int>(at_ - line_start_) + 1;
  }

  void EndLine() {
    if (!AtEnd() && bytes_[at_] == '\r') ++at_;
    if (!AtEnd() && bytes_[at_] == '\n') ++at_;
    ++line_;
    line_start_ = at_;
  }

  [[nodiscard]] bool AtFieldEnd() const {
    if (AtEnd() || bytes_[at_] == ',' || bytes_[at_] == '\n') return true;
    return bytes_[at_] == '\r' &&
           (at_ + 1 >= bytes_.size() || bytes_[at_ + 1] == '\n');
  }

  [[nodiscard]] Result<void> Plain(TableField* field) {
    const std::size_t begin = at_;
    while (!AtFieldEnd()) {
      if (bytes_[at_] == '"') {
        return Fail(ErrorCode::kInput,
                    "a quotation mark within a field; put the whole field in "
                    "quotation marks and double the inner ones",
                    {file_, line_, Column()});
      }
      ++at_;
    }
    field->text = ToUtf8(bytes_.substr(begin, at_ - begin));
    return {};
  }

  [[nodiscard]] Result<void> Quoted(TableField* field) {
    std::string text;
    for (++at_; !AtEnd(); ++at_) {
      if (bytes_[at_] == '"') {
        if (at_ + 1 < bytes_.size() && bytes_[at_ + 1] == '"') {
          ++at_;
        } else {
          ++at_;
          field->text = ToUtf8(text);
          if (AtFieldEnd()) return {};
          return Fail(ErrorCode::kInput,
                      "text after the closing quotation mark of a field",
                      {file_, line_, Column()});
        }
      }
      text += bytes_[at_];
      if (bytes_[at_] == '\n') {
        ++line_;
        line_start_ = at_ + 1;
      }
    }
    return Fail(ErrorCode::kInput,
                "this quotation mark is never closed; add one at the end of "
                "the field",
                {file_, field->line, field->column});
  }

  string_view bytes_;
  std::string file_;
  std::size_t at_ = 0;
  std::size_t line_start_ = 0;
  int line_ = 1;
};

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
  (void)StripPrefix(bytes, "\xEF\xBB\xBF", &bytes);
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
