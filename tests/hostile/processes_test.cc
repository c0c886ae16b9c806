// Programs that are run: what they inherit, and that nothing of them is left.

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <set>
#include <sstream>

#include "oracle/answers/command_oracle.h"
#include "oracle/process/proc_scanner.h"
#include "oracle/process/process.h"
#include "sim/base/check.h"
#include "tests/harness/graph/line_dag.h"
#include "tests/harness/testing/program.h"
#include "tests/support/temp_folder.h"

namespace rebisect {
namespace {

using ::testing::HasSubstr;
using testing_support::GetFile;
using testing_support::LineDag;
using testing_support::LineId;
using testing_support::ProgramRun;
using testing_support::PutFile;
using testing_support::RunProgram;
using testing_support::TempFolder;

/// A variable that a test sets, with what was set before it.
class Variable {
 public:
  Variable(const char* name, const char* value) : name_(name) {
    setenv(name, value, 1);
  }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;
  ~Variable() { unsetenv(name_); }

 private:
  const char* name_;
};

/// The names of a file of `env -0`; as variables of the shell itself.
std::set<std::string> Names(const std::string& file) {
  std::set<std::string> names;
  std::istringstream lines(GetFile(file));
  for (std::string line; std::getline(lines, line, '\0');) {
    names.insert(line.substr(0, line.find('=')));
  }
  for (const char* own : {"PWD", "OLDPWD", "SHLVL", "_"}) names.erase(own);
  return names;
}

/// What ChildEnvironment() promises.
bool Promised(const std::string& name) {
  static const std::set<std::string> names = {"PATH",
                                              "HOME",
                                              "USER",
                                              "LOGNAME",
                                              "SHELL",
                                              "TERM",
                                              "TMPDIR",
                                              "TZ",
                                              "LANG",
                                              "REBISECT_ID",
                                              "REBISECT_RUN_ID",
                                              "REBISECT_COMMIT"};
  return names.contains(name) || name.starts_with("LC_");
}

/// A program that leaves a daemon, in a session and a group of its own, which
/// holds its streams, and says its number in a file.
std::string Daemon(const std::string& file) {
  return "setsid sh -c 'trap \"\" TERM HUP; echo $$ >" + file +
         "; while :; do sleep 1000; done' &\nwhile ! [ -s " + file +
         " ]; do sleep 0.01; done\n";
}

/// Gone, or a zombie that its new parent has yet to reap.
bool Gone(const std::string& file) {
  const std::string status =
      GetFile("/proc/" + std::to_string(std::stoi(GetFile(file))) + "/stat");
  const std::size_t end = status.rfind(") ");
  return end == std::string::npos || status[end + 2] == 'Z' ||
         status[end + 2] == 'X';
}

class HostileProcessTest : public ::testing::Test {
 protected:
  /// A policy program: `script` runs when it is started, then it answers as
  /// told.
  ProgramRun AskPolicy(const std::string& script, const std::string& rest) {
    const std::string program = folder_ / "policy";
    PutFile(program, "#!/bin/sh\n" + script +
                         "read -r line\n"
                         "echo '{\"rebisect\": \"policy/1\"}'\n" +
                         rest);
    std::filesystem::permissions(program, std::filesystem::perms::owner_all);
    PutFile(folder_ / "line.dag", LineDag(8));
    PutFile(folder_ / "r.yaml",
            "rebisect: recording/1\nkind: cause\nevents:\n  - start: {bad: '" +
                LineId(8) + "', goods: ['" + LineId(1) + "']}\n  - test: '" +
                LineId(4) + "'\n    runs: [{outcome: ok}]\n  - good: '" +
                LineId(4) + "'\n");
    return RunProgram({"whatif", folder_ / "r.yaml", "--dag",
                       folder_ / "line.dag", "--verdict",
                       "exec:" + program + ":timeout-ms=3000"});
  }

  std::unique_ptr<CommandOracle> Command(const std::string& line) {
    CommandOptions options;
    options.words = ShellWords(line);
    options.time_limit_ms = 60000;
    auto oracle = CommandOracle::Make(std::move(options));
    REBISECT_CHECK(oracle.has_value());
    return *std::move(oracle);
  }

