#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "harness/stats/statistics.h"
#include "harness/suite/case/scenario_case.h"
#include "harness/suite/tools/tool.h"

namespace rebisect {

/// What several searches of one scenario came to.
struct SearchSummary {
  std::size_t searches = 0;
  std::size_t right = 0;  ///< ended as expected
  /// Of the share that is right, at the level that the scenario asks for.
  Interval accuracy{};
  double mean_tests = 0;
  std::optional<double> error_of_mean{};  ///< standard error; of two or more
  std::size_t fewest_tests = 0;
  std::size_t most_tests = 0;
};

/// A search whose questions or answer are wrong in themselves.
struct BadQuestion {
  std::size_t number = 0;  ///< from 1; 0: there is none
  std::string about{};
};

/// The judgement on one tool in one scenario.
struct ScenarioJudgement {
  /// What is wrong, a sentence each; empty: nothing.
  std::vector<std::string> faults{};
  std::size_t example = 0;  ///< the first search at fault, or 0
  /// Of the example: the first question whose answer contradicts what the
  /// tool says, or that was not worth asking.
  BadQuestion question{};
  SearchSummary summary{};
};

/// Questions about commits that were asked about before.
[[nodiscard]] std::size_t RepeatedQuestions(const ToolRun& run);

/// Judges all searches of a scenario, one after the other. A single search is
/// judged by everything that the scenario expects; only that a tool which
/// supports noise may ask more, and again, where there is none. Where accuracy
/// is expected a search may be wrong: the tool fails when its share of right
/// searches is shown to be too low, or its mean number of tests too high, at
/// the level that the scenario gives (one-sided; Wilson's interval, the normal
/// distribution). `git_tests`: how many git itself needs, where that is asked
/// for. REQUIRES: runs is not empty.
[[nodiscard]] ScenarioJudgement Judge(const ScenarioCase& scenario,
                                      const ToolSpec& tool,
                                      const std::vector<ToolRun>& runs,
                                      std::optional<std::size_t> git_tests);

}  // namespace rebisect
