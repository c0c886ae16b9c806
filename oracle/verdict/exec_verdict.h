#pragma once

#include <memory>

#include "oracle/verdict/verdict_policy.h"
#include "sim/base/result.h"
#include "sim/policies/policy_spec.h"

namespace rebisect {

/// A verdict policy that asks a program (PolicyProgram;
/// scenarios/policies/README.md, "Policies as programs"). It learns as
/// LearnOfReproducer() does. Once the program has failed every ruling is
/// kAbort, and Failure() says why. REQUIRES: spec.name is kProgramPolicy.
/// Errors: those of ReadProgramSpec(); the program is not started yet.
[[nodiscard]] Result<std::unique_ptr<VerdictPolicy>> MakeExecVerdict(
    const PolicySpec& spec);

}  // namespace rebisect
