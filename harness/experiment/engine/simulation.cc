#include "harness/experiment/engine/simulation.h"

#include <unistd.h>

#include <algorithm>
#include <ostream>
#include <thread>
#include <utility>

#include "harness/experiment/engine/experiment_run.h"
#include "harness/experiment/results/results_report.h"
#include "harness/experiment/store/result_store.h"
#include "harness/process/interruption.h"
#include "harness/process/threads.h"
#include "harness/text/progress.h"
#include "sim/base/result.h"

namespace rebisect {
namespace {

/// One run.
class Simulation {
 public:
  Simulation(const ExperimentLayout& layout, const SimulationOptions& options,
             std::ostream& errors)
      : layout_(layout),
        options_(options),
        errors_(errors),
        totals_(layout.info) {}

  Result<std::optional<ExperimentTotal>> Run() {
    for (const std::string& note : layout_.notes) errors_ << note << '\n';
    REBISECT_RETURN_IF_ERROR(OpenStore());
    const ExperimentWork work =
        WorkOf(layout_.info, options_.shard, options_.shards, parts_);
    REBISECT_RETURN_IF_ERROR(RunAll(work));
    return Results();
  }

 private:
  Result<void> OpenStore() {
    if (options_.store.empty()) return {};
    REBISECT_ASSIGN_OR_RETURN(
        auto store,
        ResultStore::Open(options_.store, ResultStore::Mode::kWrite));
    store_.emplace(std::move(store));
    REBISECT_ASSIGN_OR_RETURN(const auto key, store_->Register(layout_.info));
    key_ = key;
    REBISECT_ASSIGN_OR_RETURN(auto parts, store_->PartsOf(key_));
    parts_ = std::move(parts);
    return {};
  }

  Result<void> Take(const WorkResults& results) {
    if (store_) {
      if (auto added = store_->AddBlocks(key_, results.blocks); !added) {
        return added;
      }
      return store_->AddExact(key_, results.exact);
    }
    for (const BlockResult& block : results.blocks) totals_.Add(block);
    for (const ExactCell& cell : results.exact) totals_.Add(cell);
    return {};
  }

  Result<void> RunAll(const ExperimentWork& work) {
    const ExperimentInfo& info = layout_.info;
    const auto bisections = [&info](std::size_t group, std::size_t block) {
      return info.TrialsIn(group, block) * info.groups[group].cells.size();
    };
    std::uint64_t all = 0;
    for (const auto& [group, block] : work.blocks) {
      all += bisections(group, block);
    }
    const Interruptions interruptions;
    // Without samples the exact results are all the work.
    const bool sampled = all > 0;
    Progress progress(errors_, isatty(STDERR_FILENO) != 0,
                      sampled ? "bisections" : "exact results",
                      sampled ? all : work.exact.size(), 0);
    std::uint64_t done = 0;
    const std::size_t threads = ThreadsOf(options_.threads);
    auto ran = RunWork(
        layout_, work, threads,
        [&](const WorkResults& results) {
          for (const BlockResult& block : results.blocks) {
            done += bisections(block.group, block.block);
          }
          if (!sampled) done += results.exact.size();
          return Take(results);
        },
        [&] {
          progress.Update(done);
          return Interrupted();
        });
    progress.Finish();
    return ran;
  }

  Result<std::optional<ExperimentTotal>> Results() {
    const bool stopped = Interrupted();
    if (stopped && !store_) {
      errors_ << "interrupted; with --store FILE a run goes on where it was\n";
      return std::optional<ExperimentTotal>();
    }
    REBISECT_ASSIGN_OR_RETURN(auto total,
                              store_ ? store_->TotalOf(key_)
                                     : Result<ExperimentTotal>(totals_.Take()));
    if (stopped) {
      errors_ << "interrupted, " << CountParts(total).Text()
              << "; the same command goes on from there\n";
      return std::optional<ExperimentTotal>();
    }
    return std::optional(std::move(total));
  }

  const ExperimentLayout& layout_;
  const SimulationOptions& options_;
  std::ostream& errors_;
  std::optional<ResultStore> store_{};
  ExperimentKey key_{};
  StoredParts parts_{};
  ExperimentTotals totals_;
};

}  // namespace

Result<std::optional<ExperimentTotal>> Simulate(
    const ExperimentLayout& layout, const SimulationOptions& options,
    std::ostream& errors) {
  return Simulation(layout, options, errors).Run();
}

}  // namespace rebisect
