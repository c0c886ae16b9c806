#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>

#include "harness/cli/command_support.h"
#include "harness/graph/recording_graphs.h"
#include "harness/input/load_recording.h"
#include "harness/search/search_space.h"
#include "oracle/diagnosis/diagnosis.h"
#include "sim/base/prng.h"
#include "tests/harness/graph/line_dag.h"
#include "tests/harness/testing/program.h"
#include "tests/support/temp_folder.h"

namespace rebisect {
namespace {

using nlohmann::json;
using ::testing::AnyOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsSupersetOf;
using ::testing::StartsWith;
using testing_support::JsonLines;
using testing_support::LineDag;
using testing_support::LineId;
using testing_support::ProgramRun;
using testing_support::PutFile;
using testing_support::RunProgram;
using testing_support::TempFolder;

std::string Shipped(const std::string& name) {
  return std::string(REBISECT_RECORDED_DIR) + "/" + name + ".yaml";
}
constexpr const char* k000 = "000_44bcc0d44dc46933";
constexpr const char* k001 = "001_8797c81a33fa4415";
constexpr const char* k002 = "002_2bc36a9ae601194e";
constexpr const char* k003 = "003_9e5a8c403dd9519c";
constexpr const char* k004 = "004_cc113675927a12df";

json DiagnoseShipped(const std::string& name) {
  const ProgramRun run =
      RunProgram({"diagnose", Shipped(name), "--format", "json"});
  EXPECT_EQ(run.exit_code, 0) << run.errors;
  const auto answers = JsonLines(run.out);
  return answers.size() == 1 ? answers.front() : json();
}

std::vector<int> WrongSteps(const json& answer) {
  std::vector<int> steps;
  for (const json& verdict : answer["verdicts"]) {
    if (verdict["probability_wrong"] > .5) steps.push_back(verdict["step"]);
  }
  return steps;
}

TEST(DiagnoseShipped, TheSoundResultsAreTrusted) {
  for (const auto* name : {k000, k002, k003}) {
    const json answer = DiagnoseShipped(name);
    EXPECT_EQ(answer["conclusion"], "trustworthy") << name;
    EXPECT_GT(answer["recorded_culprit"]["posterior"], .8) << name;
    EXPECT_TRUE(WrongSteps(answer).empty()) << name;
    EXPECT_THAT(answer["limits"],
                Contains(StartsWith("may-be-older: the crash first shows "
                                    "here; the bug may be older")));
    EXPECT_THAT(answer["limits"], Contains(StartsWith("hypothetical-graph")));
  }
}

TEST(DiagnoseShipped, TheRunsOfAnotherCrashContradictTheOthers) {
  const json one = DiagnoseShipped(k001);
  EXPECT_EQ(one["conclusion"], "contradicted");
  EXPECT_LT(one["recorded_culprit"]["posterior"], .05);
  EXPECT_LT(one["recorded_culprit"]["posterior_any_graph"][1], .05);
  EXPECT_EQ(WrongSteps(one), (std::vector<int>{8, 10, 11, 13}));
  EXPECT_EQ(one["derailed_at_step"], 8);
  // What the sound verdicts leave: bad at step 7, good at steps 5 and 8.
  ASSERT_EQ(one["credible_set"]["range"].size(), 1U);
  EXPECT_EQ(one["credible_set"]["range"][0]["of"], 93);
  EXPECT_THAT(one["credible_set"]["range"][0]["rev_list"],
              StartsWith("77158bd537ac "));
  EXPECT_THAT(one["reasons"],
              Contains(HasSubstr("step 8 (6e085cbfb0f0) was called bad")));

  const json four = DiagnoseShipped(k004);
  EXPECT_EQ(four["conclusion"], "contradicted");
  EXPECT_LT(four["recorded_culprit"]["posterior"], .05);
  EXPECT_EQ(WrongSteps(four), (std::vector<int>{5}));
  EXPECT_EQ(four["credible_set"]["range"][0]["of"], 451);
}

TEST(DiagnoseShipped, BothWaysToTakeAnotherTitleAreShown) {
  const json answer = DiagnoseShipped(k000);
  EXPECT_THAT(answer["reasons"], Contains(StartsWith("rests-on-title")));
  ASSERT_EQ(answer["titles"].size(), 1U);
  const json& title = answer["titles"][0];
  EXPECT_GT(title["same_bug"], .9);
  EXPECT_GT(title["if_same"]["posterior"], .8);
  EXPECT_LT(title["if_other"]["posterior"], .05);
}

/// A recording on its graph, diagnosed under many priors.
class Located {
 public:
  explicit Located(const char* name)
      : recording_(*LoadRecording(Shipped(name))) {
    graph_ = *ChooseGraph(GraphOptions{}, recording_);
    search_ = *LocateSearch(recording_, FindSteps(recording_), *graph_.source);
  }

