#pragma once

// Sources: experiment_graph_read.cc, experiment_noise_read.cc,
// experiment_prior_read.cc, experiment_read.cc, experiment_text.cc: a file for
// each part of an experiment.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "harness/experiment/spec/experiment.h"
#include "scenarios/yaml/yaml_fields.h"
#include "scenarios/yaml/yaml_tree.h"
#include "sim/base/result.h"

// The parts of an experiment file, one function a part; ReadExperiment() puts
// them together. Errors of all: kInput, with file, line and column.

namespace rebisect {

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
/// them of the time that a build took on average, and the same of a run.
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
