#pragma once

#include <cstddef>
#include <iosfwd>
#include <optional>
#include <string>

#include "harness/experiment/engine/experiment_layout.h"
#include "harness/experiment/results/experiment_result.h"
#include "sim/base/result.h"

namespace rebisect {

/// How an experiment is run; its results do not depend on it.
struct SimulationOptions {
  std::size_t threads = 0;  ///< 0: as many as there are processors
  std::string store{};      ///< where results are kept; empty: nowhere
  /// Part `shard` of `shards`, from 0, is run.
  std::size_t shard = 0;
  std::size_t shards = 1;
};

/// Runs what the store does not have yet; the results, those of the store
/// included. Notes on the layout and progress go to `errors`. The first SIGINT
/// or SIGTERM stops the work in good order: then nullopt, and `errors` says
/// how to go on.
/// Errors: those of the store and of the trials.
[[nodiscard]] Result<std::optional<ExperimentTotal>> Simulate(
    const ExperimentLayout& layout, const SimulationOptions& options,
    std::ostream& errors);

}  // namespace rebisect
