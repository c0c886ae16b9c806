// Repositories that are damaged: the object is named, nothing is guessed.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <vector>

#include "tests/harness/testing/program.h"
#include "tests/support/git_command.h"
#include "tests/support/temp_folder.h"

namespace rebisect {
namespace {

using ::testing::HasSubstr;
using testing_support::GetFile;
using testing_support::JsonLines;
using testing_support::ProgramRun;
using testing_support::PutFile;
using testing_support::RunProgram;
using testing_support::RunShell;
using testing_support::ShellLine;
using testing_support::TempFolder;

/// Nine commits c0 <- ... <- c8, tags of these names, loose objects.
constexpr char kMakeNine[] =
    "git init -q -b master r && cd r && for i in 0 1 2 3 4 5 6 7 8; do "
    "GIT_COMMITTER_DATE=\"$((1500000000 + 60 * i)) +0000\" "
    "git commit -q --allow-empty -m c$i && git tag c$i || exit 1; done";

class BadRepositoryTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (RunShell(folder_.path(), "git --version").status != 0) {
      GTEST_SKIP() << "no git on this machine to make a repository with";
    }
    ASSERT_EQ(RunShell(folder_.path(), kMakeNine).status, 0);
    repository_ = folder_ / "r";
    // By ids: libgit2 1.5 leaks a reference whose commit it cannot read.
    start_ = "start " + IdOf("c8") + ' ' + IdOf("c0") + '\n';
  }
  std::string IdOf(const std::string& name) {
    return ShellLine(repository_, "git rev-parse " + name);
  }
  std::string Loose(const std::string& id) {
    return repository_ + "/.git/objects/" + id.substr(0, 2) + '/' +
           id.substr(2);
  }
  ProgramRun Drive(const std::string& more = "") {
    return RunProgram({"drive", "--repo", repository_}, start_ + more);
  }
  void ExpectHealthy() {
    const auto answers = JsonLines(Drive().out);
    ASSERT_EQ(answers.size(), 1U);
    EXPECT_EQ(answers[0]["next"], IdOf("c4"));
  }
  /// No proposal, no culprit; exit code 2; the object is named.
  void ExpectRefused(const ProgramRun& run, const std::string& what) {
    EXPECT_EQ(run.exit_code, 2) << run.out;
    std::string said = run.errors;
    for (const auto& answer : JsonLines(run.out)) {
      EXPECT_EQ(answer["state"], "error");
      EXPECT_EQ(answer["next"], nullptr);
      EXPECT_EQ(answer["culprit"], nullptr);
      said += answer["message"].get<std::string>();
    }
    EXPECT_THAT(said, HasSubstr(what));
  }

  TempFolder folder_;
  std::string repository_;
  std::string start_;
};

TEST_F(BadRepositoryTest, AnEmptyRangeSkipsWhatIsCheckedOut) {
  // As git does it, and before either end has made any commit be loaded.
  const ProgramRun run =
      RunProgram({"drive", "--repo", repository_}, "start\nskip c2..c1\nlog\n");
  const auto answers = JsonLines(run.out);
  ASSERT_EQ(answers.size(), 3U);
  EXPECT_EQ(answers[1]["exit_code"], 0) << answers[1];
  EXPECT_THAT(answers[2]["message"].get<std::string>(),
              HasSubstr("git bisect skip " + IdOf("c8")));
}

TEST_F(BadRepositoryTest, AMissingCommitIsNamed) {
  ExpectHealthy();
  const std::string id = IdOf("c5");
  std::filesystem::remove(Loose(id));
  ExpectRefused(Drive(), id);
  ExpectRefused(RunProgram({"graph", "info", "--repo", repository_, "--bad",
                            "c8", "--good", "c0"}),
                id);
}

TEST_F(BadRepositoryTest, OverwrittenCommitsAreNamed) {
  ExpectHealthy();
  const std::string id = IdOf("c5");
  const std::string healthy = GetFile(Loose(id));
  const std::vector<std::string> kDamages{
      "", "garbage", healthy.substr(0, healthy.size() / 2),
      std::string(4096, '\0'), GetFile(Loose(IdOf("c5^{tree}")))};
  for (const std::string& bytes : kDamages) {
    SCOPED_TRACE(bytes.size());
    PutFile(Loose(id), bytes);
    ExpectRefused(Drive(), id);
  }
  PutFile(Loose(id), healthy);
  ExpectHealthy();
}

