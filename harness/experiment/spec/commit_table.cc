#include "harness/experiment/spec/commit_table.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <optional>
#include <set>
#include <utility>

#include "scenarios/logs/csv_reader.h"
#include "sim/base/result.h"
#include "sim/base/text.h"
#include "sim/io/input.h"
#include "sim/io/sha1.h"

namespace rebisect {
namespace {

using std::string_view;

Result<std::vector<CommitNumber>> ReadRows(string_view bytes,
                                           const std::string& file,
                                           string_view column) {
  CsvReader reader(bytes, file);
  std::optional<std::size_t> commit_column;
  std::vector<CommitNumber> numbers;
  std::set<std::string> seen;
  double total = 0;
  while (!reader.AtEnd()) {
    REBISECT_ASSIGN_OR_RETURN(const auto row, reader.Row());
    if (row.size() == 1 && row.front().text.empty()) continue;
    const auto where = [&](const TableField& field) {
      return Position{file, field.line, field.column};
    };
    if (!commit_column) {
      for (std::size_t i = 0; i < row.size(); ++i) {
        if (row[i].text == "commit") commit_column = i;
      }
      if (row.size() != 2 || !commit_column ||
          row[1 - *commit_column].text != column) {
        return Fail(ErrorCode::kInput,
                    "this table has to begin with the line `commit," +
                        std::string(column) + "`",
                    where(row.front()));
      }
      continue;
    }
    if (row.size() != 2) {
      return Fail(ErrorCode::kInput,
                  "this row has " + std::to_string(row.size()) +
                      " fields; a commit and its number have 2",
                  where(row.back()));
    }
    const TableField& commit = row[*commit_column];
    const TableField& field = row[1 - *commit_column];
    const auto number = ToDouble(field.text);
    if (!number || !std::isfinite(*number) || *number < 0) {
      return Fail(ErrorCode::kInput,
                  Quote(column) + " has to be a finite number from 0 on, not " +
                      Quote(field.text),
                  where(field));
    }
    if (!seen.insert(commit.text).second) {
      return Fail(ErrorCode::kInput,
                  Quote(commit.text) + " has a row already; keep one",
                  where(commit));
    }
    total += *number;
    numbers.push_back({commit.text, *number, where(commit)});
  }
  if (total > 0 && std::isfinite(total)) return numbers;
  return Fail(
      ErrorCode::kInput,
      "the numbers of a table have to be more than 0, and finite, in sum",
      {file, 1, 1});
}

/// Suspects by the beginnings of their ids.
class SuspectIndex {
 public:
  explicit SuspectIndex(const SuspectGraph& suspects) : suspects_(suspects) {
    for (Suspect s = 0; s < suspects.size(); ++s) {
      ids_.emplace_back(suspects.graph->Id(suspects.vertices[s]).Hex(), s);
    }
    std::sort(ids_.begin(), ids_.end());
  }

  /// Errors: kInput for what is no suspect, or could be several.
  [[nodiscard]] Result<Suspect> Find(const CommitNumber& row) const {
    std::string id = row.commit;
    if (const auto v = suspects_.graph->FindLabel(id)) {
      id = suspects_.graph->Id(*v).Hex();
    }
    std::transform(id.begin(), id.end(), id.begin(), [](char c) {
      return c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    const auto first =
        std::lower_bound(ids_.begin(), ids_.end(), std::pair(id, Suspect{0}));
    const auto fits = [&](auto it) {
      return it != ids_.end() && it->first.starts_with(id);
    };
    if (!LooksLikeHexId(id) || !fits(first)) {
      return Fail(ErrorCode::kInput,
                  "'" + row.commit +
                      "' is no commit of the range; give ids of commits "
                      "between the good and the bad end",
                  row.where);
    }
    if (fits(std::next(first))) {
      return Fail(ErrorCode::kInput,
                  "'" + row.commit +
                      "' could be several commits of the range; give more "
                      "digits",
                  row.where);
    }
    return first->second;
  }

 private:
  const SuspectGraph& suspects_;
  std::vector<std::pair<std::string, Suspect>> ids_;
};

}  // namespace

Result<CommitTable> ReadCommitTable(const CommitTableName& name,
                                    string_view column) {
  REBISECT_ASSIGN_OR_RETURN(const auto bytes, ReadInput(name.path));
  CommitTable table{name.path, Sha1(bytes).Hex(), {}};
  if (!name.sha1.empty() && name.sha1 != table.sha1) {
    return Fail(ErrorCode::kInput,
                "the table is not the one of this experiment: its SHA-1 is " +
                    table.sha1 + "; find the right one, or leave 'sha1' out",
                name.where);
  }
  REBISECT_ASSIGN_OR_RETURN(auto rows, ReadRows(bytes, name.path, column));
  table.rows = std::move(rows);
  return table;
}

Result<std::vector<double>> NumbersBySuspect(const CommitTable& table,
                                             const SuspectGraph& suspects,
                                             double otherwise) {
  const SuspectIndex index(suspects);
  std::vector<double> numbers(suspects.size(), otherwise);
  std::vector<bool> given(suspects.size(), false);
  for (const CommitNumber& row : table.rows) {
    REBISECT_ASSIGN_OR_RETURN(const auto suspect, index.Find(row));
    if (given[suspect]) {
      return Fail(ErrorCode::kInput,
                  Quote(row.commit) + " has a row already; keep one",
                  row.where);
    }
    given[suspect] = true;
    numbers[suspect] = row.number;
  }
  return numbers;
}

}  // namespace rebisect
