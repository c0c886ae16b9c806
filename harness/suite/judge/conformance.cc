#include "harness/suite/judge/conformance.h"

#include <algorithm>
#include <filesystem>
#include <mutex>
#include <set>
#include <tuple>
#include <utility>

#include "harness/process/scratch_folder.h"
#include "harness/process/threads.h"
#include "harness/suite/case/random_scenario.h"
#include "harness/suite/case/shrink_scenario.h"
#include "harness/suite/judge/suite_report.h"
#include "sim/base/prng.h"
#include "sim/base/result.h"

namespace rebisect {
namespace {

namespace fs = std::filesystem;

/// A case is made smaller by at most this many attempts.
constexpr std::size_t kMaxAttempts = 3'000;

/// What both tools did in one scenario.
struct BothRuns {
  ToolRun one;
  ToolRun other;
  std::optional<ToolsPart> part{};
};

/// Runs both, in folders below `folder`, which are gone afterwards.
Result<BothRuns> RunBoth(const ScenarioCase& scenario, const Tool& one,
                         const Tool& other, const std::string& folder) {
  BothRuns both;
  for (auto [tool, run, name] : {std::tuple{&one, &both.one, "/one"},
                                 std::tuple{&other, &both.other, "/other"}}) {
    const std::string its = folder + name;
    std::error_code error;
    fs::create_directories(its, error);
    REBISECT_ASSIGN_OR_RETURN(auto session, tool->Begin(scenario, its));
    auto made = session->Search(0);
    session.reset();
    RemoveFolder(its);
    REBISECT_RETURN_IF_ERROR(made);
    *run = *std::move(made);
  }
  both.part = WhereToolsPart(scenario, one, both.one, other, both.other);
  return both;
}

class Comparison {
 public:
  Comparison(const Tool& one, const Tool& other,
             const ConformanceOptions& options)
      : one_(one), other_(other), options_(options) {
    for (const std::string& feature : one.spec().supports) {
      const auto& others = other.spec().supports;
      if (std::find(others.begin(), others.end(), feature) != others.end()) {
        features_.insert(feature);
      }
    }
  }

  Result<ConformanceReport> Run() {
    REBISECT_ASSIGN_OR_RETURN(auto scratch, ScratchFolder::Make());
    auto ran = RunInParallel(
        options_.cases, options_.threads,
        [&](std::size_t i) { return RunCase(i, scratch.path()); });
    REBISECT_RETURN_IF_ERROR(ran);
    std::sort(report_.failures.begin(), report_.failures.end(),
              [](const ConformanceFailure& a, const ConformanceFailure& b) {
                return a.number < b.number;
              });
    report_.cases = options_.cases;
    ran = RunInParallel(std::min(options_.most_shrunk, report_.failures.size()),
                        options_.threads, [&](std::size_t i) {
                          return Shrink(
                              report_.failures[i],
                              scratch.path() + "/s" + std::to_string(i));
                        });
    REBISECT_RETURN_IF_ERROR(ran);
    return std::move(report_);
  }

 private:
  [[nodiscard]] bool Stopped() const {
    return options_.stop && options_.stop();
  }

  [[nodiscard]] Scenario ScenarioOf(std::uint64_t number) const {
    Prng size(options_.seed, 1, number);
    const std::uint32_t commits =
        2 + size.Below(std::max(1U, options_.most_commits - 1));
    return RandomScenario(options_.seed, number, commits, features_);
  }

  Result<void> RunCase(std::uint64_t number, const std::string& scratch) {
    if (Stopped()) return Fail(ErrorCode::kAborted, "interrupted");
    const Scenario scenario = ScenarioOf(number);
    REBISECT_ASSIGN_OR_RETURN(const auto prepared, PrepareScenario(scenario));
    const std::string folder = scratch + '/' + std::to_string(number);
    const auto both = RunBoth(prepared, one_, other_, folder);
    RemoveFolder(folder);
    REBISECT_RETURN_IF_ERROR(both);
    const std::lock_guard lock(mutex_);
    report_.questions += both->other.journal.size();
    if (both->part) {
      report_.failures.push_back(
          {number, prepared.graph.size(), *both->part, {}, {}});
    }
    ++done_;
    if (options_.progress) options_.progress(done_);
    return {};
  }

