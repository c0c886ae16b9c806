#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "harness/suite/case/scenario_case.h"
#include "harness/suite/tools/in_process_tool.h"
#include "harness/suite/tools/tool.h"
#include "scenarios/cases/tool_spec.h"
#include "sim/base/result.h"

namespace rebisect {

/// A scenario of a file, as the parameter of a test. Copies share what is made
/// ready. Used from one thread.
class ScenarioParam {
 public:
  class Entry;
  explicit ScenarioParam(std::shared_ptr<Entry> entry);

  /// "basics_two_commits": letters, digits and `_`; of what ScenariosIn()
  /// gives no two are alike.
  [[nodiscard]] const std::string& test_name() const;

  /// The scenario, made ready when it is first asked for and living as long
  /// as any copy. Errors: those of PrepareScenario(), and of the files.
  [[nodiscard]] Result<const ScenarioCase*> Prepared() const;

  /// How GoogleTest prints the parameter.
  friend void PrintTo(const ScenarioParam& param, std::ostream* out) {
    *out << param.test_name();
  }

 private:
  std::shared_ptr<Entry> entry_;
};

/// What ScenariosIn() does, with the paths as a list.
[[nodiscard]] std::vector<ScenarioParam> ScenariosOf(
    const std::vector<std::string>& paths);

/// The scenarios of suites, or of folders of them, read once. A file that is
/// wrong gives one parameter whose test fails with the error and its place.
template <class... Paths>
[[nodiscard]] std::vector<ScenarioParam> ScenariosIn(const Paths&... paths) {
  return ScenariosOf({std::string(paths)...});
}

/// Names tests: the last argument of INSTANTIATE_TEST_SUITE_P.
[[nodiscard]] std::string ScenarioTestName(
    const ::testing::TestParamInfo<ScenarioParam>& info);

/// Runs a bisect tool with a scenario:
///
///     class MyBisect : public rebisect::ScenarioTest {};
///     TEST_P(MyBisect, Passes) { RunScenario(MySpec(), MyFunction); }
///     INSTANTIATE_TEST_SUITE_P(
///         Basics, MyBisect,
///         testing::ValuesIn(rebisect::ScenariosIn("basics.yaml")),
///         rebisect::ScenarioTestName);
class ScenarioTest : public ::testing::TestWithParam<ScenarioParam> {
 protected:
  /// Fails, and the test is not run, when there is no such scenario. A
  /// fixture with a SetUp() of its own calls this one first.
  void SetUp() override;

  [[nodiscard]] const ScenarioCase& scenario() const { return *scenario_; }

  /// Makes all searches of the scenario and judges them. The test fails, at
  /// the place of the scenario, with what is wrong, the first question at
  /// fault and all questions asked. It is skipped when the scenario needs what
  /// the tool does not support, or when the tool is known to fail. A known
  /// failure that passes has the property "unexpected_pass".
  void RunScenario(const Tool& tool);
  /// The same, with a function for a tool.
  void RunScenario(const ToolSpec& spec, const BisectFunction& function);

 private:
  const ScenarioCase* scenario_ = nullptr;
};

}  // namespace rebisect
