// Noise and cost of an experiment file.

#include <algorithm>
#include <cmath>
#include <utility>

#include "harness/experiment/spec/experiment_parts.h"
#include "harness/input/load_recording.h"
#include "scenarios/recording/recording_names.h"
#include "sim/base/check.h"
#include "sim/base/result.h"
#include "sim/base/text.h"

namespace rebisect {
namespace {

using std::string_view;

constexpr std::uint64_t kMaxMachines = 1000000;
constexpr std::uint64_t kMaxRuns = 10000;
constexpr std::uint64_t kDearest = 1'000'000'000;  // eleven days

/// A number from 0.001 to 1e9.
void Concentration(YamlFields& fields, string_view key,
                   std::optional<double>* value) {
  fields.Number(key, value);
  if (!*value || (**value >= 1e-3 && **value <= 1e9)) return;
  const YamlNode* const node = fields.Node(key);
  fields.Fail(node == nullptr ? Position{} : node->where,
              "'" + std::string(key) +
                  "' has to be a number from 0.001 to 1e9; leave it out where "
                  "the rate is the same at every commit");
}

void ReadFault(YamlFields& outer, string_view key, Fault* fault) {
  const YamlNode* const node = outer.Node(key);
  if (node == nullptr) return;
  YamlFields fields(*node, "a fault");
  std::string outcome(NameOf(fault->outcome));
  fields.Share("share", &fault->share);
  fields.Share("rate", &fault->rate);
  fields.Text("outcome", &outcome);
  fields.Text("title", &fault->title);
  if (const auto named = RunOutcomeNamed(outcome)) {
    fault->outcome = *named;
  } else {
    fields.Fail(fields.Node("outcome")->where,
                "'outcome' cannot be '" + outcome + "'" +
                    SuggestWord(outcome, RunOutcomeNames()));
  }
  if (auto read = fields.Finish(); !read) outer.Fail(std::move(read.error()));
}

void ReadRuns(YamlFields& fields, RunNoise* noise) {
  NoiseModel& model = noise->model;
  fields.Share("crash-rate", &noise->crash.mean);
  Concentration(fields, "concentration", &noise->crash.concentration);
  fields.Share("false-crash-rate", &model.false_crash.mean);
  Concentration(fields, "false-crash-concentration",
                &model.false_crash.concentration);
  fields.Share("infra-rate", &model.infra_rate);
  fields.Share("boot-failure-rate", &model.boot_failure_rate);
  fields.Share("test-failure-rate", &model.test_failure_rate);
  std::optional<std::uint64_t> runs;
  std::optional<std::uint64_t> machines;
  fields.Whole("runs", 1, kMaxRuns, &runs);
  fields.Whole("machines", 1, kMaxMachines, &machines);
  if (runs) model.runs = static_cast<int>(*runs);
  if (machines) model.machines = static_cast<int>(*machines);
  fields.Flag("one-machine-per-build", &model.one_machine_per_build);
  ReadFault(fields, "bad-machine", &model.bad_machine);
  ReadFault(fields, "bad-build", &model.bad_build);
  ReadFault(fields, "bad-commit", &model.bad_commit);
}

/// Milliseconds that builds, and that runs, took on average in a record.
struct RecordedTimes {
  std::optional<double> build;
  std::optional<double> run;
};

RecordedTimes TimesOf(const Recording& recording) {
  std::size_t builds = 0;
  std::size_t runs = 0;
  std::size_t timed = 0;
  double seconds = 0;
  bool counted = true;
  for (const Event& event : recording.events) {
    const auto* const test = std::get_if<Test>(&event);
    if (test == nullptr) continue;
    ++builds;
    counted = counted && !test->runs_alike;
    for (const Run& run : test->runs) {
      if (run.outcome == RunOutcome::kBuildFailed) continue;
      ++runs;
      if (!run.seconds) continue;
      ++timed;
      seconds += *run.seconds;
    }
  }
  const auto mean_ms = [](double total, std::size_t count) {
    return 1000 * total / static_cast<double>(count);
  };
  RecordedTimes times;
  const Summary& summary = recording.summary;
  if (summary.build_seconds && builds > 0) {
    times.build = mean_ms(*summary.build_seconds, builds);
  }
  if (timed > 0) {
    times.run = mean_ms(seconds, timed);
  } else if (summary.test_seconds && runs > 0 && counted) {
    times.run = mean_ms(*summary.test_seconds, runs);
  }
  return times;
}

/// The median, of an even number the mean of the two in the middle.
std::int64_t Median(std::vector<double>& values) {
  std::sort(values.begin(), values.end());
  const std::size_t n = values.size();
  return std::llround((values[(n - 1) / 2] + values[n / 2]) / 2);
}

Result<ExperimentCost> FitCost(const std::vector<std::string>& paths,
                               const Position& where, const std::string& file) {
  std::vector<double> builds;
  std::vector<double> runs;
  for (const std::string& path : paths) {
    REBISECT_ASSIGN_OR_RETURN(const auto recording,
                              LoadRecording(PathFrom(file, path)));
    const RecordedTimes times = TimesOf(recording);
    if (times.build) builds.push_back(*times.build);
    if (times.run) runs.push_back(*times.run);
  }
  if (builds.empty() || runs.empty()) {
    return Fail(ErrorCode::kInput,
                std::string("none of the recordings says how long ") +
                    (builds.empty() ? "builds" : "runs") +
                    " took; give 'build-ms' and 'run-ms'",
                where);
  }
  return ExperimentCost{Median(builds), Median(runs)};
}

}  // namespace

Result<ExperimentNoise> ReadExperimentNoise(const YamlNode& node) {
  ExperimentNoise noise;
  noise.where = node.where;
  YamlFields fields(node, "noise");
  fields.Text("name", &noise.name);
  VerdictNoise verdicts;
  RunNoise runs;
  fields.Share("false-bad", &verdicts.false_bad);
  fields.Share("false-good", &verdicts.false_good);
  ReadRuns(fields, &runs);
  REBISECT_RETURN_IF_ERROR(fields.Finish());
  const bool of_verdicts =
      node.Find("false-bad") != nullptr || node.Find("false-good") != nullptr;
  if (!of_verdicts) {
    REBISECT_CHECK(CheckRate(runs.crash, "").has_value());
    REBISECT_CHECK(CheckNoise(runs.model).has_value());
    noise.noise = runs;
  } else {
    for (const YamlNode& key : node.keys) {
      if (key.scalar == "name" || key.scalar == "false-bad" ||
          key.scalar == "false-good") {
        continue;
      }
      return Fail(ErrorCode::kInput,
                  "'" + key.scalar +
                      "' is about runs, and false-bad and false-good are about "
                      "verdicts without runs; make it two entries",
                  key.where);
    }
    noise.noise = verdicts;
  }
  if (noise.name.empty()) noise.name = TextOf(noise);
  return noise;
}

Result<ExperimentCost> ReadExperimentCost(const YamlNode& node,
                                          const std::string& file) {
  YamlFields fields(node, "the cost");
  std::vector<std::string> recordings;
  std::optional<std::uint64_t> build;
  std::optional<std::uint64_t> run;
  std::string builds;
  std::string sha1;
  fields.Texts("recordings", &recordings);
  fields.Text("builds", &builds);
  fields.Text("sha1", &sha1);
  fields.Whole("build-ms", 0, kDearest, &build);
  fields.Whole("run-ms", 0, kDearest, &run);
  REBISECT_RETURN_IF_ERROR(fields.Finish());
  if (recordings.empty() == !(build || run)) {
    return Fail(ErrorCode::kInput,
                "give either 'build-ms' and 'run-ms', or 'recordings' that "
                "say how long things took",
                node.where);
  }
  Result<ExperimentCost> cost =
      ExperimentCost{static_cast<std::int64_t>(build.value_or(0)),
                     static_cast<std::int64_t>(run.value_or(0)), std::nullopt};
  if (!recordings.empty()) {
    cost = FitCost(recordings, node.Find("recordings")->where, file);
  }
  const YamlNode* const said = node.Find("sha1");
  if (said != nullptr && builds.empty()) {
    return Fail(ErrorCode::kInput,
                "'sha1' is that of the table of builds; give 'builds', or "
                "leave it out",
                said->where);
  }
  if (!cost || builds.empty()) return cost;
  REBISECT_ASSIGN_OR_RETURN(
      auto table, ReadCommitTable({PathFrom(file, builds), sha1,
                                   said != nullptr ? said->where : node.where},
                                  kBuildColumn));
  for (const CommitNumber& row : table.rows) {
    if (row.number <= static_cast<double>(kDearest)) continue;
    return Fail(ErrorCode::kInput,
                "a build may take " + std::to_string(kDearest) +
                    " milliseconds at most",
                row.where);
  }
  cost->builds = std::move(table);
  return cost;
}

}  // namespace rebisect
