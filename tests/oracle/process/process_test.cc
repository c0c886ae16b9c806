#include "oracle/process/process.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <string>
#include <string_view>
#include <thread>

#include "tests/support/temp_folder.h"

namespace rebisect {
namespace {

using testing_support::GetFile;
using testing_support::PutFile;
using testing_support::TempFolder;

ProcessRequest Shell(const std::string& line) {
  ProcessRequest request;
  request.words = {"/bin/sh", "-c", line};
  request.environment = {{"PATH", "/usr/bin:/bin"}};
  return request;
}

ProcessResult RunShell(const std::string& line) {
  auto result = RunProcess(Shell(line));
  EXPECT_TRUE(result.has_value());
  return result ? *std::move(result) : ProcessResult{};
}

int OpenDescriptors() {
  int count = 0;
  DIR* folder = opendir("/proc/self/fd");
  if (folder == nullptr) return -1;
  while (readdir(folder) != nullptr) ++count;
  closedir(folder);
  return count;
}

TEST(ProcessTest, GivesTheExitCodeAndBothOutputs) {
  const ProcessResult result = RunShell("echo out; echo err >&2; exit 3");
  EXPECT_EQ(result.end, ProcessEnd::kExited);
  EXPECT_EQ(result.code, 3);
  EXPECT_EQ(result.ShellCode(), 3);
  EXPECT_EQ(result.output, "out\nerr\n");
  EXPECT_EQ(result.dropped_bytes, 0U);
}

TEST(ProcessTest, TellsTheSignalThatEndedIt) {
  const ProcessResult result = RunShell("kill -SEGV $$");
  EXPECT_EQ(result.end, ProcessEnd::kSignalled);
  EXPECT_EQ(result.code, SIGSEGV);
  EXPECT_EQ(result.ShellCode(), 128 + SIGSEGV);
}

TEST(ProcessTest, AProgramThatIsNotThereIs127AndOneThatCannotRun126) {
  ProcessRequest request;
  request.words = {"./no-such-program"};
  auto result = RunProcess(request);
  ASSERT_TRUE(result.has_value());
  EXPECT_EQ(result->end, ProcessEnd::kNotStarted);
  EXPECT_EQ(result->ShellCode(), 127);
  EXPECT_EQ(result->output, "./no-such-program: No such file or directory\n");

  const TempFolder folder;
  PutFile(folder / "text", "no program\n");
  request.words = {folder / "text"};
  result = RunProcess(request);
  ASSERT_TRUE(result.has_value());
  EXPECT_EQ(result->ShellCode(), 126);
}

TEST(ProcessTest, RunsInTheFolderWithTheEnvironmentAndNoOther) {
  const TempFolder folder;
  PutFile(folder / "say", "#!/bin/sh\necho here $A; env | grep -c '^HOME='\n");
  ASSERT_EQ(chmod((folder / "say").c_str(), 0755), 0);
  ProcessRequest request;
  request.words = {"./say"};
  request.folder = folder.path();
  request.environment = {{"A", "b c"}, {"PATH", "/usr/bin:/bin"}};
  const auto result = RunProcess(request);
  ASSERT_TRUE(result.has_value());
  EXPECT_EQ(result->output, "here b c\n0\n");
}

TEST(ProcessTest, AFolderThatIsNotThereIsAnError) {
  ProcessRequest request = Shell("true");
  request.folder = "/no/such/folder";
  const auto result = RunProcess(request);
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().code, ErrorCode::kNotFound);
  EXPECT_NE(result.error().message.find("/no/such/folder"), std::string::npos);
}

TEST(ProcessTest, KeepsTheEndOfMuchOutputAndTheBeginningInAFile) {
  const TempFolder folder;
  ProcessRequest request = Shell(
      "i=0; while [ $i -lt 30000 ]; do echo 0123456789; i=$((i+1)); "
      "done; echo end");
  request.keep_bytes = 100;
  request.output_file = folder / "log";
  request.file_bytes = 1000;
  const auto result = RunProcess(request);
  ASSERT_TRUE(result.has_value());
  EXPECT_EQ(result->output.size(), 100U);
  EXPECT_TRUE(std::string_view(result->output).ends_with("789\nend\n"));
  EXPECT_EQ(result->dropped_bytes, 330004U - 100U);
  const std::string file = GetFile(folder / "log");
  EXPECT_EQ(file.size(), 1000U);
  EXPECT_TRUE(std::string_view(file).starts_with("0123456789\n0123"));
}

TEST(ProcessTest, AFileThatCannotBeWrittenIsAnError) {
  ProcessRequest request = Shell("true");
  request.output_file = "/no/such/folder/log";
  const auto result = RunProcess(request);
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().code, ErrorCode::kPermission);
}