  void TellAttempt() {
    const std::lock_guard lock(mutex_);
    ++attempts_;
    if (options_.shrinking) options_.shrinking(attempts_);
  }

  Result<void> Shrink(ConformanceFailure& failure, const std::string& folder) {
    Scenario scenario = ScenarioOf(failure.number);
    const auto parts = [&](const Scenario& candidate) -> Result<bool> {
      if (Stopped()) return Fail(ErrorCode::kAborted, "interrupted");
      TellAttempt();
      const auto prepared = PrepareScenario(candidate);
      if (!prepared) return false;  // no such search
      for (const std::string& need : prepared->needs) {
        if (features_.count(need) == 0) return false;
      }
      REBISECT_ASSIGN_OR_RETURN(const auto both,
                                RunBoth(*prepared, one_, other_, folder));
      return both.part.has_value();
    };
    REBISECT_ASSIGN_OR_RETURN(const auto prepared, PrepareScenario(scenario));
    REBISECT_ASSIGN_OR_RETURN(const auto both,
                              RunBoth(prepared, one_, other_, folder));
    std::vector<std::pair<std::string, int>> asked;
    for (std::size_t i = 0; i + 1 < failure.part.question; ++i) {
      const AskedQuestion& question = both.other.journal[i];
      const auto id = CommitId::FromHex(question.commit);
      if (id) asked.emplace_back(prepared.NameOf(*id), question.code);
    }
    REBISECT_ASSIGN_OR_RETURN(
        auto shrunk,
        ShrinkScenario(std::move(scenario), asked, parts, kMaxAttempts));
    auto explained = Explain(std::move(shrunk), folder, failure);
    RemoveFolder(folder);
    return explained;
  }

  /// What the second tool does becomes what is expected.
  Result<void> Explain(Scenario scenario, const std::string& folder,
                       ConformanceFailure& failure) {
    REBISECT_ASSIGN_OR_RETURN(const auto prepared, PrepareScenario(scenario));
    REBISECT_ASSIGN_OR_RETURN(const auto both,
                              RunBoth(prepared, one_, other_, folder));
    if (both.part) failure.shrunk_part = *both.part;
    Expectation& expect = scenario.expect;
    expect.outcomes = {both.other.outcome};
    if (both.other.culprit) {
      expect.culprits = {{prepared.NameOf(*both.other.culprit), {}}};
    }
    for (const CommitId& id : both.other.candidates) {
      expect.candidates.push_back({prepared.NameOf(id), {}});
    }
    scenario.about = failure.shrunk_part.about;
    failure.shrunk = std::move(scenario);
    return {};
  }

  const Tool& one_;
  const Tool& other_;
  const ConformanceOptions& options_;
  std::set<std::string, std::less<>> features_{};
  std::mutex mutex_{};
  std::size_t done_ = 0;
  std::size_t attempts_ = 0;
  ConformanceReport report_{};
};

std::string AskedText(const ScenarioCase& scenario, const Tool& tool,
                      const ToolRun& run, std::size_t at) {
  const std::string& name = tool.spec().name;
  if (at >= run.journal.size()) {
    return name + " ends: " + AnswerText(scenario, run);
  }
  const auto id = CommitId::FromHex(run.journal[at].commit);
  return name + " asks " +
         (id ? scenario.NameOf(*id) : "'" + run.journal[at].commit + "'");
}

}  // namespace

std::optional<ToolsPart> WhereToolsPart(const ScenarioCase& scenario,
                                        const Tool& one, const ToolRun& its,
                                        const Tool& other,
                                        const ToolRun& others) {
  std::size_t at = 0;
  while (at < its.journal.size() && at < others.journal.size() &&
         its.journal[at].commit == others.journal[at].commit) {
    ++at;
  }
  const bool same_questions =
      at == its.journal.size() && at == others.journal.size();
  if (same_questions && its.outcome == others.outcome &&
      its.culprit == others.culprit && its.candidates == others.candidates) {
    return std::nullopt;
  }
  return ToolsPart{at + 1, AskedText(scenario, one, its, at) + ", " +
                               AskedText(scenario, other, others, at)};
}

Result<ConformanceReport> CompareTools(const Tool& one, const Tool& other,
                                       const ConformanceOptions& options) {
  return Comparison(one, other, options).Run();
}

}  // namespace rebisect
