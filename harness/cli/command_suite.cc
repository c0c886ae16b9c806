#include <ostream>

#include "harness/cli/command_support.h"
#include "harness/process/threads.h"
#include "harness/suite/case/choose_scenarios.h"
#include "harness/suite/judge/suite_run.h"
#include "harness/suite/tools/suite_export.h"
#include "harness/text/report_lines.h"
#include "sim/base/result.h"

namespace rebisect {
namespace {

Result<int> Export(const SuiteExportArguments& arguments,
                   const Streams& streams) {
  REBISECT_ASSIGN_OR_RETURN(
      const auto read, ChooseScenarios(arguments.suites, arguments.filter));
  REBISECT_ASSIGN_OR_RETURN(const auto cases,
                            PrepareScenarios(read.chosen, ThreadsOf(0)));
  std::vector<const ScenarioCase*> scenarios;
  for (const auto& prepared : cases) scenarios.push_back(prepared.get());
  Progress progress = StartProgress(streams, "scenarios", scenarios.size());
  auto exported =
      ExportSuites(scenarios, arguments.folder,
                   [&progress](std::size_t done) { progress.Update(done); });
  progress.Finish();
  REBISECT_RETURN_IF_ERROR(exported);
  streams.out << Counted(scenarios.size(), "scenario") << " in "
              << arguments.folder << "; its README says how to run them\n";
  return kExitHolds;
}

}  // namespace

int RunSuiteExport(const SuiteExportArguments& arguments,
                   const Streams& streams) {
  const auto code = Export(arguments, streams);
  return code ? *code : Report(code.error(), streams);
}

}  // namespace rebisect
