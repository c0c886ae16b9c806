#pragma once

#include <string>
#include <string_view>

#include "scenarios/recording/recording.h"
#include "sim/base/result.h"

namespace rebisect {

/// Whether the line (as TextLine::text gives it) is one that only a bisection
/// log of syzkaller holds.
[[nodiscard]] bool IsSyzkallerLine(std::string_view text);

/// Reads a bisection log of syzkaller, of any period since 2018, whole or in
/// part. Git's good and bad are kept as git was told them, so in a search for
/// a fix (RecordingKind::kFix) they are the opposite of the crash's. The
/// description of the culprit and the report of the crash at the end are
/// recognised and not kept; so is the text of a build's or a run's failure
/// below its first line. Linear in the size of `bytes`.
/// Errors: kInput when no line of a bisection is found.
/// Source: pkg/bisect/bisect.go of google/syzkaller and what it calls.
[[nodiscard]] Result<Recording> ParseSyzkaller(std::string_view bytes,
                                               const std::string& file);

}  // namespace rebisect
