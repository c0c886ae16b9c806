#include "harness/cli/recording_run.h"

#include <ostream>

#include "harness/input/inputs.h"
#include "sim/io/input.h"

namespace rebisect {
namespace {

/// The paths in a list, a line each.
Result<void> AddList(const std::string& path, std::vector<std::string>& paths) {
  const auto bytes = ReadInput(path);
  if (!bytes) return tl::unexpected(bytes.error());
  std::string_view rest = *bytes;
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

Result<RecordingRun> RecordingRun::Open(const RecordingSelection& selection) {
  std::vector<std::string> arguments = selection.inputs;
  if (!selection.list.empty()) {
    if (auto added = AddList(selection.list, arguments); !added) {
      return tl::unexpected(std::move(added.error()));
    }
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
  auto inputs = ExpandInputs(arguments);
  if (!inputs) return tl::unexpected(std::move(inputs.error()));
  auto graphs = RecordingGraphs::Open(selection.graph, *inputs);
  if (!graphs) return tl::unexpected(std::move(graphs.error()));
  return RecordingRun(*std::move(inputs), *std::move(graphs),
                      selection.threads);
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
