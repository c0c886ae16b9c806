#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <csignal>
#include <optional>
#include <ostream>
#include <thread>
#include <utility>

#include "harness/command_support.h"
#include "harness/experiment.h"
#include "harness/experiment_layout.h"
#include "harness/experiment_run.h"
#include "harness/progress.h"
#include "harness/result_store.h"
#include "harness/results_report.h"
#include "sim/io/input.h"

namespace rebisect {
namespace {

constexpr int kExitInterrupted = 130;

volatile std::sig_atomic_t interrupted = 0;

/// Until the end of the scope the first SIGINT or SIGTERM asks the work to
/// stop; the second one is the system's again.
class Interruptions {
 public:
  Interruptions() {
    interrupted = 0;
    struct sigaction action {};
    action.sa_handler = [](int) { interrupted = 1; };
    action.sa_flags = static_cast<int>(SA_RESETHAND);
    sigaction(SIGINT, &action, &old_interrupt_);
    sigaction(SIGTERM, &action, &old_terminate_);
  }
  Interruptions(const Interruptions&) = delete;
  Interruptions& operator=(const Interruptions&) = delete;
  ~Interruptions() {
    sigaction(SIGINT, &old_interrupt_, nullptr);
    sigaction(SIGTERM, &old_terminate_, nullptr);
  }

 private:
  struct sigaction old_interrupt_ {};
  struct sigaction old_terminate_ {};
};

struct Shard {
  std::size_t number = 0;  // from 0
  std::size_t of = 1;
};

Result<Shard> ReadShard(const std::string& text) {
  if (text.empty()) return Shard{};
  Shard shard;
  const char* const end = text.data() + text.size();
  const auto number = std::from_chars(text.data(), end, shard.number);
  if (number.ec == std::errc() && number.ptr != end && *number.ptr == '/') {
    const auto of = std::from_chars(number.ptr + 1, end, shard.of);
    if (of.ec == std::errc() && of.ptr == end && shard.number >= 1 &&
        shard.number <= shard.of) {
      --shard.number;
      return shard;
    }
  }
  return Fail(ErrorCode::kUsage,
              "--shard " + text + " is no part; write I/N, such as 3/16");
}

/// One run of the command.
class Simulation {
 public:
  Simulation(const SimulateArguments& arguments, const Streams& streams)
      : arguments_(arguments), streams_(streams) {}

  Result<int> Run() {
    const auto shard = ReadShard(arguments_.shard);
    if (!shard) return tl::unexpected(shard.error());
    auto text = ReadInput(arguments_.experiment);
    if (!text) return tl::unexpected(std::move(text.error()));
    auto spec = ReadExperiment(*text, arguments_.experiment);
    if (!spec) return tl::unexpected(std::move(spec.error()));
    if (arguments_.seed) Reseed(*spec, *arguments_.seed);
    auto layout = LayOut(*spec);
    if (!layout) return tl::unexpected(std::move(layout.error()));
    for (const std::string& note : (*layout)->notes) {
      streams_.errors << note << '\n';
    }
    if (auto opened = OpenStore((*layout)->info); !opened) {
      return tl::unexpected(std::move(opened.error()));
    }
    const ExperimentWork work =
        WorkOf((*layout)->info, shard->number, shard->of, parts_);
    if (auto ran = RunAll(**layout, work); !ran) {
      return tl::unexpected(std::move(ran.error()));
    }
    return Show();
  }

 private:
  Result<void> OpenStore(const ExperimentInfo& info) {
    totals_.emplace(info);
    if (arguments_.store.empty()) return {};
    auto store = ResultStore::Open(arguments_.store, ResultStore::Mode::kWrite);
    if (!store) return tl::unexpected(std::move(store.error()));
    store_.emplace(*std::move(store));
    const auto key = store_->Register(info);
    if (!key) return tl::unexpected(key.error());
    key_ = *key;
    auto parts = store_->PartsOf(key_);
    if (!parts) return tl::unexpected(std::move(parts.error()));
    parts_ = *std::move(parts);
    return {};
  }

  Result<void> Take(const WorkResults& results) {
    if (store_) {
      if (auto added = store_->AddBlocks(key_, results.blocks); !added) {
        return added;
      }
      return store_->AddExact(key_, results.exact);
    }
    for (const BlockResult& block : results.blocks) totals_->Add(block);
    for (const ExactCell& cell : results.exact) totals_->Add(cell);
    return {};
  }

  Result<void> RunAll(const ExperimentLayout& layout,
                      const ExperimentWork& work) {
    const ExperimentInfo& info = layout.info;
    std::uint64_t all = 0;
    for (const auto& [group, block] : work.blocks) {
      all += info.TrialsIn(group, block) * info.groups[group].cells.size();
    }
    const Interruptions interruptions;
    Progress progress(streams_.errors, isatty(STDERR_FILENO) != 0, "bisections",
                      all, 0);
    std::uint64_t done = 0;
    const std::size_t threads =
        arguments_.threads != 0
            ? arguments_.threads
            : std::max(1U, std::thread::hardware_concurrency());
    auto ran = RunWork(
        layout, work, threads,
        [&](const WorkResults& results) {
          for (const BlockResult& block : results.blocks) {
            done += info.TrialsIn(block.group, block.block) *
                    info.groups[block.group].cells.size();
          }
          progress.Update(done);
          return Take(results);
        },
        [] { return interrupted != 0; });
    progress.Finish();
    return ran;
  }

  Result<int> Show() {
    const bool stopped = interrupted != 0;
    if (stopped && !store_) {
      streams_.errors << "interrupted; with --store FILE a run goes on where "
                         "it was\n";
      return kExitInterrupted;
    }
    auto total = store_ ? store_->TotalOf(key_)
                        : Result<ExperimentTotal>(totals_->Take());
    if (!total) return tl::unexpected(std::move(total.error()));
    if (stopped) {
      streams_.errors << "interrupted, " << CountParts(*total).Text()
                      << "; the same command goes on from there\n";
      return kExitInterrupted;
    }
    streams_.out << (arguments_.format == OutputFormat::kJson
                         ? ResultsJson(*total)
                         : ResultsText(*total, streams_.style));
    return kExitHolds;
  }

  const SimulateArguments& arguments_;
  const Streams& streams_;
  std::optional<ResultStore> store_{};
  ExperimentKey key_{};
  StoredParts parts_{};
  std::optional<ExperimentTotals> totals_{};
};

}  // namespace

int RunSimulate(const SimulateArguments& arguments, const Streams& streams) {
  const auto code = Simulation(arguments, streams).Run();
  return code ? *code : Report(code.error(), streams);
}

}  // namespace rebisect
