#include "harness/suite/judge/suite_run.h"

#include <algorithm>
#include <filesystem>
#include <mutex>
#include <utility>

#include "harness/process/scratch_folder.h"
#include "harness/process/threads.h"
#include "sim/base/check.h"
#include "sim/base/result.h"

namespace rebisect {
namespace {

namespace fs = std::filesystem;

/// The searches of one job, at most: several threads share a scenario that is
/// searched often.
constexpr std::size_t kSearchesOfJob = 25;

std::string MissingFeatures(const ScenarioCase& scenario,
                            const ToolSpec& tool) {
  std::string missing;
  for (const std::string& need : scenario.needs) {
    if (std::find(tool.supports.begin(), tool.supports.end(), need) !=
        tool.supports.end()) {
      continue;
    }
    missing += (missing.empty() ? "" : ", ") + need;
  }
  return missing;
}

/// One scenario with one tool.
struct Pair {
  std::size_t scenario;
  std::size_t tool;
  std::string missing;  ///< features; then there is nothing to run
  std::vector<ToolRun> runs;
};

/// Some searches of a pair.
struct Job {
  std::size_t pair;
  std::size_t first;
  std::size_t end;
};

class SuiteRun {
 public:
  SuiteRun(const std::vector<const Tool*>& tools,
           const std::vector<const ScenarioCase*>& scenarios,
           const KnownFailures& known, const SuiteRunOptions& options)
      : tools_(tools),
        scenarios_(scenarios),
        known_(known),
        options_(options) {}

  Result<SuiteReport> Run() {
    REBISECT_ASSIGN_OR_RETURN(auto scratch, ScratchFolder::Make());
    MakeJobs();
    REBISECT_ASSIGN_OR_RETURN(auto git, MakeDriverTool(GitItself()));
    git_tests_.resize(scenarios_.size());
    auto ran = RunInParallel(
        jobs_.size(), options_.threads, [&](std::size_t i) -> Result<void> {
          return RunJob(jobs_[i], scratch.path() + '/' + std::to_string(i));
        });
    REBISECT_RETURN_IF_ERROR(ran);
    // What git itself needs, where that is the measure.
    ran =
        RunInParallel(scenarios_.size(), options_.threads, [&](std::size_t i) {
          return AskGit(*git, i, scratch.path() + "/git" + std::to_string(i));
        });
    REBISECT_RETURN_IF_ERROR(ran);
    SuiteReport report{tools_, scenarios_, {}};
    for (Pair& pair : pairs_) report.results.push_back(ResultOf(pair));
    return report;
  }

 private:
  [[nodiscard]] static ToolSpec GitItself() {
    ToolSpec spec;
    spec.driver.emplace();
    return spec;
  }

  void MakeJobs() {
    for (std::size_t s = 0; s < scenarios_.size(); ++s) {
      for (std::size_t t = 0; t < tools_.size(); ++t) {
        Pair pair{s, t, MissingFeatures(*scenarios_[s], tools_[t]->spec()), {}};
        if (pair.missing.empty()) {
          const auto repeats =
              static_cast<std::size_t>(scenarios_[s]->scenario->repeats);
          pair.runs.resize(repeats);
          for (std::size_t at = 0; at < repeats; at += kSearchesOfJob) {
            jobs_.push_back(
                {pairs_.size(), at, std::min(repeats, at + kSearchesOfJob)});
          }
        }
        pairs_.push_back(std::move(pair));
      }
    }
  }

  Result<void> RunJob(const Job& job, const std::string& folder) {
    Pair& pair = pairs_[job.pair];
    std::error_code error;
    fs::create_directory(folder, error);
    {
      REBISECT_ASSIGN_OR_RETURN(
          auto session,
          tools_[pair.tool]->Begin(*scenarios_[pair.scenario], folder));
      for (std::size_t i = job.first; i < job.end; ++i) {
        if (options_.stop && options_.stop()) {
          return Fail(ErrorCode::kAborted, "interrupted");
        }
        REBISECT_ASSIGN_OR_RETURN(
            auto run, session->Search(static_cast<std::uint32_t>(i)));
        pair.runs[i] = std::move(run);
      }
    }
    RemoveFolder(folder);
    const std::lock_guard lock(mutex_);
    done_ += job.end - job.first;
    if (options_.progress) options_.progress(done_);
    return {};
  }

