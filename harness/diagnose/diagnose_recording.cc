#include "harness/diagnose/diagnose_recording.h"

#include <utility>

#include "harness/diagnose/culprit_findings.h"
#include "harness/search/search_space.h"
#include "scenarios/recording/steps.h"

namespace rebisect {

Result<DiagnosisReport> DiagnoseRecording(const Recording& recording,
                                          GraphSource& source,
                                          const DiagnosisSettings& settings) {
  auto located = LocateSearch(recording, FindSteps(recording), source);
  if (!located) {
    Error& error = located.error();
    if (error.where.file.empty()) error.where.file = recording.file;
    return tl::unexpected(std::move(error));
  }
  DiagnosisReport report;
  report.recording = &recording;
  report.located = *std::move(located);
  report.graph_kind = source.kind();
  report.graph = &source.graph();
  DiagnosisRequest request;
  request.evidence = &report.located.evidence;
  request.space = &report.located.space;
  request.priors = settings.priors;
  request.culprit = report.located.culprit;
  request.hypothetical_graph = source.kind() == GraphKind::kReconstructed ||
                               source.kind() == GraphKind::kMixed;
  report.diagnosis = Diagnose(request);
  if (request.culprit) {
    report.culprit_findings = FindOnCulprit(
        recording, source, report.graph->Id(*request.culprit), settings.rules);
    report.culprit_subject = source.Subject(report.graph->Id(*request.culprit));
  }
  return report;
}

}  // namespace rebisect
