#pragma once

#include <string>

#include "harness/cli/commands.h"
#include "harness/diagnose/diagnose_recording.h"
#include "scenarios/recording/truth_table.h"
#include "sim/base/result.h"

namespace rebisect {

/// What the options let a diagnosis take for granted.
/// Errors: those of the files that they name.
[[nodiscard]] Result<DiagnosisSettings> ReadAssumptions(
    const AssumptionArguments& arguments);

/// A table of true culprits; an empty path stands for an empty one.
/// Errors: those of ReadInput() and ReadTruthTable().
[[nodiscard]] Result<TruthTable> LoadTruthTable(const std::string& path);

}  // namespace rebisect
