// Tools that are simulated in this process: `git bisect run` as some version
// of git would go about it, or another selection policy in its place.

#include <algorithm>
#include <chrono>
#include <utility>
#include <variant>

#include "harness/graph/graph_source.h"
#include "harness/search/record_commands.h"
#include "harness/search/search.h"
#include "harness/search/selection_policies.h"
#include "harness/search/session_choice.h"
#include "harness/suite/case/scenario_repository.h"
#include "harness/suite/tools/scenario_questions.h"
#include "harness/suite/tools/tool.h"
#include "oracle/answers/command_oracle.h"
#include "sim/base/check.h"
#include "sim/base/prng.h"
#include "sim/base/result.h"

namespace rebisect {
namespace {

/// How a session's refusal is called.
ToolOutcome OutcomeOf(const StepReport& report) {
  switch (report.exit_code) {
    case 3:
      return ToolOutcome::kMergeBaseBad;
    case 4:
      return ToolOutcome::kNoTestable;
    default:
      return ToolOutcome::kRefused;
  }
}

class DriverSession final : public ToolSession {
 public:
  DriverSession(const ScenarioCase& scenario, const ToolSpec::Driver& driver,
                const PolicySpec* select, const GitVersion& version,
                std::unique_ptr<GraphSource> source)
      : scenario_(scenario),
        driver_(driver),
        select_(select),
        version_(version),
        source_(std::move(source)) {}

  Result<ToolRun> Search(std::uint32_t search) override {
    const auto begin = std::chrono::steady_clock::now();
    ToolRun run;
    checked_ = false;
    ScenarioQuestions questions(scenario_, search, run.journal);
    REBISECT_RETURN_IF_ERROR(Go(questions, search, run));
    std::sort(run.candidates.begin(), run.candidates.end());
    run.seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - begin)
            .count();
    return run;
  }

 private:
  Result<void> Go(ScenarioQuestions& questions, std::uint32_t search,
                  ToolRun& run) {
    rebisect::Search session(*source_, {version_, driver_.commit_graph});
    auto report = Begin(session);
    REBISECT_RETURN_IF_ERROR(report);
    std::unique_ptr<SelectionPolicy> policy;
    if (select_ != nullptr) {
      REBISECT_ASSIGN_OR_RETURN(
          auto made, MakeSelectionPolicy(*select_, Prng(search, 0, 0)));
      policy = std::move(made);
    }
    while (Testing(*report)) {
      if (policy != nullptr && report->state == SessionState::kTesting &&
          !policy->TrustsVerdicts()) {
        return Weigh(*session.session().suspects(), *policy, questions, run);
      }
      CommitId next = *report->next;
      if (policy != nullptr && report->state == SessionState::kTesting) {
        REBISECT_ASSIGN_OR_RETURN(auto chosen,
                                  ChosenBy(*policy, session.session()));
        // One that would test nothing leaves the choice to git.
        next = chosen.value_or(next);
        session.session().AssumeProposed(next);
      }
      const auto verdict = Test(next, questions, run);
      if (!verdict) return {};
      report = session.Mark({TermOf(session.session(), *verdict), {}});
      // Without a good end git waits for one unless it is told to go on.
      if (report && report->state == SessionState::kWaiting) {
        report = session.Next();
      }
      REBISECT_RETURN_IF_ERROR(report);
    }
    End(*report, run);
    return {};
  }

  Result<StepReport> Begin(rebisect::Search& session) {
    const ScenarioStart& start = scenario_.scenario->start;
    if (start.replay) {
      std::vector<ReplayCommand> commands = {scenario_.start};
      commands.insert(commands.end(), scenario_.marks.begin(),
                      scenario_.marks.end());
      return session.Replay(commands);
    }
    auto report = session.Start(scenario_.start);
    if (report && start.no_good) report = session.Next();
    for (const MarkCommand& mark : scenario_.marks) {
      if (!report || (report->state == SessionState::kError)) break;
      report = session.Mark(mark);
    }
    return report;
  }

  /// Nothing when the test program ends the search.
  std::optional<Verdict> Test(const CommitId& commit,
                              ScenarioQuestions& questions, ToolRun& run) {
    if (questions.TooMany()) {
      run.trouble = "it asks on and on";
      return std::nullopt;
    }
    const int code = questions.Ask(commit);
    switch (VerdictOfExitCode(code, version_)) {
      case CommandVerdict::kGood:
        return Verdict::kGood;
      case CommandVerdict::kBad:
        return Verdict::kBad;
      case CommandVerdict::kSkip:
        return Verdict::kSkip;
      case CommandVerdict::kCheck:
        if (checked_ || !FailsWhereGood(code, questions)) {
          checked_ = true;
          return Verdict::kBad;
        }
        run.exit_code = 1;
        break;
      case CommandVerdict::kAbort:
        run.exit_code = code;
        break;
    }
    run.outcome = ToolOutcome::kAborted;
    return std::nullopt;
  }

  /// Whether a commit that is good has the same code: then the program itself
  /// is broken.
  [[nodiscard]] bool FailsWhereGood(int code,
                                    ScenarioQuestions& questions) const {
    if (scenario_.start.goods.empty()) return false;
    const int good = questions.Ask(*std::min_element(
        scenario_.start.goods.begin(), scenario_.start.goods.end()));
    return good == code || good >= kAbortCode;
  }

