#include "sim/git/repository.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "tests/support/git_command.h"
#include "tests/support/temp_folder.h"

namespace rebisect {
namespace {

using testing_support::PutFile;
using testing_support::RunShell;
using testing_support::ShellLine;
using testing_support::TempFolder;

/// Two commits on master, an annotated tag v1 at the first.
constexpr char kMakeTwo[] =
    "git init -q -b master r && cd r && git commit -q --allow-empty -m one && "
    "git tag -a -m tag v1 && when=1500000060 && "
    "GIT_COMMITTER_DATE='1500000060 +0000' git commit -q --allow-empty "
    "-m 'two\nmore\n\nbody'";

class RepositoryTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(RunShell(folder_.path(), kMakeTwo).status, 0);
  }
  Result<Repository> Open(const std::string& name) {
    return Repository::Open(folder_ / name);
  }
  ErrorCode CodeOf(const std::string& name) {
    const auto repository = Open(name);
    EXPECT_FALSE(repository.has_value()) << name;
    return repository ? ErrorCode::kInternal : repository.error().code;
  }

  TempFolder folder_;
};

TEST_F(RepositoryTest, OpensEveryKindOfPlace) {
  ASSERT_EQ(RunShell(folder_.path(),
                     "git clone -q --bare r bare.git && "
                     "git -C r worktree add -q ../linked v1 && "
                     "git -C r config extensions.worktreeConfig true && "
                     "git -C r config core.repositoryFormatVersion 1")
                .status,
            0);
  const std::string head = ShellLine(folder_ / "r", "git rev-parse HEAD");
  const std::string first = ShellLine(folder_ / "r", "git rev-parse HEAD~1");
  for (const char* name : {"r", "r/.git", "bare.git"}) {
    const auto repository = Open(name);
    ASSERT_TRUE(repository.has_value()) << FormatError(repository.error());
    EXPECT_EQ(repository->Head()->Hex(), head);
    EXPECT_EQ(repository->IsBare(), std::string(name) == "bare.git");
    EXPECT_FALSE(repository->IsShallow());
    EXPECT_FALSE(repository->IsPartialClone());
  }
  const auto linked = Open("linked");
  ASSERT_TRUE(linked.has_value()) << FormatError(linked.error());
  EXPECT_EQ(linked->Head()->Hex(), first);
}

TEST_F(RepositoryTest, TellsACommitThatIsLostFromANameThatIsNone) {
  ASSERT_EQ(RunShell(folder_ / "r", "rm -r .git/objects/??").status, 0);
  const auto repository = Open("r");
  ASSERT_TRUE(repository.has_value());
  EXPECT_NE(repository->Resolve("master").error().message.find(
                "the commit of 'master' cannot be read; 'git fsck'"),
            std::string::npos);
  EXPECT_EQ(repository->Resolve("none").error().code, ErrorCode::kNotFound);
}

TEST_F(RepositoryTest, ResolvesRevisionsAsGitDoes) {
  const auto repository = Open("r");
  ASSERT_TRUE(repository.has_value());
  for (const std::string rev : {"HEAD", "@", "master", "v1", "HEAD~1", "HEAD^",
                                "v1^{commit}", "refs/tags/v1", "HEAD^{/one}"}) {
    const auto id = repository->Resolve(rev);
    ASSERT_TRUE(id.has_value()) << FormatError(id.error());
    EXPECT_EQ(id->Hex(),
              ShellLine(folder_ / "r", "git rev-parse '" + rev + "^{commit}'"));
    EXPECT_EQ(repository->Resolve(id->Hex().substr(0, 12)), *id);
  }
  EXPECT_EQ(*repository->Subject(*repository->Head()), "two more");
}

TEST_F(RepositoryTest, SaysWhyARevisionDoesNotResolve) {
  const auto repository = Open("r");
  ASSERT_TRUE(repository.has_value());
  const auto code = [&](const std::string& rev) {
    const auto id = repository->Resolve(rev);
    return id ? ErrorCode::kInternal : id.error().code;
  };
  EXPECT_EQ(code("nope"), ErrorCode::kNotFound);
  EXPECT_EQ(code(std::string(40, 'a')), ErrorCode::kMissingObject);
  EXPECT_EQ(code(""), ErrorCode::kInput);
  EXPECT_EQ(code(std::string("master\0x", 8)), ErrorCode::kInput);
  EXPECT_EQ(code("HEAD^{tree}"), ErrorCode::kInput);
  EXPECT_EQ(code("master~x{"), ErrorCode::kInput);
}

