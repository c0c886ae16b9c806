#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "scenarios/recording/recording.h"
#include "sim/base/result.h"

namespace rebisect {

/// The true culprits of a corpus, by name of the recording; kNoTrueCulprit
/// where no commit of the range is to blame.
using TruthTable = std::map<std::string, std::string, std::less<>>;

inline constexpr std::string_view kNoTrueCulprit = "none";

/// Reads lines `name<TAB>culprit`; `#` begins a comment, empty lines are fine.
/// Errors: kInput with file and line: no tab, a name twice, no culprit.
[[nodiscard]] Result<TruthTable> ReadTruthTable(std::string_view bytes,
                                                const std::string& file);

/// The truth of a recording: the table's, else what its YAML says; nullopt:
/// not known.
[[nodiscard]] std::optional<std::string> TruthOf(const Recording& recording,
                                                 const TruthTable& table);

/// The true culprit where that is beyond doubt: the table says it, or the
/// recording's own judgement of its end is "right".
[[nodiscard]] std::optional<std::string> KnownCulprit(
    const Recording& recording, const TruthTable& table);

}  // namespace rebisect