  Conclusion Conclude(const ModelPriors& priors) const {
    DiagnosisRequest request;
    request.evidence = &search_.evidence;
    request.space = &search_.space;
    request.culprit = search_.culprit;
    request.priors = priors;
    request.details = false;
    return Diagnose(request).conclusion;
  }

 private:
  Recording recording_;
  ChosenGraph graph_;
  LocatedSearch search_;
};

double Scaled(const PriorField& field, double factor) {
  return std::min(ModelPriors().*field.member * factor, .99 * field.most);
}

TEST(DiagnoseShipped, NoParameterHalvedOrDoubledChangesAConclusion) {
  for (const auto* name : {k000, k001, k002, k003, k004}) {
    const Located located(name);
    const Conclusion usual = located.Conclude({});
    for (const PriorField& field : PriorFields()) {
      for (const double factor : {.5, 2.}) {
        ModelPriors priors;
        priors.*field.member = Scaled(field, factor);
        EXPECT_EQ(located.Conclude(priors), usual)
            << name << ": " << field.name << " times " << factor;
      }
    }
  }
}

TEST(DiagnoseShipped, NorDoAllOfThemDrawnAtOnce) {
  for (const auto* name : {k000, k001, k002, k003, k004}) {
    const Located located(name);
    const Conclusion usual = located.Conclude({});
    for (std::uint64_t draw = 0; draw < 40; ++draw) {
      Prng prng(1, 0, draw);
      ModelPriors priors;
      for (const PriorField& field : PriorFields()) {
        priors.*field.member = Scaled(field, std::exp2(2 * prng.Uniform() - 1));
      }
      EXPECT_EQ(located.Conclude(priors), usual) << name << ", draw " << draw;
    }
  }
}

TEST(DiagnoseShipped, TheTextFitsATerminalAndSaysWhatToDo) {
  const ProgramRun run = RunProgram({"diagnose", Shipped(k001)});
  EXPECT_EQ(run.exit_code, 0);
  std::istringstream lines(run.out);
  for (std::string line; std::getline(lines, line);) {
    EXPECT_LE(line.size(), 80U) << line;
  }
  EXPECT_THAT(run.out, HasSubstr("contradicted"));
  EXPECT_THAT(run.out, HasSubstr("retest 6e085cbfb0f0 (10 runs)"));
}

/// Records of searches on n1 <- ... <- n64, good n1, bad n64.
class DiagnoseTest : public ::testing::Test {
 protected:
  static constexpr int kCommits = 64;

  DiagnoseTest() { PutFile(folder_ / "line.dag", LineDag(kCommits)); }

  static std::string Head(const std::string& kind = "cause") {
    return "rebisect: recording/1\nkind: " + kind +
           "\nevents:\n  - test: " + LineId(kCommits) +
           "\n    purpose: start\n    runs: [{outcome: crashed, title: BUG in "
           "foo, count: 10}]\n  - start:\n      bad: " +
           LineId(kCommits) + "\n      goods: [" + LineId(1) + "]\n";
  }
  static std::string Test(int n, const std::string& verdict,
                          const std::string& runs) {
    return "  - test: " + LineId(n) + "\n    runs: [" + runs + "]\n  - " +
           verdict + ": " + LineId(n) + "\n";
  }
  static std::string Crashes(int count,
                             const std::string& title = "BUG in foo") {
    return "{outcome: crashed, title: " + title +
           ", count: " + std::to_string(count) + "}";
  }
  static std::string Passes(int count) {
    return "{outcome: ok, count: " + std::to_string(count) + "}";
  }
  static std::string Found(int n) {
    return "end: {kind: culprit, culprit: " + LineId(n) + "}\n";
  }

