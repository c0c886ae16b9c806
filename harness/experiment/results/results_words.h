#pragma once

#include <cstdint>
#include <string>

#include "harness/experiment/results/experiment_result.h"

// Figures of an experiment for people, in every report alike.

namespace rebisect {

inline constexpr double kMsPerHour = 3'600'000;

/// printf's `format` with one number.
[[nodiscard]] std::string FormatNumber(const char* format, double value);

/// "61.45%".
[[nodiscard]] std::string ShareText(double share);
/// " (low to high)".
[[nodiscard]] std::string RangeText(const std::string& low,
                                    const std::string& high);
/// "61.45% (59.30 to 63.56)", the share padded to `columns`.
[[nodiscard]] std::string SampledText(std::uint64_t count, std::uint64_t trials,
                                      int columns);
/// Four digits or more, never an exponent where a person would not write one.
[[nodiscard]] std::string FigureText(double value);

/// The policies of a cell. Without runs there is nothing to retry and to judge.
[[nodiscard]] std::string NameOf(const CellInfo& cell);

/// What a group is about, and what its trials are.
[[nodiscard]] std::string TitleOf(const ExperimentInfo& experiment,
                                  std::size_t group);
[[nodiscard]] std::string TrialsText(const GroupInfo& info,
                                     const GroupTotal& total);

}  // namespace rebisect
