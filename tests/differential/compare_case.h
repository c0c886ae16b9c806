#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <set>
#include <string>

#include "sim/session/git_version.h"
#include "tests/differential/bisect_case.h"

namespace rebisect::testing_support {

/// The git that cases are compared with. `version` decides which git the
/// session stands in for.
struct GitBinary {
  std::string path;
  GitVersion version;
};

/// The first command after which git and the session differ, and in what.
struct Difference {
  std::size_t command = 0;  ///< index
  std::string text;
};

/// What came of a case.
struct CaseOutcome {
  /// Commands whose answers were compared; a step counts as two.
  std::size_t compared = 0;
  std::optional<Difference> difference{};
  std::set<SessionState> states{};  ///< that the session came through
  std::size_t merge_bases = 0;      ///< that were to be tested
  bool contradiction = false;       ///< a commit was both good and bad
};

/// Runs the commands of a case with git, in a new repository below `folder`,
/// and with our side, and compares after each of them: the two outputs but
/// for the description of the culprit, exit code, refs, what is to be tested
/// and the log. Of a `run` what it leaves behind, of `drive` what its JSON
/// says. Several single steps may use a folder one after the other.
[[nodiscard]] CaseOutcome CompareCase(const BisectCase& bisect_case,
                                      const GitBinary& git,
                                      const std::string& folder);

/// The smallest case found by leaving out commands, options, commits and
/// parents and by ordering the dates for which `fails` still holds; asks it
/// `limit` times at most. REQUIRES: fails(bisect_case).
[[nodiscard]] BisectCase Shrink(
    BisectCase bisect_case, const std::function<bool(const BisectCase&)>& fails,
    std::size_t limit);

}  // namespace rebisect::testing_support
