#include <map>
#include <ostream>
#include <utility>

#include "harness/cli/command_support.h"
#include "harness/diagnose/fit_report.h"
#include "harness/input/inputs.h"
#include "harness/input/load_recording.h"

namespace rebisect {
namespace {

/// Of a commit id; a record may abbreviate what another has in full.
constexpr std::size_t kDigitsCompared = 12;

/// Every test of the record, in a form that equal records have alike.
std::string TestsOf(const FitRecord& record) {
  std::string text;
  for (const CommitEvidence& commit : record.evidence.commits) {
    text += commit.commit.substr(0, kDigitsCompared);
    for (const int count :
         {commit.step, commit.target, commit.ok, commit.unusable}) {
      text += ' ';
      text += std::to_string(count);
    }
    text += '\n';
  }
  return text;
}

class FitCommandRun {
 public:
  FitCommandRun(const FitArguments& arguments, const Streams& streams)
      : arguments_(arguments), streams_(streams) {}

  int Run() {
    const auto inputs = ExpandInputs(arguments_.inputs);
    if (!inputs) return Report(inputs.error(), streams_);
    Progress progress = StartProgress(streams_, "recordings", inputs->size());
    std::size_t done = 0;
    for (const std::string& input : *inputs) {
      One(input, progress);
      progress.Update(++done);
    }
    progress.Finish();
    if (records_.empty()) return NoneLeft();
    report_.fit = FitModel(records_);
    report_.titles = recurrences_.Titles();
    report_.culprits = recurrences_.Culprits();
    report_.output = arguments_.output;
    if (failed_ && !arguments_.output.empty()) {
      streams_.errors << Printable(arguments_.output +
                                   ": note: not written, for not every "
                                   "recording could be read")
                      << '\n';
    } else if (!arguments_.output.empty()) {
      const int written =
          WriteResult(arguments_.output, FitYaml(report_), streams_);
      if (written != kExitHolds) return written;
    }
    streams_.out << (arguments_.format == OutputFormat::kJson
                         ? FitJson(report_)
                         : FitText(report_, streams_.style));
    return failed_ ? kExitError : kExitHolds;
  }

 private:
  void One(const std::string& input, Progress& progress) {
    const auto recording = LoadRecording(input);
    if (!recording) {
      progress.Finish();
      failed_ = true;
      Report(recording.error(), streams_);
      report_.skipped.push_back({input, "no recording"});
      return;
    }
    auto record = MakeFitRecord(*recording);
    if (!record) {
      progress.Finish();
      Skip(recording->file, record.error().message);
      return;
    }
    const auto [first, is_new] = seen_.emplace(TestsOf(*record), input);
    if (!is_new) {
      progress.Finish();
      Skip(recording->file, "its tests are those of " + first->second);
      return;
    }
    recurrences_.Add(*recording);
    report_.recordings.push_back(recording->name);
    records_.push_back(*std::move(record));
  }

  void Skip(const std::string& file, const std::string& reason) {
    streams_.errors << Printable(file + ": note: not used: " + reason) << '\n';
    report_.skipped.push_back({file, reason});
  }

  int NoneLeft() {
    return Report({ErrorCode::kInput,
                   "nothing can be learned from any of these recordings; give "
                   "some with a bad and a good end and a step between them",
                   {},
                   {}},
                  streams_);
  }

  const FitArguments& arguments_;
  const Streams& streams_;
  std::vector<FitRecord> records_;
  std::map<std::string, std::string> seen_;  // tests, and who had them first
  Recurrences recurrences_;
  FitReport report_;
  bool failed_ = false;
};

}  // namespace

int RunFit(const FitArguments& arguments, const Streams& streams) {
  if (const auto kept = CheckOutput(arguments.output, arguments.inputs);
      !kept) {
    return Report(kept.error(), streams);
  }
  return FitCommandRun(arguments, streams).Run();
}

}  // namespace rebisect
