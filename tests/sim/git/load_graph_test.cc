#include "sim/git/load_graph.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <map>
#include <sstream>

#include "sim/git/write_repository.h"
#include "sim/io/dag_text.h"
#include "tests/support/git_command.h"
#include "tests/support/known_parents.h"
#include "tests/support/temp_folder.h"

namespace rebisect {
namespace {

using testing_support::GetFile;
using testing_support::PutFile;
using testing_support::RunShell;
using testing_support::ShellLine;
using testing_support::TempFolder;

/// A history with merges, an octopus and equal dates, by vertex number.
CommitGraph History(std::uint32_t size) {
  CommitArrays arrays;
  arrays.rows.push_back(0);
  for (std::uint32_t i = 0; i < size; ++i) {
    CommitId id;
    id.bytes[0] = static_cast<std::uint8_t>(i >> 8);
    id.bytes[1] = static_cast<std::uint8_t>(i);
    arrays.ids.push_back(id);
    arrays.dates.push_back(1500000000 + 60 * (i / 3));
    if (i > 0) arrays.parents.push_back(i - 1);
    if (i % 7 == 5) arrays.parents.push_back(i - 3);
    if (i % 50 == 49) {
      for (const std::uint32_t back : {9U, 20U, 44U}) {
        arrays.parents.push_back(i - back);
      }
    }
    arrays.rows.push_back(static_cast<std::uint32_t>(arrays.parents.size()));
  }
  auto graph = CommitGraph::Build(std::move(arrays));
  EXPECT_TRUE(graph.has_value());
  return *graph;
}

class LoadGraphTest : public ::testing::Test {
 protected:
  static constexpr std::uint32_t kSize = 300;

  void SetUp() override {
    WriteOptions options;
    options.refs["refs/heads/master"] = kSize - 1;
    auto ids = WriteRepository(History(kSize), folder_ / "r", options);
    ASSERT_TRUE(ids.has_value()) << FormatError(ids.error());
    ids_ = std::move(*ids);
  }

  void Shell(const std::string& line) {
    ASSERT_EQ(RunShell(folder_ / "r", line).status, 0) << line;
  }

  LoadRequest Request() const {
    LoadRequest request;
    request.bad = {ids_.back()};
    return request;
  }

  Result<LoadedGraph> Load(const LoadRequest& request,
                           const std::string& name = "r") {
    const auto repository = Repository::Open(folder_ / name);
    if (!repository) return tl::unexpected(repository.error());
    return LoadGraph(*repository, request);
  }

  /// What git itself says, as a graph.
  std::string GitLog(const std::string& name = "r",
                     const std::string& revs = "--all") {
    return Sorted(RunShell(folder_ / name,
                           "git -c core.commitGraph=false log "
                           "--format='%H %ct %P' " +
                               revs)
                      .text);
  }
  static std::string Sorted(const std::string& text) {
    std::map<std::string, bool> lines;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) {
      while (!line.empty() && line.back() == ' ') line.pop_back();
      lines[line] = true;
    }
    std::string sorted;
    for (const auto& [line, unused] : lines) sorted += line + '\n';
    return sorted;
  }
  static std::string Text(const Result<LoadedGraph>& loaded) {
    return loaded ? Sorted(WriteDag(loaded->graph))
                  : FormatError(loaded.error());
  }

