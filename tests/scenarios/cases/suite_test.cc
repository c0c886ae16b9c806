#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <variant>

#include "scenarios/cases/scenario.h"

namespace rebisect {
namespace {

using std::string_view;

/// A suite of one scenario; `rest` follows its graph and bug.
std::string OneScenario(string_view rest) {
  return "rebisect: suite/1\nscenarios:\n  - name: one\n    graph: n0..n16\n" +
         std::string(rest);
}

Scenario Read(string_view rest) {
  const auto suite = ReadSuite(OneScenario(rest), "dir/small.yaml");
  EXPECT_TRUE(suite.has_value()) << FormatError(suite.error());
  return suite ? suite->scenarios.at(0) : Scenario{};
}

/// "line:column: message".
std::string ErrorOf(const std::string& text) {
  const auto suite = ReadSuite(text, "dir/small.yaml");
  if (suite) return "none";
  EXPECT_EQ(suite.error().code, ErrorCode::kInput);
  EXPECT_EQ(suite.error().where.file, "dir/small.yaml");
  return std::to_string(suite.error().where.line) + ":" +
         std::to_string(suite.error().where.column) + ": " +
         suite.error().message;
}

TEST(SuiteTest, ReadsASmallOne) {
  const auto suite =
      ReadSuite(OneScenario("    bug: n9\n    expect: {culprit: n9}\n"),
                "dir/small.yaml");
  ASSERT_TRUE(suite.has_value()) << FormatError(suite.error());
  EXPECT_EQ(suite->name, "small");
  ASSERT_EQ(suite->scenarios.size(), 1U);
  const Scenario& scenario = suite->scenarios[0];
  EXPECT_EQ(scenario.FullName(), "small/one");
  EXPECT_EQ(scenario.where.line, 3);
  EXPECT_EQ(std::get<Drawing>(scenario.history).size(), 17U);
  EXPECT_EQ(scenario.search, RecordingKind::kCause);
  ASSERT_EQ(scenario.bugs.size(), 1U);
  EXPECT_EQ(scenario.bugs[0].culprit->text, "n9");
  EXPECT_EQ(scenario.bugs[0].culprit->where.line, 5);
  EXPECT_EQ(scenario.expect.culprits.at(0).text, "n9");
  EXPECT_EQ(scenario.expect.outcomes,
            std::vector<ToolOutcome>{ToolOutcome::kFound});
  EXPECT_EQ(scenario.expect.confidence, 0.99);
  EXPECT_FALSE(scenario.Noisy());
}

// Everything that there is, in the form that is written.
constexpr string_view kWhole = R"(rebisect: suite/1
name: whole
about: All of it.
scenarios:
  - name: all
    about: "Why: because."
    graph:
      - n0..n3
      - n1-x
      - n3-m
      - x-m
    dates: {n3: 10, x: -4}
    search: fix
    start: {bad: m, good: [n0, x], term-bad: broken, term-good: fixed, first-parent: true, no-checkout: true, paths: [a.txt, b], marks: [skip n2..n3 x, broken, fixed n1], replay: true}
    bug: [n1, {culprit: n2, fixed: [n3, x]}, {fixed: n3}, {culprit: none}]
    broken: [n2, x, {from: n3, until: m}, {until: n1}]
    answers: {n2: 128, "12": 0}
    noise: {false-bad: 0.1, false-good: 0.25, seed: 7}
    repeats: 200
    repository: {bare: true, detached: true, shallow: n1, replace: {n2: n3}, changes: {a.txt: [n3, m], src/b: []}}
    limit: 2.5
    needs: [octopus, fix]
    expect: {culprit: [n2, n3], candidates: [n1, n2], outcome: [found, only-skipped], exit: 0, tests: {max: 5, over-optimum: 1, over-git: 0, mean-max: 65.5}, repeated: 3, accuracy: {min: 0.93, confidence: 0.95}}
    errata:
      - tool: git-run
        since: 2.34.0
        until: 2.56.0
        about: It stops.
      - tool: hg
        about: It does not.
  - name: bare-bones
    graph: {generate: wide, commits: 40, seed: 3}
    dates: falling
    start: {no-good: true}
    bug: none
    repository: {linked-worktree: true}
    expect: {outcome: no-culprit}
)";

TEST(SuiteTest, IsWrittenAsItReads) {
  const auto suite = ReadSuite(std::string(kWhole), "w.yaml");
  ASSERT_TRUE(suite.has_value()) << FormatError(suite.error());
  EXPECT_EQ(SuiteText(*suite), kWhole);
}

TEST(SuiteTest, LongPathsAreWrittenAsTheyRead) {
  const std::string path(1500, 'a');
  const auto suite = ReadSuite(
      "rebisect: suite/1\nscenarios:\n  - name: long\n    graph: a-b"
      "\n    repository: {changes: {? " +
          path +
          " : b}}\n"
          "    bug: b\n    expect: {culprit: b}\n",
      "w.yaml");
  ASSERT_TRUE(suite.has_value()) << FormatError(suite.error());
  const std::string text = SuiteText(*suite);
  const auto again = ReadSuite(text, "w.yaml");
  ASSERT_TRUE(again.has_value()) << FormatError(again.error());
  EXPECT_EQ(SuiteText(*again), text);
}

TEST(SuiteTest, ReadsWhatHasMoreThanOneForm) {
  const Scenario scenario = Read(R"(    bug: {culprit: n9, fixed: [n12]}
    dates: falling
    broken: n8
    start: {bad: n16, good: n0, marks: skip}
    noise: {false-good: .1}
    repeats: 2
    needs: skip
    expect:
      candidates: [n8, n9]
      exit: 2
      outcome: only-skipped
    errata: {tool: git, since: "2.31", about: it errs}
)");
  EXPECT_EQ(scenario.dates.kind, ScenarioDates::Kind::kFalling);
  EXPECT_EQ(scenario.untestable.at(0).text, "n8");
  EXPECT_EQ(scenario.start.marks.at(0).term, "skip");
  EXPECT_TRUE(scenario.start.marks.at(0).commits.empty());
  EXPECT_EQ(scenario.bugs.at(0).fixes.at(0).text, "n12");
  EXPECT_EQ(scenario.false_good, 0.1);
  EXPECT_EQ(scenario.needs, std::vector<std::string>{"skip"});
  EXPECT_EQ(scenario.expect.exit_code, 2);
  EXPECT_EQ(scenario.errata.at(0).since, (GitVersion{2, 31, 0, 0}));
}

TEST(SuiteTest, CandidatesAloneMeanOnlySkipped) {
  const Scenario scenario =
      Read("    bug: n9\n    expect: {candidates: [n8, n9]}\n");
  EXPECT_EQ(scenario.expect.outcomes,
            std::vector<ToolOutcome>{ToolOutcome::kOnlySkipped});
}

TEST(SuiteTest, PathsStartFromTheFile) {
  const auto suite = ReadSuite(
      "rebisect: suite/1\nscenarios: [{name: r, graph: {recording: "
      "../r.yaml}, bug: n9, expect: {culprit: n9}}]\n",
      "dir/small.yaml");
  ASSERT_TRUE(suite.has_value()) << FormatError(suite.error());
  const auto& source = std::get<HistorySource>(suite->scenarios[0].history);
  EXPECT_EQ(std::get<ReconstructedRecording>(source).path, "dir/../r.yaml");
}

struct BadLine {
  string_view lines;
  string_view error;
};

void ExpectErrors(const std::vector<BadLine>& cases) {
  for (const BadLine& bad : cases) {
    const std::string lines(bad.lines);
    std::string text = lines;
    for (const string_view rest :
         {"    bug: n9\n", "    expect: {culprit: n9}\n"}) {
      const string_view key = rest.substr(0, rest.find(':'));
      if (lines.find(key) == std::string::npos) text += rest;
    }
    const std::string error = ErrorOf(OneScenario(text));
    EXPECT_EQ(error.substr(0, bad.error.size()), bad.error)
        << lines << "said: " << error;
  }
}

TEST(SuiteTest, RefusesWhatIsNoField) {
  ExpectErrors({
      {"    bugs: n9\n",
       "5:5: unknown key 'bugs' in a scenario; did you mean "},
      {"    start: {first_parent: true}\n",
       "5:13: unknown key 'first_parent' in 'start'; did you mean "
       "'first-parent'?"},
      {"    repository: {wortree: true}\n",
       "5:18: unknown key 'wortree' in 'repository'"},
      {"    noise: {false-bda: .1}\n",
       "5:13: unknown key 'false-bda' in 'noise'; did you mean 'false-bad'?"},
      {"    bug: {culprit: n9, fixes: n3}\n",
       "5:24: unknown key 'fixes' in a bug"},
      {"    broken: {from: n9, to: n3}\n",
       "5:24: unknown key 'to' in what is broken"},
      {"    expect: {culprits: n9}\n",
       "5:14: unknown key 'culprits' in 'expect'; did you mean 'culprit'?"},
      {"    expect: {outcome: found, culprits: n9}\n",
       "5:30: unknown key 'culprits' in 'expect'; did you mean 'culprit'?"},
      {"    expect: {culprit: n9, tests: {most: 3}}\n",
       "5:35: unknown key 'most' in 'tests'"},
      {"    errata: [{tool: git, about: x, from: 2.3}]\n",
       "5:36: unknown key 'from' in an erratum"},
  });
}

TEST(SuiteTest, RefusesWordsThatThereAreNot) {
  ExpectErrors({
      {"    search: fixes\n", "5:13: 'search' cannot be 'fixes'"},
      {"    search: marks\n", "5:13: 'search' cannot be 'marks'"},
      {"    dates: raising\n",
       "5:12: 'dates' cannot be 'raising'; did you mean 'rising'?"},
      {"    needs: [skip, octupus]\n",
       "5:19: tools have no feature 'octupus'; did you mean 'octopus'?"},
      {"    expect: {outcome: only-skiped}\n",
       "5:23: there is no outcome 'only-skiped'; did you mean "
       "'only-skipped'?"},
      {"    expect: {outcome: []}\n", "5:23: nothing is expected"},
      {"    start: {marks: [skip n1, god n2]}\n",
       "5:30: a mark starts with a term of the search, not 'god'; did you mean "
       "'good'?"},
      {"    start: {term-bad: new, term-good: old, marks: [good n2]}\n",
       "5:52: a mark starts with a term of the search, not 'good'"},
      {"    start: {marks: good n2..n3}\n",
       "5:20: 'n2..n3' cannot be marked; only skip takes ranges"},
      {"    start: {marks: skip ..n3}\n", "5:20: '..n3' cannot be marked"},
      {"    start: {marks: skip n2...n3}\n",
       "5:20: 'n2...n3' cannot be marked"},
  });
}

TEST(SuiteTest, RefusesWrongValues) {
  ExpectErrors({
      {"    bug: [[n9]]\n", "5:11: 'a bug' has to name a commit"},
      {"    bug: n9 n10\n", "5:10: 'a bug' has to name a commit"},
      {"    bug:\n", "6:5: 'a bug' has to name a commit"},
      {"    bug: {}\n", "5:10: a bug needs 'culprit', 'fixed' or both"},
      {"    broken: [{}]\n", "5:14: what is broken needs 'from', 'until' or"},
      {"    answers: [n3]\n", "5:14: 'answers' has to map commits to exit"},
      {"    answers: {n3: 256}\n",
       "5:19: an exit code has to be from 0 to 255"},
      {"    answers: {n3: -1}\n", "5:19: an exit code has to be from 0 to 255"},
      {"    noise: {false-bad: 1.5}\n",
       "5:24: 'false-bad' has to be a number from 0 to 1"},
      {"    repeats: 0\n", "5:14: 'repeats' has to be a whole number from 1"},
      {"    limit: 0\n", "5:12: 'limit' has to be a number of seconds"},
      {"    dates: {n3: soon}\n", "5:17: a date has to be a whole number of"},
      {"    start: {bad: [n3, n4]}\n", "5:18: 'bad' has to name a commit"},
      {"    start: {good: n0, no-good: true}\n",
       "5:19: keep either 'good' or 'no-good'"},
      {"    start: {term-bad: two words}\n", "5:23: 'term-bad' has to be a "},
      {"    start: [n3]\n", "5:12: 'start' has to be a mapping"},
      {"    repository: {bare: true, linked-worktree: true}\n",
       "5:47: keep either 'bare' or 'linked-worktree'"},
      {"    repository: {changes: {COMMIT: n3}}\n",
       "5:28: 'COMMIT' cannot change; take another path"},
      {"    repository: {changes: {a/../b: n3}}\n",
       "5:28: 'a/../b' cannot change"},
      {"    repository: {replace: n3}\n",
       "5:27: 'replace' has to be a mapping"},
      {"    expect: {culprit: n9, exit: 300}\n",
       "5:33: 'exit' has to be a whole number from 0 to 255"},
      {"    expect: {culprit: n9, outcome: refused}\n",
       "5:23: a 'culprit' goes with the outcome found"},
      {"    expect: {candidates: [n9], outcome: found}\n",
       "5:26: 'candidates' go with the outcome only-skipped"},
      {"    expect: {culprit: n9, tests: {max: -1}}\n",
       "5:40: 'max' has to be a whole number from 0 to"},
      {"    expect: {culprit: n9, accuracy: {min: .9}}\n",
       "5:37: an accuracy needs 'repeats'"},
      {"    repeats: 9\n    expect: {culprit: n9, accuracy: {confidence: "
       ".9}}\n",
       "6:37: 'accuracy' needs 'min'"},
      {"    repeats: 9\n    expect: {outcome: found, accuracy: {min: .9}}\n",
       "6:40: an accuracy needs a 'culprit'"},
      {"    errata: [{tool: git}]\n", "5:14: 'about' has to be said"},
      {"    errata: [{about: x}]\n", "5:14: 'tool' has to be said"},
      {"    errata: [{tool: git, about: x, since: new}]\n",
       "5:43: 'since' has to be a version of git, such as 2.34.0, not 'new'"},
      {"    errata: [{tool: git, about: x, since: 2.4, until: 2.4}]\n",
       "5:55: 'until' is the first version that is right again"},
  });
}

TEST(SuiteTest, RefusesWhatIsNoSuite) {
  EXPECT_EQ(ErrorOf("rebisect: suit/1\n").substr(0, 60),
            "1:11: a suite starts with `rebisect: suite/1`, not 'suit/1'");
  EXPECT_EQ(ErrorOf("scenarios: []\n").substr(0, 60),
            "1:1: a suite starts with `rebisect: suite/1`, not without it");
  EXPECT_EQ(ErrorOf("[]").substr(0, 30), "1:1: a suite has to be a mappi");
  const std::string head = "rebisect: suite/1\n";
  for (const char* const none :
       {"", "scenarios: []\n", "scenarios:\n", "scenarios: {name: x}\n"}) {
    EXPECT_NE(ErrorOf(head + none).find("a suite needs 'scenarios'"),
              std::string::npos)
        << none;
  }
  EXPECT_EQ(ErrorOf(head + "scenarios: [x]\n").substr(0, 40),
            "2:13: a scenario has to be a mapping of ");
  EXPECT_EQ(ErrorOf(head + "scenarios: [{name: Up}]\n").substr(0, 37),
            "2:20: a scenario needs a 'name' of lo");
  EXPECT_EQ(ErrorOf(head + "scenarios: [{name: a}]\n").substr(0, 39),
            "2:13: a scenario needs 'graph', such as");
  EXPECT_EQ(
      ErrorOf(head + "scenarios: [{name: a, graph: a-b}]\n").substr(0, 32),
      "2:13: a scenario needs 'bug', th");
  EXPECT_EQ(ErrorOf(head + "scenarios: [{name: a, graph: a-b, bug: b}]\n")
                .substr(0, 34),
            "2:13: a scenario needs 'expect', w");
}

TEST(SuiteTest, RefusesDrawingsThatAreTooMuchTogether) {
  std::string text = "rebisect: suite/1\nscenarios:\n";
  for (int i = 0; i <= 50; ++i) {
    text += "  - name: a" + std::to_string(i) +
            "\n    graph: n1..n20000\n    bug: n9\n"
            "    expect: {culprit: n9}\n";
  }
  EXPECT_EQ(ErrorOf(text).substr(0, 45),
            "204:12: the drawings up to here have more tha");
}

TEST(SuiteTest, RefusesGraphsThatAreNone) {
  const auto error = [](const std::string& graph) {
    return ErrorOf("rebisect: suite/1\nscenarios:\n  - name: a\n    graph: " +
                   graph + "\n    bug: b\n    expect: {culprit: b}\n");
  };
  EXPECT_EQ(error("a-b, b-a").substr(0, 35),
            "4:12: 'a' would be its own ancestor");
  EXPECT_EQ(error("n0..n20000").substr(0, 45),
            "4:12: the drawing has more than 20000 commits");
  EXPECT_EQ(error("[]").substr(0, 33), "4:12: the drawing has no commit; ");
  EXPECT_EQ(error("[[a]]").substr(0, 40),
            "4:13: 'graph' has to be a list of texts");
  EXPECT_EQ(error("{generate: cubic, commits: 9}").substr(0, 36),
            "4:23: there is no generator 'cubic';");
  EXPECT_EQ(
      error("{generate: linear, commits: 9}\n    dates: {n1: 3}").substr(0, 36),
      "5:12: only drawn commits can be date");
}

TEST(SuiteTest, NamesAreGivenOnce) {
  EXPECT_EQ(
      ErrorOf("rebisect: suite/1\nscenarios:\n"
              "  - {name: a, graph: a-b, bug: b, expect: {culprit: b}}\n"
              "  - {name: a, graph: a-b, bug: b, expect: {culprit: b}}\n"),
      "4:12: there is a scenario 'a' in line 3 already; take another "
      "name");
}

TEST(SuiteTest, OutcomesHaveNames) {
  for (const string_view name : ToolOutcomeNames()) {
    EXPECT_EQ(NameOf(*ToolOutcomeNamed(name)), name);
  }
  EXPECT_EQ(NameOf(ToolOutcome::kFailed), "failed");
  EXPECT_FALSE(ToolOutcomeNamed("lost"));
}

}  // namespace
}  // namespace rebisect
