#include "harness/testing/scenario_test.h"

#include <map>
#include <optional>
#include <utility>

#include "harness/suite/case/choose_scenarios.h"
#include "harness/suite/judge/known_failures.h"
#include "harness/suite/judge/suite_report.h"
#include "harness/suite/judge/suite_run.h"

namespace rebisect {

/// A scenario of files that were read, or why there is none.
class ScenarioParam::Entry {
 public:
  Entry(std::string test_name, std::shared_ptr<const ChosenScenarios> files,
        const Scenario* scenario)
      : test_name_(std::move(test_name)),
        files_(std::move(files)),
        scenario_(scenario) {}
  Entry(std::string test_name, const Error& error)
      : test_name_(std::move(test_name)), case_(tl::unexpected(error)) {}

  [[nodiscard]] const std::string& test_name() const { return test_name_; }

  Result<const ScenarioCase*> Prepared() {
    if (!case_) case_ = PrepareScenario(*scenario_);
    if (!*case_) return tl::unexpected(case_->error());
    return &**case_;
  }

 private:
  std::string test_name_;
  std::shared_ptr<const ChosenScenarios> files_{};
  const Scenario* scenario_ = nullptr;  // of files_
  std::optional<Result<ScenarioCase>> case_{};
};

namespace {

/// Letters, digits and `_`, as GoogleTest wants it.
std::string AsTestName(std::string name) {
  for (char& c : name) {
    const bool word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                      (c >= '0' && c <= '9');
    if (!word) c = '_';
  }
  return name;
}

/// What is wrong with the tool, for people.
std::string FailureText(const ScenarioResult& result,
                        const ScenarioCase& scenario, const Tool& tool) {
  std::string text = NameOf(tool) + " fails " + scenario.scenario->FullName() +
                     ": " + scenario.scenario->about;
  for (const std::string& fault : result.judgement.faults) {
    text += "\n  " + fault;
  }
  const BadQuestion& question = result.judgement.question;
  if (question.number != 0) {
    text += "\n  question " + std::to_string(question.number) + ": " +
            question.about;
  }
  return text + "\n  asked: " + JournalText(scenario, result.example);
}

}  // namespace

ScenarioParam::ScenarioParam(std::shared_ptr<Entry> entry)
    : entry_(std::move(entry)) {}

const std::string& ScenarioParam::test_name() const {
  return entry_->test_name();
}

Result<const ScenarioCase*> ScenarioParam::Prepared() const {
  return entry_->Prepared();
}

std::vector<ScenarioParam> ScenariosOf(const std::vector<std::string>& paths) {
  std::vector<ScenarioParam> params;
  auto read = ChooseScenarios(paths, "*");
  if (!read) {
    params.emplace_back(std::make_shared<ScenarioParam::Entry>(
        "no_scenarios", std::move(read.error())));
    return params;
  }
  const auto files = std::make_shared<ChosenScenarios>(*std::move(read));
  std::map<std::string, int> times;
  for (const Scenario* const scenario : files->chosen) {
    std::string name = AsTestName(scenario->FullName());
    // a-b/c and a/b-c: GoogleTest takes no name twice. A third underscore
    // keeps the number apart from names that end in one.
    const int time = ++times[name];
    if (time > 1) name += "___" + std::to_string(time);
    params.emplace_back(std::make_shared<ScenarioParam::Entry>(
        std::move(name), files, scenario));
  }
  return params;
}

std::string ScenarioTestName(
    const ::testing::TestParamInfo<ScenarioParam>& info) {
  return info.param.test_name();
}

void ScenarioTest::SetUp() {
  const auto prepared = GetParam().Prepared();
  if (!prepared) FAIL() << FormatError(prepared.error());
  scenario_ = *prepared;
}

void ScenarioTest::RunScenario(const Tool& tool) {
  const auto report =
      RunSuites({&tool}, {scenario_}, KnownFailures(), SuiteRunOptions());
  if (!report) FAIL() << FormatError(report.error());
  const ScenarioResult& result = report->results.front();
  const Position& where = scenario_->scenario->where;
  switch (result.status) {
    case ScenarioStatus::kPassed:
      break;
    case ScenarioStatus::kUnexpectedPass:
      RecordProperty("unexpected_pass", result.note);
      break;
    case ScenarioStatus::kSkipped:
      GTEST_SKIP() << NameOf(tool) << " does not support this: "
                   << scenario_->scenario->FullName() << ' ' << result.note;
    case ScenarioStatus::kKnownFailure:
      GTEST_SKIP() << NameOf(tool) << " is known to fail "
                   << scenario_->scenario->FullName() << ": " << result.note;
    case ScenarioStatus::kFailed:
      ADD_FAILURE_AT(where.file.c_str(), where.line)
          << FailureText(result, *scenario_, tool);
      break;
  }
}

void ScenarioTest::RunScenario(const ToolSpec& spec,
                               const BisectFunction& function) {
  const auto tool = MakeInProcessTool(spec, function);
  if (!tool) FAIL() << FormatError(tool.error());
  RunScenario(**tool);
}

}  // namespace rebisect
