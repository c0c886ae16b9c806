#include "harness/suite/judge/judge.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <utility>

#include "harness/text/report_lines.h"
#include "sim/graph/reachable.h"

namespace rebisect {
namespace {

/// The point of the normal distribution that a share `confidence` lies below.
double NormalPoint(double confidence) {
  double low = 0;
  double high = 10;
  for (int i = 0; i < 60; ++i) {
    const double middle = (low + high) / 2;
    const bool below = 1 - NormalTwoSided(middle) / 2 < confidence;
    (below ? low : high) = middle;
  }
  return low;
}

/// "n4", "n4 or n5", "n4, n5 or n6".
std::string AnyOf(const ScenarioCase& scenario,
                  const std::vector<CommitId>& ids, const char* joint) {
  std::string text;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (i > 0) text += i + 1 == ids.size() ? joint : ", ";
    text += scenario.NameOf(ids[i]);
  }
  return text.empty() ? "none" : text;
}

/// Judges single searches.
class SearchJudge {
 public:
  SearchJudge(const ScenarioCase& scenario, const ToolSpec& tool,
              std::optional<std::size_t> git_tests)
      : scenario_(scenario),
        expect_(scenario.scenario->expect),
        tool_(tool),
        git_tests_(git_tests) {}

  /// Whether it ended as expected.
  [[nodiscard]] bool Right(const ToolRun& run) const {
    return EndFault(run).empty();
  }

  [[nodiscard]] std::vector<std::string> Faults(const ToolRun& run) const {
    std::vector<std::string> faults;
    const auto add = [&](std::string fault) {
      if (!fault.empty()) faults.push_back(std::move(fault));
    };
    add(EndFault(run));
    if (run.outcome != ToolOutcome::kFailed) {
      add(ExitFault(run));
      // One that doubts verdicts cannot know that none is wrong here.
      if (!Doubts()) {
        add(TestsFault(run.journal.size()));
        add(RepeatFault(run));
      }
    }
    add(UnknownFault(run));
    for (const std::string& left : run.left_behind) {
      add("it left something behind: " + left);
    }
    return faults;
  }

  /// What is wrong whether or not the search came to the right end.
  [[nodiscard]] std::vector<std::string> GraveFaults(const ToolRun& run) const {
    std::vector<std::string> faults;
    if (run.outcome == ToolOutcome::kFailed) faults.push_back(EndFault(run));
    if (auto unknown = UnknownFault(run); !unknown.empty()) {
      faults.push_back(std::move(unknown));
    }
    for (const std::string& left : run.left_behind) {
      faults.push_back("it left something behind: " + left);
    }
    return faults;
  }

 private:
  [[nodiscard]] bool Doubts() const {
    return !scenario_.scenario->Noisy() &&
           std::find(tool_.supports.begin(), tool_.supports.end(), "noise") !=
               tool_.supports.end();
  }

  [[nodiscard]] std::string Said(const ToolRun& run) const {
    switch (run.outcome) {
      case ToolOutcome::kFound:
        return "it names " +
               (run.culprit ? scenario_.NameOf(*run.culprit) : "nothing");
      case ToolOutcome::kOnlySkipped:
        return "it says that only commits are left that cannot be tested: " +
               AnyOf(scenario_, run.candidates, " and ");
      case ToolOutcome::kFailed:
        return run.trouble.empty() ? "it failed" : run.trouble;
      default:
        return "it ends with '" + std::string(NameOf(run.outcome)) + "'";
    }
  }

  [[nodiscard]] std::string Wanted() const {
    std::string text;
    for (const ToolOutcome outcome : expect_.outcomes) {
      if (!text.empty()) text += ", or ";
      if (outcome == ToolOutcome::kFound && !scenario_.culprits.empty()) {
        text += "the culprit " + AnyOf(scenario_, scenario_.culprits, " or ");
      } else if (outcome == ToolOutcome::kOnlySkipped &&
                 !scenario_.candidates.empty()) {
        text += "one of " + AnyOf(scenario_, scenario_.candidates, " and ");
      } else {
        text += "'" + std::string(NameOf(outcome)) + "'";
      }
    }
    return text;
  }

