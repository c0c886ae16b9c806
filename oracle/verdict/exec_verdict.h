#pragma once

#include "oracle/verdict/verdict_entry.h"

namespace rebisect {

/// A verdict policy that asks a program (PolicyProgram;
/// scenarios/policies/README.md, "Policies as programs"). It learns as
/// LearnOfReproducer() does. Once the program has failed every ruling is
/// kAbort, and Failure() says why. Errors of its maker: those of
/// ReadProgramSpec(); the program is not started yet.
extern const VerdictEntry kExecVerdictEntry;

}  // namespace rebisect
