#include <cstddef>
#include <set>
#include <string>
#include <utility>

#include <nlohmann/json.hpp>

#include "scenarios/logs/parse.h"
#include "scenarios/logs/table.h"
#include "scenarios/logs/table_rows.h"
#include "scenarios/recording/recording_names.h"
#include "sim/base/text.h"

namespace rebisect {
namespace {

using nlohmann::json;
using std::string_view;

// nlohmann keeps no positions: a value is found again by its key.
int ColumnOf(string_view line, const std::string& key) {
  const std::size_t at = line.find('"' + key + '"');
  return at == string_view::npos ? 1 : static_cast<int>(at) + 1;
}

Result<TableRow> RowOf(const json& object, string_view line,
                       const Position& where) {
  TableRow row;
  for (const auto& [key, value] : object.items()) {
    Position at = where;
    at.column = ColumnOf(line, key);
    const auto column = TableColumnNamed(key);
    if (!column.has_value()) {
      return Fail(
          ErrorCode::kInput,
          "unknown key '" + key + "'" + SuggestWord(key, TableColumnNames()),
          at);
    }
    TableField field{"", at.line, at.column};
    const bool number =
        column == TableColumn::kRun || column == TableColumn::kSeconds;
    if (value.is_string()) {
      field.text = value.get<std::string>();
    } else if (number && value.is_number()) {
      field.text = value.dump();
    } else if (!value.is_null()) {
      return Fail(
          ErrorCode::kInput,
          "'" + key + "' has to be a string" + (number ? " or a number" : ""),
          at);
    }
    row.emplace(*column, std::move(field));
  }
  return row;
}

Result<TableRow> ParseLine(string_view line, const Position& where) {
  try {
    // A key given twice is kept once; the callback sees both.
    bool twice = false;
    std::set<std::string> keys;
    const auto watch = [&](int depth, json::parse_event_t event, json& parsed) {
      if (event == json::parse_event_t::key && depth == 1) {
        twice = !keys.insert(parsed.get<std::string>()).second || twice;
      }
      return true;
    };
    const json object = json::parse(line.begin(), line.end(), watch);
    if (!object.is_object()) {
      return Fail(ErrorCode::kInput,
                  "each line has to be an object, {\"commit\": ..., "
                  "\"outcome\": ...}",
                  where);
    }
    if (twice) {
      return Fail(ErrorCode::kInput, "a key occurs twice in this object",
                  where);
    }
    return RowOf(object, line, where);
  } catch (const json::parse_error& error) {
    Position at = where;
    at.column = static_cast<int>(error.byte);
    return Fail(ErrorCode::kInput, "this is not JSON; write one object a line",
                at);
  } catch (const json::exception& error) {
    return Fail(ErrorCode::kInput,
                std::string("this JSON cannot be read: ") + error.what(),
                where);
  }
}

}  // namespace

Result<Recording> ReadJsonlTable(string_view bytes, const std::string& file) {
  (void)StripPrefix(bytes, "\xEF\xBB\xBF", &bytes);
  TableRows rows(file, "jsonl");
  Position where{file, 0, 1};
  while (!bytes.empty()) {
    const std::size_t end = bytes.find('\n');
    const string_view line = bytes.substr(0, end);
    bytes.remove_prefix(end == string_view::npos ? bytes.size() : end + 1);
    ++where.line;
    if (Trim(line).empty()) continue;
    const auto row = ParseLine(line, where);
    if (!row.has_value()) return tl::unexpected<Error>(row.error());
    const auto added = rows.Add(*row, where.line);
    if (!added.has_value()) return tl::unexpected<Error>(added.error());
  }
  auto recording = rows.Finish();
  if (recording.has_value()) recording->name = FileStem(file);
  return recording;
}

}  // namespace rebisect
