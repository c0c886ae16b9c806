#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/recording/recording.h"

namespace rebisect {

/// The gravest first.
enum class Severity {
  kError,    ///< the record contradicts itself
  kWarning,  ///< the record may be right, and its result doubtful
  kNote,     ///< worth knowing
};

/// "error", "warning", "note".
[[nodiscard]] std::string_view NameOf(Severity severity);

/// One thing the audit found. Codes are stable; scenarios/README.md explains
/// each of them.
struct Finding {
  Severity severity = Severity::kNote;
  std::string code{};  ///< kebab-case
  int line = 0;        ///< of the record, 0 where it concerns no line
  std::string message{};

  friend bool operator==(const Finding&, const Finding&) = default;
};

struct AuditReport {
  std::string file{};
  std::string format{};
  RecordingKind kind = RecordingKind::kMarks;
  std::size_t steps = 0;             ///< commits that the search tested
  std::string bad{};                 ///< the ends of the search, as far as
  std::vector<std::string> goods{};  ///< the record holds them
  std::string culprit{};             ///< as named; empty if none
  EndKind end = EndKind::kUnfinished;
  /// LogArithmetic::closes; absent where there is nothing to check.
  std::optional<bool> chain_closes{};
  std::vector<Finding> findings{};  ///< by severity, then by line

  /// No finding of severity error.
  [[nodiscard]] bool Holds() const;
};

/// Checks a record against itself, without a graph. Pure; O(n log n) in the
/// size of the recording.
[[nodiscard]] AuditReport Audit(const Recording& recording);

}  // namespace rebisect
