#include "oracle/answers/command_oracle.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <memory>
#include <string>
#include <utility>

#include "tests/support/git_command.h"
#include "tests/support/graph_literal.h"
#include "tests/support/temp_folder.h"

namespace rebisect {
namespace {

using testing_support::GetFile;
using testing_support::IdOf;
using testing_support::RunShell;
using testing_support::ShellLine;
using testing_support::TempFolder;

constexpr GitVersion kBeforeCheck{2, 35, 8, 0};

std::unique_ptr<CommandOracle> MakeOracle(CommandOptions options) {
  auto oracle = CommandOracle::Make(std::move(options));
  REBISECT_CHECK(oracle.has_value());
  return *std::move(oracle);
}

CommandOptions Shell(const std::string& line) {
  CommandOptions options;
  options.words = ShellWords(line);
  return options;
}

/// The stated verdict, or the code of the error.
std::string Say(Oracle& oracle, const std::string& name) {
  const auto answer = oracle.Ask({IdOf(name)});
  if (!answer) {
    return answer.error().code == ErrorCode::kAborted ? "abort" : "error";
  }
  return answer->stated ? std::string(ToString(*answer->stated)) : "none";
}

TEST(CommandOracleTest, TakesExitCodesAsGitOfThatVersionDoes) {
  struct Case {
    int code;
    CommandVerdict before;
    CommandVerdict since;
  };
  static constexpr Case kCases[] = {
      {0, CommandVerdict::kGood, CommandVerdict::kGood},
      {1, CommandVerdict::kBad, CommandVerdict::kBad},
      {124, CommandVerdict::kBad, CommandVerdict::kBad},
      {125, CommandVerdict::kSkip, CommandVerdict::kSkip},
      {126, CommandVerdict::kBad, CommandVerdict::kCheck},
      {127, CommandVerdict::kBad, CommandVerdict::kCheck},
      {128, CommandVerdict::kAbort, CommandVerdict::kAbort},
      {255, CommandVerdict::kAbort, CommandVerdict::kAbort},
  };
  for (const Case& c : kCases) {
    EXPECT_EQ(VerdictOfExitCode(c.code, kBeforeCheck), c.before) << c.code;
    EXPECT_EQ(VerdictOfExitCode(c.code, {2, 36, 0, 0}), c.since) << c.code;
  }
}

TEST(CommandOracleTest, TellsTheCommandTheCommitInBothWays) {
  CommandOptions options;
  options.words = {"/bin/sh", "-c", "echo $REBISECT_COMMIT $0", "a{commit}b"};
  const auto oracle = MakeOracle(std::move(options));
  const auto answer = oracle->Ask({IdOf("x")});
  ASSERT_TRUE(answer.has_value());
  const std::string id = IdOf("x").Hex();
  EXPECT_EQ(answer->output, id + " a" + id + "b\n");
  EXPECT_EQ(answer->stated, Verdict::kGood);
  EXPECT_EQ(answer->source, AnswerSource::kCommand);
  ASSERT_EQ(answer->test.runs.size(), 1U);
  EXPECT_EQ(answer->test.runs[0].outcome, RunOutcome::kOk);
  EXPECT_TRUE(answer->test.runs[0].seconds.has_value());
}

TEST(CommandOracleTest, EveryCodeIsARunAndAStatement) {
  const auto oracle = MakeOracle(
      Shell("case $REBISECT_COMMIT in " + IdOf("good").Hex() + ") exit 0;; " +
            IdOf("bad").Hex() + ") exit 7;; " + IdOf("skip").Hex() +
            ") exit 125;; esac; echo no way; exit 200"));
  EXPECT_EQ(Say(*oracle, "good"), "good");
  EXPECT_EQ(Say(*oracle, "skip"), "skip");
  const auto bad = oracle->Ask({IdOf("bad")});
  ASSERT_TRUE(bad.has_value());
  EXPECT_EQ(bad->stated, Verdict::kBad);
  EXPECT_EQ(bad->test.runs[0].outcome, RunOutcome::kCrashed);
  EXPECT_EQ(bad->test.runs[0].title, "exit code 7");
  const auto abort = oracle->Ask({IdOf("other")});
  ASSERT_FALSE(abort.has_value());
  EXPECT_EQ(abort.error().code, ErrorCode::kAborted);
  EXPECT_EQ(abort.error().message,
            "exit code 200 at " + IdOf("other").Hex() + ": no way");
}

TEST(CommandOracleTest, ManyRunsAreManyExecutionsAndNoStatement) {
  const TempFolder folder;
  const auto oracle = MakeOracle(
      Shell("cd '" + folder.path() + "'; echo x >> n; [ $(wc -l < n) -ne 2 ]"));
  const auto answer = oracle->Ask({IdOf("a"), 3});
  ASSERT_TRUE(answer.has_value());
  ASSERT_EQ(answer->test.runs.size(), 3U);
  EXPECT_EQ(answer->test.runs[0].outcome, RunOutcome::kOk);
  EXPECT_EQ(answer->test.runs[1].outcome, RunOutcome::kCrashed);
  EXPECT_EQ(answer->test.runs[2].outcome, RunOutcome::kOk);
  EXPECT_FALSE(answer->stated.has_value());
}

TEST(CommandOracleTest, InASearchForAFixGoodIsACrash) {
  CommandOptions options = Shell("exit 0");
  options.kind = RecordingKind::kFix;
  const auto answer = MakeOracle(std::move(options))->Ask({IdOf("a")});
  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ(answer->stated, Verdict::kGood);
  EXPECT_EQ(answer->test.runs[0].outcome, RunOutcome::kCrashed);
}

TEST(CommandOracleTest, AKnownGoodCommitUnmasksABrokenCommand) {
  CommandOptions options;
  options.words = {"/no/such/command"};
  EXPECT_EQ(Say(*MakeOracle(options), "a"), "abort")
      << "nothing to check it with";
  options.known_good = IdOf("good");
  const auto broken = MakeOracle(options)->Ask({IdOf("a")});
  ASSERT_FALSE(broken.has_value());
  EXPECT_EQ(broken.error().code, ErrorCode::kAborted);
  EXPECT_NE(broken.error().message.find("bogus exit code 127"),
            std::string::npos);
  options.version = kBeforeCheck;
  EXPECT_EQ(Say(*MakeOracle(options), "a"), "bad") << "as git did";
}

TEST(CommandOracleTest, A127ThatAGoodCommitHasNotIsBadAndCheckedOnce) {
  const TempFolder folder;
  CommandOptions options =
      Shell("echo x >> '" + (folder / "n") +
            "'; [ $REBISECT_COMMIT = " + IdOf("good").Hex() + " ] || exit 127");
  options.known_good = IdOf("good");
  const auto oracle = MakeOracle(std::move(options));
  EXPECT_EQ(Say(*oracle, "a"), "bad");
  EXPECT_EQ(Say(*oracle, "b"), "bad");
  EXPECT_EQ(GetFile(folder / "n"), "x\nx\nx\n");
}

TEST(CommandOracleTest, ARunBeyondTheTimeLimitSaysNothing) {
  CommandOptions options = Shell("sleep 1000");
  options.time_limit_ms = 200;
  const auto answer = MakeOracle(std::move(options))->Ask({IdOf("a")});
  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ(answer->stated, Verdict::kSkip);
  EXPECT_EQ(answer->test.runs[0].outcome, RunOutcome::kFailed);
  EXPECT_EQ(answer->test.runs[0].title, "took longer than 200 ms");
}

TEST(CommandOracleTest, TheEnvironmentIsCleanButForWhatIsNamed) {
  setenv("REBISECT_TEST_A", "a", 1);
  setenv("REBISECT_TEST_B", "b", 1);
  setenv("GIT_PREFIX", "elsewhere", 1);
  CommandOptions options =
      Shell("echo $REBISECT_TEST_A,$REBISECT_TEST_B,$C,$GIT_PREFIX");
  options.pass_variables = {"REBISECT_TEST_B"};
  options.variables = {{"C", "c"}};
  const auto output = [](const CommandOptions& o) {
    return MakeOracle(o)->Ask({IdOf("x")})->output;
  };
  EXPECT_EQ(output(options), ",b,c,\n");
  options.pass_variables = {"*"};
  EXPECT_EQ(output(options), "a,b,c,\n");
  unsetenv("REBISECT_TEST_A");
  unsetenv("REBISECT_TEST_B");
  unsetenv("GIT_PREFIX");
}

TEST(CommandOracleTest, WritesTheWholeOutputToALog) {
  const TempFolder folder;
  CommandOptions options = Shell("echo one; echo two");
  options.log_folder = folder.path();
  options.keep_bytes = 4;
  const auto answer = MakeOracle(std::move(options))->Ask({IdOf("a")});
  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ(answer->output, "two\n");
  EXPECT_EQ(GetFile(folder / (IdOf("a").Hex() + "-1.log")), "one\ntwo\n");
}

TEST(CommandOracleTest, RefusesOptionsThatMakeNoSense) {
  const auto code = [](CommandOptions options) {
    const auto oracle = CommandOracle::Make(std::move(options));
    return oracle ? ErrorCode::kInternal : oracle.error().code;
  };
  EXPECT_EQ(code({}), ErrorCode::kUsage);
  CommandOptions options = Shell("true");
  options.time_limit_ms = -1;
  EXPECT_EQ(code(options), ErrorCode::kUsage);
  options = Shell("true");
  options.variables = {{"A=B", "c"}};
  EXPECT_EQ(code(options), ErrorCode::kUsage);
  options = Shell("true");
  options.worktree = "/no/such/folder";
  EXPECT_EQ(code(options), ErrorCode::kNotFound);
}

class WorktreeTest : public testing::Test {
 protected:
  WorktreeTest() {
    RunShell(folder_.path(),
             "git init -q . && for i in 1 2 3; do echo $i > f; git add f; "
             "git commit -q -m $i; git tag v$i; done");
  }

