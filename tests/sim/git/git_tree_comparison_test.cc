#include "sim/git/git_tree_comparison.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "sim/git/load_graph.h"
#include "sim/git/pathspec.h"
#include "sim/git/write_repository.h"
#include "tests/support/git_command.h"
#include "tests/support/graph_literal.h"
#include "tests/support/temp_folder.h"

namespace rebisect {
namespace {

using testing_support::RunShell;
using testing_support::ShellLine;
using testing_support::TempFolder;

TEST(GlobMatches, AsGitsWildmatchWithoutPathname) {
  const struct {
    const char* pattern;
    const char* text;
    bool matches;
  } cases[] = {
      {"*.c", "a.c", true},       {"*.c", "lib/a.c", true},
      {"*.c", "a.h", false},      {"a?c", "a/c", true},
      {"a[!/]c", "a/c", false},   {"[a-c]x", "bx", true},
      {"[^a-c]x", "bx", false},   {"[]]x", "]x", true},
      {"[[:digit:]]", "7", true}, {"[[:digit:]]", "x", false},
      {"\\*", "*", true},         {"\\*", "x", false},
      {"[", "[", false},          {"*", "", true},
      {"a**b", "a/x/b", true},    {"", "", true},
      {"[\\]]", "]", true},       {"*a*a*a*b", "aaaaaaaaaaaa", false},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(GlobMatches(c.pattern, c.text), c.matches)
        << c.pattern << " against " << c.text;
  }
}

TEST(Pathspec, RefusesMagicAndWhatLeadsOutside) {
  EXPECT_EQ(Pathspec::Parse({":(icase)x"}).error().code,
            ErrorCode::kUnsupported);
  EXPECT_EQ(Pathspec::Parse({":!x"}).error().code, ErrorCode::kUnsupported);
  EXPECT_EQ(Pathspec::Parse({""}).error().code, ErrorCode::kInput);
  EXPECT_EQ(Pathspec::Parse({"a/../.."}).error().code, ErrorCode::kInput);
  EXPECT_EQ(Pathspec::Parse({"/etc"}).error().code, ErrorCode::kInput);
}

/// Histories of one commit after another, by the files of each.
class TreeComparisonTest : public ::testing::Test {
 protected:
  void Write(const std::vector<FileMap>& files) {
    std::vector<testing_support::CommitLiteral> commits;
    for (std::size_t i = 0; i < files.size(); ++i) {
      std::vector<std::string> parents;
      if (i > 0) parents.push_back('n' + std::to_string(i - 1));
      commits.push_back({'n' + std::to_string(i), parents});
    }
    const auto graph = CommitGraph::Build(testing_support::Arrays(commits));
    ASSERT_TRUE(graph.has_value());
    WriteOptions options;
    options.files = files;
    options.refs["refs/heads/master"] = static_cast<Vertex>(files.size() - 1);
    const auto ids = WriteRepository(*graph, folder_ / "r", options);
    ASSERT_TRUE(ids.has_value()) << FormatError(ids.error());
    Open("r", ids->back());
  }

  void Open(const std::string& name, const CommitId& head) {
    auto repository = Repository::Open(folder_ / name);
    ASSERT_TRUE(repository.has_value());
    repository_ = std::make_unique<Repository>(*std::move(repository));
    LoadRequest request;
    request.bad = {head};
    auto loaded = LoadGraph(*repository_, request);
    ASSERT_TRUE(loaded.has_value()) << FormatError(loaded.error());
    graph_ = std::move(loaded->graph);
  }

  std::unique_ptr<TreeComparison> Compare(
      const std::vector<std::string>& paths) {
    const Repository* const one[] = {repository_.get()};
    auto comparison = MakeGitTreeComparison(one, graph_, paths);
    EXPECT_TRUE(comparison.has_value());
    return std::move(*comparison);
  }

