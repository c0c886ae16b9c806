#include <optional>
#include <ostream>
#include <string>
#include <utility>

#include "harness/cli/assumptions.h"
#include "harness/cli/command_support.h"
#include "harness/cli/recording_rows.h"
#include "harness/cli/recording_run.h"
#include "harness/diagnose/diagnose_mail.h"
#include "harness/diagnose/diagnose_recording.h"
#include "harness/diagnose/diagnose_report.h"
#include "harness/diagnose/gate.h"
#include "sim/base/result.h"
#include "sim/io/input.h"

namespace rebisect {
namespace {

/// What is to be kept of one diagnosis.
struct Diagnosed {
  std::string shown;
  std::string json;
  std::string note;  ///< for the errors' stream
  RecordingRow row;
  bool too_bad = false;
};

class DiagnoseCommandRun {
 public:
  DiagnoseCommandRun(const DiagnoseArguments& arguments, const Streams& streams)
      : arguments_(arguments),
        streams_(streams),
        output_(arguments.reports, {true, !arguments.gate.empty()}, streams) {}

  int Run() {
    if (auto read = ReadOptions(); !read) {
      return Report(read.error(), streams_);
    }
    const auto run = RecordingRun::Open(
        arguments_.recordings, arguments_.reports.html,
        {arguments_.assumptions.prior, arguments_.assumptions.path_rules,
         arguments_.gate, arguments_.truth});
    if (!run) return Report(run.error(), streams_);
    output_.Begin();
    run->Each<Diagnosed>(
        [this](const Recording& recording, ChosenGraph& graph) {
          return One(recording, *graph.source);
        },
        [&](std::size_t i, Result<Diagnosed> made) {
          Take(run->inputs()[i], std::move(made));
        },
        streams_);
    if (auto written = output_.End(); !written) {
      return Report(written.error(), streams_);
    }
    if (failed_) return kExitError;
    return too_bad_ ? kExitDoesNotHold : kExitHolds;
  }

 private:
  Result<void> ReadOptions() {
    REBISECT_ASSIGN_OR_RETURN(auto settings,
                              ReadAssumptions(arguments_.assumptions));
    settings_ = std::move(settings);
    REBISECT_ASSIGN_OR_RETURN(auto truth, LoadTruthTable(arguments_.truth));
    truth_ = std::move(truth);
    if (arguments_.gate.empty()) return {};
    REBISECT_ASSIGN_OR_RETURN(const auto bytes, ReadInput(arguments_.gate));
    REBISECT_ASSIGN_OR_RETURN(auto gate,
                              Gate::Read(bytes, InputName(arguments_.gate)));
    gate_ = std::move(gate);
    return {};
  }

  [[nodiscard]] Result<Diagnosed> One(const Recording& recording,
                                      GraphSource& source) const {
    Diagnosed made;
    made.row = RowOf(recording);
    std::optional<ReplayResult> replay;
    if (output_.IsTable()) {
      auto replayed = ReplayRecording(recording, source, {});
      if (replayed) replay = *std::move(replayed);
    }
    REBISECT_ASSIGN_OR_RETURN(auto report,
                              DiagnoseRecording(recording, source, settings_));
    if (gate_) {
      report.gate = gate_->Decide(report, KnownCulprit(recording, truth_));
    }
    made.too_bad = Fails(report.diagnosis.conclusion);
    if (output_.IsTable()) {
      AddDiagnosis(report, made.row);
      if (replay) AddReplay(*replay, made.row);
      return made;
    }
    Show(report, made);
    return made;
  }

  void Show(const DiagnosisReport& report, Diagnosed& made) const {
    const OutputFormat format = arguments_.reports.format;
    if (format == OutputFormat::kJson || !arguments_.reports.html.empty()) {
      made.json = DiagnosisJson(report);
    }
    if (arguments_.mail) return Mail(report, made);
    made.shown = format == OutputFormat::kJson ? made.json
                 : format == OutputFormat::kMarkdown
                     ? DiagnosisMarkdown(report) + '\n'
                     : DiagnosisText(report, streams_.style) + '\n';
  }

  /// Nothing goes out that the gate holds back.
  static void Mail(const DiagnosisReport& report, Diagnosed& made) {
    if (!report.gate || report.gate->action == GateAction::kSend) {
      made.shown = DiagnosisMail(report);
      return;
    }
    made.note = report.recording->name +
                ": no mail: " + std::string(NameOf(report.gate->action)) +
                " (" + report.gate->code + ")";
  }

  void Take(const std::string& input, Result<Diagnosed> made) {
    if (!made) {
      failed_ = true;
      output_.Failed(input, made.error());
      return;
    }
    too_bad_ = too_bad_ || made->too_bad;
    if (!made->note.empty()) streams_.errors << Printable(made->note) << '\n';
    if (output_.IsTable()) {
      output_.Row(made->row);
    } else {
      output_.Show(made->shown, std::move(made->json));
    }
  }

  [[nodiscard]] bool Fails(Conclusion conclusion) const {
    if (arguments_.fail_on == "contradicted") {
      return conclusion == Conclusion::kContradicted;
    }
    return arguments_.fail_on == "doubtful" &&
           conclusion != Conclusion::kTrustworthy;
  }

  const DiagnoseArguments& arguments_;
  const Streams& streams_;
  RecordingOutput output_;
  DiagnosisSettings settings_;
  TruthTable truth_;
  std::optional<Gate> gate_;
  bool failed_ = false;
  bool too_bad_ = false;
};

}  // namespace

int RunDiagnose(const DiagnoseArguments& arguments, const Streams& streams) {
  return DiagnoseCommandRun(arguments, streams).Run();
}

}  // namespace rebisect
