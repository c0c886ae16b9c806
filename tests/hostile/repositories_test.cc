// Repositories are data: nothing that they bring along is run.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "tests/harness/testing/program.h"
#include "tests/support/git_command.h"
#include "tests/support/temp_folder.h"

namespace rebisect {
namespace {

using ::testing::HasSubstr;
using testing_support::ProgramRun;
using testing_support::PutFile;
using testing_support::RunProgram;
using testing_support::RunShell;
using testing_support::TempFolder;

/// Eight commits with a file each, two of them parted by a merge, and the log
/// of a search.
constexpr char kMake[] =
    "git init -q -b master r && cd r && for i in 0 1 2 3 4 5 6 7; do "
    "echo $i >f$i && git add . && git commit -q -m \"c$i\" && git tag c$i "
    "|| exit 1; done && git bisect start c7 c0 >../out && "
    "git bisect good >>../out && git bisect log >../r.log && "
    "git bisect reset >../out";

class HostileRepositoryTest : public ::testing::Test {
 protected:
  HostileRepositoryTest()
      : repository_(folder_ / "r"), owned_(folder_ / "owned") {
    EXPECT_EQ(RunShell(folder_.path(), kMake).status, 0);
    PutFile(folder_ / "evil", "#!/bin/sh\ntouch '" + owned_ + "'\n");
    std::filesystem::permissions(folder_ / "evil",
                                 std::filesystem::perms::owner_all);
  }

  /// Every command that reads a repository, on this one.
  void RunAll() {
    const std::string log = folder_ / "r.log";
    const std::string experiment = folder_ / "e.yaml";
    PutFile(experiment,
            "rebisect: experiment/1\ntrials: 2\ngraphs: {repository: '" +
                repository_ +
                "', range: c0..c7}\nnoise: {false-bad: 0.1, false-good: "
                "0}\nselect: [git]\n");
    const std::vector<std::vector<std::string>> commands = {
        {"replay", log, "--repo", repository_},
        {"diagnose", log, "--repo", repository_},
        {"whatif", log, "--repo", repository_, "--verdict", "any-crash",
         "--select", "git:2.39.5"},
        {"graph", "info", "--repo", repository_},
        {"graph", "export", "--repo", repository_},
        {"graph", "show", log, "--repo", repository_},
        {"truth", log, "--repo", repository_},
        {"drive", "--repo", repository_},
        {"simulate", experiment}};
    for (const auto& command : commands) {
      const ProgramRun run =
          RunProgram(command, "start c7 c0 -- f3\ngood\nbad\nskip\n");
      EXPECT_LE(run.exit_code, 1)
          << command[0] << ' ' << command[1] << ": " << run.errors;
      EXPECT_FALSE(std::filesystem::exists(owned_)) << command[0];
    }
  }

  TempFolder folder_;
  std::string repository_;
  std::string owned_;
};

TEST_F(HostileRepositoryTest, NeitherHooksNorProgramsOfTheConfigurationRun) {
  ASSERT_EQ(
      RunShell(
          repository_,
          "for hook in post-checkout post-index-change pre-auto-gc "
          "reference-transaction fsmonitor-watchman post-commit; do "
          "cp ../evil .git/hooks/$hook; done; mkdir hooks; "
          "cp ../evil hooks/post-checkout; "
          "echo '* filter=evil diff=evil merge=evil' >.gitattributes; "
          "cp .gitattributes .git/info/attributes; "
          "for name in core.fsmonitor core.sshCommand core.pager core.editor "
          "core.askPass core.gitProxy core.alternateRefsCommand gpg.program "
          "diff.external diff.evil.command diff.evil.textconv "
          "filter.evil.clean filter.evil.smudge filter.evil.process "
          "credential.helper uploadpack.packObjectsHook merge.evil.driver "
          "remote.origin.uploadpack trailer.x.command; do "
          "git config $name ../evil; done; "
          "git config core.hooksPath hooks; git config alias.log '!../evil'; "
          "git config filter.evil.required true")
          .status,
      0);
  RunAll();
  // They are there: git itself runs them.
  RunShell(repository_, "git status");
  EXPECT_TRUE(std::filesystem::exists(owned_));
}

TEST_F(HostileRepositoryTest, NothingIsFetched) {
  ASSERT_EQ(RunShell(repository_,
                     "git config remote.origin.url \"ext::../evil\"; "
                     "git config protocol.ext.allow always; "
                     "git config remote.origin.promisor true; "
                     "git config extensions.partialClone origin; "
                     "rm -f .git/objects/$(git rev-parse c3: | "
                     "sed 's|^..|&/|')")
                .status,
            0);
  const ProgramRun run = RunProgram({"drive", "--repo", repository_},
                                    "start c7 c0 -- f3\nstart c7 c0\n");
  EXPECT_THAT(run.out, HasSubstr("\"state\":\"testing\""));
  EXPECT_FALSE(std::filesystem::exists(owned_));
}

TEST_F(HostileRepositoryTest, WhatItIncludesAndPointsToIsOnlyRead) {
  ASSERT_EQ(RunShell(repository_,
                     "mkdir ../elsewhere; "
                     "git config include.path ../../more; "
                     "printf '[core]\\n\\tfsmonitor = ../evil\\n' >../more; "
                     "git config core.worktree ../../elsewhere; "
                     "printf '%s\\n' ../../../elsewhere/objects /nowhere "
                     ">.git/objects/info/alternates; "
                     "printf '[submodule \"s\"]\\n\\tpath = s\\n"
                     "\\turl = ext::../evil\\n\\tupdate = !../evil\\n' "
                     ">.gitmodules")
                .status,
            0);
  RunAll();
  EXPECT_TRUE(std::filesystem::is_empty(folder_ / "elsewhere"));
}

TEST_F(HostileRepositoryTest, OfAnotherUserUntilItIsSaidToBeSafe) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can give a folder away";
  ASSERT_EQ(RunShell(folder_.path(),
                     "mv r \"it's \\$(touch owned)\"; "
                     "chown -R 12345:12345 it*")
                .status,
            0);
  const std::string moved = folder_ / "it's $(touch owned)";
  const ProgramRun refused = RunProgram({"graph", "info", "--repo", moved});
  EXPECT_EQ(refused.exit_code, 2);
  const std::string advice = "if you trust it, run ";
  const std::size_t at = refused.errors.find(advice);
  ASSERT_NE(at, std::string::npos) << refused.errors;
  // The command does what it says, whatever the folder is called.
  ASSERT_EQ(RunShell(folder_.path(), refused.errors.substr(at + advice.size()))
                .status,
            0);
  EXPECT_FALSE(std::filesystem::exists(owned_));
  const char* const home = std::getenv("HOME");
  const std::string before = home == nullptr ? "" : home;
  setenv("HOME", folder_.path().c_str(), 1);
  const ProgramRun child = [&] {
    // libgit2 looks for the configuration once in a process.
    const auto output =
        RunShell(folder_.path(),
                 std::string(REBISECT_PROGRAM) + " graph info --repo 'it'*");
    return ProgramRun{output.status, output.text, ""};
  }();
  setenv("HOME", before.c_str(), 1);
  EXPECT_EQ(child.exit_code, 0) << child.out;
}

}  // namespace
}  // namespace rebisect