  TempFolder folder_;
  std::vector<CommitId> ids_;
};

TEST_F(LoadGraphTest, TheSameFromObjectsAndFromFiles) {
  const auto plain = Load(Request());
  ASSERT_TRUE(plain.has_value()) << FormatError(plain.error());
  EXPECT_EQ(plain->from_commit_graph, 0U);
  EXPECT_EQ(Text(plain), GitLog());
  Shell("git commit-graph write --reachable");
  const auto file = Load(Request());
  ASSERT_TRUE(file.has_value()) << FormatError(file.error());
  EXPECT_EQ(file->from_commit_graph, kSize);
  EXPECT_EQ(file->graph, plain->graph);
  LoadRequest request = Request();
  request.use_commit_graph = false;
  EXPECT_EQ(Load(request)->from_commit_graph, 0U);
  Shell("git config core.commitGraph false");
  EXPECT_EQ(Load(Request())->from_commit_graph, 0U);
}

TEST_F(LoadGraphTest, CommitsNewerThanTheFile) {
  const auto plain = Load(Request());
  Shell("echo " + ids_[200].Hex() +
        " | git commit-graph write --stdin-commits");
  const auto mixed = Load(Request());
  ASSERT_TRUE(mixed.has_value()) << FormatError(mixed.error());
  EXPECT_EQ(mixed->from_commit_graph, 201U);
  EXPECT_EQ(mixed->graph, plain->graph);
}

TEST_F(LoadGraphTest, ChainsOfFiles) {
  const auto plain = Load(Request());
  for (const std::uint32_t at : {100U, 200U, 280U}) {
    Shell("echo " + ids_[at].Hex() +
          " | git commit-graph write --stdin-commits --split=no-merge");
  }
  ASSERT_TRUE(std::filesystem::exists(
      folder_ / "r/objects/info/commit-graphs/commit-graph-chain"));
  const auto chain = Load(Request());
  ASSERT_TRUE(chain.has_value()) << FormatError(chain.error());
  EXPECT_EQ(chain->from_commit_graph, 281U);
  EXPECT_EQ(chain->graph, plain->graph);
}

TEST_F(LoadGraphTest, ADamagedFileIsPassedOverWithANote) {
  const auto plain = Load(Request());
  Shell("git commit-graph write --reachable");
  const std::string path = folder_ / "r/objects/info/commit-graph";
  std::string bytes = GetFile(path);
  bytes[bytes.size() / 2] ^= 4;
  PutFile(path, bytes);
  const auto loaded = Load(Request());
  ASSERT_TRUE(loaded.has_value()) << FormatError(loaded.error());
  EXPECT_EQ(loaded->from_commit_graph, 0U);
  ASSERT_EQ(loaded->notes.size(), 1U);
  EXPECT_NE(loaded->notes[0].find("damaged"), std::string::npos);
  EXPECT_EQ(loaded->graph, plain->graph);
}

TEST_F(LoadGraphTest, HoldsWhatTheQuestionNeedsAndNoMore) {
  LoadRequest request = Request();
  request.goods = {ids_[250]};
  request.slack = 10;
  const auto part = Load(request);
  ASSERT_TRUE(part.has_value()) << FormatError(part.error());
  EXPECT_LT(part->graph.size(), 120U);
  EXPECT_FALSE(AllParentsKnown(part->graph));
  for (std::uint32_t v = 250; v < kSize; ++v) {
    const auto found = part->graph.Find(ids_[v]);
    ASSERT_TRUE(found.has_value()) << v;
    EXPECT_TRUE(part->graph.ParentsKnown(*found)) << v;
  }
  request.slack = kAllAncestors;
  const auto all = Load(request);
  EXPECT_EQ(all->graph.size(), kSize);
  EXPECT_TRUE(AllParentsKnown(all->graph));
  Shell("git commit-graph write --reachable");
  request.slack = 10;
  EXPECT_EQ(Load(request)->graph, part->graph);
}

TEST_F(LoadGraphTest, ReplacementsGiveParentsAndDate) {
  Shell("git commit-graph write --reachable && git replace --graft " +
        ids_[250].Hex() + " " + ids_[10].Hex());
  const auto replaced = Load(Request());
  ASSERT_TRUE(replaced.has_value()) << FormatError(replaced.error());
  EXPECT_EQ(replaced->from_commit_graph, 0U);
  EXPECT_EQ(Text(replaced), GitLog("r", "master"));
  const Vertex v = *replaced->graph.Find(ids_[250]);
  ASSERT_EQ(replaced->graph.Parents(v).size(), 1U);
  EXPECT_EQ(replaced->graph.Id(replaced->graph.Parents(v)[0]), ids_[10]);
  setenv("GIT_NO_REPLACE_OBJECTS", "1", 1);
  EXPECT_EQ(Load(Request())->graph.size(), kSize);
  unsetenv("GIT_NO_REPLACE_OBJECTS");
  Shell("git config core.useReplaceRefs false");
  EXPECT_EQ(Load(Request())->graph.size(), kSize);
}

TEST_F(LoadGraphTest, Grafts) {
  PutFile(folder_ / "r/info/grafts", "# comment\n" + ids_[250].Hex() + " " +
                                         ids_[20].Hex() + " " + ids_[10].Hex() +
                                         "\n" + ids_[5].Hex() + "\n");
  const auto grafted = Load(Request());
  ASSERT_TRUE(grafted.has_value()) << FormatError(grafted.error());
  EXPECT_EQ(Text(grafted), GitLog("r", "master"));
  PutFile(folder_ / "r/info/grafts", "nonsense\n");
  const auto broken = Load(Request());
  ASSERT_FALSE(broken.has_value());
  EXPECT_EQ(broken.error().where.line, 1);
  PutFile(folder_ / "r/info/grafts",
          ids_[250].Hex() + " " + ids_[260].Hex() + "\n");
  const auto cycle = Load(Request());
  ASSERT_FALSE(cycle.has_value());
  EXPECT_NE(cycle.error().message.find("cycle"), std::string::npos);
}

TEST_F(LoadGraphTest, ShallowClonesEndWhereTheyAreCut) {
  ASSERT_EQ(RunShell(folder_.path(),
                     "git clone -q --bare --depth 20 file://$PWD/r shallow")
                .status,
            0);
  const auto shallow = Load(Request(), "shallow");
  ASSERT_TRUE(shallow.has_value()) << FormatError(shallow.error());
  EXPECT_LT(shallow->graph.size(), kSize);
  EXPECT_EQ(Text(shallow), GitLog("shallow"));
  LoadRequest request = Request();
  request.goods = {ids_[3]};
  const auto missing = Load(request, "shallow");
  ASSERT_FALSE(missing.has_value());
  EXPECT_EQ(missing.error().code, ErrorCode::kMissingObject);
  EXPECT_NE(FormatError(missing.error()).find("--unshallow"),
            std::string::npos);
}

TEST_F(LoadGraphTest, PartialClonesHaveAllCommits) {
  for (const std::string filter : {"tree:0", "blob:none"}) {
    const std::string name = "partial-" + filter.substr(0, 4);
    ASSERT_EQ(RunShell(folder_.path(),
                       "git -C r config uploadpack.allowFilter true && "
                       "git clone -q --bare --filter=" +
                           filter + " file://$PWD/r " + name)
                  .status,
              0);
    EXPECT_EQ(Text(Load(Request(), name)), GitLog());
  }
}

TEST_F(LoadGraphTest, AlternatesWithTheirCommitGraph) {
  Shell("git commit-graph write --reachable");
  ASSERT_EQ(RunShell(folder_.path(), "git clone -q --bare --shared r borrower")
                .status,
            0);
  const auto loaded = Load(Request(), "borrower");
  ASSERT_TRUE(loaded.has_value()) << FormatError(loaded.error());
  EXPECT_EQ(loaded->from_commit_graph, kSize);
}

TEST_F(LoadGraphTest, JoinsRepositories) {
  ASSERT_EQ(RunShell(folder_.path(),
                     "git clone -q --bare --depth 20 file://$PWD/r shallow")
                .status,
            0);
  const auto plain = Load(Request());
  for (const bool file : {false, true}) {
    if (file) Shell("git commit-graph write --reachable");
    const auto whole = Repository::Open(folder_ / "r");
    const auto part = Repository::Open(folder_ / "shallow");
    ASSERT_TRUE(whole.has_value() && part.has_value());
    const Repository* const both[] = {&*part, &*whole};
    const auto joined = LoadGraph(both, Request());
    ASSERT_TRUE(joined.has_value()) << FormatError(joined.error());
    EXPECT_EQ(joined->graph, plain->graph);
  }
}

TEST_F(LoadGraphTest, NamesAMissingCommitAndItsChild) {
  // A loose copy of all but one commit.
  Shell(
      "mv objects/pack/*.pack ../p && rm objects/pack/* && "
      "git unpack-objects -q <../p");
  const std::string gone = ids_[100].Hex();
  std::filesystem::remove(folder_ / "r/objects/" + gone.substr(0, 2) + "/" +
                          gone.substr(2));
  const auto loaded = Load(Request());
  ASSERT_FALSE(loaded.has_value());
  EXPECT_EQ(loaded.error().code, ErrorCode::kMissingObject);
  EXPECT_NE(loaded.error().message.find(gone), std::string::npos);
  const auto is_child = [&](std::uint32_t child) {
    return loaded.error().message.find("a parent of " + ids_[child].Hex()) !=
           std::string::npos;
  };
  EXPECT_TRUE(is_child(101) || is_child(103)) << loaded.error().message;
}

TEST_F(LoadGraphTest, DamagedObjectsAreErrors) {
  Shell(
      "mv objects/pack/*.pack ../p && rm objects/pack/* && "
      "git unpack-objects -q <../p");
  const std::string hex = ids_[100].Hex();
  const std::string path =
      folder_ / "r/objects/" + hex.substr(0, 2) + "/" + hex.substr(2);
  const std::string good = GetFile(path);
  for (const std::string& bytes :
       {std::string(), std::string("garbage"), good.substr(0, 40)}) {
    PutFile(path, bytes);
    const auto loaded = Load(Request());
    ASSERT_FALSE(loaded.has_value()) << bytes.size();
    EXPECT_FALSE(loaded.error().message.empty());
  }
}

TEST_F(LoadGraphTest, OddDatesAndHeaders) {
  const auto commit = [&](const std::string& committer) {
    return ShellLine(folder_ / "r",
                     "printf 'tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904\\n"
                     "author A <a> 1 +0000\\n" +
                         committer +
                         "\\n\\nx\\n' | git hash-object -t commit --literally "
                         "-w --stdin");
  };
  LoadRequest request;
  for (const char* committer :
       {"committer A <a> 1 +0000", "committer A <a> 4294967296 +0000",
        "committer A <a>", "committer A <a> 12345678901 +0000"}) {
    request.bad.push_back(*CommitId::FromHex(commit(committer)));
  }
  const auto loaded = Load(request);
  ASSERT_TRUE(loaded.has_value()) << FormatError(loaded.error());
  const std::vector<std::int64_t> dates = {1, 4294967296, 0, 12345678901};
  for (std::size_t i = 0; i < dates.size(); ++i) {
    EXPECT_EQ(loaded->graph.Date(*loaded->graph.Find(request.bad[i])),
              dates[i]);
  }
}

}  // namespace
}  // namespace rebisect
