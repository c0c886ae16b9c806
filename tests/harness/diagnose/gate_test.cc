#include "harness/diagnose/gate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "tests/harness/graph/line_dag.h"
#include "tests/harness/testing/program.h"
#include "tests/support/temp_folder.h"

namespace rebisect {
namespace {

using nlohmann::json;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using testing_support::JsonLines;
using testing_support::LineDag;
using testing_support::LineId;
using testing_support::ProgramRun;
using testing_support::PutFile;
using testing_support::RunProgram;
using testing_support::TempFolder;

const std::string kRecordings = REBISECT_RECORDED_DIR;
const std::string kGate = REBISECT_GATES_DIR "/maintainers.yaml";

std::string ShippedGate(const std::string& name) {
  return kRecordings + "/" + name + ".yaml";
}

json GateOf(const std::vector<std::string>& arguments) {
  std::vector<std::string> all = {"diagnose", "--format", "json"};
  all.insert(all.end(), arguments.begin(), arguments.end());
  const auto answers = JsonLines(RunProgram(all).out);
  return answers.size() == 1 ? answers.front().value("gate", json()) : json();
}

TEST(GateTest, SaysWhatToDoWithTheShippedRecordings) {
  const ProgramRun run = RunProgram({"diagnose", kRecordings + "/00*.yaml",
                                     "--gate", kGate, "--format", "json"});
  ASSERT_EQ(run.exit_code, 0) << run.errors;
  std::vector<std::string> said;
  for (const json& answer : JsonLines(run.out)) {
    const json& gate = answer["gate"];
    said.push_back(gate["action"].get<std::string>() + ' ' +
                   gate["code"].get<std::string>() + ' ' +
                   gate["claim"].get<std::string>());
  }
  // 002 shows an older bug: nothing says that it brings one.
  EXPECT_THAT(said, ElementsAre("send trustworthy first-shows",
                                "retest verdict-likely-wrong first-shows",
                                "send trustworthy first-shows",
                                "send trustworthy introduces",
                                "retest verdict-likely-wrong first-shows"));
}

TEST(GateTest, ReasonsAreTheCodesOfTheDiagnosis) {
  const json gate =
      GateOf({ShippedGate("001_8797c81a33fa4415"), "--gate", kGate});
  EXPECT_THAT(gate["reasons"], Contains("posterior"));
  EXPECT_THAT(gate["reasons"], Contains("verdict-likely-wrong"));
  for (const json& code : gate["reasons"]) {
    EXPECT_THAT(
        std::vector<std::string>(kReasonCodes.begin(), kReasonCodes.end()),
        Contains(code.get<std::string>()));
  }
}

TEST(GateTest, OnlyTheTruthMakesACommitIntroduceABug) {
  const TempFolder folder;
  PutFile(folder / "truth.tsv",
          "002_2bc36a9ae601194e\tee1fa209f5e5\n"
          "003_9e5a8c403dd9519c\t1111111111111111\n");
  const auto claim = [&](const char* name) {
    return GateOf({ShippedGate(name), "--gate", kGate, "--truth",
                   folder / "truth.tsv"})["claim"];
  };
  EXPECT_EQ(claim("002_2bc36a9ae601194e"), "introduces");
  EXPECT_EQ(claim("003_9e5a8c403dd9519c"), "first-shows") << "a table decides";
}

TEST(GateTest, TheFirstRuleThatFitsDecides) {
  const TempFolder folder;
  const auto decide = [&](const std::string& rules) {
    PutFile(folder / "gate.yaml", "rebisect: gate/1\nrules: " + rules + "\n");
    const json gate = GateOf(
        {ShippedGate("000_44bcc0d44dc46933"), "--gate", folder / "gate.yaml"});
    return gate.value("code", "") + ' ' + gate.value("action", "");
  };
  EXPECT_EQ(decide("[{code: a, action: drop}, {code: b, action: send}]"),
            "a drop");
  EXPECT_EQ(decide("[{code: a, when: {kind: fix}, action: drop}]"),
            "no-rule hold");
  EXPECT_EQ(decide("[{code: a, when: {least-posterior: .95}, action: drop}, "
                   "{code: b, when: {least-posterior: .9}, action: send}]"),
            "b send");
  EXPECT_EQ(decide("[{code: a, when: {largest-set: 3}, action: drop}, {code: "
                   "b, when: {largest-set: 12, kind: [marks, cause]}, action: "
                   "hold}]"),
            "b hold");
  EXPECT_EQ(decide("[{code: a, when: {graph: repository}, action: drop}, "
                   "{code: b, when: {graph: reconstructed, reason: "
                   "rests-on-title}, action: retest}]"),
            "b retest");
  EXPECT_EQ(decide("[{code: a, when: {status: in-progress}, action: drop}, "
                   "{code: b, when: {culprit: false}, action: drop}, {code: "
                   "c, when: {culprit: true, status: complete, conclusion: "
                   "trustworthy}, action: send}]"),
            "c send");
  EXPECT_EQ(decide("[{code: a, when: {finding: merge}, action: drop}]"),
            "no-rule hold");
}

TEST(GateTest, WhatIsWrongWithRulesIsSaidWithItsPlace) {
  const struct {
    const char* rules;
    const char* error;
  } kCases[] = {
      {"rules: [{code: a, action: send}]", "1:1: error: "},
      {"rebisect: gate/2\nrules: [{code: a, action: send}]",
       "1:11: error: it has to say 'rebisect: gate/1'"},
      {"rebisect: gate/1", "1:1: error: there is no list 'rules'"},
      {"rebisect: gate/1\nrules: []", "2:8: error: there is no list 'rules'"},
      {"rebisect: gate/1\nrules: [{action: send}]",
       "2:9: error: a rule has to have a 'code'"},
      {"rebisect: gate/1\nrules: [{code: A b, action: send}]",
       "2:16: error: a rule has to have a 'code'"},
      {"rebisect: gate/1\nrules: [{code: a}]",
       "2:9: error: a rule has to have an 'action'"},
      {"rebisect: gate/1\nrules: [{code: a, action: sent}]",
       "2:27: error: there is no action 'sent'; did you mean 'send'?"},
      {"rebisect: gate/1\nrules: [{code: a, action: send, if: {}}]",
       "2:33: error: "},
      {"rebisect: gate/1\nrules: [{code: a, action: send, when: {finding: "
       "merged}}]",
       "did you mean 'merge'?"},
      {"rebisect: gate/1\nrules: [{code: a, action: send, when: {reason: "
       "uneven}}]",
       "there is no reason 'uneven'"},
      {"rebisect: gate/1\nrules: [{code: a, action: send, when: "
       "{conclusion: trusted}}]",
       "there is no conclusion 'trusted'"},
      {"rebisect: gate/1\nrules: [{code: a, action: send, when: {status: "
       "done}}]",
       "there is no status 'done'"},
      {"rebisect: gate/1\nrules: [{code: a, action: send, when: "
       "{least-posterior: 2}}]",
       "2:57: error: "},
      {"rebisect: gate/1\nrules: [{code: a, action: send, when: "
       "{largest-set: -1}}]",
       "2:53: error: "},
  };
  const TempFolder folder;
  for (const auto& one : kCases) {
    PutFile(folder / "gate.yaml", one.rules);
    const ProgramRun run =
        RunProgram({"diagnose", ShippedGate("000_44bcc0d44dc46933"), "--gate",
                    folder / "gate.yaml"});
    EXPECT_EQ(run.exit_code, 2) << one.rules;
    EXPECT_THAT(run.errors, HasSubstr(one.error)) << one.rules;
  }
}

TEST(MailTest, FitsAMail) {
  const ProgramRun run =
      RunProgram({"diagnose", kRecordings + "/00*.yaml", "--format", "mail"});
  ASSERT_EQ(run.exit_code, 0) << run.errors;
  std::istringstream lines(run.out);
  for (std::string line; std::getline(lines, line);) {
    if (line.rfind("Subject: ", 0) == 0) continue;
    EXPECT_LE(line.size(), 72U) << line;
  }
}

TEST(MailTest, NamesTheCrashThatWasSearchedFor) {
  const ProgramRun run = RunProgram(
      {"diagnose", ShippedGate("000_44bcc0d44dc46933"), "--format", "mail"});
  EXPECT_THAT(run.out,
              HasSubstr("Subject: [bisected] WARNING in enter_vmx_operation "
                        "first shows with 8fcc4b5923af\n"));
  EXPECT_THAT(run.out, HasSubstr("The bug itself may be"));
  EXPECT_THAT(run.out, HasSubstr("91.2%"));
  EXPECT_THAT(run.out, HasSubstr("  git checkout 8fcc4b5923af~1\n"));
}

TEST(MailTest, OnlyGoesOutWhereTheGateSaysSo) {
  const ProgramRun run = RunProgram({"diagnose", kRecordings + "/00*.yaml",
                                     "--format", "mail", "--gate", kGate});
  ASSERT_EQ(run.exit_code, 0);
  EXPECT_THAT(run.out, Not(HasSubstr("63d04348371b")));
  EXPECT_THAT(run.out, HasSubstr("was introduced by 9ec19493fb86"));
  EXPECT_THAT(run.errors, HasSubstr("001_8797c81a33fa4415: no mail: retest "
                                    "(verdict-likely-wrong)\n"));
}

TEST(MailTest, WhatIsNoIdIsNoCommand) {
  const TempFolder folder;
  PutFile(folder / "line.dag", LineDag(9) + LineId(6) + " refs/tags/a;b\n");
  PutFile(folder / "a.yaml",
          "rebisect: recording/1\nname: a\nkind: marks\nevents:\n"
          "  - start: {bad: " +
              LineId(9) +
              ", goods: [v1.0]}\n"
              "  - good: [" +
              LineId(5) +
              "]\n  - bad: [\"a;b\"]\n"
              "end: {kind: culprit, culprit: \"a;b\"}\n");
  const ProgramRun run = RunProgram({"diagnose", folder / "a.yaml", "--dag",
                                     folder / "line.dag", "--format", "mail"});
  EXPECT_EQ(run.exit_code, 0) << run.errors;
  EXPECT_THAT(run.out, HasSubstr("first shows with a;b"));
  EXPECT_THAT(run.out, Not(HasSubstr("git checkout")));
}

}  // namespace
}  // namespace rebisect
