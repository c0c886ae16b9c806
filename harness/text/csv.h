#pragma once

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace rebisect {

/// A row of CSV with its line end, as RFC 4180 has it: null is an empty field,
/// texts are quoted where they have to be, other values as JSON writes them.
/// Texts are Printable(), and one that a spreadsheet would take for a formula
/// (it begins with = + - or @) gets an apostrophe in front.
[[nodiscard]] std::string CsvLine(
    const std::vector<nlohmann::ordered_json>& fields);

}  // namespace rebisect
