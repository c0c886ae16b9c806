// `fit`, as a person calls it: from a corpus to a file that diagnose reads.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "oracle/diagnosis/model_priors.h"
#include "tests/harness/graph/line_dag.h"
#include "tests/harness/testing/program.h"
#include "tests/support/temp_folder.h"

namespace rebisect {
namespace {

using nlohmann::json;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::Not;
using testing_support::GetFile;
using testing_support::JsonLines;
using testing_support::LineId;
using testing_support::ProgramRun;
using testing_support::PutFile;
using testing_support::RunProgram;
using testing_support::TempFolder;

class FitCommandTest : public ::testing::Test {
 protected:
  /// A search that tests two commits; 3 or 4 is the culprit.
  static std::string Search(const std::string& title) {
    return "rebisect: recording/1\nkind: cause\nevents:\n"
           "  - start: {bad: '" +
           LineId(8) + "', goods: ['" + LineId(1) + "']}\n" +
           Step(4, "bad",
                "{outcome: crashed, title: '" + title +
                    "', count: 9}, {outcome: ok}") +
           Step(3, "good", "{outcome: ok, count: 10}") +
           "end: {kind: culprit, culprit: '" + LineId(4) + "'}\n";
  }

  static std::string Step(int n, const std::string& verdict,
                          const std::string& runs) {
    return "  - test: '" + LineId(n) + "'\n    runs: [" + runs + "]\n  - " +
           verdict + ": '" + LineId(n) + "'\n";
  }

