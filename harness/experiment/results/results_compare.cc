// Policies side by side: what follows from the sums of an experiment.

#include <algorithm>
#include <cmath>

#include "harness/experiment/results/results_report.h"

namespace rebisect {
namespace {

bool Measured(const GroupTotal& group, std::size_t cell, Quantity quantity) {
  return !group.cells[cell]
              .quantities[static_cast<std::size_t>(quantity)]
              .empty();
}

std::optional<MeanComparison> MeanOfPair(const GroupTotal& group,
                                         const CellComparison& pair,
                                         Quantity quantity,
                                         const DifferenceSums& sums) {
  if (!Measured(group, pair.first, quantity) ||
      !Measured(group, pair.second, quantity)) {
    return std::nullopt;
  }
  return MeanComparison{EstimateMean(group.trials, sums.sum, sums.squares), {}};
}

/// Adjusts the p-values of one figure over all comparisons that have it.
void AdjustMeans(std::vector<CellComparison>& pairs,
                 std::optional<MeanComparison> CellComparison::*figure) {
  std::vector<MeanComparison*> compared;
  std::vector<double> p;
  for (CellComparison& pair : pairs) {
    if (!(pair.*figure) || !(pair.*figure)->difference.p) continue;
    compared.push_back(&*(pair.*figure));
    p.push_back(*(pair.*figure)->difference.p);
  }
  const std::vector<double> adjusted = HolmAdjusted(p);
  for (std::size_t i = 0; i < compared.size(); ++i) {
    compared[i]->p_adjusted = adjusted[i];
  }
}

}  // namespace

std::vector<CurvePoint> AccuracyCostCurve(const GroupTotal& group,
                                          Quantity quantity) {
  const auto q = static_cast<std::size_t>(quantity);
  std::vector<CurvePoint> points;
  for (std::size_t c = 0; c < group.cells.size(); ++c) {
    const CellTotal& cell = group.cells[c];
    if (cell.exact && cell.exact->costs[q]) {
      points.push_back({c, ShareOf(*cell.exact, ShareKind::kRight),
                        cell.exact->costs[q]->mean});
    } else if (!cell.quantities[q].empty()) {
      const auto right =
          static_cast<double>(CountOf(cell.outcomes, ShareKind::kRight));
      points.push_back({c, right / static_cast<double>(TrialsOf(cell.outcomes)),
                        MeanOf(cell.quantities[q]).mean});
    }
  }
  std::sort(points.begin(), points.end(),
            [](const CurvePoint& a, const CurvePoint& b) {
              if (a.cost != b.cost) return a.cost < b.cost;
              if (a.right != b.right) return a.right > b.right;
              return a.cell < b.cell;
            });
  std::vector<CurvePoint> curve;
  for (const CurvePoint& point : points) {
    if (curve.empty() || point.right > curve.back().right) {
      curve.push_back(point);
    }
  }
  return curve;
}

std::vector<CellComparison> Compare(const ExperimentTotal& experiment) {
  std::vector<CellComparison> pairs;
  std::vector<double> p;
  for (std::size_t g = 0; g < experiment.groups.size(); ++g) {
    const GroupTotal& group = experiment.groups[g];
    if (group.trials == 0) continue;
    std::size_t index = 0;
    for (std::size_t first = 0; first < group.cells.size(); ++first) {
      for (std::size_t second = first + 1; second < group.cells.size();
           ++second) {
        const PairBlock& sums = group.pairs[index++];
        CellComparison pair;
        pair.group = g;
        pair.first = first;
        pair.second = second;
        pair.right = sums.right;
        pair.difference = (static_cast<double>(sums.right.only_second) -
                           static_cast<double>(sums.right.only_first)) /
                          static_cast<double>(group.trials);
        pair.interval = PairedScoreInterval(sums.right);
        pair.p = McNemarExact(sums.right.only_first, sums.right.only_second);
        pair.tests = MeanOfPair(group, pair, Quantity::kTests, sums.tests);
        pair.cost_ms = MeanOfPair(group, pair, Quantity::kCostMs, sums.cost_ms);
        p.push_back(pair.p);
        pairs.push_back(pair);
      }
    }
  }
  const std::vector<double> adjusted = HolmAdjusted(p);
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    pairs[i].p_adjusted = adjusted[i];
  }
  AdjustMeans(pairs, &CellComparison::tests);
  AdjustMeans(pairs, &CellComparison::cost_ms);
  return pairs;
}

std::optional<CalibrationSummary> Summarise(const Calibration& calibration) {
  CalibrationSummary summary;
  constexpr auto kUnits = static_cast<double>(Calibration::kUnits);
  double right = 0;
  for (const Calibration::Bin& bin : calibration.bins) {
    const double confidence = static_cast<double>(bin.confidence) / kUnits;
    summary.named += bin.count;
    summary.confidence += confidence;
    right += static_cast<double>(bin.right);
    summary.error += std::abs(confidence - static_cast<double>(bin.right));
  }
  if (summary.named == 0) return std::nullopt;
  const auto named = static_cast<double>(summary.named);
  summary.confidence /= named;
  summary.right = right / named;
  summary.error /= named;
  return summary;
}

PartCounts CountParts(const ExperimentTotal& experiment) {
  PartCounts parts;
  for (std::size_t g = 0; g < experiment.groups.size(); ++g) {
    const GroupTotal& group = experiment.groups[g];
    parts.blocks += group.blocks;
    parts.of_blocks += experiment.info.BlocksOf(g);
    for (std::size_t c = 0; c < group.cells.size(); ++c) {
      parts.exact += group.cells[c].exact ? 1 : 0;
      parts.of_exact += experiment.info.groups[g].cells[c].exact ? 1 : 0;
    }
  }
  return parts;
}

std::string PartCounts::Text() const {
  std::string text = Complete() ? "complete: " : "INCOMPLETE: ";
  text += std::to_string(blocks) + " of " + std::to_string(of_blocks) +
          (of_blocks == 1 ? " block" : " blocks");
  if (of_exact > 0) {
    text += ", " + std::to_string(exact) + " of " + std::to_string(of_exact) +
            (of_exact == 1 ? " exact cell" : " exact cells");
  }
  return text;
}

std::uint64_t CountOf(const OutcomeCounts& outcomes, ShareKind kind) {
  if (kind == ShareKind::kRight) return outcomes[0];
  if (kind == ShareKind::kWrong) return outcomes[1];
  return TrialsOf(outcomes) - outcomes[0] - outcomes[1];
}

double ShareOf(const ExactCell& exact, ShareKind kind) {
  if (kind == ShareKind::kRight) return exact.shares[0];
  if (kind == ShareKind::kWrong) return exact.shares[1];
  double undecided = 0;
  for (std::size_t i = 2; i < kTrialOutcomes; ++i) undecided += exact.shares[i];
  return undecided;
}

}  // namespace rebisect
