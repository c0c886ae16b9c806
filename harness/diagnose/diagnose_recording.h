#pragma once

#include "harness/diagnose/diagnose_report.h"
#include "harness/diagnose/path_rules.h"
#include "harness/graph/graph_source.h"
#include "oracle/diagnosis/model_priors.h"
#include "scenarios/recording/recording.h"
#include "sim/base/result.h"

namespace rebisect {

/// What a diagnosis takes for granted.
struct DiagnosisSettings {
  ModelPriors priors{};
  PathRules rules{};
};

/// Weighs what a recording shows on the graph of `source`, and looks at the
/// culprit it names. The report borrows the recording and the source's graph.
/// Errors: those of LocateSearch(), with the recording's file.
[[nodiscard]] Result<DiagnosisReport> DiagnoseRecording(
    const Recording& recording, GraphSource& source,
    const DiagnosisSettings& settings);

}  // namespace rebisect
