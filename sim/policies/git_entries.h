#pragma once

#include "sim/policies/selection_entry.h"

namespace rebisect {

/// GitSelection, of a release from 2.3.0 on.
extern const SelectionEntry kGitEntry;

/// The same among first parents, from 2.29.0 on. It has to be given suspects
/// of first parents alone.
extern const SelectionEntry kFirstParentEntry;

}  // namespace rebisect
