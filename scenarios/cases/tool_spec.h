#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "scenarios/cases/scenario.h"
#include "sim/base/result.h"

namespace rebisect {

/// A simulated `git bisect` (or another selection policy), in this process.
struct SimulatedTool {
  std::string git_version{};  ///< empty: the newest known
  bool commit_graph = false;
  std::string select{};  ///< a selection policy; empty: git's
};

/// A program driven by shell scripts.
struct ScriptedTool {
  /// Searched in PATH; $REBISECT_PROGRAM. Empty: there is none.
  std::string program{};
  std::string version{};  ///< prints the version; the first a.b.c counts
  std::string prepare{};  ///< once a scenario, after the repository is made
  std::string run{};      ///< the search
  std::string reset{};    ///< takes back what the search left
  std::string commit{};   ///< prints the id of what is checked out
  /// Regular expressions (POSIX, extended) for lines of the output, in the
  /// order of the file: the first line that one matches tells the outcome.
  std::vector<std::pair<ToolOutcome, std::string>> outcomes{};
  /// Its first group is an id, as often as it matches.
  std::string culprit{};
  std::string candidate{};
  /// Prints the id that the scenario knows for one that the tool named on
  /// its input; for tools with ids of their own.
  std::string translate{};
};

/// A bisect tool as its file describes it: either a simulated one, or a
/// program driven by shell scripts. scenarios/README.md says which variables
/// the scripts get ("The tool file").
struct ToolSpec {
  std::string name{};
  std::string about{};
  Position where{};

  // Classes of their own: inside, clang 14 takes neither for constructible.
  using Driver = SimulatedTool;
  using Scripts = ScriptedTool;
  std::optional<Driver> driver{};
  std::optional<Scripts> scripts{};  ///< exactly one of the two

  std::vector<std::string> tags{};      ///< that errata name
  std::vector<std::string> supports{};  ///< of ToolFeatures()
  bool git_exit_codes = false;          ///< ends with git's exit codes
  double limit_seconds = 20;            ///< of one search
};

/// Reads a tool file. `path` names it in errors. Errors: kInput with file,
/// line and column.
[[nodiscard]] Result<ToolSpec> ReadToolSpec(const std::string& text,
                                            const std::string& path);

}  // namespace rebisect
