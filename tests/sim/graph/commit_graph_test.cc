#include "sim/graph/commit_graph.h"

#include <gtest/gtest.h>

#include "tests/support/graph_literal.h"

namespace rebisect {
namespace {

using testing_support::Arrays;
using testing_support::IdOf;

TEST(CommitGraph, NumbersParentsBeforeChildren) {
  // Newest first, as git prints them.
  const auto graph = CommitGraph::Build(
      Arrays({{"d", {"b", "c"}}, {"c", {"a"}}, {"b", {"a"}}, {"a", {}}}));
  ASSERT_TRUE(graph.has_value());
  ASSERT_EQ(graph->size(), 4U);
  for (Vertex v = 0; v < graph->size(); ++v) {
    for (const Vertex p : graph->Parents(v)) EXPECT_LT(p, v);
  }
  const Vertex d = *graph->Find(IdOf("d"));
  ASSERT_EQ(graph->Parents(d).size(), 2U);
  EXPECT_EQ(graph->Id(graph->Parents(d)[0]), IdOf("b"));
  EXPECT_EQ(graph->Id(graph->Parents(d)[1]), IdOf("c"));
  EXPECT_FALSE(graph->Find(IdOf("e")).has_value());
}

TEST(CommitGraph, NamesTheCommitsOfACycle) {
  const auto graph =
      CommitGraph::Build(Arrays({{"a", {"c"}}, {"b", {"a"}}, {"c", {"b"}}}));
  ASSERT_FALSE(graph.has_value());
  EXPECT_EQ(graph.error().notes.size(), 3U);
}

TEST(CommitGraph, RefusesAnIdThatOccursTwice) {
  CommitArrays arrays = Arrays({{"a", {}}, {"b", {"a"}}});
  arrays.ids[1] = arrays.ids[0];
  const auto graph = CommitGraph::Build(std::move(arrays));
  ASSERT_FALSE(graph.has_value());
  EXPECT_EQ(graph.error().notes.front(), IdOf("a").Hex());
}

TEST(CommitGraph, CopiesAndMovesKeepTheEdges) {
  const auto built = CommitGraph::Build(Arrays({{"a", {}}, {"b", {"a"}}}));
  ASSERT_TRUE(built.has_value());
  CommitGraph copy = *built;
  const CommitGraph moved = std::move(copy);
  EXPECT_EQ(moved, *built);
  EXPECT_EQ(moved.Parents(1)[0], 0U);
}

TEST(CommitGraph, FindsByPrefix) {
  const auto graph = CommitGraph::Build(Arrays({{"a", {}}, {"b", {"a"}}}));
  ASSERT_TRUE(graph.has_value());
  const std::string hex = IdOf("b").Hex();
  for (std::size_t length = 4; length <= 40; ++length) {
    EXPECT_FALSE(graph->FindPrefix(hex.substr(0, length), 2).empty());
  }
  EXPECT_TRUE(graph->FindPrefix("abc", 2).empty());
}

}  // namespace
}  // namespace rebisect
