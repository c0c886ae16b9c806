#include "sim/io/dag_text.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "sim/io/input.h"
#include "tests/support/graph_literal.h"
#include "tests/support/known_parents.h"
#include "tests/support/temp_folder.h"

namespace rebisect {
namespace {

using testing_support::IdOf;

std::string H(std::string_view name) { return IdOf(name).Hex(); }

Result<DagResult> Read(std::string_view text, bool allow_missing = false) {
  const NamedText input{"g.dag", text};
  return ReadDag({&input, 1}, {allow_missing});
}

std::string ErrorOf(const Result<DagResult>& result) {
  return result ? "no error" : FormatError(result.error());
}

TEST(ReadDag, ReadsWhatGitLogPrints) {
  const auto dag = Read(H("c") + " 30 " + H("b") + " " + H("a") + "\n" +
                        H("b") + " 20 " + H("a") + "\n" + H("a") + " -10 \n");
  ASSERT_TRUE(dag.has_value()) << ErrorOf(dag);
  const CommitGraph& graph = dag->graph;
  ASSERT_EQ(graph.size(), 3U);
  const Vertex c = *graph.Find(IdOf("c"));
  EXPECT_EQ(graph.Date(c), 30);
  ASSERT_EQ(graph.Parents(c).size(), 2U);
  EXPECT_EQ(graph.Id(graph.Parents(c)[0]), IdOf("b"));
  EXPECT_EQ(graph.Date(*graph.Find(IdOf("a"))), -10);
  EXPECT_TRUE(graph.ParentsKnown(*graph.Find(IdOf("a"))));
}

TEST(ReadDag, TakesCommentsBlanksNamesAndCarriageReturns) {
  const auto dag = Read("\xef\xbb\xbf# a comment\r\n\r\n  " + H("b") + "\t2  " +
                        H("a") + " \r\n- " + H("a") + " 1\r\n" + H("b") +
                        " refs/tags/v1\r\n" + H("a") + " HEAD");
  ASSERT_TRUE(dag.has_value()) << ErrorOf(dag);
  EXPECT_FALSE(dag->graph.ParentsKnown(*dag->graph.Find(IdOf("a"))));
  EXPECT_EQ(dag->graph.Names().at("refs/tags/v1"), *dag->graph.Find(IdOf("b")));
  EXPECT_EQ(dag->graph.Names().at("HEAD"), *dag->graph.Find(IdOf("a")));
}

TEST(ReadDag, WhatIsWrittenReadsBackEqual) {
  const auto dag =
      Read(H("d") + " 4 " + H("c") + " " + H("b") + "\n" + H("c") + " 3 " +
           H("a") + "\n" + H("b") + " 2 " + H("a") + "\n- " + H("a") + " 1\n" +
           H("x") + " 9\n" + H("d") + " refs/heads/main\n");
  ASSERT_TRUE(dag.has_value()) << ErrorOf(dag);
  const auto again = Read(WriteDag(dag->graph));
  ASSERT_TRUE(again.has_value()) << ErrorOf(again);
  EXPECT_EQ(again->graph, dag->graph);
}

TEST(ReadDag, JoinsTexts) {
  const std::string one = H("b") + " 2 " + H("a") + "\n- " + H("a") + " 1\n";
  const std::string two = H("a") + " 1 " + H("r") + "\n" + H("r") + " 0\n" +
                          H("b") + " 2 " + H("a") + "\n";
  for (const bool swapped : {false, true}) {
    const std::vector<NamedText> texts = {{"1", swapped ? two : one},
                                          {"2", swapped ? one : two}};
    const auto dag = ReadDag(texts);
    ASSERT_TRUE(dag.has_value()) << ErrorOf(dag);
    EXPECT_EQ(dag->graph.size(), 3U);
    EXPECT_TRUE(AllParentsKnown(dag->graph));
  }
}

TEST(ReadDag, SaysInWhichLineAndColumn) {
  const std::string a = H("a");
  const struct {
    std::string text;
    std::string where;
    std::string what;
  } cases[] = {
      {"", "g.dag: error", "holds no commit"},
      {"# only this\n", "g.dag: error", "holds no commit"},
      {a + " 1\nnonsense\n", "g.dag:2:1: error", "'nonsense' is no commit id"},
      {a + " 1\n" + a + " 1\n", "g.dag:2:1: error", "has a line already"},
      {a + " 1 " + H("b") + "\n", "g.dag:1:44: error",
       "the parent " + H("b") + " has no line"},
      {a + "\n", "g.dag:1:41: error", "has no time"},
      {a + " noon\n", "g.dag:1:42: error", "neither a time"},
      {a + " 12x\n", "g.dag:1:42: error", "neither a time"},
      {a + " 99999999999999999999\n", "g.dag:1:42: error", "neither a time"},
      {a.substr(0, 12) + " 1\n", "g.dag:1:1: error", "abbreviated"},
      {a + a.substr(16) + " 1\n", "g.dag:1:1: error", "SHA-256"},
      {"- " + a + " 1 " + a + "\n", "g.dag:1:46: error", "boundary"},
      {"-\n", "g.dag:1:2: error", "no commit id"},
      {a + " refs/x y\n", "g.dag:1:49: error", "after a name"},
      {a + " 1\n" + H("b") + " 1\n" + a + " HEAD\n" + H("b") + " HEAD\n",
       "g.dag:4:42: error", "two commits"},
      {std::string("\0\x1f\xff\n", 4), "g.dag:1:1: error", "no commit id"},
  };
  for (const auto& c : cases) {
    const std::string error = ErrorOf(Read(c.text));
    EXPECT_EQ(error.substr(0, c.where.size()), c.where) << error;
    EXPECT_NE(error.find(c.what), std::string::npos) << error;
  }
}

TEST(ReadDag, NamesTheLinesOfACycle) {
  const std::string error =
      ErrorOf(Read(H("z") + " 9\n" + H("a") + " 1 " + H("b") + "\n" + H("b") +
                   " 1 " + H("c") + "\n" + H("c") + " 1 " + H("a") + "\n"));
  EXPECT_NE(error.find("cycle"), std::string::npos) << error;
  for (const char* place : {"g.dag:2", "g.dag:3", "g.dag:4"}) {
    EXPECT_NE(error.find(place), std::string::npos) << error;
  }
  EXPECT_EQ(error.find("g.dag:1"), std::string::npos) << error;
}

TEST(ReadDag, AllowsMissingParentsWhenTold) {
  const auto dag = Read(H("b") + " 2 " + H("a") + "\n" + H("c") + " 3 " +
                            H("a") + " " + H("b") + "\n",
                        true);
  ASSERT_TRUE(dag.has_value()) << ErrorOf(dag);
  EXPECT_EQ(dag->missing_parents, 1U);
  EXPECT_EQ(dag->notes.size(), 1U);
  const Vertex a = *dag->graph.Find(IdOf("a"));
  EXPECT_FALSE(dag->graph.ParentsKnown(a));
  EXPECT_EQ(dag->graph.Date(a), 2);
}

TEST(ReadDag, LeavesOutNamesOfOtherCommits) {
  const auto dag = Read(H("a") + " 1\n" + H("b") + " refs/tags/v2\n");
  ASSERT_TRUE(dag.has_value()) << ErrorOf(dag);
  EXPECT_TRUE(dag->graph.Names().empty());
  EXPECT_EQ(dag->notes.size(), 1U);
}

TEST(ReadDag, EveryTruncationIsAnErrorOrAGraph) {
  const std::string text = H("c") + " 30 " + H("b") + "\n- " + H("b") +
                           " 20\n" + H("c") + " refs/x\n";
  for (std::size_t size = 0; size <= text.size(); ++size) {
    const auto dag = Read(std::string_view(text).substr(0, size));
    EXPECT_TRUE(dag.has_value() || !dag.error().message.empty());
  }
}

TEST(ReadDag, ReadsTheLinuxHistory) {
  const std::string shared = testing_support::SharedFolder();
  if (shared.empty()) GTEST_SKIP() << "REBISECT_SHARED names no folder";
  const auto text = ReadInput(shared + "/dags/linux-2.6.38.dag.gz");
  const auto refs = ReadInput(shared + "/dags/linux-2.6.38.refs");
  ASSERT_TRUE(text.has_value() && refs.has_value());
  const std::vector<NamedText> texts = {{"dag", *text}, {"refs", *refs}};
  const auto dag = ReadDag(texts);
  ASSERT_TRUE(dag.has_value()) << ErrorOf(dag);
  EXPECT_EQ(dag->graph.size(), 234165U);
}

}  // namespace
}  // namespace rebisect
