#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "harness/suite/tools/tool.h"
#include "scenarios/cases/scenario.h"
#include "sim/base/result.h"

namespace rebisect {

/// Where two tools part in the same search.
struct ToolsPart {
  std::size_t question = 0;  ///< from 1; one past the last: at the end
  std::string about{};       ///< "driver asks n4, git asks n5"
};

/// The first thing in which two searches of a scenario differ: a commit that
/// is asked about, the outcome, the culprit, what is left. Nothing: they are
/// alike.
[[nodiscard]] std::optional<ToolsPart> WhereToolsPart(
    const ScenarioCase& scenario, const Tool& one, const ToolRun& its,
    const Tool& other, const ToolRun& others);

/// Random scenarios on two tools side by side.
struct ConformanceOptions {
  std::uint64_t cases = 0;
  std::uint64_t seed = 1;
  std::uint32_t most_commits = 0;  ///< of a history; at least 2
  std::size_t threads = 1;
  std::size_t most_shrunk = 0;  ///< cases that are shrunk, the first ones
  std::function<void(std::size_t done)> progress{};
  /// Told how many attempts to make cases smaller were made; like `progress`
  /// on any thread, one call at a time.
  std::function<void(std::size_t attempts)> shrinking{};
  std::function<bool()> stop{};
};

/// A case in which they part.
struct ConformanceFailure {
  std::uint64_t number = 0;
  std::size_t commits = 0;
  ToolsPart part{};
  std::optional<Scenario> shrunk{};  ///< expects what the second tool does
  ToolsPart shrunk_part{};
};

struct ConformanceReport {
  std::uint64_t cases = 0;
  std::uint64_t questions = 0;                 ///< compared
  std::vector<ConformanceFailure> failures{};  ///< by number
};

/// Compares the tools. Cases are fixed by (seed, number), whatever the number
/// of threads. Errors: those of ToolSession::Search(), kAborted among them.
[[nodiscard]] Result<ConformanceReport> CompareTools(
    const Tool& one, const Tool& other, const ConformanceOptions& options);

}  // namespace rebisect
