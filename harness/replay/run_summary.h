#pragma once

#include <string>

#include "scenarios/recording/recording.h"

namespace rebisect {

/// The runs of a test in a few words: "all OK", "all crashed: TITLE",
/// "1 of 10 crashed: TITLE; 9 OK". Empty without runs.
[[nodiscard]] std::string SummariseRuns(const Test& test);

}  // namespace rebisect
