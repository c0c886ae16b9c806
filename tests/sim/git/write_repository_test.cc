#include "sim/git/write_repository.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "sim/git/load_graph.h"
#include "sim/io/input.h"
#include "tests/support/git_command.h"
#include "tests/support/graph_literal.h"
#include "tests/support/temp_folder.h"

namespace rebisect {
namespace {

using testing_support::CommitLiteral;
using testing_support::IdOf;
using testing_support::PutFile;
using testing_support::RunShell;
using testing_support::ShellLine;
using testing_support::TempFolder;

CommitGraph Labelled(const std::vector<CommitLiteral>& commits) {
  CommitArrays arrays = testing_support::Arrays(commits);
  for (std::uint32_t i = 0; i < commits.size(); ++i) {
    arrays.labels.emplace(i, commits[i].name);
  }
  auto graph = CommitGraph::Build(std::move(arrays));
  EXPECT_TRUE(graph.has_value());
  return *graph;
}

CommitGraph CrissCross() {
  return Labelled({{"n0", {}, 1500000000},
                   {"n1", {"n0"}, 1500000000},
                   {"n2", {"n0", "n1"}, 1500000000},
                   {"n3", {"n1"}, 1500000000}});
}

// The ids of git fast-import for the same texts.
TEST(WriteRepository, MakesTheIdsThatGitMakes) {
  const TempFolder folder;
  const CommitGraph graph = CrissCross();
  WriteOptions options;
  options.refs["refs/heads/master"] = *graph.Find(IdOf("n2"));
  options.refs["refs/heads/other"] = *graph.Find(IdOf("n3"));
  const auto ids = WriteRepository(graph, folder / "r", options);
  ASSERT_TRUE(ids.has_value()) << FormatError(ids.error());
  const auto id = [&](const char* name) {
    return (*ids)[*graph.Find(IdOf(name))].Hex();
  };
  EXPECT_EQ(id("n0"), "5c8ad22af872b991e358c66044a364e4d19d21a6");
  EXPECT_EQ(id("n1"), "26d0812b0127e6eaf114be09b146701ed358a764");
  EXPECT_EQ(id("n2"), "9112bbfcb035fb7f9dfbdc7bcd9c943ed82cf503");
  EXPECT_EQ(id("n3"), "7b85ba0b03d465c7dc90c6113b5f5fa11c2c1a6c");
  EXPECT_EQ(RunShell(folder / "r", "git fsck --full --strict").status, 0);
  EXPECT_EQ(ShellLine(folder / "r", "git rev-list --all --count"), "4");
  EXPECT_EQ(ShellLine(folder / "r", "git rev-parse HEAD"), id("n2"));
  EXPECT_EQ(ShellLine(folder / "r", "git log -1 --format=%s other"), "n3");
}

/// Every commit of the first cases of the vectors, by the ids they give.
TEST(WriteRepository, MakesTheIdsOfTheVectors) {
  const std::string shared = testing_support::SharedFolder();
  if (shared.empty()) GTEST_SKIP() << "REBISECT_SHARED names no folder";
  const auto text =
      ReadInput(shared + "/vectors/vectors-paths-shared.jsonl.gz");
  ASSERT_TRUE(text.has_value()) << FormatError(text.error());
  std::istringstream lines(*text);
  std::string line;
  for (int i = 0; i < 10 && std::getline(lines, line); ++i) {
    const auto json = nlohmann::json::parse(line);
    std::vector<CommitLiteral> commits;
    for (const auto& node : json.at("dag")) {
      CommitLiteral commit{"n" + std::to_string(node[0].get<int>()),
                           {},
                           node[2].get<std::int64_t>()};
      for (const auto& parent : node[1]) {
        commit.parents.push_back("n" + std::to_string(parent.get<int>()));
      }
      commits.push_back(std::move(commit));
    }
    const CommitGraph graph = Labelled(commits);
    WriteOptions options;
    options.files.resize(graph.size());
    for (std::size_t node = 0; node < commits.size(); ++node) {
      FileMap& files = options.files[*graph.Find(IdOf(commits[node].name))];
      const auto& numbers = json.at("files")[node];
      for (std::size_t k = 0; k < numbers.size(); ++k) {
        const int number = numbers[k].get<int>();
        if (number == 0) continue;
        files["f" + std::to_string(k)] = "v" + std::to_string(number) + "\n";
      }
    }
    const TempFolder folder;
    const auto ids = WriteRepository(graph, folder / "r", options);
    ASSERT_TRUE(ids.has_value()) << FormatError(ids.error());
    for (std::size_t node = 0; node < commits.size(); ++node) {
      EXPECT_EQ((*ids)[*graph.Find(IdOf(commits[node].name))].Hex(),
                json.at("oids")[node].get<std::string>())
          << json.at("id") << ' ' << commits[node].name;
    }
  }
}

TEST(WriteRepository, LoadsBackTheSameShape) {
  const TempFolder folder;
  const CommitGraph graph = CrissCross();
  WriteOptions options;
  options.refs["refs/heads/master"] = *graph.Find(IdOf("n2"));
  const auto ids = WriteRepository(graph, folder / "r", options);
  ASSERT_TRUE(ids.has_value()) << FormatError(ids.error());
  const auto repository = Repository::Open(folder / "r");
  ASSERT_TRUE(repository.has_value());
  LoadRequest request;
  request.bad = {*repository->Head()};
  request.with_names = true;
  const auto loaded = LoadGraph(*repository, request);
  ASSERT_TRUE(loaded.has_value()) << FormatError(loaded.error());
  EXPECT_EQ(loaded->graph.size(), 3U);
  EXPECT_EQ(loaded->graph.EdgeCount(), 3U);
  EXPECT_EQ(loaded->graph.Names().size(), 2U);
}

TEST(WriteRepository, WritesTreesAsGitSortsThem) {
  const TempFolder folder;
  const CommitGraph graph = Labelled({{"a", {}}, {"b", {"a"}}, {"c", {"b"}}});
  WriteOptions options;
  options.refs["refs/heads/master"] = 2;
  options.files = {{{"lib/x.c", "1"}, {"lib-y", "2"}, {"lib.z", "3"}},
                   {{"lib/x.c", "1"}, {"lib/deep/er/f", "4"}},
                   {}};
  const auto ids = WriteRepository(graph, folder / "r", options);
  ASSERT_TRUE(ids.has_value()) << FormatError(ids.error());
  EXPECT_EQ(RunShell(folder / "r", "git fsck --full --strict").status, 0);
  EXPECT_EQ(RunShell(folder / "r", "git ls-tree -r --name-only HEAD~2").text,
            "lib-y\nlib.z\nlib/x.c\n");
  EXPECT_EQ(RunShell(folder / "r", "git show HEAD~1:lib/deep/er/f").text, "4");
  EXPECT_EQ(RunShell(folder / "r", "git ls-tree -r HEAD").text, "");
}

TEST(WriteRepository, RefusesWhatGitDoesNotTake) {
  const TempFolder folder;
  const CommitGraph graph = Labelled({{"a", {}}});
  const auto code = [&](const WriteOptions& options) {
    const auto ids = WriteRepository(graph, folder / "r", options);
    return ids ? std::string() : ids.error().message;
  };
  WriteOptions options;
  options.refs = {{"refs/heads/a..b", 0}};
  EXPECT_NE(code(options).find("name of a ref"), std::string::npos);
  options.refs = {{"refs/x", 0}, {"refs/x/y", 0}};
  EXPECT_NE(code(options).find("a part of it"), std::string::npos);
  options.refs.clear();
  for (const char* path : {"", "/a", "a//b", "../a", ".git/config", "a/"}) {
    options.files = {{{path, "x"}}};
    EXPECT_NE(code(options).find("no path"), std::string::npos) << path;
  }
  options.files = {{{"a", "x"}, {"a/b", "y"}}};
  EXPECT_NE(code(options).find("both a file and a folder"), std::string::npos);
  const auto full = WriteRepository(graph, folder.path() + "/..");
  ASSERT_FALSE(full.has_value());
  EXPECT_EQ(full.error().code, ErrorCode::kInput);
  const auto nowhere = WriteRepository(graph, folder / "no/where");
  ASSERT_FALSE(nowhere.has_value());
  EXPECT_EQ(nowhere.error().code, ErrorCode::kNotFound);
}

TEST(WriteRepository, LeavesOutWhatIsBeyondAShallowEnd) {
  const TempFolder folder;
  const CommitGraph graph = CrissCross();
  WriteOptions options;
  options.refs["refs/heads/master"] = *graph.Find(IdOf("n3"));
  options.files.assign(graph.size(), {});
  for (Vertex v = 0; v < graph.size(); ++v) {
    options.files[v]["COMMIT"] = graph.Label(v);
  }
  options.omitted.assign(graph.size(), true);
  options.omitted[*graph.Find(IdOf("n1"))] = false;
  options.omitted[*graph.Find(IdOf("n3"))] = false;
  const auto ids = WriteRepository(graph, folder / "r", options);
  ASSERT_TRUE(ids.has_value()) << FormatError(ids.error());
  EXPECT_EQ(*ids, *IdsInRepository(graph, options.files));
  // Two commits, two trees, two files, and the empty tree.
  EXPECT_EQ(ShellLine(folder / "r",
                      "git cat-file --batch-all-objects --batch-check | wc -l"),
            "7");
  PutFile(folder / "r/shallow", (*ids)[*graph.Find(IdOf("n1"))].Hex() + '\n');
  EXPECT_EQ(RunShell(folder / "r", "git fsck --full --strict").status, 0);
  EXPECT_EQ(ShellLine(folder / "r", "git rev-list --all --count"), "2");
}

TEST(WriteRepository, RefusesTwoCommitsThatWouldBeOne) {
  const TempFolder folder;
  CommitArrays arrays = testing_support::Arrays({{"a", {}}, {"b", {}}});
  arrays.labels = {{0, "same"}, {1, "same"}};
  const auto graph = CommitGraph::Build(std::move(arrays));
  ASSERT_TRUE(graph.has_value());
  const auto ids = WriteRepository(*graph, folder / "r");
  ASSERT_FALSE(ids.has_value());
  EXPECT_EQ(ids.error().code, ErrorCode::kInput);
}

TEST(WriteRepository, WritesManyCommits) {
  const TempFolder folder;
  CommitArrays arrays;
  arrays.rows.push_back(0);
  for (std::uint32_t i = 0; i < 20000; ++i) {
    CommitId id;
    id.bytes[0] = static_cast<std::uint8_t>(i >> 8);
    id.bytes[1] = static_cast<std::uint8_t>(i);
    arrays.ids.push_back(id);
    arrays.dates.push_back(1500000000 + i);
    if (i > 0) arrays.parents.push_back(i - 1);
    arrays.rows.push_back(static_cast<std::uint32_t>(arrays.parents.size()));
  }
  const auto graph = CommitGraph::Build(std::move(arrays));
  ASSERT_TRUE(graph.has_value());
  WriteOptions options;
  options.refs["refs/heads/master"] = 19999;
  const auto ids = WriteRepository(*graph, folder / "r", options);
  ASSERT_TRUE(ids.has_value()) << FormatError(ids.error());
  EXPECT_EQ(ShellLine(folder / "r", "git rev-list --count HEAD"), "20000");
}

}  // namespace
}  // namespace rebisect