  /// A search that found n42 with ten runs each.
  static std::string Sound() {
    std::string record = Head();
    for (const auto& [n, bad] :
         {std::pair{32, false}, std::pair{48, true}, std::pair{40, false},
          std::pair{44, true}, std::pair{42, true}, std::pair{41, false}}) {
      record += Test(n, bad ? "bad" : "good", bad ? Crashes(10) : Passes(10));
    }
    return record + Found(42);
  }

  ProgramRun Run(const std::string& record, std::vector<std::string> options,
                 const std::string& name = "record.yaml") {
    PutFile(folder_ / name, record);
    std::vector<std::string> arguments{"diagnose", folder_ / name, "--dag",
                                       folder_ / "line.dag"};
    arguments.insert(arguments.end(), options.begin(), options.end());
    return RunProgram(std::move(arguments));
  }
  /// The answer; its exit code under "exit".
  json Answer(const std::string& record, std::vector<std::string> options = {},
              const std::string& name = "record.yaml") {
    options.insert(options.end(), {"--format", "json"});
    const ProgramRun run = Run(record, std::move(options), name);
    auto answers = JsonLines(run.out);
    EXPECT_EQ(answers.size(), 1U) << run.errors;
    if (answers.empty()) return {};
    answers.front()["exit"] = run.exit_code;
    return answers.front();
  }

