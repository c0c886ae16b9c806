#include "oracle/answers/noise_model.h"

#include "sim/base/prng.h"

namespace rebisect {
namespace {

/// What a number is drawn for. The numbers are part of what a seed means.
enum Stream : std::uint64_t {
  kInfraFailure = 1,
  kBootFailure = 2,
  kTestFailure = 3,
  kMachine = 4,
  kMachineIsBad = 5,
  kMachineStrikes = 6,
  kBuildIsBad = 7,
  kBuildStrikes = 8,
  kCommitIsBad = 9,
  kCommitStrikes = 10,
  /// Then three for each hazard: whether it comes, when, and its rate.
  kHazards = 1000,
};

std::uint64_t StreamOf(const Hazard& hazard, std::uint64_t what) {
  return kHazards + 3 * hazard.id + what;
}

/// All 20 bytes of the id count: made-up ids may differ in a few only.
std::uint64_t KeyOf(const CommitId& commit) {
  std::uint64_t words[3] = {};
  for (std::size_t i = 0; i < CommitId::kSize; ++i) {
    words[i / 8] = (words[i / 8] << 8) | commit.bytes[i];
  }
  return KeyedBits(words[2], words[0], words[1])[0];
}

/// The numbers of one run.
class NoiseDraws {
 public:
  NoiseDraws(std::uint64_t noise_seed, const RunKey& key)
      : noise_seed_(noise_seed),
        commit_(KeyOf(key.commit)),
        build_(key.build),
        run_((std::uint64_t{key.build} << 32) | key.run) {}

  [[nodiscard]] double OfRun(std::uint64_t stream) const {
    return KeyedUniform(noise_seed_, stream, commit_, run_);
  }
  /// An event of this run; no number is drawn for what cannot happen.
  [[nodiscard]] bool Strikes(double chance, std::uint64_t stream) const {
    return chance > 0 && OfRun(stream) < chance;
  }
  [[nodiscard]] double OfBuild(std::uint64_t stream) const {
    return KeyedUniform(noise_seed_, stream, commit_, build_);
  }
  [[nodiscard]] double OfCommit(std::uint64_t stream) const {
    return KeyedUniform(noise_seed_, stream, commit_, 0);
  }
  [[nodiscard]] double OfMachine(std::uint64_t stream, double machine) const {
    return KeyedUniform(noise_seed_, stream,
                        static_cast<std::uint64_t>(machine), 0);
  }

 private:
  std::uint64_t noise_seed_;
  std::uint64_t commit_;
  std::uint64_t build_;
  std::uint64_t run_;
};

Run RunOf(const Fault& fault, std::string_view title) {
  Run run{fault.outcome, fault.title, {}};
  if (run.outcome == RunOutcome::kCrashed && run.title.empty()) {
    run.title = title;
  }
  return run;
}

/// The crash of this run, if there is one.
Run Crash(const NoiseDraws& draws, const std::vector<Hazard>& hazards) {
  const Hazard* first = nullptr;
  double when = 2;
  for (const Hazard& hazard : hazards) {
    if (!draws.Strikes(hazard.rate, StreamOf(hazard, 0))) continue;
    const double at = draws.OfRun(StreamOf(hazard, 1));
    if (at >= when) continue;
    when = at;
    first = &hazard;
  }
  if (first == nullptr) return {};
  return {RunOutcome::kCrashed, std::string(first->title), {}};
}

bool IsChance(double p) { return p >= 0 && p <= 1; }

Result<void> OutOfRange(std::string_view name, std::string_view range) {
  return Fail(ErrorCode::kUsage, std::string(name) + " is out of range; " +
                                     "give a number from " +
                                     std::string(range));
}

}  // namespace

Result<void> CheckRate(const CrashRate& rate, std::string_view name) {
  if (!IsChance(rate.mean)) {
    return OutOfRange(std::string(name) + ".mean", "0 to 1");
  }
  if (rate.concentration &&
      !(*rate.concentration >= 1e-3 && *rate.concentration <= 1e9)) {
    return OutOfRange(std::string(name) + ".concentration", "0.001 to 1e9");
  }
  return {};
}

Result<void> CheckNoise(const NoiseModel& noise) {
  if (auto checked = CheckRate(noise.false_crash, "false_crash"); !checked) {
    return checked;
  }
  const struct {
    std::string_view name;
    double value;
  } chances[] = {
      {"infra_rate", noise.infra_rate},
      {"boot_failure_rate", noise.boot_failure_rate},
      {"test_failure_rate", noise.test_failure_rate},
      {"bad_machine.share", noise.bad_machine.share},
      {"bad_machine.rate", noise.bad_machine.rate},
      {"bad_build.share", noise.bad_build.share},
      {"bad_build.rate", noise.bad_build.rate},
      {"bad_commit.share", noise.bad_commit.share},
      {"bad_commit.rate", noise.bad_commit.rate},
  };
  for (const auto& chance : chances) {
    if (!IsChance(chance.value)) return OutOfRange(chance.name, "0 to 1");
  }
  if (noise.machines < 1 || noise.machines > 1000000) {
    return OutOfRange("machines", "1 to 1000000");
  }
  if (noise.runs < 1 || noise.runs > 10000) {
    return OutOfRange("runs", "1 to 10000");
  }
  return {};
}

double RateAt(const CrashRate& rate, std::uint64_t noise_seed, std::uint64_t id,
              const CommitId& commit) {
  // A mean so near its ends leaves nothing to be uneven.
  constexpr double kEnd = 1e-9;
  if (!rate.concentration || rate.mean < kEnd || rate.mean > 1 - kEnd) {
    return rate.mean;
  }
  const double k = *rate.concentration;
  Prng prng(noise_seed, kHazards + 3 * id + 2, KeyOf(commit));
  return prng.Beta(rate.mean * k, (1 - rate.mean) * k);
}

Run DrawRun(const NoiseModel& noise, const RunKey& key,
            const std::vector<Hazard>& hazards, std::string_view title) {
  const NoiseDraws draws(noise.noise_seed, key);
  if (draws.Strikes(noise.infra_rate, kInfraFailure)) {
    return {RunOutcome::kInfra, "", {}};
  }
  if (noise.bad_machine.share > 0) {
    const double at = noise.one_machine_per_build ? draws.OfBuild(kMachine)
                                                  : draws.OfRun(kMachine);
    const double machine = at * noise.machines;
    if (draws.OfMachine(kMachineIsBad, machine) < noise.bad_machine.share &&
        draws.Strikes(noise.bad_machine.rate, kMachineStrikes)) {
      return RunOf(noise.bad_machine, title);
    }
  }
  if (draws.Strikes(noise.boot_failure_rate, kBootFailure)) {
    return {RunOutcome::kBootFailed, "", {}};
  }
  if (noise.bad_build.share > 0 &&
      draws.OfBuild(kBuildIsBad) < noise.bad_build.share &&
      draws.Strikes(noise.bad_build.rate, kBuildStrikes)) {
    return RunOf(noise.bad_build, title);
  }
  if (noise.bad_commit.share > 0 &&
      draws.OfCommit(kCommitIsBad) < noise.bad_commit.share &&
      draws.Strikes(noise.bad_commit.rate, kCommitStrikes)) {
    return RunOf(noise.bad_commit, title);
  }
  if (draws.Strikes(noise.test_failure_rate, kTestFailure)) {
    return {RunOutcome::kTestFailed, "", {}};
  }
  return Crash(draws, hazards);
}

}  // namespace rebisect