  [[nodiscard]] CommitId Commit(const std::string& name) const {
    const auto id =
        CommitId::FromHex(ShellLine(folder_.path(), "git rev-parse " + name));
    REBISECT_CHECK(id.has_value());
    return *id;
  }

  TempFolder folder_;
};

TEST_F(WorktreeTest, ChecksOutEachCommitAndRunsThere) {
  CommandOptions options = Shell("cat f; [ $(cat f) -lt 3 ]");
  options.worktree = folder_.path();
  const auto oracle = MakeOracle(std::move(options));
  const auto first = oracle->Ask({Commit("v1")});
  ASSERT_TRUE(first.has_value());
  EXPECT_EQ(first->output, "1\n");
  EXPECT_EQ(first->stated, Verdict::kGood);
  const auto third = oracle->Ask({Commit("v3"), 1, true});
  ASSERT_TRUE(third.has_value());
  EXPECT_EQ(third->output, "3\n");
  EXPECT_EQ(third->stated, Verdict::kBad);
}

TEST_F(WorktreeTest, RunsNothingThatTheRepositoryHooksIntoGit) {
  RunShell(folder_.path(),
           "printf '#!/bin/sh\ntouch hooked\n' >.git/run; "
           "chmod +x .git/run; cp .git/run .git/hooks/post-checkout; "
           "mkdir .git/more; cp .git/run .git/more/post-checkout; "
           "git config core.hooksPath .git/more; "
           "git config core.fsmonitor .git/run");
  CommandOptions options = Shell("! [ -e hooked ]");
  options.worktree = folder_.path();
  const auto oracle = MakeOracle(std::move(options));
  for (const char* name : {"v1", "v2"}) {
    const auto answer = oracle->Ask({Commit(name)});
    ASSERT_TRUE(answer.has_value()) << FormatError(answer.error());
    EXPECT_EQ(answer->stated, Verdict::kGood) << name;
  }
}

TEST_F(WorktreeTest, ACommitThatCannotBeCheckedOutIsAnError) {
  CommandOptions options = Shell("echo changed > f");
  options.worktree = folder_.path();
  const auto oracle = MakeOracle(std::move(options));
  const auto gone = oracle->Ask({IdOf("gone")});
  ASSERT_FALSE(gone.has_value());
  EXPECT_EQ(gone.error().code, ErrorCode::kInput);
  EXPECT_NE(gone.error().message.find(IdOf("gone").Hex()), std::string::npos);
  ASSERT_TRUE(oracle->Ask({Commit("v1")}).has_value());
  EXPECT_FALSE(oracle->Ask({Commit("v2")}).has_value())
      << "the command left a changed file in the way";
}

}  // namespace
}  // namespace rebisect