TEST_F(BadRepositoryTest, DamagedPacksNeverCrash) {
  ASSERT_EQ(
      RunShell(repository_, "git repack -adq && git prune-packed -q").status,
      0);
  // HEAD names no commit, for the reason given in SetUp().
  PutFile(repository_ + "/.git/HEAD", "ref: refs/heads/none\n");
  ExpectHealthy();
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(
           repository_ + "/.git/objects/pack")) {
    files.push_back(entry.path().string());
  }
  ASSERT_FALSE(files.empty());
  const std::string expected = IdOf("c4");
  int refused = 0;
  for (const std::string& file : files) {
    const std::string healthy = GetFile(file);
    std::vector<std::string> damages{"", healthy.substr(0, healthy.size() / 2),
                                     std::string(healthy.size(), '\xff')};
    for (std::size_t at = 0; at < healthy.size(); at += 97) {
      damages.push_back(healthy);
      damages.back()[at] = static_cast<char>(damages.back()[at] ^ 0x55);
    }
    for (std::size_t i = 0; i < damages.size(); ++i) {
      SCOPED_TRACE(file + " damage " + std::to_string(i));
      PutFile(file, damages[i]);
      const ProgramRun run = Drive();
      EXPECT_TRUE(run.exit_code == 0 || run.exit_code == 2) << run.exit_code;
      // What is damaged elsewhere may not matter; a guess would.
      for (const auto& answer : JsonLines(run.out)) {
        if (answer["state"] == "error") {
          ++refused;
          continue;
        }
        EXPECT_EQ(answer["next"], expected) << answer;
      }
    }
    PutFile(file, healthy);
  }
  EXPECT_GT(refused, 3);
}

TEST_F(BadRepositoryTest, DamagedCommitGraphFilesAreNotBelieved) {
  ASSERT_EQ(RunShell(repository_, "git commit-graph write --reachable").status,
            0);
  ExpectHealthy();
  const std::string file = repository_ + "/.git/objects/info/commit-graph";
  const std::string healthy = GetFile(file);
  ASSERT_NE(healthy, "");
  for (const std::string& bytes :
       {std::string(), std::string("CGPH"), healthy.substr(0, 40),
        healthy.substr(0, healthy.size() / 2),
        std::string(healthy.size(), '\0')}) {
    SCOPED_TRACE(bytes.size());
    PutFile(file, bytes);
    ExpectHealthy();
  }
}

TEST_F(BadRepositoryTest, ADamagedHeadIsNamedOnlyWhereItIsNeeded) {
  PutFile(repository_ + "/.git/refs/heads/master", "no id at all\n");
  const auto answers = JsonLines(Drive("start HEAD c0\n").out);
  ASSERT_EQ(answers.size(), 2U);
  EXPECT_EQ(answers[0]["next"], IdOf("c4"));
  EXPECT_EQ(answers[1]["state"], "error");
  EXPECT_THAT(answers[1]["message"].get<std::string>(), HasSubstr("HEAD"));
}

TEST_F(BadRepositoryTest, CommitsOfAnotherRepositoryAreNamed) {
  const std::string foreign(40, 'e');
  const auto answers =
      JsonLines(Drive("good " + foreign + "\nbad " + foreign + "\n").out);
  ASSERT_EQ(answers.size(), 3U);
  for (const std::size_t i : {1U, 2U}) {
    EXPECT_EQ(answers[i]["state"], "error");
    EXPECT_THAT(answers[i]["message"].get<std::string>(), HasSubstr(foreign));
  }
  PutFile(folder_ / "foreign.log",
          "git bisect start '" + foreign + "' '" + IdOf("c0") + "'\n");
  const ProgramRun run =
      RunProgram({"replay", folder_ / "foreign.log", "--repo", repository_});
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_EQ(run.out, "");
  EXPECT_THAT(run.errors, HasSubstr("foreign.log:1"));
  EXPECT_THAT(run.errors, HasSubstr(foreign));
}

}  // namespace
}  // namespace rebisect
