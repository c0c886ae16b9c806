#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <thread>

#include "harness/suite/tools/tool.h"
#include "oracle/process/proc_scanner.h"
#include "tests/harness/suite/case/scenario_literal.h"
#include "tests/support/temp_folder.h"

namespace rebisect {
namespace {

using testing_support::GetFile;
using testing_support::PutFile;
using testing_support::ScenarioLiteral;
using testing_support::TempFolder;
using Lines = std::vector<std::string>;

/// A tool that runs a script and reads "culprit ID", "could be ID" and "only
/// skipped".
ToolSpec Spec(const std::string& run) {
  ToolSpec spec;
  spec.name = "t";
  spec.where = {"tool.yaml", 1, 1};
  spec.limit_seconds = 20;
  spec.scripts.emplace();
  spec.scripts->run = run;
  spec.scripts->outcomes = {{ToolOutcome::kFound, "^culprit "},
                            {ToolOutcome::kOnlySkipped, "^only skipped"},
                            {ToolOutcome::kFailed, "^help"}};
  spec.scripts->culprit = "^culprit (.+)$";
  spec.scripts->candidate = "^could be (.+)$";
  return spec;
}

/// A tool with the scenario a-b-c, the bug in b.
class ScriptToolTest : public ::testing::Test {
 protected:
  void Begin(ToolSpec spec, std::function<bool()> stop = {}) {
    auto tool = MakeScriptTool(std::move(spec), "", std::move(stop));
    ASSERT_TRUE(tool.has_value()) << FormatError(tool.error());
    tool_ = *std::move(tool);
    auto session = tool_->Begin(*scenario_, folder_.path());
    ASSERT_TRUE(session.has_value()) << FormatError(session.error());
    session_ = *std::move(session);
  }
  ToolRun Search(std::uint32_t search = 0) {
    auto run = session_->Search(search);
    EXPECT_TRUE(run.has_value()) << FormatError(run.error());
    return run ? *std::move(run) : ToolRun{};
  }
  ToolRun Run(const std::string& script) {
    Begin(Spec(script));
    return Search();
  }
  /// The script, but with limited time.
  ToolRun RunShortly(const std::string& script) {
    ToolSpec spec = Spec(script);
    spec.limit_seconds = 0.3;
    Begin(std::move(spec));
    return Search();
  }

