#include "harness/cli/command_support.h"
#include "harness/cli/html_output.h"
#include "harness/input/inputs.h"
#include "harness/report/html_report.h"
#include "sim/io/input.h"

namespace rebisect {

int RunReport(const ReportArguments& arguments, const Streams& streams) {
  if (const auto kept = CheckOutput(arguments.html, arguments.inputs); !kept) {
    return Report(kept.error(), streams);
  }
  HtmlOutput html(arguments.html);
  for (const std::string& input : arguments.inputs) {
    const auto text = ReadInput(input);
    if (!text) return Report(text.error(), streams);
    std::vector<ResultText> results = ResultsIn(*text, InputName(input));
    if (results.empty()) {
      return Report({ErrorCode::kInput,
                     "there is no result in it; give what a command prints "
                     "with --format json",
                     {InputName(input), 0, 0}},
                    streams);
    }
    html.Add(std::move(results));
  }
  const auto written = html.Write(streams);
  return written ? kExitHolds : Report(written.error(), streams);
}

}  // namespace rebisect
