#pragma once

#include "sim/policies/selection_entry.h"

namespace rebisect {

/// A selection policy that asks a program (PolicyProgram;
/// scenarios/policies/README.md, "Policies as programs"). It trusts no verdict:
/// the program gets the suspects once, as long as they stay the same, and with
/// each question all verdicts. One process for all searches of the policy; it
/// is started with the first.
///
/// Errors of Next(): those of PolicyProgram::Ask(); kInput for an answer that
/// names a commit that is no suspect, is skipped or does not count, or none at
/// all; kNoTestable when no suspect counts. After the first error of the
/// program every call has the same. A call takes O(n) beside the program's
/// time, to see that the suspects are the same.
///
/// Errors of its maker: those of ReadProgramSpec().
extern const SelectionEntry kExecSelectionEntry;

}  // namespace rebisect