  TempFolder folder_;
  std::string seen_ = folder_ / "seen";
};

TEST_F(HostileProcessTest, InheritNoVariableThatIsNotPromised) {
  const Variable secret("API_TOKEN", "secret");
  const Variable preload("GIT_DIR", "/nowhere");
  const std::string look =
      "env -0 >" + seen_ + "; ls /proc/self/fd >" + (folder_ / "fds") + "\n";
  const int leaked = open("/dev/null", O_RDONLY);  // without O_CLOEXEC
  (void)AskPolicy(look, "");
  const std::set<std::string> policy = Names(seen_);
  const std::string policy_fds = GetFile(folder_ / "fds");
  ASSERT_TRUE(Command(look)->Ask({CommitId{}, 1, false}).has_value());
  close(leaked);
  const std::set<std::string> command = Names(seen_);
  EXPECT_TRUE(policy.contains("PATH"));
  EXPECT_TRUE(command.contains("REBISECT_COMMIT"));
  for (const auto& names : {policy, command}) {
    for (const std::string& name : names) EXPECT_TRUE(Promised(name)) << name;
  }
  // 3 is the folder that ls reads.
  EXPECT_EQ(policy_fds, "0\n1\n2\n3\n");
  EXPECT_EQ(GetFile(folder_ / "fds"), "0\n1\n2\n3\n");
}

TEST_F(HostileProcessTest, DaemonsOfCommandsAreEnded) {
  const auto answer = Command(Daemon(seen_))->Ask({CommitId{}, 1, false});
  ASSERT_TRUE(answer.has_value()) << FormatError(answer.error());
  EXPECT_TRUE(Gone(seen_));
}

TEST_F(HostileProcessTest, DaemonsOfPoliciesAreEnded) {
  // Whether the policy ends by itself or has to be.
  for (const char* rest : {"", "sleep 1000\n"}) {
    std::filesystem::remove(seen_);
    const ProgramRun run = AskPolicy(Daemon(seen_), rest);
    EXPECT_EQ(run.exit_code, 2) << run.out;
    EXPECT_THAT(run.errors, HasSubstr("error: "));
    EXPECT_TRUE(Gone(seen_)) << rest;
  }
}

TEST_F(HostileProcessTest, OutputWithoutEndCostsNoMemoryAndNoTime) {
  ProcessRequest request;
  request.words = {"/bin/sh", "-c", "trap '' TERM; exec yes"};
  request.environment = {{"PATH", "/usr/bin:/bin"}};
  request.time_limit_ms = 300;
  request.grace_ms = 100;
  request.output_file = folder_ / "log";
  request.file_bytes = 100000;
  const auto result = RunProcess(request);
  ASSERT_TRUE(result.has_value());
  EXPECT_EQ(result->end, ProcessEnd::kTimedOut);
  EXPECT_LE(result->output.size(), request.keep_bytes);
  EXPECT_LE(std::filesystem::file_size(request.output_file), 100000U);
}

TEST_F(HostileProcessTest, PoliciesThatTalkWithoutEndAreEnded) {
  const ProgramRun run = AskPolicy("", "exec yes | tr -d '\\n'\n");
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_THAT(run.errors, HasSubstr("error: "));
  EXPECT_LT(run.errors.size(), 2000U);
}

TEST_F(HostileProcessTest, ClosedPipesHoldNobodyUp) {
  ProcessRequest request;
  request.words = {"/bin/sh", "-c", "exec >&- 2>&- <&-; sleep 1000"};
  request.environment = {{"PATH", "/usr/bin:/bin"}};
  request.time_limit_ms = 200;
  const auto result = RunProcess(request);
  ASSERT_TRUE(result.has_value());
  EXPECT_EQ(result->end, ProcessEnd::kTimedOut);
  const ProgramRun run = AskPolicy("", "exec >&- 2>&- <&-; sleep 1000\n");
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_THAT(run.errors, HasSubstr("error: "));
}

}  // namespace
}  // namespace rebisect