  [[nodiscard]] std::string EndFault(const ToolRun& run) const {
    const bool expected =
        std::find(expect_.outcomes.begin(), expect_.outcomes.end(),
                  run.outcome) != expect_.outcomes.end();
    bool right = expected;
    if (right && run.outcome == ToolOutcome::kFound) {
      right = run.culprit &&
              (scenario_.culprits.empty() ||
               std::binary_search(scenario_.culprits.begin(),
                                  scenario_.culprits.end(), *run.culprit));
    }
    if (right && run.outcome == ToolOutcome::kOnlySkipped) {
      right = scenario_.candidates.empty() ||
              run.candidates == scenario_.candidates;
    }
    if (right) return {};
    return Said(run) + "; expected is " + Wanted();
  }

  [[nodiscard]] std::string ExitFault(const ToolRun& run) const {
    if (!expect_.exit_code || !tool_.git_exit_codes ||
        run.exit_code == expect_.exit_code) {
      return {};
    }
    return "its exit code is " +
           (run.exit_code ? std::to_string(*run.exit_code) : "not known") +
           ", git's would be " + std::to_string(*expect_.exit_code);
  }

  [[nodiscard]] std::string TestsFault(std::size_t tests) const {
    const auto above = [&](std::size_t limit, const std::string& what) {
      if (tests <= limit) return std::string();
      return Counted(tests, "test") + ", more than " + what;
    };
    std::string fault;
    if (expect_.most_tests) {
      const auto most = static_cast<std::size_t>(*expect_.most_tests);
      fault = above(most, "the " + std::to_string(most) + " that suffice");
    }
    if (fault.empty() && expect_.over_optimum) {
      const std::size_t limit = static_cast<std::size_t>(scenario_.optimum) +
                                static_cast<std::size_t>(*expect_.over_optimum);
      fault = above(limit, std::to_string(limit) + " (" +
                               Counted(scenario_.suspects, "suspect") +
                               " take " + std::to_string(scenario_.optimum) +
                               ", " + std::to_string(*expect_.over_optimum) +
                               " more are allowed)");
    }
    if (fault.empty() && expect_.over_git && git_tests_) {
      const std::size_t limit =
          *git_tests_ + static_cast<std::size_t>(*expect_.over_git);
      fault = above(limit, std::to_string(limit) + " (git needs " +
                               std::to_string(*git_tests_) + ")");
    }
    return fault;
  }

  [[nodiscard]] std::string RepeatFault(const ToolRun& run) const {
    if (scenario_.scenario->Noisy()) return {};
    const std::size_t repeated = RepeatedQuestions(run);
    if (repeated <= static_cast<std::size_t>(expect_.repeated)) return {};
    return Counted(repeated, "question") + " asked again";
  }

  [[nodiscard]] std::string UnknownFault(const ToolRun& run) const {
    for (const AskedQuestion& asked : run.journal) {
      const auto id = CommitId::FromHex(asked.commit);
      if (!id || !scenario_.graph.Find(*id)) {
        return "it asks about '" + asked.commit +
               "', which is no commit of the history";
      }
    }
    return {};
  }

  const ScenarioCase& scenario_;
  const Expectation& expect_;
  const ToolSpec& tool_;
  std::optional<std::size_t> git_tests_;
};

/// Looks for the first question that does not go with the rest.
class QuestionJudge {
 public:
  explicit QuestionJudge(const ScenarioCase& scenario) : scenario_(scenario) {}

  [[nodiscard]] BadQuestion First(const ToolRun& run) const {
    std::map<std::string, std::size_t, std::less<>> asked;
    const auto culprit = Named(run);
    for (std::size_t i = 0; i < run.journal.size(); ++i) {
      const AskedQuestion& question = run.journal[i];
      const auto id = CommitId::FromHex(question.commit);
      const auto v = id ? scenario_.graph.Find(*id) : std::nullopt;
      if (!v) return {i + 1, "asks about no commit of the history"};
      const std::string name = scenario_.graph.Label(*v);
      if (culprit && question.code < kAbortCode && question.code != kSkipCode) {
        const bool has_it = Contains(*v, *culprit);
        const bool bad = question.code != kGoodCode;
        if (bad != has_it && !scenario_.scenario->Noisy()) {
          std::string about = name;
          about += bad ? " was bad, and does not contain "
                       : " was good, and contains ";
          about += scenario_.graph.Label(*culprit);
          return {i + 1, std::move(about)};
        }
      }
      const auto [before, is_new] = asked.emplace(question.commit, i + 1);
      if (!is_new && !scenario_.scenario->Noisy()) {
        return {i + 1, name + " was asked about in question " +
                           std::to_string(before->second) + " already"};
      }
    }
    return {};
  }

