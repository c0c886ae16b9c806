#pragma once

// Sources: reproduction_report.cc: what is printed of it.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "harness/experiment/reproduce/manifest.h"
#include "harness/experiment/results/experiment_result.h"
#include "harness/text/terminal.h"
#include "sim/base/result.h"

namespace rebisect {

/// What a figure that was made again says to the recorded one.
enum class Agreement {
  kNotRecorded,
  kNotCompared,  ///< too few trials, or the worst of others
  kIdentical,
  kWithinError,  ///< another experiment, seed or version
  kDiffers,
};

/// Figures differ beyond this many standard errors: one time in a thousand
/// they do by chance.
inline constexpr double kReproductionZ = 3.290526731491926;

struct ReproducedFigure {
  Figure figure = Figure::kRight;
  std::optional<Interval> published{};
  std::optional<double> recorded{};
  double again = 0;
  std::optional<double> spread{};  ///< of it, where it is a mean of trials
  Agreement agreement = Agreement::kNotRecorded;
  /// `again` is in the range that is published, or within error; none where
  /// nothing is published, or the trials are too few to say.
  std::optional<bool> as_published{};
};

struct ReproducedResult {
  const ManifestResult* result = nullptr;
  std::uint64_t trials = 0;  ///< of all its cells; 0: exact
  std::vector<ReproducedFigure> figures{};
};

/// A manifest's experiment, run again.
struct Reproduction {
  const Manifest* manifest = nullptr;
  std::string digest{};
  std::string version{};
  bool same = false;  ///< as the experiment that was recorded, to the last bit
  std::vector<ReproducedResult> results{};

  [[nodiscard]] bool Agrees() const;
};

/// Cells of an experiment, as (group, cell).
using CellPlaces = std::vector<std::pair<std::size_t, std::size_t>>;

/// For each result of the manifest its cells. `info` is of the manifest's
/// experiment. Errors: kInput, at the result, when there are not as many as it
/// says.
[[nodiscard]] Result<std::vector<CellPlaces>> FindCells(
    const Manifest& manifest, const ExperimentInfo& info);

/// Compares figures. Those of one and the same experiment have to be
/// identical. Others: shares by Newcombe's score interval for the difference
/// of two (Statistics in Medicine 17, 1998, pp. 873-890, method 10) with Yates'
/// correction, means by z, with their spreads, and where one is not stated the
/// other's for both; at kReproductionZ, from kMinForNormal trials on. Exact
/// figures have no error. `manifest` is borrowed. REQUIRES: total.Complete(),
/// and cells as FindCells() gives them.
[[nodiscard]] Reproduction Reproduce(const Manifest& manifest,
                                     const std::vector<CellPlaces>& cells,
                                     const ExperimentTotal& total);

/// For people, `style.width` columns.
[[nodiscard]] std::string ReproductionText(const Reproduction& reproduction,
                                           const TerminalStyle& style);

/// rebisect.reproduce/1, one line. Figures have all their digits.
[[nodiscard]] std::string ReproductionJson(const Reproduction& reproduction);

}  // namespace rebisect
