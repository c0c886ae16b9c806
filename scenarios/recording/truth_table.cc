#include "scenarios/recording/truth_table.h"

#include <cstddef>

#include "sim/base/text.h"

namespace rebisect {

Result<TruthTable> ReadTruthTable(std::string_view bytes,
                                  const std::string& file) {
  TruthTable table;
  int line = 0;
  while (!bytes.empty()) {
    ++line;
    const std::size_t end = bytes.find('\n');
    std::string_view text = bytes.substr(0, end);
    bytes.remove_prefix(end == std::string_view::npos ? bytes.size() : end + 1);
    text = text.substr(0, text.find('#'));
    if (Trim(text).empty()) continue;
    const std::size_t tab = text.find('\t');
    if (tab == std::string_view::npos) {
      return Fail(ErrorCode::kInput,
                  "there is no tab in the line; write NAME<TAB>CULPRIT",
                  {file, line, 1});
    }
    const std::string_view name = Trim(text.substr(0, tab));
    const std::string_view culprit = Trim(text.substr(tab + 1));
    if (name.empty() || culprit.empty()) {
      return Fail(ErrorCode::kInput,
                  std::string("the ") + (name.empty() ? "name" : "culprit") +
                      " is missing; write NAME<TAB>CULPRIT, or `none` for no "
                      "culprit",
                  {file, line, static_cast<int>(tab) + 1});
    }
    if (culprit.find_first_of(" \t") != std::string_view::npos) {
      return Fail(ErrorCode::kInput,
                  "the culprit is more than one word; write NAME<TAB>CULPRIT, "
                  "and `#` before a comment",
                  {file, line, static_cast<int>(tab) + 2});
    }
    const bool is_new =
        table.emplace(std::string(name), std::string(culprit)).second;
    if (!is_new) {
      return Fail(ErrorCode::kInput,
                  "'" + std::string(name) +
                      "' has a truth already; leave one of the lines",
                  {file, line, 1});
    }
  }
  return table;
}

std::optional<std::string> TruthOf(const Recording& recording,
                                   const TruthTable& table) {
  const auto found = table.find(recording.name);
  if (found != table.end()) return found->second;
  if (recording.truth && !recording.truth->culprit.empty()) {
    return recording.truth->culprit;
  }
  return std::nullopt;
}

std::optional<std::string> KnownCulprit(const Recording& recording,
                                        const TruthTable& table) {
  if (table.find(recording.name) == table.end() &&
      (!recording.truth || recording.truth->judgement != "right")) {
    return std::nullopt;
  }
  return TruthOf(recording, table);
}

}  // namespace rebisect
