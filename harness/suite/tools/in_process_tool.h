#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "harness/suite/case/scenario_case.h"
#include "harness/suite/tools/tool.h"
#include "scenarios/cases/scenario.h"
#include "scenarios/cases/tool_spec.h"
#include "sim/base/result.h"
#include "sim/graph/commit_id.h"

namespace rebisect {

/// Runs the test program of a scenario at a commit and gives its exit code, as
/// `git bisect run` takes it: kGoodCode, kSkipCode, bad up to 127, and from
/// kAbortCode on the search has to end (a commit that the history lacks, too).
using AskCommit = std::function<int(const CommitId& commit)>;

/// What a function says at the end of its search.
struct BisectAnswer {
  ToolOutcome outcome = ToolOutcome::kFailed;
  std::optional<CommitId> culprit{};   ///< of kFound
  std::vector<CommitId> candidates{};  ///< of kOnlySkipped, in any order
  /// Judged where ToolSpec::git_exit_codes is set.
  std::optional<int> exit_code{};
  std::string trouble{};  ///< why, of kFailed

  [[nodiscard]] static BisectAnswer Found(const CommitId& culprit);
  [[nodiscard]] static BisectAnswer OnlySkipped(
      std::vector<CommitId> candidates);
  /// Any outcome that needs no more than its name.
  [[nodiscard]] static BisectAnswer Ended(ToolOutcome outcome);
};

/// A bisect tool as a function: searches the `graph` of the scenario from its
/// `start` and `marks` by asking; the rest of the scenario is the solution. It
/// is called once a search, by every thread that suites are run with, and
/// keeps neither argument. `ask` throws what is no std::exception to end a
/// search that asks on and on; a search that loops without asking is not
/// ended by anybody.
using BisectFunction = std::function<BisectAnswer(const ScenarioCase& scenario,
                                                  const AskCommit& ask)>;

/// The function as a tool, which is judged like any other; what it throws is a
/// failed search. Of `spec` the name and what the tool supports count; it has
/// neither driver nor scripts. Errors: kUsage for a feature in `supports` that
/// there is not. REQUIRES: function is not empty.
[[nodiscard]] Result<std::unique_ptr<Tool>> MakeInProcessTool(
    ToolSpec spec, BisectFunction function);

}  // namespace rebisect
