#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/recording/recording.h"

namespace rebisect {

/// The words that stand for the enumerations of a Recording wherever people
/// read or write them (YAML, tables, JSON): lower case, words joined by "-".
[[nodiscard]] std::string_view NameOf(RunOutcome outcome);
[[nodiscard]] std::string_view NameOf(TestPurpose purpose);
[[nodiscard]] std::string_view NameOf(EndKind kind);
[[nodiscard]] std::string_view NameOf(RecordingKind kind);

/// The value with this name, or nothing.
[[nodiscard]] std::optional<RunOutcome> RunOutcomeNamed(std::string_view name);
[[nodiscard]] std::optional<TestPurpose> TestPurposeNamed(
    std::string_view name);
[[nodiscard]] std::optional<EndKind> EndKindNamed(std::string_view name);
[[nodiscard]] std::optional<RecordingKind> RecordingKindNamed(
    std::string_view name);

/// All names of one enumeration, in the order of its values.
[[nodiscard]] std::vector<std::string_view> RunOutcomeNames();
[[nodiscard]] std::vector<std::string_view> TestPurposeNames();
[[nodiscard]] std::vector<std::string_view> EndKindNames();
[[nodiscard]] std::vector<std::string_view> RecordingKindNames();

}  // namespace rebisect
