#pragma once

// Sources: driver_tool.cc, script_tool.cc: a file for each kind of tool.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "harness/suite/case/scenario_case.h"
#include "scenarios/cases/tool_spec.h"
#include "sim/base/result.h"
#include "sim/graph/commit_id.h"
#include "sim/session/git_version.h"

namespace rebisect {

/// A question that a tool asked of the test program.
struct AskedQuestion {
  std::string commit{};  ///< as asked: an id, or what the tool had instead
  int code = 0;          ///< what the test program answered
};

/// One search by a tool.
struct ToolRun {
  ToolOutcome outcome = ToolOutcome::kFailed;
  std::optional<CommitId> culprit{};
  std::vector<CommitId> candidates{};  ///< sorted; of kOnlySkipped
  std::optional<int> exit_code{};      ///< as a shell says it
  std::vector<AskedQuestion> journal{};
  /// Why it failed, for people; empty unless the outcome is kFailed.
  std::string trouble{};
  /// What it left in the repository or running, a line each.
  std::vector<std::string> left_behind{};
  std::string output{};  ///< the end of what it printed
  double seconds = 0;
};

/// A tool in the repository of one scenario. Used by one thread.
class ToolSession {
 public:
  virtual ~ToolSession() = default;

  /// The `search`-th search, from 0: the number keys the noise. What a tool
  /// does wrong is in the answer. Errors: what keeps this program from
  /// running it, and kAborted when the user interrupts.
  [[nodiscard]] virtual Result<ToolRun> Search(std::uint32_t search) = 0;
};

/// A bisect tool that scenarios are run with. For any number of threads.
class Tool {
 public:
  virtual ~Tool() = default;

  [[nodiscard]] virtual const ToolSpec& spec() const = 0;
  /// Of a git, or of what stands in for one: errata name versions.
  [[nodiscard]] virtual const std::optional<GitVersion>& version() const = 0;

  /// Everything that the tool needs for the scenario is made in `folder`,
  /// which is there and empty, and belongs to the session from now on.
  /// `scenario` is borrowed. Errors: as Search().
  [[nodiscard]] virtual Result<std::unique_ptr<ToolSession>> Begin(
      const ScenarioCase& scenario, const std::string& folder) const = 0;
};

/// The simulated tool of a file. Errors: kUsage for a policy or a git version
/// that there is not.
[[nodiscard]] Result<std::unique_ptr<Tool>> MakeDriverTool(ToolSpec spec);

/// The tool that a file's scripts run. `program` stands in for the program of
/// the file; empty: that. `stop` is asked at least every 50 ms while something
/// runs, from any thread: true ends it, and the search is kAborted. Errors:
/// kNotFound when there is no such program; kInput for a regular expression
/// that is none.
[[nodiscard]] Result<std::unique_ptr<Tool>> MakeScriptTool(
    ToolSpec spec, const std::string& program, std::function<bool()> stop = {});

}  // namespace rebisect
