// `rebisect test --against`: random searches on two tools side by side.

#include <ostream>
#include <utility>

#include "harness/cli/command_support.h"
#include "harness/process/interruption.h"
#include "harness/process/threads.h"
#include "harness/suite/case/fast_import.h"
#include "harness/suite/judge/conformance_report.h"
#include "harness/suite/tools/tools.h"
#include "harness/text/progress.h"
#include "sim/base/result.h"
#include "sim/io/input.h"

namespace rebisect {
namespace {

/// Cases that are made smaller: the others mostly have the same reason.
constexpr std::size_t kShrunkCases = 3;

/// Writes the cases that were made smaller; the names of the files.
Result<std::vector<std::string>> Save(const ConformanceReport& report,
                                      const std::string& folder) {
  std::vector<std::string> files;
  for (const ConformanceFailure& failure : report.failures) {
    if (!failure.shrunk) continue;
    REBISECT_ASSIGN_OR_RETURN(const auto prepared,
                              PrepareScenario(*failure.shrunk));
    const std::string stem = folder + '/' + failure.shrunk->name;
    for (const auto& [name, text] :
         {std::pair(stem + ".yaml",
                    SuiteText({failure.shrunk->suite, "", {*failure.shrunk}})),
          std::pair(stem + ".fi", FastImportStream(prepared))}) {
      REBISECT_RETURN_IF_ERROR(WriteFileAtomically(name, text));
      files.push_back(name);
    }
  }
  return files;
}

Result<int> Compare(const ConformanceArguments& arguments,
                    const Streams& streams) {
  ToolOptions tool_options;
  tool_options.git_binary = arguments.git_binary;
  tool_options.limit_seconds = arguments.limit_seconds;
  tool_options.stop = Interrupted;
  REBISECT_ASSIGN_OR_RETURN(const auto one,
                            FindTool(arguments.tool, tool_options));
  REBISECT_ASSIGN_OR_RETURN(const auto other,
                            FindTool(arguments.against, tool_options));
  ConformanceOptions options;
  options.cases = arguments.cases;
  options.seed = arguments.seed;
  options.most_commits = arguments.commits;
  options.threads = ThreadsOf(arguments.threads);
  options.most_shrunk = kShrunkCases;
  options.stop = Interrupted;
  Progress progress = StartProgress(streams, "searches", options.cases);
  options.progress = [&](std::size_t done) { progress.Update(done); };
  Progress shrinking =
      StartProgress(streams, "attempts to make cases smaller", 0);
  options.shrinking = [&](std::size_t attempts) { shrinking.Update(attempts); };
  const auto report = CompareTools(*one, *other, options);
  progress.Finish();
  shrinking.Finish();
  REBISECT_RETURN_IF_ERROR(report);
  ComparedTools compared{*one, *other, options, *report, {}};
  if (!arguments.save.empty()) {
    REBISECT_ASSIGN_OR_RETURN(auto files, Save(*report, arguments.save));
    compared.files = std::move(files);
  }
  streams.out << (arguments.format == OutputFormat::kJson
                      ? ConformanceJson(compared)
                      : ConformanceText(compared, streams.style));
  return report->failures.empty() ? kExitHolds : kExitDoesNotHold;
}

}  // namespace

int RunConformance(const ConformanceArguments& arguments,
                   const Streams& streams) {
  const Interruptions interruptions;
  return EndOf(Compare(arguments, streams), streams);
}

}  // namespace rebisect
