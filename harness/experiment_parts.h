#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "harness/experiment.h"
#include "scenarios/yaml_fields.h"
#include "scenarios/yaml_tree.h"
#include "sim/result.h"

// The parts of an experiment file, one function a part; ReadExperiment() puts
// them together. Errors of all: kInput, with file, line and column.

namespace rebisect {

/// What a path in the file `file` means: with `~/` the home folder, else
/// relative to the folder of `file`.
[[nodiscard]] std::string PathFrom(const std::string& file,
                                   const std::string& path);

/// Fields of numbers that have a range, both ends included. One that is not
/// there leaves its variable alone.
void Whole(YamlFields& fields, std::string_view key, std::uint64_t low,
           std::uint64_t high, std::optional<std::uint64_t>* value);
void Share(YamlFields& fields, std::string_view key, double* value);

[[nodiscard]] Result<ExperimentGraph> ReadExperimentGraph(
    const YamlNode& node, const std::string& file);

/// Reads the table of weights, too. Errors: those of the table.
[[nodiscard]] Result<ExperimentTruth> ReadExperimentTruth(
    const YamlNode& node, const std::string& file);

[[nodiscard]] Result<ExperimentNoise> ReadExperimentNoise(const YamlNode& node);

/// The mapping `priors`. Reads the tables, too. Errors: those of the tables.
[[nodiscard]] Result<std::vector<ExperimentPrior>> ReadExperimentPriors(
    const YamlNode& node, const std::string& file);

[[nodiscard]] Result<ExperimentBudget> ReadExperimentBudget(
    const YamlNode& node);

/// Reads the recordings, if the cost is to come from some: the median over
/// them of the time that a build took on average, and likewise of a run.
/// Errors: those of the recordings; none of them says how long things took.
[[nodiscard]] Result<ExperimentCost> ReadExperimentCost(
    const YamlNode& node, const std::string& file);

/// The experiment that is a part of another file: `text` is all of it.
[[nodiscard]] Result<ExperimentSpec> ReadExperiment(const YamlNode& root,
                                                    const std::string& text,
                                                    const std::string& path);

/// What ExperimentSpec::canonical is to be. Looks at all but that.
[[nodiscard]] std::string CanonicalText(const ExperimentSpec& spec);

}  // namespace rebisect