  TempFolder folder_;
  std::unique_ptr<Repository> repository_;
  CommitGraph graph_;
};

const std::vector<FileMap>& Files() {
  static const std::vector<FileMap> files = {
      {},
      {{"a.c", "1"}, {"lib/x.c", "1"}, {"lib/deep/y.h", "1"}},
      {{"a.c", "2"}, {"lib/x.c", "1"}, {"lib/deep/y.h", "1"}},
      {{"a.c", "2"}, {"lib/x.c", "1"}, {"lib/deep/y.h", "2"}},
      {{"a.c", "2"}, {"lib", "a file"}, {"lib-x/z.c", "1"}},
      {{"a.c", "2"}, {"lib/x.c", "9"}, {"lib-x/z.c", "1"}},
      {{"a.c", "2"}, {"lib-x/z.c", "1"}, {"*", "star"}},
      {{"a.c", "2"}, {"lib-x/z.c", "1"}, {"*", "star2"}},
  };
  return files;
}

/// git's own answer: `git diff-tree` of each pair, under the same paths.
TEST_F(TreeComparisonTest, AgreesWithGit) {
  Write(Files());
  const std::vector<std::vector<std::string>> all = {
      {"."},      {"a.c"},  {"lib"},         {"lib/"},       {"lib/x.c"},
      {"lib/de"}, {"*.c"},  {"lib/*"},       {"lib*"},       {"l?b/x.c"},
      {"*.h"},    {"none"}, {"none", "a.c"}, {"lib/deep/"},  {"./lib//deep"},
      {"*"},      {"a.c/"}, {"[al]*.c"},     {"lib/../a.c"}, {"\\*"},
      {"lib-x"},  {"l?b"},  {"li[b]"},       {"*/"},         {"lib/d*p/"}};
  for (const auto& paths : all) {
    const auto comparison = Compare(paths);
    std::string quoted;
    for (const std::string& path : paths) quoted += " '" + path + "'";
    for (Vertex v = 1; v < graph_.size(); ++v) {
      const std::string diff =
          ShellLine(folder_ / "r", "git diff-tree -r --name-only " +
                                       graph_.Id(v - 1).Hex() + " " +
                                       graph_.Id(v).Hex() + " --" + quoted);
      const auto same = comparison->Same(v, v - 1);
      ASSERT_TRUE(same.has_value()) << FormatError(same.error());
      EXPECT_EQ(*same, diff.empty()) << quoted << " at n" << v << ' ' << diff;
      const std::string files =
          ShellLine(folder_ / "r",
                    "git diff-tree -r --name-only $(git hash-object -t "
                    "tree /dev/null) " +
                        graph_.Id(v).Hex() + " --" + quoted);
      EXPECT_EQ(*comparison->Empty(v), files.empty()) << quoted << " n" << v;
    }
    EXPECT_TRUE(*comparison->Empty(0));
  }
}

TEST_F(TreeComparisonTest, SaysThatTreesAreMissing) {
  Write(Files());
  ASSERT_EQ(RunShell(folder_.path(),
                     "git -C r config uploadpack.allowFilter true && git clone "
                     "-q --bare --filter=tree:0 file://$PWD/r partial")
                .status,
            0);
  Open("partial", graph_.Id(static_cast<Vertex>(graph_.size() - 1)));
  const auto same = Compare({"lib"})->Same(2, 1);
  ASSERT_FALSE(same.has_value());
  EXPECT_EQ(same.error().code, ErrorCode::kMissingObject);
  EXPECT_NE(same.error().message.find("partial clone"), std::string::npos);
}

TEST_F(TreeComparisonTest, NeedsNoBlobs) {
  Write(Files());
  ASSERT_EQ(RunShell(folder_.path(),
                     "git -C r config uploadpack.allowFilter true && git clone "
                     "-q --bare --filter=blob:none file://$PWD/r partial")
                .status,
            0);
  Open("partial", graph_.Id(static_cast<Vertex>(graph_.size() - 1)));
  EXPECT_FALSE(*Compare({"a.c"})->Same(2, 1));
  EXPECT_TRUE(*Compare({"lib"})->Same(2, 1));
}

}  // namespace
}  // namespace rebisect