 private:
  [[nodiscard]] std::optional<Vertex> Named(const ToolRun& run) const {
    if (run.outcome != ToolOutcome::kFound || !run.culprit) return std::nullopt;
    return scenario_.graph.Find(*run.culprit);
  }

  /// O(n + e).
  [[nodiscard]] bool Contains(Vertex commit, Vertex ancestor) const {
    return ReachableFrom(scenario_.graph, {&commit, 1})[ancestor];
  }

  const ScenarioCase& scenario_;
};

SearchSummary Summarise(const std::vector<ToolRun>& runs,
                        const SearchJudge& judge, double z) {
  SearchSummary summary;
  summary.searches = runs.size();
  summary.fewest_tests = runs[0].journal.size();
  double sum = 0;
  for (const ToolRun& run : runs) {
    const std::size_t tests = run.journal.size();
    summary.right += judge.Right(run) ? 1U : 0U;
    summary.fewest_tests = std::min(summary.fewest_tests, tests);
    summary.most_tests = std::max(summary.most_tests, tests);
    sum += static_cast<double>(tests);
  }
  const auto n = static_cast<double>(runs.size());
  summary.mean_tests = sum / n;
  double squares = 0;
  for (const ToolRun& run : runs) {
    const double off =
        static_cast<double>(run.journal.size()) - summary.mean_tests;
    squares += off * off;
  }
  if (runs.size() > 1) {
    summary.error_of_mean = std::sqrt(squares / (n - 1) / n);
  }
  summary.accuracy = WilsonInterval(summary.right, summary.searches, z);
  return summary;
}

std::string Percent(double share) { return Fixed(100 * share, 1) + "%"; }

/// What is shown to be worse than expected.
std::vector<std::string> StatisticalFaults(const Expectation& expect,
                                           const SearchSummary& summary,
                                           double z) {
  std::vector<std::string> faults;
  const std::string level = Percent(expect.confidence) + " sure)";
  if (expect.least_accuracy && summary.accuracy.high < *expect.least_accuracy) {
    faults.push_back(std::to_string(summary.right) + " of " +
                     std::to_string(summary.searches) + " searches right, " +
                     Percent(static_cast<double>(summary.right) /
                             static_cast<double>(summary.searches)) +
                     "; expected are at least " +
                     Percent(*expect.least_accuracy) + " (" + level);
  }
  if (expect.most_mean_tests && summary.error_of_mean) {
    const double low = summary.mean_tests - z * *summary.error_of_mean;
    if (low > *expect.most_mean_tests) {
      faults.push_back(Fixed(summary.mean_tests, 1) +
                       " tests on average; expected are at most " +
                       Fixed(*expect.most_mean_tests, 1) + " (" + level);
    }
  }
  return faults;
}

}  // namespace

std::size_t RepeatedQuestions(const ToolRun& run) {
  std::set<std::string_view> commits;
  for (const AskedQuestion& asked : run.journal) commits.insert(asked.commit);
  return run.journal.size() - commits.size();
}

ScenarioJudgement Judge(const ScenarioCase& scenario, const ToolSpec& tool,
                        const std::vector<ToolRun>& runs,
                        std::optional<std::size_t> git_tests) {
  const SearchJudge judge(scenario, tool, git_tests);
  const Expectation& expect = scenario.scenario->expect;
  const double z = NormalPoint(expect.confidence);
  ScenarioJudgement judgement;
  judgement.summary = Summarise(runs, judge, z);
  const bool by_chance = expect.least_accuracy || expect.most_mean_tests;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    auto faults =
        by_chance ? judge.GraveFaults(runs[i]) : judge.Faults(runs[i]);
    if (faults.empty()) continue;
    judgement.faults = std::move(faults);
    judgement.example = i;
    if (runs.size() > 1) {
      judgement.faults.front().insert(0,
                                      "search " + std::to_string(i + 1) + ": ");
    }
    break;
  }
  if (by_chance) {
    for (auto& fault : StatisticalFaults(expect, judgement.summary, z)) {
      judgement.faults.push_back(std::move(fault));
    }
  }
  if (!judgement.faults.empty()) {
    judgement.question = QuestionJudge(scenario).First(runs[judgement.example]);
  }
  return judgement;
}

}  // namespace rebisect
