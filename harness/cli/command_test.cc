#include <algorithm>
#include <iterator>
#include <memory>
#include <ostream>
#include <utility>

#include "harness/cli/command_support.h"
#include "harness/cli/html_output.h"
#include "harness/input/inputs.h"
#include "harness/process/interruption.h"
#include "harness/process/threads.h"
#include "harness/suite/case/choose_scenarios.h"
#include "harness/suite/judge/suite_report.h"
#include "harness/suite/judge/suite_run.h"
#include "harness/suite/tools/tools.h"
#include "harness/text/progress.h"
#include "sim/base/result.h"
#include "sim/io/input.h"

namespace rebisect {
namespace {

/// Suites and tools of one call.
class TestCommand {
 public:
  TestCommand(const TestArguments& arguments, const Streams& streams)
      : arguments_(arguments), streams_(streams) {}

  Result<int> Run() {
    std::vector<std::string> inputs = arguments_.suites;
    inputs.push_back(arguments_.known_failures);
    std::copy_if(arguments_.tools.begin(), arguments_.tools.end(),
                 std::back_inserter(inputs), &NamesToolFile);
    for (const std::string& output : {arguments_.junit, arguments_.html}) {
      REBISECT_RETURN_IF_ERROR(CheckOutput(output, inputs));
    }
    REBISECT_ASSIGN_OR_RETURN(
        auto read, ChooseScenarios(arguments_.suites, arguments_.filter));
    scenarios_ = std::move(read);
    for (auto step :
         {&TestCommand::FindTools, &TestCommand::ReadKnownFailures}) {
      REBISECT_RETURN_IF_ERROR((this->*step)());
    }
    const std::size_t threads = ThreadsOf(arguments_.threads);
    REBISECT_ASSIGN_OR_RETURN(auto cases,
                              PrepareScenarios(scenarios_.chosen, threads));
    std::vector<const ScenarioCase*> scenarios;
    for (const auto& prepared : cases) scenarios.push_back(prepared.get());
    std::vector<const Tool*> tools;
    for (const auto& tool : tools_) tools.push_back(tool.get());

    Progress progress =
        StartProgress(streams_, "searches", SearchesOf(tools, scenarios));
    const auto report =
        RunSuites(tools, scenarios, known_,
                  {threads, [&](std::size_t done) { progress.Update(done); },
                   Interrupted});
    progress.Finish();
    REBISECT_RETURN_IF_ERROR(report);
    return Print(*report);
  }

 private:
  Result<void> FindTools() {
    ToolOptions options;
    options.git_binary = arguments_.git_binary;
    options.limit_seconds = arguments_.limit_seconds;
    options.stop = Interrupted;
    for (const std::string& name : arguments_.tools) {
      REBISECT_ASSIGN_OR_RETURN(auto tool, FindTool(name, options));
      tools_.push_back(std::move(tool));
    }
    return {};
  }

  Result<void> ReadKnownFailures() {
    if (arguments_.known_failures.empty()) return {};
    REBISECT_ASSIGN_OR_RETURN(const auto text,
                              ReadInput(arguments_.known_failures));
    REBISECT_ASSIGN_OR_RETURN(
        auto known,
        KnownFailures::Read(text, arguments_.known_failures, scenarios_.all));
    known_ = std::move(known);
    return {};
  }

  Result<int> Print(const SuiteReport& report) {
    if (!arguments_.junit.empty()) {
      REBISECT_RETURN_IF_ERROR(
          WriteFileAtomically(arguments_.junit, SuiteJunit(report)));
    }
    HtmlOutput html(arguments_.html);
    if (html.wanted()) html.Add(SuiteJson(report));
    REBISECT_RETURN_IF_ERROR(html.Write(streams_));
    if (arguments_.tap) {
      streams_.out << SuiteTap(report);
    } else if (arguments_.format == OutputFormat::kJson) {
      streams_.out << SuiteJson(report);
    } else if (arguments_.format == OutputFormat::kMarkdown) {
      streams_.out << SuiteMarkdown(report);
    } else {
      streams_.out << SuiteText(report, streams_.style);
    }
    return report.Count(ScenarioStatus::kFailed) == 0 ? kExitHolds
                                                      : kExitDoesNotHold;
  }

  const TestArguments& arguments_;
  const Streams& streams_;
  ChosenScenarios scenarios_{};
  std::vector<std::unique_ptr<Tool>> tools_{};
  KnownFailures known_{};
};

}  // namespace

int RunTest(const TestArguments& arguments, const Streams& streams) {
  const Interruptions interruptions;
  return EndOf(TestCommand(arguments, streams).Run(), streams);
}

}  // namespace rebisect