  ScenarioLiteral scenario_{"graph: a-b-c\nbug: b\nexpect: {culprit: b}"};
  TempFolder folder_;
  std::unique_ptr<Tool> tool_;
  std::unique_ptr<ToolSession> session_;
};

TEST_F(ScriptToolTest, TellsWhatTheToolDid) {
  const ToolRun run =
      Run("git checkout -q HEAD~; \"$REBISECT_ORACLE\"; echo \"culprit $(git "
          "rev-parse HEAD)\"; git checkout -q main; exit 3");
  EXPECT_EQ(run.outcome, ToolOutcome::kFound) << run.trouble;
  EXPECT_EQ(run.culprit, scenario_.Id("b"));
  EXPECT_EQ(run.exit_code, 3);
  ASSERT_EQ(run.journal.size(), 1U);
  EXPECT_EQ(run.journal[0].commit, scenario_.Hex("b"));
  EXPECT_EQ(run.journal[0].code, 1);
  EXPECT_EQ(run.left_behind, Lines());
  EXPECT_EQ(run.trouble, "");
}

TEST_F(ScriptToolTest, TakesIdsCutShort) {
  const ToolRun run = Run("echo culprit " + scenario_.Hex("b").substr(0, 12));
  EXPECT_EQ(run.culprit, scenario_.Id("b")) << run.trouble;
}

TEST_F(ScriptToolTest, ReadsCandidates) {
  const ToolRun run =
      Run("echo only skipped; echo could be " + scenario_.Hex("c") +
          "; echo could be " + scenario_.Hex("b"));
  EXPECT_EQ(run.outcome, ToolOutcome::kOnlySkipped);
  std::vector<CommitId> expected = {scenario_.Id("b"), scenario_.Id("c")};
  std::sort(expected.begin(), expected.end());
  EXPECT_EQ(run.candidates, expected);
}

TEST_F(ScriptToolTest, FailsWithAnAnswerThatCannotBe) {
  const std::string b = scenario_.Hex("b");
  const struct {
    std::string script;
    std::string trouble;
  } cases[] = {
      {"echo culprit " + b + "; echo culprit " + scenario_.Hex("c"),
       "it names 2 culprits"},
      {"echo culprit " + std::string(40, '1'),
       "it names " + std::string(40, '1') + ", which is no commit here"},
      {"echo 'culprit '", "it says that it found the culprit, but names none"},
      {"echo only skipped; echo could be HEAD",
       "it names HEAD, which is no commit here"},
      {"echo help me; exit 1", "it says that it failed: help me"},
      {"exit 5",
       "it ended with exit code 5 and printed nothing that tells the "
       "outcome"},
      {"echo; echo 'Hm. '; exit 0",
       "it ended with exit code 0 and printed nothing that tells the outcome; "
       "its last line: Hm."},
      {"echo culprit " + b + "; kill -SEGV $$",
       "it was killed by signal 11 (Segmentation fault)"},
  };
  for (const auto& [script, trouble] : cases) {
    const TempFolder folder;
    const auto tool = MakeScriptTool(Spec(script), "");
    ASSERT_TRUE(tool.has_value());
    const auto session = (*tool)->Begin(*scenario_, folder.path());
    const auto run = (*session)->Search(0);
    ASSERT_TRUE(run.has_value()) << FormatError(run.error());
    EXPECT_EQ(run->outcome, ToolOutcome::kFailed);
    EXPECT_EQ(run->trouble, trouble);
    EXPECT_FALSE(run->culprit.has_value());
  }
}

TEST_F(ScriptToolTest, GivesNothingOfTheUsersButPath) {
  setenv("GIT_DIR", "/nowhere", 1);
  const ToolRun run = Run("env -u PATH; ls -A \"$HOME\" \"$TMPDIR\"");
  unsetenv("GIT_DIR");
  EXPECT_EQ(run.output.find("GIT_DIR="), std::string::npos);
  EXPECT_NE(run.output.find("\nREBISECT_BAD=" + scenario_.Hex("c")),
            std::string::npos);
  EXPECT_NE(run.output.find("\nREBISECT_SEARCH=0\n"), std::string::npos);
}

TEST_F(ScriptToolTest, AHangCostsItsLimit) {
  ToolRun run = RunShortly("\"$REBISECT_ORACLE\"; sleep 1000");
  EXPECT_EQ(run.outcome, ToolOutcome::kFailed);
  EXPECT_EQ(run.trouble, "it did not end within 0.3 seconds");
  EXPECT_EQ(run.journal.size(), 1U);
  EXPECT_FALSE(run.exit_code.has_value());
  EXPECT_EQ(run.left_behind, Lines());
  EXPECT_LT(run.seconds, 10);
  // Whatever it does about it, and with its repository in any state.
  run = Search(1);
  EXPECT_EQ(run.trouble, "it did not end within 0.3 seconds");
}

TEST_F(ScriptToolTest, ClosedOutputAndIgnoredSignalsDoNotHelp) {
  EXPECT_EQ(RunShortly("trap '' TERM HUP INT; exec >&- 2>&-; "
                       "while :; do sleep 1000; done")
                .trouble,
            "it did not end within 0.3 seconds");
}

TEST_F(ScriptToolTest, StandsFloods) {
  ToolRun run = RunShortly("yes culprit");
  EXPECT_EQ(run.trouble, "it did not end within 0.3 seconds");
  EXPECT_LE(run.output.size(), 65536U);
}

TEST_F(ScriptToolTest, ReadsTheEndOfMuchOutput) {
  const ToolRun run = Run(
      "head -c 3000000 /dev/zero; yes | head -n 300000; echo; echo culprit " +
      scenario_.Hex("b"));
  EXPECT_EQ(run.culprit, scenario_.Id("b")) << run.trouble;
}

TEST_F(ScriptToolTest, TellsWhatRunsOn) {
  const ToolRun run = Run(
      "sleep 1001 & setsid sleep 1002 & (setsid sh -c 'sleep 1003 & sleep "
      "1004' >/dev/null 2>&1 &)\nuntil [ \"$(ps -e -o args | grep -c '^sleep "
      "100[1-4]$')\" -ge 4 ]; do sleep .02; done; echo culprit " +
      scenario_.Hex("b"));
  EXPECT_EQ(run.outcome, ToolOutcome::kFound);
  EXPECT_EQ(run.left_behind,
            (Lines{"a process that ran on: sh -c sleep 1003 & sleep 1004",
                   "a process that ran on: sleep 1001",
                   "a process that ran on: sleep 1002",
                   "a process that ran on: sleep 1003",
                   "a process that ran on: sleep 1004"}));
}

TEST_F(ScriptToolTest, LeavesNobodyBehind) {
  // Each of them begins the next one, in a session of its own, and ends.
  const std::string chain = folder_ / "chain";
  PutFile(chain, "echo $$ >>'" + folder_.path() + "/pids'; setsid sh '" +
                     chain + "' & exit");
  const ToolRun run = RunShortly("sh '" + chain + "'; sleep 1000");
  EXPECT_EQ(run.trouble, "it did not end within 0.3 seconds");
  const std::string seen = GetFile(folder_ / "pids");
  EXPECT_FALSE(seen.empty());
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  EXPECT_EQ(GetFile(folder_ / "pids"), seen);
}

TEST_F(ScriptToolTest, BeginsAnewWhereSomethingWasLeft) {
  ToolSpec spec = Spec(
      "git update-ref refs/bisect/bad HEAD; git checkout -q --detach HEAD~; "
      "echo x >COMMIT; echo culprit $(git rev-parse main)");
  Begin(std::move(spec));
  for (const std::uint32_t search : {0U, 1U}) {
    const ToolRun run = Search(search);
    EXPECT_EQ(run.culprit, scenario_.Id("c")) << run.trouble;
    EXPECT_EQ(run.left_behind, (Lines{"HEAD was changed",
                                      "entry of the index COMMIT was changed",
                                      "file COMMIT was changed",
                                      "ref refs/bisect/bad was left behind"}));
  }
}

TEST_F(ScriptToolTest, SurvivesAToolThatRemovesEverything) {
  Begin(
      Spec("rm -rf \"$REBISECT_REPOSITORY\" \"$HOME\" \"$REBISECT_WORK\" "
           "\"${REBISECT_ORACLE%/*}\"; mkdir -p d/e; chmod 0 d"));
  for (const std::uint32_t search : {0U, 1U}) {
    const ToolRun run = Search(search);
    EXPECT_EQ(run.outcome, ToolOutcome::kFailed);
    EXPECT_FALSE(run.left_behind.empty());
  }
}

TEST_F(ScriptToolTest, ResetTakesBack) {
  ToolSpec spec = Spec("git tag t; echo culprit $(git rev-parse main)");
  spec.scripts->reset = "git tag -d t";
  Begin(std::move(spec));
  EXPECT_EQ(Search().left_behind, Lines());
  ToolSpec failing = Spec("echo culprit $(git rev-parse main)");
  failing.scripts->reset = "echo no >&2; exit 2";
  const TempFolder folder;
  const auto tool = MakeScriptTool(std::move(failing), "");
  const auto run = (*(*tool)->Begin(*scenario_, folder.path()))->Search(0);
  EXPECT_EQ(run->left_behind,
            Lines{"its reset ended with exit code 2; its last line: no"});
}

TEST_F(ScriptToolTest, PreparesOnce) {
  ToolSpec spec = Spec(
      "cat \"$REBISECT_WORK/n\"; echo culprit $(git "
      "rev-parse main)");
  spec.scripts->prepare = "echo prepared >>\"$REBISECT_WORK/n\"";
  Begin(std::move(spec));
  Search();
  EXPECT_EQ(Search(1).output, "prepared\nculprit " + scenario_.Hex("c") + '\n');
}

TEST_F(ScriptToolTest, SaysThatThePreparationFailed) {
  ToolSpec spec = Spec("echo run");
  spec.scripts->prepare = "echo oh; exit 4";
  Begin(std::move(spec));
  const ToolRun run = Search();
  EXPECT_EQ(run.outcome, ToolOutcome::kFailed);
  EXPECT_EQ(run.trouble,
            "its preparation ended with exit code 4; its last line: oh");
}

TEST_F(ScriptToolTest, TranslatesIds) {
  ToolSpec spec = Spec("echo culprit r1");
  spec.scripts->translate =
      "while read -r id; do [ $id = r1 ] && git rev-parse HEAD~; done";
  Begin(std::move(spec));
  EXPECT_EQ(Search().culprit, scenario_.Id("b"));
  ToolSpec silent = Spec("echo culprit r1");
  silent.scripts->translate = "exit 1";
  const TempFolder folder;
  const auto tool = MakeScriptTool(std::move(silent), "");
  const auto run = (*(*tool)->Begin(*scenario_, folder.path()))->Search(0);
  EXPECT_EQ(run->trouble,
            "the translation of the ids that it names ended with exit code 1 "
            "and 0 lines, not 1");
}

TEST_F(ScriptToolTest, CanBeInterrupted) {
  std::atomic<bool> stop{false};
  std::atomic<int> asked{0};
  Begin(Spec("setsid sleep 1005 & sleep 1006"), [&] {
    if (++asked > 4) stop = true;
    return stop.load();
  });
  const auto begin = std::chrono::steady_clock::now();
  const auto run = session_->Search(0);
  ASSERT_FALSE(run.has_value());
  EXPECT_EQ(run.error().code, ErrorCode::kAborted);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(15));
  EXPECT_EQ(session_->Search(1).error().code, ErrorCode::kAborted);
}

TEST(MakeScriptTool, SaysWhatIsMissing) {
  ToolSpec spec = Spec("true");
  spec.scripts->program = "no-such-bisect";
  const auto none = MakeScriptTool(spec, "");
  ASSERT_FALSE(none.has_value());
  EXPECT_EQ(none.error().code, ErrorCode::kNotFound);
  EXPECT_EQ(none.error().where.file, "tool.yaml");
  EXPECT_EQ(MakeScriptTool(spec, "./none").error().code, ErrorCode::kNotFound);
  EXPECT_EQ(MakeScriptTool(spec, "/").error().code, ErrorCode::kNotFound);
  ToolSpec wrong = Spec("true");
  wrong.scripts->culprit = "(";
  EXPECT_EQ(MakeScriptTool(wrong, "").error().code, ErrorCode::kInput);
}

TEST(MakeScriptTool, FindsAProgramBesideTheFile) {
  const TempFolder folder;
  PutFile(folder / "p/mine", "#!/bin/sh\necho 1.2.3\n");
  std::filesystem::permissions(folder / "p/mine",
                               std::filesystem::perms::owner_all);
  ToolSpec spec = Spec("true");
  spec.where.file = folder / "tool.yaml";
  spec.scripts->program = "./p/mine";
  spec.scripts->version = "\"$REBISECT_PROGRAM\"";
  const auto tool = MakeScriptTool(spec, "");
  ASSERT_TRUE(tool.has_value()) << FormatError(tool.error());
  EXPECT_EQ((*tool)->version(), (GitVersion{1, 2, 3, 0}));
}

TEST(MakeScriptTool, PutsAnotherProgramInThePlaceOfTheFiles) {
  const TempFolder folder;
  PutFile(folder / "mine",
          "#!/bin/sh\necho mine version 2.31.1.rc5 '(a 3.4)'\n");
  std::filesystem::permissions(folder / "mine",
                               std::filesystem::perms::owner_all);
  ToolSpec spec = Spec("git; \"$REBISECT_PROGRAM\"");
  spec.scripts->program = "git";
  spec.scripts->version = "\"$REBISECT_PROGRAM\" --version";
  const auto tool = MakeScriptTool(spec, folder / "mine");
  ASSERT_TRUE(tool.has_value()) << FormatError(tool.error());
  EXPECT_EQ((*tool)->version(), (GitVersion{2, 31, 1, 0}));
  const ScenarioLiteral scenario("graph: a-b\nbug: b\nexpect: {culprit: b}");
  std::filesystem::create_directory(folder / "session");
  const auto session = (*tool)->Begin(*scenario, folder / "session");
  EXPECT_EQ((*session)->Search(0)->output,
            "mine version 2.31.1.rc5 (a 3.4)\nmine version 2.31.1.rc5 (a "
            "3.4)\n");
}

}  // namespace
}  // namespace rebisect
