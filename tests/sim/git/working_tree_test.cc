#include "sim/git/working_tree.h"

#include <gtest/gtest.h>

#include "sim/git/write_repository.h"
#include "tests/support/git_command.h"
#include "tests/support/graph_literal.h"
#include "tests/support/temp_folder.h"

namespace rebisect {
namespace {

using testing_support::Arrays;
using testing_support::GetFile;
using testing_support::IdOf;
using testing_support::PutFile;
using testing_support::RunShell;
using testing_support::ShellLine;
using testing_support::TempFolder;

/// Two commits, with the working tree at `folder`/w.
std::vector<CommitId> MakeTree(const TempFolder& folder) {
  const auto graph = CommitGraph::Build(Arrays({{"a", {}}, {"b", {"a"}}}));
  EXPECT_TRUE(graph.has_value());
  WriteOptions options;
  options.bare = false;
  options.refs["refs/heads/master"] = *graph->Find(IdOf("b"));
  options.files = {{{"f", "one\r\n"}}, {{"d/e", "x\n"}, {"f", "two\n"}}};
  std::filesystem::create_directory(folder / "w");
  auto ids = WriteRepository(*graph, folder / "w/.git", options);
  EXPECT_TRUE(ids.has_value()) << FormatError(ids.error());
  return *ids;
}

TEST(WorkingTree, IsCleanForGit) {
  const TempFolder folder;
  const std::vector<CommitId> ids = MakeTree(folder);
  const auto done = CheckOutFiles(folder / "w", ids[1]);
  ASSERT_TRUE(done.has_value()) << FormatError(done.error());
  EXPECT_EQ(GetFile(folder / "w/d/e"), "x\n");
  const auto status = RunShell(folder / "w", "git status --porcelain");
  EXPECT_EQ(status.status, 0);
  EXPECT_EQ(status.text, "");
  EXPECT_EQ(ShellLine(folder / "w", "git rev-parse --is-bare-repository"),
            "false");
  const auto index = ReadIndex(folder / "w");
  ASSERT_TRUE(index.has_value()) << FormatError(index.error());
  ASSERT_EQ(index->size(), 2U);
  EXPECT_EQ(index->at("d/e").Hex(),
            ShellLine(folder / "w", "git rev-parse HEAD:d/e"));
}

TEST(WorkingTree, KeepsFilesAsTheyAreCommitted) {
  const TempFolder folder;
  const std::vector<CommitId> ids = MakeTree(folder);
  RunShell(folder / "w", "git config core.autocrlf true");
  ASSERT_TRUE(CheckOutFiles(folder / "w", ids[0]).has_value());
  EXPECT_EQ(GetFile(folder / "w/f"), "one\r\n");
  EXPECT_EQ(GetFile(folder / "w/.git/HEAD"), "ref: refs/heads/master\n");
}

TEST(WorkingTree, TellsWhatIsMissing) {
  const TempFolder folder;
  MakeTree(folder);
  const auto done = CheckOutFiles(folder / "w", IdOf("x"));
  ASSERT_FALSE(done.has_value());
  EXPECT_EQ(done.error().code, ErrorCode::kInput);
  PutFile(folder / "w/.git/index", "garbage");
  EXPECT_FALSE(ReadIndex(folder / "w").has_value());
  EXPECT_FALSE(ReadIndex(folder / "none").has_value());
}

}  // namespace
}  // namespace rebisect