TEST_F(RepositoryTest, ListsRefsPeeledToCommits) {
  ASSERT_EQ(RunShell(folder_ / "r",
                     "git tag blob HEAD^{tree} && "
                     "git pack-refs --all && git branch b")
                .status,
            0);
  const auto references = Open("r")->References();
  ASSERT_TRUE(references.has_value());
  EXPECT_EQ(references->size(), 4U);  // HEAD, master, b, v1
  EXPECT_EQ(references->at("refs/tags/v1").Hex(),
            ShellLine(folder_ / "r", "git rev-parse v1^{commit}"));
  EXPECT_EQ(references->count("HEAD"), 1U);
}

TEST_F(RepositoryTest, RefusesWhatItCannotRead) {
  EXPECT_EQ(CodeOf("none"), ErrorCode::kNotFound);
  PutFile(folder_ / "plain/file", "x");
  EXPECT_EQ(CodeOf("plain"), ErrorCode::kNotFound);
  std::filesystem::create_directory(folder_ / "r/sub");
  EXPECT_EQ(CodeOf("r/sub"), ErrorCode::kNotFound) << "no search upward";
  if (RunShell(folder_.path(), "git init -q --object-format=sha256 s").status ==
      0) {
    EXPECT_EQ(CodeOf("s"), ErrorCode::kUnsupported);
  }
  ASSERT_EQ(RunShell(folder_.path(),
                     "cp -r r reftable && cd reftable && "
                     "git config core.repositoryFormatVersion 1 && "
                     "git config extensions.refStorage reftable")
                .status,
            0);
  EXPECT_EQ(CodeOf("reftable"), ErrorCode::kUnsupported);
  ASSERT_EQ(RunShell(folder_.path(),
                     "cp -r r future && cd future && "
                     "git config core.repositoryFormatVersion 99")
                .status,
            0);
  EXPECT_EQ(CodeOf("future"), ErrorCode::kUnsupported);
  PutFile(folder_ / "r/.git/config", "[core\n\x01garbage");
  EXPECT_EQ(CodeOf("r"), ErrorCode::kInput);
}

TEST_F(RepositoryTest, ExplainsARepositoryOfAnotherUser) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can give a folder away";
  ASSERT_EQ(RunShell(folder_.path(), "chown -R 12345:12345 r").status, 0);
  const auto repository = Open("r");
  ASSERT_FALSE(repository.has_value());
  EXPECT_EQ(repository.error().code, ErrorCode::kPermission);
  EXPECT_NE(repository.error().message.find("--add safe.directory"),
            std::string::npos);
}

TEST_F(RepositoryTest, ExplainsMissingPermission) {
  if (geteuid() == 0) GTEST_SKIP() << "root may read everything";
  ASSERT_EQ(RunShell(folder_.path(), "chmod 000 r").status, 0);
  EXPECT_EQ(CodeOf("r"), ErrorCode::kPermission);
  RunShell(folder_.path(), "chmod 755 r");
}

TEST_F(RepositoryTest, AnEmptyRepositoryHasNoHead) {
  ASSERT_EQ(RunShell(folder_.path(), "git init -q empty").status, 0);
  const auto repository = Open("empty");
  ASSERT_TRUE(repository.has_value());
  EXPECT_EQ(repository->Head().error().code, ErrorCode::kNotFound);
  EXPECT_TRUE(repository->References()->empty());
}

TEST_F(RepositoryTest, KnowsShallowAndPartialClones) {
  ASSERT_EQ(RunShell(folder_.path(),
                     "git -C r config uploadpack.allowFilter true && "
                     "git clone -q --depth 1 file://$PWD/r shallow && "
                     "git clone -q --bare --filter=tree:0 file://$PWD/r t && "
                     "git clone -q --bare --filter=blob:none file://$PWD/r b")
                .status,
            0);
  EXPECT_TRUE(Open("shallow")->IsShallow());
  EXPECT_FALSE(Open("shallow")->IsPartialClone());
  EXPECT_TRUE(Open("t")->IsPartialClone());
  EXPECT_TRUE(Open("b")->IsPartialClone());
}

}  // namespace
}  // namespace rebisect
