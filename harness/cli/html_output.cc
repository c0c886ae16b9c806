#include "harness/cli/html_output.h"

#include <iterator>
#include <ostream>
#include <utility>

#include "harness/cli/command_support.h"
#include "harness/report/html_report.h"
#include "harness/text/terminal.h"
#include "sim/base/result.h"
#include "sim/io/input.h"

namespace rebisect {

void HtmlOutput::Add(std::string json) {
  if (wanted()) results_.push_back({std::move(json), {}});
}

void HtmlOutput::Add(std::vector<ResultText> results) {
  results_.insert(results_.end(), std::make_move_iterator(results.begin()),
                  std::make_move_iterator(results.end()));
}

Result<void> HtmlOutput::Write(const Streams& streams) const {
  if (!wanted() || results_.empty()) return {};
  Progress progress = StartProgress(streams, "graphs are being drawn", 0);
  const auto page =
      HtmlReport(results_, [&](const std::vector<std::string>& graphs) {
        return LayOutByDot(graphs, [&progress] { progress.Update(0); });
      });
  progress.Finish();
  REBISECT_RETURN_IF_ERROR(page);
  for (const std::string& note : page->notes) {
    streams.errors << Printable(path_ + ": note: " + note) << '\n';
  }
  REBISECT_RETURN_IF_ERROR(WriteFileAtomically(path_, page->html));
  streams.errors << Printable("report: " + path_) << '\n';
  return {};
}

}  // namespace rebisect
