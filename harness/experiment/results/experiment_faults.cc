// What cannot be true of results, from any writer.

#include <cmath>

#include "harness/experiment/results/experiment_result.h"

namespace rebisect {
namespace {

constexpr std::uint64_t kMaxTrials = std::uint64_t{1} << 40;
constexpr std::size_t kMaxCells = 4096;

Int128 SumOf(const ValueCounts& counts) {
  Int128 sum = 0;
  for (const ValueCount& entry : counts) {
    sum += static_cast<Int128>(entry.value) * entry.count;
  }
  return sum;
}

std::string FaultOf(const CellBlock& cell, std::uint64_t trials) {
  for (const std::uint64_t count : cell.outcomes) {
    if (count > trials) return "an outcome has more trials than the block";
  }
  if (TrialsOf(cell.outcomes) != trials) {
    return "the outcomes of a cell are not as many as the trials";
  }
  for (const ValueCounts& counts : cell.quantities) {
    std::int64_t least = 0;
    std::uint64_t total = 0;
    for (const ValueCount& entry : counts) {
      if (entry.value < least || entry.value > kMaxQuantity) {
        return "the values of a quantity are out of order or of range";
      }
      if (entry.count == 0 || entry.count > trials) {
        return "a value of a quantity has an impossible count";
      }
      least = entry.value + 1;
      total += entry.count;
    }
    if (!counts.empty() && total != trials) {
      return "the values of a quantity are not as many as the trials";
    }
  }
  std::uint64_t named = 0;
  for (std::size_t i = 0; i < Calibration::kBins; ++i) {
    const Calibration::Bin& bin = cell.calibration.bins[i];
    if (bin.count > trials || bin.right > bin.count ||
        bin.confidence < bin.count * Calibration::kBinUnits * i ||
        bin.confidence > bin.count * Calibration::kBinUnits * (i + 1)) {
      return "a bin of the calibration contradicts itself";
    }
    named += bin.count;
  }
  if (named > trials) return "more confidences than trials";
  return "";
}

/// A difference summed over pairs is that of the two sums.
bool IsDifference(const DifferenceSums& sums, const CellBlock& first,
                  const CellBlock& second, Quantity quantity) {
  const ValueCounts& a = first.quantities[static_cast<std::size_t>(quantity)];
  const ValueCounts& b = second.quantities[static_cast<std::size_t>(quantity)];
  if (a.empty() || b.empty()) return sums == DifferenceSums{};
  // A sum of squares is at least the sum, in size, of whole numbers.
  return sums.sum == SumOf(b) - SumOf(a) && sums.squares >= sums.sum &&
         sums.squares >= -sums.sum;
}

std::string FaultOfPair(const PairBlock& pair, const CellBlock& first,
                        const CellBlock& second, std::uint64_t trials) {
  const auto right = [](const CellBlock& cell) {
    return cell.outcomes[static_cast<std::size_t>(TrialOutcome::kRight)];
  };
  const PairedCounts& counts = pair.right;
  for (const std::uint64_t count :
       {counts.both, counts.only_first, counts.only_second, counts.neither}) {
    if (count > trials) return "a pair has more trials than the block";
  }
  if (counts.both + counts.only_first != right(first) ||
      counts.both + counts.only_second != right(second) ||
      right(first) + counts.only_second + counts.neither != trials) {
    return "a pair was not right as often as its cells";
  }
  if (!IsDifference(pair.tests, first, second, Quantity::kTests) ||
      !IsDifference(pair.cost_ms, first, second, Quantity::kCostMs)) {
    return "the differences of a pair are not those of its cells";
  }
  return "";
}

}  // namespace

std::string FaultOf(const ExperimentInfo& experiment) {
  if (experiment.block_trials == 0 || experiment.block_trials > kMaxBlock) {
    return "a block has no trials, or too many";
  }
  std::size_t blocks = 0;
  for (std::size_t i = 0; i < experiment.groups.size(); ++i) {
    const GroupInfo& group = experiment.groups[i];
    if (group.graph >= experiment.graphs.size()) {
      return "a group is on a graph that is not there";
    }
    if (group.trials > kMaxTrials ||
        (blocks += experiment.BlocksOf(i)) > kMaxBlocks) {
      return "there are too many trials or blocks";
    }
    if (group.cells.empty() || group.cells.size() > kMaxCells) {
      return "a group has no cells, or too many";
    }
  }
  return "";
}

std::string FaultOf(const BlockResult& block,
                    const ExperimentInfo& experiment) {
  if (block.group >= experiment.groups.size() ||
      block.block >= experiment.BlocksOf(block.group)) {
    return "the experiment has no such block";
  }
  const GroupInfo& group = experiment.groups[block.group];
  if (block.cells.size() != group.cells.size() ||
      block.pairs.size() != PairsOf(group.cells.size())) {
    return "the cells or pairs are not those of the group";
  }
  const std::uint64_t trials = experiment.TrialsIn(block.group, block.block);
  for (const CellBlock& cell : block.cells) {
    if (std::string fault = FaultOf(cell, trials); !fault.empty()) {
      return fault;
    }
  }
  std::size_t pair = 0;
  for (std::size_t first = 0; first < block.cells.size(); ++first) {
    for (std::size_t second = first + 1; second < block.cells.size();
         ++second) {
      if (std::string fault =
              FaultOfPair(block.pairs[pair++], block.cells[first],
                          block.cells[second], trials);
          !fault.empty()) {
        return fault;
      }
    }
  }
  return "";
}

std::string FaultOf(const ExactCell& cell, const ExperimentInfo& experiment) {
  if (cell.group >= experiment.groups.size() ||
      cell.cell >= experiment.groups[cell.group].cells.size() ||
      !experiment.groups[cell.group].cells[cell.cell].exact) {
    return "the experiment has no such exact cell";
  }
  double sum = 0;
  for (const double share : cell.shares) {
    if (!(share >= 0 && share <= 1 + 1e-9)) return "a share is none";
    sum += share;
  }
  if (std::abs(sum - 1) > 1e-6) return "the shares do not add up to 1";
  for (const auto& cost : cell.costs) {
    if (!cost) continue;
    if (cost->p50 < 0 || cost->p95 < cost->p50 || cost->max < cost->p95 ||
        cost->max > kMaxQuantity || !(cost->mean >= 0) ||
        cost->mean > static_cast<double>(cost->max) * (1 + 1e-9)) {
      return "a mean or a quantile is impossible";
    }
  }
  return "";
}

}  // namespace rebisect
