#pragma once

// Sources: results_compare.cc, results_csv.cc, results_json.cc,
// results_markdown.cc, results_text.cc: a file for each format.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/experiment/results/experiment_result.h"
#include "harness/stats/statistics.h"
#include "harness/text/terminal.h"

namespace rebisect {

/// A mean difference between two policies.
struct MeanComparison {
  MeanEstimate difference{};
  std::optional<double> p_adjusted{};  ///< none: too few trials

  [[nodiscard]] bool Significant() const {
    return p_adjusted && *p_adjusted < kSignificance;
  }
};

/// Two cells of a group on the same trials. Differences are of the second
/// less the first. Adjusted p-values are Holm's, over all comparisons of the
/// same figure in the experiment.
struct CellComparison {
  std::size_t group = 0;
  std::size_t first = 0;
  std::size_t second = 0;
  PairedCounts right{};
  double difference = 0;  ///< of the shares that are right
  Interval interval{};    ///< PairedScoreInterval()
  double p = 1;           ///< McNemarExact()
  double p_adjusted = 1;
  std::optional<MeanComparison> tests{};    ///< where both measured it
  std::optional<MeanComparison> cost_ms{};  ///< the same

  [[nodiscard]] bool Significant() const { return p_adjusted < kSignificance; }
};

/// All of an experiment, in its order; none of groups without trials.
[[nodiscard]] std::vector<CellComparison> Compare(
    const ExperimentTotal& experiment);

/// A cell that no other of its group is as often right as for less.
struct CurvePoint {
  std::size_t cell = 0;
  double right = 0;  ///< share of trials, or exactly
  double cost = 0;   ///< mean, the same
};
/// The accuracy-cost curve: from the cheapest such cell to the one that is
/// right most often. Cells count by their exact result, where they have one,
/// else by their trials: which points lie on the curve is as uncertain as
/// those. Empty where the quantity was not measured.
[[nodiscard]] std::vector<CurvePoint> AccuracyCostCurve(const GroupTotal& group,
                                                        Quantity quantity);

/// How well a policy knew what it knows.
struct CalibrationSummary {
  std::uint64_t named = 0;  ///< trials that had a confidence
  double confidence = 0;    ///< its mean
  double right = 0;         ///< the share of them that was right
  /// Expected calibration error: the mean over trials of the distance between
  /// confidence and share right in the trial's bin.
  double error = 0;
};
/// nullopt: no confidences.
[[nodiscard]] std::optional<CalibrationSummary> Summarise(
    const Calibration& calibration);

/// rebisect.results/1: what there is and what follows from it, in one line.
/// Figures that are estimated have six digits.
[[nodiscard]] std::string ResultsJson(const ExperimentTotal& experiment);

/// rebisect.results-export/1: the same, with the specification and every
/// count, so that equal lines are equal results.
[[nodiscard]] std::string ResultsExport(const ExperimentTotal& experiment);

/// For people, `style.width` columns.
[[nodiscard]] std::string ResultsText(const ExperimentTotal& experiment,
                                      const TerminalStyle& style);

/// For an issue or a mail (harness/text/markdown.h): the cells of each group.
[[nodiscard]] std::string ResultsMarkdown(const ExperimentTotal& experiment);

/// Tables of an export as CSV (RFC 4180).
enum class ResultsTable { kCells, kComparisons, kCounts, kCalibration };
/// The names of the columns, and the rows of an experiment, each line with
/// its end.
[[nodiscard]] std::string CsvHeader(ResultsTable table);
[[nodiscard]] std::string CsvRows(ResultsTable table,
                                  const ExperimentTotal& experiment);

/// Blocks and exact cells that are there, and that belong there.
struct PartCounts {
  std::size_t blocks = 0;
  std::size_t of_blocks = 0;
  std::size_t exact = 0;
  std::size_t of_exact = 0;

  [[nodiscard]] bool Complete() const {
    return blocks == of_blocks && exact == of_exact;
  }
  /// "complete: 4 of 4 blocks" or "INCOMPLETE: 3 of 4 blocks, ...".
  [[nodiscard]] std::string Text() const;
};
[[nodiscard]] PartCounts CountParts(const ExperimentTotal& experiment);

/// rebisect.results-list/1, one line; and a few lines for people.
[[nodiscard]] std::string ResultsListJson(const ExperimentInfo& experiment,
                                          const PartCounts& parts);
[[nodiscard]] std::string ResultsListText(const ExperimentInfo& experiment,
                                          const PartCounts& parts,
                                          const TerminalStyle& style);

/// Right, wrong and neither, of sampled trials.
enum class ShareKind { kRight, kWrong, kUndecided };
[[nodiscard]] std::uint64_t CountOf(const OutcomeCounts& outcomes,
                                    ShareKind kind);
[[nodiscard]] double ShareOf(const ExactCell& exact, ShareKind kind);

}  // namespace rebisect
