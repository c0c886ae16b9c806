#pragma once

#include <cstddef>
#include <functional>
#include <utility>
#include <vector>

#include "harness/experiment/engine/experiment_layout.h"
#include "harness/experiment/results/experiment_result.h"
#include "harness/experiment/store/result_store.h"
#include "sim/base/result.h"

namespace rebisect {

/// Blocks and exact cells that are to be run, as (group, number).
struct ExperimentWork {
  std::vector<std::pair<std::size_t, std::size_t>> blocks{};
  std::vector<std::pair<std::size_t, std::size_t>> exact{};
};

/// Part `shard` of `shards`, from 0, of all the work: every shards'th block,
/// and exact cell, in their order; without those that are there already.
[[nodiscard]] ExperimentWork WorkOf(const ExperimentInfo& info,
                                    std::size_t shard, std::size_t shards,
                                    const StoredParts& done);

/// What came of some of the work.
struct WorkResults {
  std::vector<BlockResult> blocks{};
  std::vector<ExactCell> exact{};
};

/// Runs the work on this many threads. `take` gets the results, in any order,
/// several at a time, on the calling thread; it is called about twice a
/// second, and stops everything when it fails. `stop` is asked as often, on
/// the same thread: when it says so, what has begun is finished and taken.
/// Errors: of `take`, and of the trials.
[[nodiscard]] Result<void> RunWork(
    const ExperimentLayout& layout, const ExperimentWork& work,
    std::size_t threads,
    const std::function<Result<void>(const WorkResults&)>& take,
    const std::function<bool()>& stop);

}  // namespace rebisect
