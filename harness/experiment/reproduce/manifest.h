#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/experiment/results/experiment_result.h"
#include "harness/experiment/spec/experiment.h"
#include "harness/stats/statistics.h"
#include "sim/base/result.h"

namespace rebisect {

/// What is published of a policy, and compared.
enum class Figure {
  kRight,     ///< the share of bisections that find the culprit
  kTests,     ///< on average
  kTestsMax,  ///< in the worst case
  kRuns,      ///< on average
};
inline constexpr std::size_t kFigures = 4;
inline constexpr std::array<std::string_view, kFigures> kFigureNames = {
    "right", "tests", "tests-max", "runs"};
/// What a manifest calls a figure's spread; empty: it has none.
inline constexpr std::array<std::string_view, kFigures> kSpreadNames = {
    "", "tests-sd", "", "runs-sd"};

/// Standard deviations between bisections, of the figures that are means.
using Spreads = std::array<std::optional<double>, kFigures>;

/// Figures that somebody published; each a range, of no width for one number.
struct PublishedFigures {
  std::array<std::optional<Interval>, kFigures> values{};
  Spreads spreads{};
  /// Of how many bisections they are means; absent: not stated, or exact.
  std::optional<std::uint64_t> trials{};
};

/// Figures that rebisect made when the manifest was written.
struct RecordedFigures {
  std::array<std::optional<double>, kFigures> values{};
  Spreads spreads{};
  std::uint64_t trials = 0;  ///< 0: exact
};

/// One row of what is published: a cell of the experiment, or the mean over
/// several, and its figures.
struct ManifestResult {
  /// What the cell is called in results; empty: there is no choice.
  std::string select{};
  std::string retry{};
  std::string verdict{};
  std::string graph{};
  std::string truth{};
  std::string noise{};  ///< its name, or all of it
  std::string budget{};
  std::size_t mean_of = 1;  ///< this many cells are meant
  PublishedFigures published{};
  std::optional<RecordedFigures> recorded{};
  std::string why{};  ///< the figures differ
  Position where{};
};

/// A published experiment: where from, in our terms, and what came of it.
struct Manifest {
  std::string file{};
  std::string source{};
  std::string setting{};
  ExperimentSpec experiment{};
  std::string made_version{};  ///< what made the recorded figures
  std::string made_digest{};   ///< ExperimentInfo::Digest() of it
  std::vector<ManifestResult> results{};
};

/// Reads a manifest; scenarios/experiments/README.md describes it ("The
/// manifest"). `path` names it in errors and is what relative paths start from.
/// Errors: kInput with file, line and column; those of ReadExperiment().
[[nodiscard]] Result<Manifest> ReadManifest(const std::string& text,
                                            const std::string& path);

/// The manifest of a complete experiment: what is known of it is filled in,
/// source and setting are to be written by its author. Its paths have no
/// folders: they are looked for beside the manifest.
/// REQUIRES: experiment.Complete().
[[nodiscard]] std::string WriteManifest(const ExperimentTotal& experiment);

}  // namespace rebisect
