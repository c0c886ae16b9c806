#pragma once

// Sources: table_csv.cc, table_jsonl.cc: a file for each format.

#include <string>
#include <string_view>

#include "scenarios/recording/recording.h"
#include "sim/base/result.h"

namespace rebisect {

/// Plain tables of runs, one run a row. Columns (CSV) or keys (JSON):
///
///   commit   what was tested; required
///   outcome  how the run ended, by the names of recording_names.h (ok,
///            crashed, boot-failed, ...); required
///   run      the number of the run; optional; twice the same for one test is
///            an error
///   title    of the crash or the failure; optional
///   seconds  the run took; optional
///   verdict  good, bad or skip; optional; rows of one test must agree
///
/// Rows that follow each other and name the same commit are one test, in the
/// order of the rows; a commit that comes back later was tested again. Each
/// test is followed by a mark: the verdict column's, else by the rule
/// any-crash. The result is of kind kCause and has no start and no end.
///
/// CSV as in RFC 4180 (quoted fields, "" for a quotation mark, CRLF or LF, line
/// breaks in quoted fields) with a header row; columns in any order. Linear.
/// Errors: kInput with line and column of the field: an unknown, repeated or
/// missing column, rows of another length, a word or number that does not
/// fit, a quotation mark that is not closed, a table without rows.
[[nodiscard]] Result<Recording> ReadCsvTable(std::string_view bytes,
                                             const std::string& file);

/// JSON Lines: an object a line, blank lines between are fine. Values are
/// strings, or numbers for run and seconds. Errors as above.
[[nodiscard]] Result<Recording> ReadJsonlTable(std::string_view bytes,
                                               const std::string& file);

}  // namespace rebisect
