#include "harness/cli/recording_run.h"

#include <ostream>

#include "harness/input/inputs.h"
#include "sim/base/result.h"
#include "sim/io/input.h"

namespace rebisect {
namespace {

/// The paths in a list, a line each.
Result<void> AddList(const std::string& path, std::vector<std::string>& paths) {
  REBISECT_ASSIGN_OR_RETURN(const auto bytes, ReadInput(path));
  std::string_view rest = bytes;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    if (!line.empty()) paths.emplace_back(line);
  }
  return {};
}

}  // namespace

Result<RecordingRun> RecordingRun::Open(const RecordingSelection& selection,
                                        const std::string& output,
                                        std::vector<std::string> others) {
  std::vector<std::string> arguments = selection.inputs;
  if (!selection.list.empty()) {
    REBISECT_RETURN_IF_ERROR(AddList(selection.list, arguments));
  }
  if (arguments.empty()) {
    return Fail(
        ErrorCode::kUsage,
        selection.list.empty()
            ? "no recording is given; name a file, a folder or a "
              "pattern, or --list FILE with a path a line"
            : "the list holds no path; write one a line",
        {selection.list.empty() ? "" : InputName(selection.list), 0, 0});
  }
  REBISECT_ASSIGN_OR_RETURN(auto inputs, ExpandInputs(arguments));
  others.push_back(selection.list);
  others.insert(others.end(), selection.graph.dags.begin(),
                selection.graph.dags.end());
  others.insert(others.end(), inputs.begin(), inputs.end());
  REBISECT_RETURN_IF_ERROR(CheckOutput(output, others));
  REBISECT_ASSIGN_OR_RETURN(auto graphs,
                            RecordingGraphs::Open(selection.graph, inputs));
  return RecordingRun(std::move(inputs), std::move(graphs), selection.threads);
}

Progress RecordingRun::ProgressOf(const Streams& streams) const {
  return StartProgress(streams, "recordings", inputs_.size());
}

RecordingOutput::RecordingOutput(const RecordingReports& wanted,
                                 RecordingTable::Parts parts,
                                 const Streams& streams)
    : streams_(streams), html_(wanted.html) {
  if (wanted.table) table_.emplace(*wanted.table, parts, streams.style);
}

void RecordingOutput::Begin() {
  if (table_) streams_.out << table_->Head() << std::flush;
}

void RecordingOutput::Show(const std::string& shown, std::string json) {
  streams_.out << shown << std::flush;
  if (html_.wanted()) html_.Add(std::move(json));
}

void RecordingOutput::Row(const RecordingRow& row) {
  streams_.out << table_->Line(row) << std::flush;
  if (html_.wanted()) html_.Add(RowJson(row));
}

void RecordingOutput::Failed(const std::string& input, const Error& error) {
  Report(error, streams_);
  if (!table_) return;
  RecordingRow row;
  row.file = InputName(input);
  row.error = error.message;
  Row(row);
}

Result<void> RecordingOutput::End() { return html_.Write(streams_); }

}  // namespace rebisect
