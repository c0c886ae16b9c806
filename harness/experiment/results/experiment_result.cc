#include "harness/experiment/results/experiment_result.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "sim/base/check.h"

namespace rebisect {
namespace {

/// Values below this are counted in place.
constexpr std::size_t kSmallValues = 1024;
/// Others are sorted when this many have come, or as many as are sorted.
constexpr std::size_t kMinToSettle = 4096;

/// Ascending, each value once.
void SortTogether(ValueCounts& counts) {
  std::sort(counts.begin(), counts.end(),
            [](const ValueCount& a, const ValueCount& b) {
              return a.value < b.value;
            });
  std::size_t kept = 0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (kept > 0 && counts[kept - 1].value == counts[i].value) {
      counts[kept - 1].count += counts[i].count;
    } else {
      counts[kept++] = counts[i];
    }
  }
  counts.resize(kept);
}

void AddTo(PairBlock& total, const PairBlock& part) {
  total.right.both += part.right.both;
  total.right.only_first += part.right.only_first;
  total.right.only_second += part.right.only_second;
  total.right.neither += part.right.neither;
  total.tests.Add(part.tests);
  total.cost_ms.Add(part.cost_ms);
}

}  // namespace

std::string_view NameOf(TrialOutcome outcome) {
  constexpr std::array<std::string_view, kTrialOutcomes> kNames = {
      "right", "wrong", "unnamed", "only_skipped", "aborted", "over_budget"};
  return kNames[static_cast<std::size_t>(outcome)];
}

std::string_view NameOf(Quantity quantity) {
  constexpr std::array<std::string_view, kQuantities> kNames = {
      "tests", "runs", "builds", "cost_ms"};
  return kNames[static_cast<std::size_t>(quantity)];
}

void ValueCounter::Add(std::int64_t value, std::uint64_t count) {
  REBISECT_CHECK(value >= 0 && value <= kMaxQuantity);
  if (count == 0) return;
  const auto at = static_cast<std::size_t>(value);
  if (at < kSmallValues) {
    if (at >= small_.size()) small_.resize(kSmallValues);
    small_[at] += count;
    return;
  }
  large_.push_back({value, count});
  if (large_.size() >= settled_ + std::max(settled_, kMinToSettle)) Settle();
}

void ValueCounter::Add(const ValueCounts& counts) {
  for (const ValueCount& entry : counts) Add(entry.value, entry.count);
}

void ValueCounter::Settle() {
  SortTogether(large_);
  settled_ = large_.size();
}

ValueCounts ValueCounter::Counts() const {
  ValueCounts counts;
  for (std::size_t value = 0; value < small_.size(); ++value) {
    if (small_[value] > 0) {
      counts.push_back({static_cast<std::int64_t>(value), small_[value]});
    }
  }
  ValueCounts large = large_;
  SortTogether(large);
  counts.insert(counts.end(), large.begin(), large.end());
  return counts;
}

void Calibration::Add(double confidence, bool right) {
  REBISECT_CHECK(confidence >= 0 && confidence <= 1);
  const auto units = static_cast<std::uint64_t>(
      std::llround(confidence * static_cast<double>(kUnits)));
  Bin& bin = bins[std::min<std::size_t>(units / kBinUnits, kBins - 1)];
  ++bin.count;
  bin.right += right ? 1 : 0;
  bin.confidence += units;
}

void Calibration::Add(const Calibration& other) {
  for (std::size_t i = 0; i < kBins; ++i) {
    bins[i].count += other.bins[i].count;
    bins[i].right += other.bins[i].right;
    bins[i].confidence += other.bins[i].confidence;
  }
}

std::uint64_t TrialsOf(const OutcomeCounts& outcomes) {
  std::uint64_t trials = 0;
  for (const std::uint64_t count : outcomes) trials += count;
  return trials;
}

std::size_t PairsOf(std::size_t cells) {
  return cells == 0 ? 0 : cells * (cells - 1) / 2;
}

std::size_t PairIndex(std::size_t first, std::size_t second,
                      std::size_t cells) {
  REBISECT_CHECK(first < second && second < cells);
  return PairsOf(cells) - PairsOf(cells - first) + (second - first - 1);
}

std::size_t ExperimentInfo::BlocksOf(std::size_t group) const {
  const std::uint64_t trials = groups[group].trials;
  return static_cast<std::size_t>(trials / block_trials +
                                  (trials % block_trials != 0 ? 1 : 0));
}

std::uint64_t ExperimentInfo::TrialsIn(std::size_t group,
                                       std::size_t block) const {
  REBISECT_CHECK(block < BlocksOf(group));
  return std::min(block_trials, groups[group].trials - block * block_trials);
}

bool ExperimentTotal::Complete() const {
  for (std::size_t i = 0; i < groups.size(); ++i) {
    if (groups[i].blocks < info.BlocksOf(i)) return false;
    for (std::size_t c = 0; c < groups[i].cells.size(); ++c) {
      if (info.groups[i].cells[c].exact && !groups[i].cells[c].exact) {
        return false;
      }
    }
  }
  return true;
}

ExperimentTotals::ExperimentTotals(ExperimentInfo info) {
  for (const GroupInfo& group : info.groups) {
    GroupTotal total;
    total.cells.resize(group.cells.size());
    total.pairs.resize(PairsOf(group.cells.size()));
    total_.groups.push_back(std::move(total));
    counters_.emplace_back(group.cells.size());
  }
  total_.info = std::move(info);
}

void ExperimentTotals::Add(const BlockResult& block) {
  GroupTotal& group = total_.groups[block.group];
  ++group.blocks;
  group.trials += total_.info.TrialsIn(block.group, block.block);
  for (std::size_t c = 0; c < block.cells.size(); ++c) {
    CellTotal& total = group.cells[c];
    const CellBlock& part = block.cells[c];
    for (std::size_t i = 0; i < kTrialOutcomes; ++i) {
      total.outcomes[i] += part.outcomes[i];
    }
    for (std::size_t i = 0; i < kQuantities; ++i) {
      counters_[block.group][c][i].Add(part.quantities[i]);
    }
    total.calibration.Add(part.calibration);
  }
  for (std::size_t i = 0; i < block.pairs.size(); ++i) {
    AddTo(group.pairs[i], block.pairs[i]);
  }
}

void ExperimentTotals::Add(const ExactCell& cell) {
  total_.groups[cell.group].cells[cell.cell].exact = cell;
}

ExperimentTotal ExperimentTotals::Take() {
  for (std::size_t g = 0; g < counters_.size(); ++g) {
    for (std::size_t c = 0; c < counters_[g].size(); ++c) {
      for (std::size_t i = 0; i < kQuantities; ++i) {
        total_.groups[g].cells[c].quantities[i] = counters_[g][c][i].Counts();
      }
    }
  }
  counters_.clear();
  ExperimentTotal taken = std::move(total_);
  total_ = {};
  return taken;
}

}  // namespace rebisect
