#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "harness/experiment/results/experiment_result.h"
#include "sim/base/prng.h"

namespace rebisect::testing_support {

/// Two groups: the first of three cells with 3 blocks (the last one short),
/// one of them exact as well; the second of two cells with one block.
inline ExperimentInfo SmallExperiment(std::uint64_t seed = 1) {
  ExperimentInfo info;
  info.name = "small";
  info.spec = "name: small\n";
  info.seed = seed;
  info.version = "0.1.0";
  info.block_trials = 40;
  info.graphs = {{"0123abcd", 100, 120, "generated: line 100"},
                 {"4567cdef", 300, 340, "generated: braid 300"}};
  info.groups = {{0,
                  "sampled",
                  "0.086/0.046",
                  "none",
                  100,
                  {{"git:2.50.0", "none", "any-crash", true},
                   {"git:2.50.0", "fixed:n=3", "majority", false},
                   {"noisy-binary", "none", "any-crash", false}}},
                 {1,
                  "sampled",
                  "none",
                  "tests=40",
                  40,
                  {{"best", "none", "any-crash", false},
                   {"linear", "none", "any-crash", false}}}};
  return info;
}

/// A block of trials that are drawn from (seed, group, block, trial) alone.
inline BlockResult MakeBlock(const ExperimentInfo& info, std::size_t group,
                             std::size_t block) {
  const std::size_t cells = info.groups[group].cells.size();
  BlockResult result{group, block, std::vector<CellBlock>(cells),
                     std::vector<PairBlock>(PairsOf(cells))};
  std::vector<std::array<ValueCounter, kQuantities>> counters(cells);
  for (std::uint64_t t = 0; t < info.TrialsIn(group, block); ++t) {
    Prng prng(info.seed, group, block * info.block_trials + t);
    std::vector<bool> right;
    std::vector<std::array<std::int64_t, kQuantities>> spent;
    for (std::size_t c = 0; c < cells; ++c) {
      const std::uint32_t draw = prng.Below(20);
      const auto outcome = draw < 12 + c ? TrialOutcome::kRight
                           : draw < 19   ? TrialOutcome::kWrong
                                         : TrialOutcome(2 + prng.Below(4));
      right.push_back(outcome == TrialOutcome::kRight);
      ++result.cells[c].outcomes[static_cast<std::size_t>(outcome)];
      const std::int64_t tests = 10 + prng.Below(5);
      spent.push_back({tests, tests * 3, tests - prng.Below(3),
                       tests * 1'000'000 + prng.Below(100'000)});
      for (std::size_t q = 0; q < kQuantities; ++q) {
        counters[c][q].Add(spent[c][q]);
      }
      if (c == 2) {
        result.cells[c].calibration.Add(.5 + .5 * (prng.Below(1000) / 1000.),
                                        right[c]);
      }
    }
    for (std::size_t a = 0; a < cells; ++a) {
      for (std::size_t b = a + 1; b < cells; ++b) {
        PairBlock& pair = result.pairs[PairIndex(a, b, cells)];
        ++(right[a] ? (right[b] ? pair.right.both : pair.right.only_first)
                    : (right[b] ? pair.right.only_second : pair.right.neither));
        pair.tests.Add(spent[b][0] - spent[a][0]);
        pair.cost_ms.Add(spent[b][3] - spent[a][3]);
      }
    }
  }
  for (std::size_t c = 0; c < cells; ++c) {
    for (std::size_t q = 0; q < kQuantities; ++q) {
      result.cells[c].quantities[q] = counters[c][q].Counts();
    }
  }
  return result;
}

inline ExactCell MakeExact() {
  ExactCell cell;
  cell.shares = {.625, .25, .125, 0, 0, 0};
  cell.costs[0] = ExactCell::Cost{12.1, 12, 14, 19};
  return cell;
}

inline std::vector<BlockResult> AllBlocks(const ExperimentInfo& info) {
  std::vector<BlockResult> blocks;
  for (std::size_t g = 0; g < info.groups.size(); ++g) {
    for (std::size_t b = 0; b < info.BlocksOf(g); ++b) {
      blocks.push_back(MakeBlock(info, g, b));
    }
  }
  return blocks;
}

}  // namespace rebisect::testing_support