  /// The rest of the search with a policy that doubts verdicts.
  Result<void> Weigh(const SuspectGraph& all, SelectionPolicy& policy,
                     ScenarioQuestions& questions, ToolRun& run) {
    std::vector<Observation> observations;
    std::vector<std::uint8_t> skipped;
    while (true) {
      REBISECT_ASSIGN_OR_RETURN(
          const auto next,
          policy.Next(SearchView{all,
                                 static_cast<Suspect>(all.size() - 1),
                                 skipped,
                                 {},
                                 observations}));
      if (const auto* const done = std::get_if<DoneStep>(&next)) {
        Name(all, *done, run);
        return {};
      }
      for (const Suspect s : std::get<TestStep>(next).commits) {
        const auto verdict =
            Test(all.graph->Id(all.vertices[s]), questions, run);
        if (!verdict) return {};
        if (*verdict == Verdict::kSkip) {
          skipped.resize(all.size(), 0);
          skipped[s] = 1;
        } else {
          observations.push_back({s, *verdict == Verdict::kBad});
        }
      }
    }
  }

  static void Name(const SuspectGraph& all, const DoneStep& done,
                   ToolRun& run) {
    const auto id = [&](Suspect s) { return all.graph->Id(all.vertices[s]); };
    run.exit_code = 0;
    if (done.culprit) {
      run.outcome = ToolOutcome::kFound;
      run.culprit = id(*done.culprit);
    } else if (done.no_culprit) {
      run.outcome = ToolOutcome::kNoCulprit;
    } else {
      run.outcome = ToolOutcome::kOnlySkipped;
      run.exit_code = 2;
      for (const Suspect s : done.candidates) run.candidates.push_back(id(s));
    }
  }

  static void End(const StepReport& report, ToolRun& run) {
    run.exit_code = report.exit_code;
    run.output = report.output + report.errors;
    switch (report.state) {
      case SessionState::kFound:
        run.outcome = ToolOutcome::kFound;
        run.culprit = report.culprit;
        break;
      case SessionState::kOnlySkipped:
        run.outcome = ToolOutcome::kOnlySkipped;
        run.candidates = report.suspects;
        break;
      case SessionState::kError:
        run.outcome = OutcomeOf(report);
        break;
      case SessionState::kWaiting:
      case SessionState::kTesting:
      case SessionState::kMergeBase:
        run.trouble = "it waits for marks that the scenario does not make";
        break;
    }
  }

  const ScenarioCase& scenario_;
  const ToolSpec::Driver& driver_;
  const PolicySpec* select_;  // null: git's own
  GitVersion version_;
  std::unique_ptr<GraphSource> source_;
  bool checked_ = false;
};

/// The graph as it is; but a repository where something is odd about it, and
/// where files matter.
Result<std::unique_ptr<GraphSource>> SourceOf(const ScenarioCase& scenario,
                                              const std::string& folder) {
  const ScenarioRepository& wanted = scenario.scenario->repository;
  if (scenario.start.paths.empty() && !wanted.bare && !wanted.linked_worktree &&
      !wanted.detached && scenario.shallow.empty() &&
      scenario.replace.empty()) {
    return GraphSource::FromGraph(scenario.graph);
  }
  REBISECT_ASSIGN_OR_RETURN(const auto repository,
                            MadeRepository::Make(scenario, folder));
  GraphOptions options;
  options.repositories = {repository.folder()};
  return GraphSource::FromOptions(options);
}

class DriverTool final : public Tool {
 public:
  DriverTool(ToolSpec spec, std::optional<PolicySpec> select,
             const GitVersion& version)
      : spec_(std::move(spec)), select_(std::move(select)), version_(version) {}

  [[nodiscard]] const ToolSpec& spec() const override { return spec_; }
  [[nodiscard]] const std::optional<GitVersion>& version() const override {
    return version_;
  }

  [[nodiscard]] Result<std::unique_ptr<ToolSession>> Begin(
      const ScenarioCase& scenario, const std::string& folder) const override {
    REBISECT_ASSIGN_OR_RETURN(auto source, SourceOf(scenario, folder));
    return std::make_unique<DriverSession>(scenario, *spec_.driver,
                                           select_ ? &*select_ : nullptr,
                                           *version_, std::move(source));
  }

 private:
  ToolSpec spec_;
  std::optional<PolicySpec> select_;
  std::optional<GitVersion> version_;
};

}  // namespace

Result<std::unique_ptr<Tool>> MakeDriverTool(ToolSpec spec) {
  REBISECT_CHECK(spec.driver.has_value());
  GitVersion version = kNewestGit;
  if (!spec.driver->git_version.empty()) {
    const auto parsed = GitVersion::Parse(spec.driver->git_version);
    if (!parsed) {
      return Fail(parsed.error().code, parsed.error().message, spec.where);
    }
    version = *parsed;
  }
  std::optional<PolicySpec> select;
  if (!spec.driver->select.empty()) {
    REBISECT_ASSIGN_OR_RETURN(auto parsed,
                              ParseSelection(spec.driver->select, spec.where));
    select = std::move(parsed);
  }
  return std::make_unique<DriverTool>(std::move(spec), std::move(select),
                                      version);
}

}  // namespace rebisect
