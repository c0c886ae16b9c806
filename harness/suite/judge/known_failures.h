#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "harness/suite/tools/tool.h"
#include "scenarios/cases/scenario.h"
#include "sim/base/result.h"

namespace rebisect {

/// Failures that are known: those that a file lists, and the errata of the
/// scenarios.
class KnownFailures {
 public:
  KnownFailures() = default;

  /// Reads a file: a scenario a line, `suite/name`, perhaps the name of the
  /// one tool that fails it, and `#` with why. `path` names it in errors.
  /// Errors, with their line: kInput for a line that is none, for a scenario
  /// that is not among `scenarios` although others of its suite are, and for
  /// one that is listed twice.
  [[nodiscard]] static Result<KnownFailures> Read(
      const std::string& text, const std::string& path,
      const std::vector<const Scenario*>& scenarios);

  /// Why the tool is known to fail; empty: it is not.
  [[nodiscard]] std::string Reason(const Scenario& scenario,
                                   const Tool& tool) const;

 private:
  /// By "suite/name" and by that and " tool".
  std::map<std::string, std::string, std::less<>> reasons_{};
};

}  // namespace rebisect