  TempFolder folder_;
};

TEST_F(DiagnoseTest, ASoundSearchIsTrusted) {
  const json answer = Answer(Sound());
  EXPECT_EQ(answer["conclusion"], "trustworthy");
  EXPECT_EQ(answer["schema"], "rebisect.diagnose/1");
  EXPECT_EQ(answer["status"], "complete");
  EXPECT_EQ(answer["graph"]["source"], "dag");
  EXPECT_EQ(answer["recorded_culprit"]["commit"], LineId(42));
  // On a real graph there is no other graph to think of.
  const double posterior = answer["recorded_culprit"]["posterior"];
  EXPECT_EQ(answer["recorded_culprit"]["posterior_any_graph"],
            json::array({posterior, posterior}));
  double sum = 0;
  for (const json& hypothesis : answer["hypotheses"]) {
    sum += hypothesis["mass"].get<double>();
  }
  EXPECT_NEAR(sum, 1, 1e-4);
  // The result hangs on the culprit and on its parent.
  std::vector<int> carrying;
  for (const json& verdict : answer["verdicts"]) {
    if (verdict["changes_result"] == true) carrying.push_back(verdict["step"]);
  }
  EXPECT_THAT(carrying, IsSupersetOf({6}));
  EXPECT_FALSE(answer["next_tests"].empty());
  for (const json& next : answer["next_tests"]) {
    EXPECT_THAT(next["runs"].get<int>(), AnyOf(1, 3, 10));
    EXPECT_GE(next["expected_entropy_drop_bits"], 0);
  }
}

TEST_F(DiagnoseTest, ACrashInOneRunOfTenOfAnotherTitleMisleads) {
  std::string record = Head();
  record += Test(32, "bad", Crashes(1, "WARNING in bar") + ", " + Passes(9));
  record += Test(16, "good", Passes(10));
  record += Test(24, "good", Passes(10));
  record += Test(28, "good", Passes(10));
  record += Test(30, "good", Passes(10));
  record += Test(31, "good", Passes(10)) + Found(32);
  const json answer = Answer(record);
  EXPECT_EQ(answer["conclusion"], "contradicted");
  EXPECT_EQ(WrongSteps(answer), (std::vector<int>{1}));
  EXPECT_EQ(answer["derailed_at_step"], 1);
  EXPECT_THAT(answer["advice"], HasSubstr("went wrong at step 1"));
}

TEST_F(DiagnoseTest, VerdictsThatCannotAllBeRightAreSaidToBe) {
  // Good above the culprit with ten passes, bad below it with ten crashes.
  std::string record = Head();
  record += Test(32, "bad", Crashes(10));
  record += Test(48, "good", Passes(10));
  const json answer = Answer(record + Found(32));
  EXPECT_NE(answer["conclusion"], "trustworthy");
  EXPECT_EQ(answer["exit"], 0);
}

TEST_F(DiagnoseTest, RareCrashesAreAnUnevenReproducer) {
  std::string record = Head();
  for (const auto& [n, bad] :
       {std::pair{32, false}, std::pair{48, true}, std::pair{40, false},
        std::pair{44, true}, std::pair{42, true}, std::pair{41, false}}) {
    record += Test(n, bad ? "bad" : "good",
                   bad ? Crashes(2) + ", " + Passes(8) : Passes(10));
  }
  const json answer = Answer(record + Found(42));
  EXPECT_EQ(answer["conclusion"], "doubtful");
  EXPECT_THAT(answer["reasons"], Contains(StartsWith("uneven-reproducer")));
}

TEST_F(DiagnoseTest, AnUnfinishedSearchSaysWhatIsLeftAndWhatToDo) {
  const std::string record =
      Head() + Test(32, "good", Passes(10)) +
      Test(48, "bad", Crashes(1, "WARNING in bar") + ", " + Passes(9));
  const json answer = Answer(record);
  EXPECT_EQ(answer["status"], "in-progress");
  EXPECT_TRUE(answer["recorded_culprit"].is_null());
  EXPECT_EQ(answer["derailed_at_step"], 2);
  EXPECT_THAT(answer["advice"], HasSubstr("step 2"));
  EXPECT_NE(answer["conclusion"], "trustworthy");
  const json sound = Answer(Head() + Test(32, "good", Passes(10)) +
                            Test(48, "bad", Crashes(10)));
  EXPECT_EQ(sound["status"], "in-progress");
  EXPECT_TRUE(sound["derailed_at_step"].is_null());
  EXPECT_EQ(sound["left"]["commits"], 16);
}

TEST_F(DiagnoseTest, AFixIsSearchedForWithPresenceMirrored) {
  // The crash ends at n42: git's good still crashes, git's bad no longer.
  std::string record =
      "rebisect: recording/1\nkind: fix\nevents:\n  - test: " + LineId(1) +
      "\n    purpose: start\n    runs: [" + Crashes(10) +
      "]\n  - start:\n      bad: " + LineId(kCommits) + "\n      goods: [" +
      LineId(1) + "]\n";
  for (const auto& [n, crashes] :
       {std::pair{32, true}, std::pair{48, false}, std::pair{40, true},
        std::pair{44, false}, std::pair{42, false}, std::pair{41, true}}) {
    record +=
        Test(n, crashes ? "good" : "bad", crashes ? Crashes(10) : Passes(10));
  }
  const json answer = Answer(record + Found(42));
  EXPECT_EQ(answer["conclusion"], "trustworthy");
  EXPECT_GT(answer["recorded_culprit"]["posterior"], .8);
  for (const json& verdict : answer["verdicts"]) {
    if (verdict["step"] != 1) continue;
    EXPECT_EQ(verdict["recorded_verdict"], "good");
    EXPECT_EQ(verdict["crash_verdict"], "bad");
  }
}

TEST_F(DiagnoseTest, VerdictsWithoutRunsHaveAStatedErrorRate) {
  std::string log =
      "git bisect start '" + LineId(64) + "' '" + LineId(1) + "'\n";
  for (const auto& [n, bad] :
       {std::pair{32, false}, std::pair{48, true}, std::pair{40, false},
        std::pair{44, true}, std::pair{42, true}, std::pair{41, false}}) {
    log += std::string("git bisect ") + (bad ? "bad " : "good ") + LineId(n) +
           '\n';
  }
  log += "# first bad commit: [" + LineId(42) + "] subject\n";
  const json usual = Answer(log, {}, "record.log");
  EXPECT_THAT(usual["limits"], Contains(StartsWith("assumed-error-rate")));
  const json sure = Answer(log, {"--error-rate", ".001"}, "record.log");
  const json unsure = Answer(log, {"--error-rate", ".1", ".2"}, "record.log");
  EXPECT_GT(sure["recorded_culprit"]["posterior"],
            usual["recorded_culprit"]["posterior"]);
  EXPECT_GT(usual["recorded_culprit"]["posterior"],
            unsure["recorded_culprit"]["posterior"]);
  EXPECT_THAT(unsure["limits"], Contains(HasSubstr("20.0%")));
}

TEST_F(DiagnoseTest, RunsWithoutTitlesAreRunsOfTheOneCrash) {
  std::string record = Sound();
  const std::string title = ", title: BUG in foo";
  for (auto at = record.find(title); at != std::string::npos;
       at = record.find(title)) {
    record.erase(at, title.size());
  }
  const json answer = Answer(record);
  EXPECT_EQ(answer["conclusion"], "trustworthy");
}

TEST_F(DiagnoseTest, SkipsAndNoRunsTellNothing) {
  std::string record = Head();
  for (const int n : {32, 31, 33}) record += "  - skip: " + LineId(n) + "\n";
  const json answer = Answer(record);
  EXPECT_EQ(answer["exit"], 0);
  EXPECT_NE(answer["conclusion"], "trustworthy");
  EXPECT_EQ(answer["status"], "in-progress");

  record = Head() + Test(32, "good", "{outcome: infra, count: 10}");
  const json unusable = Answer(record);
  EXPECT_EQ(unusable["exit"], 0);
  EXPECT_NE(unusable["conclusion"], "trustworthy");
}

TEST_F(DiagnoseTest, GatesFailOnWhatTheyAreTold) {
  EXPECT_EQ(Run(Sound(), {"--fail-on", "doubtful"}).exit_code, 0);
  const std::string bare =
      "rebisect: recording/1\nkind: cause\nevents:\n"
      "  - start:\n      bad: " +
      LineId(64) + "\n      goods: [" + LineId(1) + "]\n" +
      Test(32, "bad", Crashes(10)) +
      Test(16, "bad", Crashes(5) + ", " + Passes(5));
  EXPECT_EQ(Run(bare, {"--fail-on", "doubtful"}).exit_code, 1);
  EXPECT_EQ(Run(bare, {"--fail-on", "contradicted"}).exit_code, 0);
  EXPECT_EQ(RunProgram({"diagnose", Shipped(k001), "--fail-on", "contradicted"})
                .exit_code,
            1);
  EXPECT_EQ(Run(Sound(), {"--fail-on", "sunday"}).exit_code, 2);
}

TEST_F(DiagnoseTest, PriorsAreReadAndTheirErrorsPlaced) {
  PutFile(folder_ / "noise.yaml",
          "rebisect: noise/1\npriors: {hidden_share: .2, older: .2}\n");
  const json doubtful = Answer(Sound(), {"--prior", folder_ / "noise.yaml"});
  EXPECT_LT(doubtful["recorded_culprit"]["posterior"], .8);
  for (const auto& [text, message] :
       {std::pair{"rebisect: noise/1\npriors: {hidden_shore: .2}\n",
                  "noise.yaml:2:"},
        std::pair{"rebisect: noise/1\npriors: {older: 7}\n", "noise.yaml:2:"},
        std::pair{"rebisect: noise/1\npriors: {older: much}\n",
                  "noise.yaml:2:"},
        std::pair{"rebisect: recording/1\n", "noise.yaml:1:"}}) {
    PutFile(folder_ / "noise.yaml", text);
    const ProgramRun run = Run(Sound(), {"--prior", folder_ / "noise.yaml"});
    EXPECT_EQ(run.exit_code, 2) << text;
    EXPECT_THAT(run.errors, HasSubstr(message));
  }
}

TEST_F(DiagnoseTest, WhatIsNoSearchIsAnErrorThatSaysSo) {
  const ProgramRun no_ends = Run(
      "rebisect: recording/1\nevents:\n" + Test(32, "bad", Crashes(10)), {});
  EXPECT_EQ(no_ends.exit_code, 2);
  EXPECT_THAT(no_ends.errors, HasSubstr("record.yaml"));
  std::string elsewhere = Sound();
  const std::string culprit = "culprit: " + LineId(42);
  elsewhere.replace(elsewhere.rfind(culprit), culprit.size(),
                    "culprit: " + std::string(40, 'e'));
  EXPECT_EQ(Run(elsewhere, {}).exit_code, 2);
}

}  // namespace
}  // namespace rebisect
