#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/cases/scenario.h"
#include "scenarios/yaml/yaml_fields.h"
#include "scenarios/yaml/yaml_tree.h"
#include "sim/base/result.h"

// Parts of suite files and of tool files. Each reader keeps its errors in the
// `fields` that it is given, or answers kInput with file, line and column.

namespace rebisect {

/// `rebisect: <schema>`; `what` is "a suite".
void ReadSchema(YamlFields& fields, const YamlNode& root,
                std::string_view schema, std::string_view what);

/// A field that has to be there, and not be empty.
void NeedText(YamlFields& fields, const YamlNode& node, std::string_view key,
              std::string* value);

/// A text that may name a commit: not empty, no blanks.
[[nodiscard]] Result<CommitName> ReadCommitName(const YamlNode& node,
                                                std::string_view what);
void ReadCommitName(YamlFields& fields, std::string_view key,
                    std::optional<CommitName>* value);
/// A list of them; one alone stands for a list of one.
[[nodiscard]] Result<std::vector<CommitName>> ReadCommitNames(
    const YamlNode& node, std::string_view what);
void ReadCommitNames(YamlFields& fields, std::string_view key,
                     std::vector<CommitName>* value);

/// Features of tools. Errors: one that there is not, with the nearest.
void ReadFeatures(YamlFields& fields, std::string_view key,
                  std::vector<std::string>* value);
[[nodiscard]] Result<ToolOutcome> ReadOutcome(const YamlNode& node);

/// A number over 0 and up to a day.
void ReadSeconds(YamlFields& fields, const YamlNode& node, std::string_view key,
                 std::optional<double>* value);

// The larger parts of a scenario.
[[nodiscard]] Result<void> ReadScenarioStart(const YamlNode& node,
                                             ScenarioStart* start);
[[nodiscard]] Result<void> ReadScenarioRepository(
    const YamlNode& node, ScenarioRepository* repository);
[[nodiscard]] Result<void> ReadExpectation(const YamlNode& node,
                                           Expectation* expect);
[[nodiscard]] Result<void> ReadErratum(const YamlNode& node, Erratum* erratum);

}  // namespace rebisect
