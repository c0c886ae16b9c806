#include "harness/experiment/engine/simulated_tester.h"

#include <vector>

#include "oracle/verdict/verdict_runs.h"

namespace rebisect {
namespace {

/// Of the crash that is looked for; the noise has no other.
constexpr std::string_view kTitle = "crash";

/// Key the noise_seed of the bug's own crashes, and of those where it is not.
constexpr std::uint64_t kBug = 1;
constexpr std::uint64_t kFalseCrash = 2;

}  // namespace

SimulatedTester::SimulatedTester(const RunNoise& noise,
                                 const RetryPolicy& retry,
                                 const VerdictPolicy& verdict,
                                 std::uint64_t noise_seed)
    : noise_(noise),
      model_(noise.model),
      retry_(retry),
      verdict_(verdict),
      noise_seed_(noise_seed) {
  model_.noise_seed = noise_seed;
  history_.original_titles.emplace(kTitle);
  history_.related_titles.emplace(kTitle);
}

RulingKind SimulatedTester::Judge(const CommitId& commit, bool has_bug,
                                  TestPurpose purpose, std::int64_t build_ms) {
  Made& made = made_[commit];
  if (purpose != TestPurpose::kCulprit) made.test.runs.clear();
  made.test.purpose = purpose;
  ++made.builds;
  const RunBudget budget =
      retry_.Runs({purpose, static_cast<int>(costs_.tests)}, history_);
  ++costs_.tests;
  ++costs_.builds;
  costs_.build_ms += build_ms;
  const int wanted = budget.runs.value_or(model_.runs);
  for (int run = 0; run < wanted; ++run) {
    Draw(commit, has_bug, made);
    if (budget.until_crash &&
        made.test.runs.back().outcome == RunOutcome::kCrashed) {
      break;
    }
  }
  Ruling ruling = verdict_.Decide(made.test, history_);
  while (ruling.kind == RulingKind::kMoreRuns &&
         made.test.runs.size() < static_cast<std::size_t>(kMaxRuns)) {
    Draw(commit, has_bug, made);
    ruling = verdict_.Decide(made.test, history_);
  }
  verdict_.Learn(made.test, ruling, history_);
  return ruling.kind;
}

void SimulatedTester::Draw(const CommitId& commit, bool has_bug, Made& made) {
  const CrashRate& rate = has_bug ? noise_.crash : model_.false_crash;
  const std::uint64_t id = has_bug ? kBug : kFalseCrash;
  std::vector<Hazard> hazards;
  if (rate.mean > 0) {
    hazards.push_back({id, kTitle, RateAt(rate, noise_seed_, id, commit)});
  }
  made.test.runs.push_back(
      DrawRun(model_, {commit, made.builds - 1, made.runs++}, hazards, kTitle));
  ++costs_.runs;
}

}  // namespace rebisect
