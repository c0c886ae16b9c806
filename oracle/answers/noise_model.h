#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/recording/recording.h"
#include "sim/base/result.h"
#include "sim/graph/commit_id.h"

namespace rebisect {

/// How often a run crashes.
struct CrashRate {
  /// Chance of a crash in one run, on average over commits.
  double mean = 1;
  /// How alike commits are: the chance at a commit is drawn once for it from
  /// Beta(mean * k, (1 - mean) * k). 2 is very uneven, 100 nearly even;
  /// absent: the same at every commit. From 0.001 to 1e9.
  std::optional<double> concentration{};
};

/// Something broken that spoils several runs together.
struct Fault {
  double share = 0;  ///< chance that a machine, build or commit has it
  double rate = 1;   ///< chance that a run there ends like this
  /// kOk hides crashes; kCrashed makes them up.
  RunOutcome outcome = RunOutcome::kInfra;
  std::string title{};  ///< kCrashed: empty is the title that is looked for
};

/// What goes wrong with runs whatever the commit holds. All of it is drawn by
/// key (noise_seed, commit, build, run) and never in sequence: any caller, in
/// whatever order, meets the same runs.
///
/// A run ends by the first of these that comes up: infra_rate, bad_machine,
/// boot_failure_rate, bad_build, bad_commit, test_failure_rate, a crash.
struct NoiseModel {
  std::uint64_t noise_seed = 0;  ///< the seed
  int runs = 10;                 ///< when the asker leaves it to the oracle

  /// Crashes with the title that is looked for where no bug is: the false
  /// failures. (False passes come of rates below 1 where a bug is.)
  CrashRate false_crash{0, std::nullopt};
  double infra_rate = 0;         ///< kInfra, each run for itself
  double boot_failure_rate = 0;  ///< kBootFailed, each run for itself
  double test_failure_rate = 0;  ///< kTestFailed, each run for itself

  /// Runs are spread over this many machines, by chance.
  int machines = 10;
  /// All runs of a build on one machine.
  bool one_machine_per_build = false;
  Fault bad_machine{};
  Fault bad_build{};   ///< of a build; a rebuild may be without
  Fault bad_commit{};  ///< of a commit, in all its builds
};

/// Errors: kUsage, naming the first value out of its range.
[[nodiscard]] Result<void> CheckRate(const CrashRate& rate,
                                     std::string_view name);
[[nodiscard]] Result<void> CheckNoise(const NoiseModel& noise);

/// A crash that each run of a commit may bring.
struct Hazard {
  std::uint64_t id = 0;  ///< keys its noise_seed; one for each cause
  std::string_view title;
  double rate = 0;  ///< at this commit
};

/// The chance of a crash at one commit. `id` as in Hazard.
/// REQUIRES: CheckRate() is content.
[[nodiscard]] double RateAt(const CrashRate& rate, std::uint64_t noise_seed,
                            std::uint64_t id, const CommitId& commit);

/// Which run it is: of the build'th build of a commit, from 0; runs are
/// counted through all builds.
struct RunKey {
  const CommitId& commit;
  std::uint32_t build = 0;
  std::uint32_t run = 0;
};

/// How that run ends. Of several crashes that would come the first one shows,
/// each order as likely. `title` is the one that is looked for.
/// REQUIRES: CheckNoise() is content. O(hazards).
[[nodiscard]] Run DrawRun(const NoiseModel& noise, const RunKey& key,
                          const std::vector<Hazard>& hazards,
                          std::string_view title);

}  // namespace rebisect
