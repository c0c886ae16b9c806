#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "harness/suite/case/scenario_case.h"
#include "harness/suite/judge/judge.h"
#include "harness/suite/judge/known_failures.h"
#include "harness/suite/tools/tool.h"
#include "scenarios/cases/scenario.h"
#include "sim/base/result.h"

namespace rebisect {

enum class ScenarioStatus {
  kPassed,
  kFailed,
  kSkipped,         ///< the tool says that it cannot do what it needs
  kKnownFailure,    ///< failed, as is known
  kUnexpectedPass,  ///< passed, although it is known to fail
};
/// "passed", "failed", "skipped", "known-failure", "unexpected-pass".
[[nodiscard]] std::string_view NameOf(ScenarioStatus status);

/// What became of one scenario with one tool.
struct ScenarioResult {
  std::size_t scenario = 0;  ///< index into SuiteReport::scenarios
  std::size_t tool = 0;      ///< index into SuiteReport::tools
  ScenarioStatus status = ScenarioStatus::kPassed;
  /// Why it was skipped; what is known.
  std::string note{};
  ScenarioJudgement judgement{};  ///< of no meaning when it was skipped
  ToolRun example{};              ///< the search that the judgement speaks of
  double seconds = 0;             ///< of all searches together
};

/// What every scenario was with every tool.
struct SuiteReport {
  std::vector<const Tool*> tools{};              ///< borrowed
  std::vector<const ScenarioCase*> scenarios{};  ///< borrowed
  /// By scenario, then by tool.
  std::vector<ScenarioResult> results{};

  [[nodiscard]] std::size_t Count(ScenarioStatus status) const;
};

/// How suites are run; results do not depend on it.
struct SuiteRunOptions {
  std::size_t threads = 1;
  /// Told from time to time how many searches are done, on any thread, one
  /// call at a time.
  std::function<void(std::size_t done)> progress{};
  /// Asked before every search, on any thread: true ends the run (kAborted).
  std::function<bool()> stop{};
};

/// The scenarios made ready, in their order. Errors: the first one's.
[[nodiscard]] Result<std::vector<std::unique_ptr<ScenarioCase>>>
PrepareScenarios(const std::vector<const Scenario*>& scenarios,
                 std::size_t threads);

/// Searches that RunSuites() will make.
[[nodiscard]] std::size_t SearchesOf(
    const std::vector<const Tool*>& tools,
    const std::vector<const ScenarioCase*>& scenarios);

/// Runs every scenario with every tool, each search in a repository of its
/// own or one that the search before left clean. Temporary folders are gone
/// afterwards. Errors: those of ToolSession::Search(), kAborted among them.
[[nodiscard]] Result<SuiteReport> RunSuites(
    const std::vector<const Tool*>& tools,
    const std::vector<const ScenarioCase*>& scenarios,
    const KnownFailures& known, const SuiteRunOptions& options);

}  // namespace rebisect
