#include <ostream>
#include <utility>

#include "harness/cli/command_support.h"
#include "harness/cli/inputs.h"
#include "harness/diagnose/diagnose_report.h"
#include "scenarios/steps.h"
#include "sim/io/input.h"

namespace rebisect {
namespace {

class DiagnoseCommandRun {
 public:
  DiagnoseCommandRun(const DiagnoseArguments& arguments, const Streams& streams)
      : arguments_(arguments), streams_(streams) {}

  int Run() {
    if (auto read = ReadPriors(); !read) return Report(read.error(), streams_);
    if (auto read = ReadRules(); !read) return Report(read.error(), streams_);
    const auto inputs = ExpandInputs(arguments_.inputs);
    if (!inputs) return Report(inputs.error(), streams_);
    for (const std::string& input : *inputs) {
      if (const auto done = One(input); !done) {
        failed_ = true;
        Report(done.error(), streams_);
      }
    }
    if (failed_) return kExitError;
    return too_bad_ ? kExitDoesNotHold : kExitHolds;
  }

 private:
  Result<void> ReadPriors() {
    if (!arguments_.prior.empty()) {
      const auto bytes = ReadInput(arguments_.prior);
      if (!bytes) return tl::unexpected(bytes.error());
      auto priors = ReadModelPriors(*bytes, arguments_.prior);
      if (!priors) return tl::unexpected(std::move(priors.error()));
      priors_ = *priors;
    }
    const std::vector<double>& rates = arguments_.error_rates;
    if (rates.empty()) return {};
    priors_.false_bad = rates.front();
    priors_.false_good = rates.back();
    return {};
  }

  Result<void> ReadRules() {
    if (arguments_.path_rules.empty()) {
      rules_ = PathRules::Default();
      return {};
    }
    const auto bytes = ReadInput(arguments_.path_rules);
    if (!bytes) return tl::unexpected(bytes.error());
    auto rules = PathRules::Read(*bytes, arguments_.path_rules);
    if (!rules) return tl::unexpected(std::move(rules.error()));
    rules_ = *std::move(rules);
    return {};
  }

  Result<void> One(const std::string& input) {
    const auto recording = LoadRecording(input);
    if (!recording) return tl::unexpected(recording.error());
    auto graph = ChooseGraph(arguments_.graph, *recording);
    if (!graph) return tl::unexpected(std::move(graph.error()));
    GraphSource& source = *graph->source;
    DiagnosisReport report;
    report.recording = &*recording;
    auto located = LocateSearch(*recording, FindSteps(*recording), source);
    if (!located) {
      Error& error = located.error();
      if (error.where.file.empty()) error.where.file = recording->file;
      return tl::unexpected(std::move(error));
    }
    report.located = *std::move(located);
    report.graph_kind = source.kind();
    report.graph = &source.graph();
    DiagnosisRequest request;
    request.evidence = &report.located.evidence;
    request.space = &report.located.space;
    request.priors = priors_;
    request.culprit = report.located.culprit;
    request.hypothetical_graph = source.kind() == GraphKind::kReconstructed ||
                                 source.kind() == GraphKind::kMixed;
    report.diagnosis = Diagnose(request);
    if (request.culprit) {
      report.culprit_findings = FindOnCulprit(
          *recording, source, report.graph->Id(*request.culprit), rules_);
    }
    if (arguments_.format == OutputFormat::kJson) {
      streams_.out << DiagnosisJson(report);
    } else if (arguments_.format == OutputFormat::kMarkdown) {
      streams_.out << DiagnosisMarkdown(report) << '\n';
    } else {
      streams_.out << DiagnosisText(report, streams_.style) << '\n';
    }
    streams_.out.flush();
    too_bad_ = too_bad_ || Fails(report.diagnosis.conclusion);
    return {};
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
  ModelPriors priors_;
  PathRules rules_;
  bool failed_ = false;
  bool too_bad_ = false;
};

}  // namespace

int RunDiagnose(const DiagnoseArguments& arguments, const Streams& streams) {
  return DiagnoseCommandRun(arguments, streams).Run();
}

}  // namespace rebisect
