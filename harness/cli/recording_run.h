#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "harness/cli/command_support.h"
#include "harness/cli/commands.h"
#include "harness/cli/html_output.h"
#include "harness/cli/recording_rows.h"
#include "harness/graph/recording_graphs.h"
#include "harness/input/load_recording.h"
#include "harness/process/ordered_run.h"
#include "harness/process/threads.h"
#include "harness/text/progress.h"
#include "scenarios/recording/recording.h"
#include "sim/base/result.h"

namespace rebisect {

/// Many recordings, one after the other or side by side, each on its graph.
class RecordingRun {
 public:
  /// Finds the inputs and reads the graph that they share. `output` is the
  /// file that the command writes (empty: none), `others` what it reads
  /// besides. Errors: those of ExpandInputs(), of the list, CheckOutput() and
  /// RecordingGraphs::Open().
  [[nodiscard]] static Result<RecordingRun> Open(
      const RecordingSelection& selection, const std::string& output,
      std::vector<std::string> others);

  [[nodiscard]] const std::vector<std::string>& inputs() const {
    return inputs_;
  }

  /// Gives take(i, ...) what `look` makes of each input, or why it could not
  /// be looked at, in the order of the inputs; a bad one does not keep the
  /// others back. `look` is called from several threads at once.
  template <typename T>
  void Each(
      const std::function<Result<T>(const Recording&, ChosenGraph&)>& look,
      const std::function<void(std::size_t, Result<T>)>& take,
      const Streams& streams) const {
    OrderedRun<Result<T>> run(
        inputs_.size(), ThreadsOf(threads_), [&](std::size_t i) -> Result<T> {
          REBISECT_ASSIGN_OR_RETURN(const auto recording,
                                    LoadRecording(inputs_[i]));
          REBISECT_ASSIGN_OR_RETURN(auto graph, graphs_.For(recording));
          return look(recording, graph);
        });
    Progress progress = ProgressOf(streams);
    run.Run([&](std::size_t i, Result<T> made) {
      progress.Finish();
      take(i, std::move(made));
      progress.Update(i + 1);
      return true;
    });
    progress.Finish();
  }

 private:
  RecordingRun(std::vector<std::string> inputs, RecordingGraphs graphs,
               std::size_t threads)
      : inputs_(std::move(inputs)),
        graphs_(std::move(graphs)),
        threads_(threads) {}

  [[nodiscard]] Progress ProgressOf(const Streams& streams) const;

  std::vector<std::string> inputs_;
  RecordingGraphs graphs_;
  std::size_t threads_;
};

/// Writes what a command says of recordings: a table or their reports, and
/// the page.
class RecordingOutput {
 public:
  RecordingOutput(const RecordingReports& wanted, RecordingTable::Parts parts,
                  const Streams& streams);

  /// Rows are wanted, not reports.
  [[nodiscard]] bool IsTable() const { return table_.has_value(); }

  void Begin();
  /// A report as it is shown, and as JSON for the page.
  void Show(const std::string& shown, std::string json);
  void Row(const RecordingRow& row);
  /// An input that could not be looked at.
  void Failed(const std::string& input, const Error& error);
  /// Writes the page. Errors: those of HtmlOutput::Write().
  [[nodiscard]] Result<void> End();

 private:
  const Streams& streams_;
  std::optional<RecordingTable> table_;
  HtmlOutput html_;
};

}  // namespace rebisect