TEST(ProcessTest, ItsInputIsEmpty) {
  EXPECT_EQ(RunShell("cat; echo done").output, "done\n");
}

TEST(ProcessTest, KillsTheWholeGroupAtTheTimeLimit) {
  const TempFolder folder;
  ProcessRequest request = Shell("sleep 1000 & echo $! > '" +
                                 (folder / "child") + "'; echo begun; wait");
  // As long as a slow machine needs to get that far.
  Result<ProcessResult> result = ProcessResult{};
  for (request.time_limit_ms = 200; request.time_limit_ms < 200000;
       request.time_limit_ms *= 4) {
    result = RunProcess(request);
    ASSERT_TRUE(result.has_value());
    EXPECT_EQ(result->end, ProcessEnd::kTimedOut);
    if (result->output == "begun\n") break;
  }
  ASSERT_EQ(result->output, "begun\n");
  const int child = std::stoi(GetFile(folder / "child"));
  // It has been sent a signal that it cannot refuse; when it is gone (or a
  // zombie that its new parent has yet to reap) is for the system to say.
  const std::string file = "/proc/" + std::to_string(child) + "/status";
  std::string status = GetFile(file);
  const auto dead = [&status] {
    return status.empty() || status.find("State:\tZ") != std::string::npos ||
           status.find("State:\tX") != std::string::npos;
  };
  for (int wait = 0; wait < 1000 && !dead(); ++wait) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    status = GetFile(file);
  }
  EXPECT_TRUE(dead()) << status;
}

TEST(ProcessTest, KillsWhatDoesNotListen) {
  ProcessRequest request = Shell("trap '' TERM; while :; do sleep 1000; done");
  request.time_limit_ms = 100;
  request.grace_ms = 100;
  const auto result = RunProcess(request);
  ASSERT_TRUE(result.has_value());
  EXPECT_EQ(result->end, ProcessEnd::kTimedOut);
}

TEST(ProcessTest, WhatItLeavesRunningDoesNotHoldItUp) {
  const ProcessResult result = RunShell("sleep 1000 & echo done");
  EXPECT_EQ(result.end, ProcessEnd::kExited);
  EXPECT_EQ(result.output, "done\n");
}

TEST(ProcessTest, EndsWhenItIsStopped) {
  ProcessRequest request = Shell("echo begun; sleep 1000 & wait");
  int asked = 0;
  request.stop = [&asked] { return ++asked > 3; };
  request.ended = [] { FAIL() << "it did not end by itself"; };
  const auto result = RunProcess(request);
  ASSERT_TRUE(result.has_value());
  EXPECT_EQ(result->end, ProcessEnd::kStopped);
}

TEST(ProcessTest, TellsOfItsEndBeforeItsGroupIsKilled) {
  const TempFolder folder;
  ProcessRequest request =
      Shell("sleep 1000 & echo $! > '" + (folder / "child") + "'");
  bool running = false;
  request.ended = [&] {
    const int child = std::stoi(GetFile(folder / "child"));
    running = kill(child, 0) == 0;
  };
  const auto result = RunProcess(request);
  ASSERT_TRUE(result.has_value());
  EXPECT_EQ(result->end, ProcessEnd::kExited);
  EXPECT_TRUE(running);
}

TEST(ProcessTest, InheritsNoDescriptorAndNoIgnoredSignal) {
  const int leaked = open("/dev/null", O_RDONLY);  // without O_CLOEXEC
  ASSERT_GE(leaked, 3);
  const auto before = std::signal(SIGTERM, SIG_IGN);
  const ProcessResult result =
      RunShell("ls /proc/self/fd | wc -l; kill -TERM $$; echo alive");
  std::signal(SIGTERM, before);
  close(leaked);
  // 0, 1, 2 and the folder that ls reads.
  EXPECT_EQ(result.output, "4\n");
  EXPECT_EQ(result.end, ProcessEnd::kSignalled);
}

TEST(ProcessTest, LeavesNeitherDescriptorsNorZombies) {
  static_cast<void>(RunShell("true"));
  const int before = OpenDescriptors();
  for (int i = 0; i < 20; ++i) static_cast<void>(RunShell("exit 1"));
  ProcessRequest missing;
  missing.words = {"/no/such/program"};
  ASSERT_TRUE(RunProcess(missing).has_value());
  EXPECT_EQ(OpenDescriptors(), before);
  EXPECT_EQ(waitpid(-1, nullptr, WNOHANG), -1);
  EXPECT_EQ(errno, ECHILD);
}

}  // namespace
}  // namespace rebisect