  TempFolder folder_;
};

TEST_F(FitCommandTest, WhatItWritesIsReadByDiagnose) {
  const std::string noise = folder_ / "noise.yaml";
  const ProgramRun run = RunProgram(
      {"fit", REBISECT_RECORDED_DIR, "-o", noise, "--format", "json"});
  ASSERT_EQ(run.exit_code, 0) << run.errors;
  const auto answers = JsonLines(run.out);
  ASSERT_EQ(answers.size(), 1U);
  const json& answer = answers[0];
  EXPECT_EQ(answer["schema"], "rebisect.fit/1");
  const auto priors = ReadModelPriors(GetFile(noise), noise);
  ASSERT_TRUE(priors.has_value()) << priors.error().message;
  for (const PriorField& field : PriorFields()) {
    const std::string name(field.name);
    EXPECT_EQ((*priors).*field.member, answer["priors"][name]) << name;
    const json& about = answer["uncertainty"][name];
    EXPECT_LE(about["low"], about["high"]) << name;
    EXPECT_TRUE(about["default"].is_number()) << name;
    EXPECT_TRUE(about["seen"].is_number()) << name;
    EXPECT_TRUE(about["of"].is_string() || name == "unrelated_a") << name;
  }
  EXPECT_EQ(answer["priors"].size(), PriorFields().size());
  for (const char* rate :
       {"crash_if_present", "crash_if_absent", "background", "unusable"}) {
    EXPECT_TRUE(answer["rates"][rate]["mean"].is_number()) << rate;
    EXPECT_TRUE(answer["rates"][rate]["concentration"].is_number()) << rate;
  }
  EXPECT_TRUE(answer["recurring_titles"].is_array());
  EXPECT_TRUE(answer["culprits_named_again"].is_array());
  EXPECT_EQ(answer["rests_on"]["recordings"],
            answer["rests_on"]["names"].size());
  EXPECT_EQ(answer["rests_on"]["truth_known"], 3);
  EXPECT_THAT(GetFile(noise), HasSubstr("\nrecurring_titles:"));
}

TEST_F(FitCommandTest, TheFiveKeepTheirConclusions) {
  const std::string noise = folder_ / "noise.yaml";
  const std::pair<const char*, const char*> conclusions[] = {
      {"000_44bcc0d44dc46933", "trustworthy"},
      {"001_8797c81a33fa4415", "contradicted"},
      {"002_2bc36a9ae601194e", "trustworthy"},
      {"003_9e5a8c403dd9519c", "trustworthy"},
      {"004_cc113675927a12df", "contradicted"}};
  std::vector<std::string> fit = {"fit", "-o", noise};
  for (const auto& [name, conclusion] : conclusions) {
    fit.push_back(std::string(REBISECT_RECORDED_DIR) + '/' + name + ".yaml");
  }
  ASSERT_EQ(RunProgram(fit).exit_code, 0);
  for (const auto& [name, conclusion] : conclusions) {
    const ProgramRun run = RunProgram(
        {"diagnose", std::string(REBISECT_RECORDED_DIR) + '/' + name + ".yaml",
         "--prior", noise, "--format", "json"});
    ASSERT_EQ(run.exit_code, 0) << run.errors;
    EXPECT_EQ(JsonLines(run.out)[0]["conclusion"], conclusion) << name;
  }
}

TEST_F(FitCommandTest, WhatTeachesNothingIsSkippedWithAReason) {
  PutFile(folder_ / "a.yaml", Search("WARNING in foo"));
  PutFile(folder_ / "again.yaml", Search("WARNING in foo"));
  PutFile(folder_ / "empty.yaml", "rebisect: recording/1\nkind: cause\n");
  const ProgramRun run =
      RunProgram({"fit", folder_.path(), "--format", "json"});
  EXPECT_EQ(run.exit_code, 0) << run.errors;
  EXPECT_THAT(run.errors,
              HasSubstr("empty.yaml: note: not used: it has no bad end"));
  EXPECT_THAT(run.errors, HasSubstr("again.yaml: note: not used: its tests "
                                    "are those of "));
  const auto answers = JsonLines(run.out);
  ASSERT_EQ(answers.size(), 1U);
  EXPECT_EQ(answers[0]["rests_on"]["recordings"], 1);
  EXPECT_EQ(answers[0]["rests_on"]["skipped"].size(), 2U);
}

TEST_F(FitCommandTest, NothingLearnableIsAnError) {
  PutFile(folder_ / "empty.yaml", "rebisect: recording/1\nkind: cause\n");
  const std::string noise = folder_ / "noise.out";
  const ProgramRun run =
      RunProgram({"fit", folder_ / "empty.yaml", "-o", noise});
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_EQ(run.out, "");
  EXPECT_THAT(run.errors, HasSubstr("nothing can be learned"));
  EXPECT_FALSE(std::filesystem::exists(noise));
  EXPECT_EQ(RunProgram({"fit", folder_ / "nowhere"}).exit_code, 2);
}

TEST_F(FitCommandTest, AnUnreadableFileIsAnErrorAndTheRestIsUsed) {
  PutFile(folder_ / "a.yaml", Search("WARNING in foo"));
  PutFile(folder_ / "b.txt", "no bisection\n");
  const ProgramRun run = RunProgram({"fit", folder_.path()});
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_THAT(run.errors, HasSubstr("b.txt"));
  EXPECT_THAT(run.out, HasSubstr("noise of 1 recording "));
  // A part is not to stand where the whole was.
  const std::string noise = folder_ / "noise.yaml";
  EXPECT_EQ(RunProgram({"fit", folder_.path(), "-o", noise}).exit_code, 2);
  EXPECT_FALSE(std::filesystem::exists(noise));
  EXPECT_EQ(RunProgram({"fit", folder_ / "a.yaml", "-o",
                        folder_ / "no/such/noise.yaml"})
                .exit_code,
            2);
}

TEST_F(FitCommandTest, TheTextKeepsToTheWidthAndNamesEveryField) {
  PutFile(folder_ / "a.yaml", Search("WARNING in foo"));
  PutFile(folder_ / "b.yaml", Search("INFO: " + std::string(200, 'w')));
  const ProgramRun run = RunProgram({"fit", folder_.path()});
  EXPECT_EQ(run.exit_code, 0) << run.errors;
  for (const PriorField& field : PriorFields()) {
    EXPECT_THAT(run.out, HasSubstr("    " + std::string(field.name) + ' '));
  }
  std::istringstream lines(run.out);
  for (std::string line; std::getline(lines, line);) {
    if (line.find("www") == std::string::npos) {
      EXPECT_LE(Columns(line), 80) << line;
    }
  }
}

TEST_F(FitCommandTest, OneIsSingularInTheText) {
  PutFile(folder_ / "a.yaml",
          "rebisect: recording/1\nkind: cause\nevents:\n"
          "  - start: {bad: '" +
              LineId(8) + "', goods: ['" + LineId(1) + "']}\n" +
              Step(4, "bad",
                   "{outcome: crashed, title: foo, count: 9}, "
                   "{outcome: crashed, title: bar}") +
              Step(3, "good", "{outcome: ok, count: 10}") +
              "end: {kind: culprit, culprit: '" + LineId(4) + "'}\n");
  const ProgramRun run = RunProgram({"fit", folder_ / "a.yaml"});
  EXPECT_EQ(run.exit_code, 0) << run.errors;
  EXPECT_THAT(run.out, HasSubstr(" 1 title\n"));
  EXPECT_THAT(run.out, HasSubstr(" 1 recording\n"));
  EXPECT_THAT(run.out, HasSubstr(" 0 verdicts\n"));
  EXPECT_THAT(
      run.out,
      Not(ContainsRegex("[^0-9.]1 (recording|title|commit|verdict|run)s")));
}

TEST_F(FitCommandTest, AKeyThatANoiseModelHasNotIsAnError) {
  const auto priors = ReadModelPriors(
      "rebisect: noise/1\npriors: {older: .2}\nprios: {}\n", "noise.yaml");
  ASSERT_FALSE(priors.has_value());
  EXPECT_EQ(priors.error().where.line, 3);
  EXPECT_THAT(priors.error().message, HasSubstr("unknown key 'prios'"));
  EXPECT_TRUE(ReadModelPriors("rebisect: noise/1\npriors: {older: .2}\n"
                              "uncertainty: []\nrests_on: much\n",
                              "noise.yaml")
                  .has_value());
}

}  // namespace
}  // namespace rebisect