  Result<void> AskGit(const Tool& git, std::size_t scenario,
                      const std::string& folder) {
    const ScenarioCase& its = *scenarios_[scenario];
    if (!its.scenario->expect.over_git) return {};
    std::error_code error;
    fs::create_directory(folder, error);
    REBISECT_ASSIGN_OR_RETURN(auto session, git.Begin(its, folder));
    REBISECT_ASSIGN_OR_RETURN(const auto run, session->Search(0));
    git_tests_[scenario] = run.journal.size();
    RemoveFolder(folder);
    return {};
  }

  [[nodiscard]] ScenarioResult ResultOf(Pair& pair) const {
    const ScenarioCase& scenario = *scenarios_[pair.scenario];
    const Tool& tool = *tools_[pair.tool];
    ScenarioResult result;
    result.scenario = pair.scenario;
    result.tool = pair.tool;
    if (!pair.missing.empty()) {
      result.status = ScenarioStatus::kSkipped;
      result.note = "needs " + pair.missing;
      return result;
    }
    for (const ToolRun& run : pair.runs) result.seconds += run.seconds;
    result.judgement =
        Judge(scenario, tool.spec(), pair.runs, git_tests_[pair.scenario]);
    result.example = std::move(pair.runs[result.judgement.example]);
    result.note = known_.Reason(*scenario.scenario, tool);
    const bool passed = result.judgement.faults.empty();
    if (result.note.empty()) {
      result.status =
          passed ? ScenarioStatus::kPassed : ScenarioStatus::kFailed;
    } else {
      result.status = passed ? ScenarioStatus::kUnexpectedPass
                             : ScenarioStatus::kKnownFailure;
    }
    return result;
  }

  const std::vector<const Tool*>& tools_;
  const std::vector<const ScenarioCase*>& scenarios_;
  const KnownFailures& known_;
  const SuiteRunOptions& options_;
  std::vector<Pair> pairs_{};
  std::vector<Job> jobs_{};
  std::vector<std::optional<std::size_t>> git_tests_{};  // by scenario
  std::mutex mutex_{};
  std::size_t done_ = 0;
};

}  // namespace

std::string_view NameOf(ScenarioStatus status) {
  switch (status) {
    case ScenarioStatus::kPassed:
      return "passed";
    case ScenarioStatus::kFailed:
      return "failed";
    case ScenarioStatus::kSkipped:
      return "skipped";
    case ScenarioStatus::kKnownFailure:
      return "known-failure";
    case ScenarioStatus::kUnexpectedPass:
      return "unexpected-pass";
  }
  return "";
}

std::size_t SuiteReport::Count(ScenarioStatus status) const {
  return static_cast<std::size_t>(std::count_if(
      results.begin(), results.end(),
      [&](const ScenarioResult& r) { return r.status == status; }));
}

Result<std::vector<std::unique_ptr<ScenarioCase>>> PrepareScenarios(
    const std::vector<const Scenario*>& scenarios, std::size_t threads) {
  std::vector<std::unique_ptr<ScenarioCase>> cases(scenarios.size());
  REBISECT_RETURN_IF_ERROR(RunInParallel(
      scenarios.size(), threads, [&](std::size_t i) -> Result<void> {
        REBISECT_ASSIGN_OR_RETURN(auto made, PrepareScenario(*scenarios[i]));
        cases[i] = std::make_unique<ScenarioCase>(std::move(made));
        return {};
      }));
  return cases;
}

std::size_t SearchesOf(const std::vector<const Tool*>& tools,
                       const std::vector<const ScenarioCase*>& scenarios) {
  std::size_t searches = 0;
  for (const ScenarioCase* scenario : scenarios) {
    for (const Tool* tool : tools) {
      if (MissingFeatures(*scenario, tool->spec()).empty()) {
        searches += static_cast<std::size_t>(scenario->scenario->repeats);
      }
    }
  }
  return searches;
}

Result<SuiteReport> RunSuites(const std::vector<const Tool*>& tools,
                              const std::vector<const ScenarioCase*>& scenarios,
                              const KnownFailures& known,
                              const SuiteRunOptions& options) {
  return SuiteRun(tools, scenarios, known, options).Run();
}

}  // namespace rebisect
