#include "harness/search/folded_suspects.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "sim/graph/reachable.h"
#include "tests/support/graph_literal.h"
#include "tests/support/prng.h"
#include "tests/support/random_graph.h"

namespace rebisect {
namespace {

using testing_support::Arrays;
using testing_support::CommitLiteral;
using testing_support::IdOf;

CommitGraph GraphOf(const std::vector<CommitLiteral>& commits) {
  return *CommitGraph::Build(Arrays(commits));
}

/// n0 <- n1 <- ... <- n9, of which n1 to n9 are suspects.
CommitGraph Line() {
  std::vector<CommitLiteral> commits = {{"n0", {}}};
  for (int i = 1; i < 10; ++i) {
    commits.push_back({"n" + std::to_string(i), {"n" + std::to_string(i - 1)}});
  }
  return GraphOf(commits);
}

TEST(FoldedSuspects, OfALineAreItsStretches) {
  const CommitGraph graph = Line();
  const std::vector<Vertex> suspects = {1, 2, 3, 4, 5, 6, 7, 8, 9};
  const std::vector<SearchMark> marks = {{9, 0, Verdict::kBad},
                                         {5, 1, Verdict::kGood},
                                         {7, 2, Verdict::kBad},
                                         {6, 3, Verdict::kSkip}};
  const auto folded = FoldSuspects(graph, suspects, false, marks);
  ASSERT_TRUE(folded);
  ASSERT_EQ(folded->size(), 4U);
  EXPECT_EQ((*folded)[0].head, Vertex{9});
  EXPECT_EQ((*folded)[0].size, 2U);
  EXPECT_EQ((*folded)[0].left_at, std::size_t{2});
  EXPECT_EQ((*folded)[0].parents, std::vector<std::size_t>{1});
  EXPECT_EQ((*folded)[1].head, Vertex{7});
  EXPECT_EQ((*folded)[1].left_at, std::nullopt);
  EXPECT_EQ((*folded)[2].head, Vertex{6});
  EXPECT_EQ((*folded)[2].left_at, std::nullopt);
  EXPECT_EQ((*folded)[3].head, Vertex{5});
  EXPECT_EQ((*folded)[3].size, 5U);
  EXPECT_EQ((*folded)[3].left_at, std::size_t{1});
}

TEST(FoldedSuspects, AreNotFoldedWhereAMarkIsTakenBack) {
  const CommitGraph graph = Line();
  const std::vector<Vertex> suspects = {1, 2, 3, 4, 5, 6, 7, 8, 9};
  const std::vector<SearchMark> marks = {
      {9, 0, Verdict::kBad}, {5, 1, Verdict::kBad}, {8, 2, Verdict::kBad}};
  const auto folded = FoldSuspects(graph, suspects, false, marks);
  ASSERT_FALSE(folded);
  EXPECT_NE(folded.error().message.find("step 2"), std::string::npos);
}

/// What a bisection takes for suspects after a step, by its definition.
std::vector<bool> SuspectsAfter(const CommitGraph& graph,
                                const std::vector<SearchMark>& marks,
                                std::size_t step) {
  Vertex bad = marks.front().commit;
  std::vector<Vertex> goods;
  for (const SearchMark& mark : marks) {
    if (mark.step > step) break;
    if (mark.verdict == Verdict::kBad) bad = mark.commit;
    if (mark.verdict == Verdict::kGood) goods.push_back(mark.commit);
  }
  std::vector<bool> suspects = ReachableFrom(graph, std::vector<Vertex>{bad});
  const std::vector<bool> good = ReachableFrom(graph, goods);
  for (Vertex v = 0; v < graph.size(); ++v) {
    if (good[v]) suspects[v] = false;
  }
  return suspects;
}

/// A search whose tests are drawn from its suspects.
std::vector<SearchMark> DrawMarks(testing_support::TestPrng& prng,
                                  const CommitGraph& graph) {
  std::vector<SearchMark> marks = {
      {static_cast<Vertex>(graph.size() - 1), 0, Verdict::kBad}};
  for (std::size_t step = 1; step <= 12; ++step) {
    const std::vector<bool> suspects = SuspectsAfter(graph, marks, step);
    std::vector<Vertex> left;
    for (Vertex v = 0; v < graph.size(); ++v) {
      if (suspects[v]) left.push_back(v);
    }
    if (left.size() < 2) break;
    const Vertex tested = left[prng.Below(left.size())];
    marks.push_back({tested, step, static_cast<Verdict>(prng.Below(3))});
  }
  return marks;
}

TEST(FoldedSuspects, ShrinkAsASearchDoes) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    testing_support::TestPrng prng(seed);
    const auto random = testing_support::MakeRandomGraph(
        prng, testing_support::kShapes[seed % testing_support::kShapes.size()],
        testing_support::Dates::kDistinct, 5 + prng.Below(60));
    const CommitGraph graph =
        testing_support::BuildGraph(random, testing_support::CommitIds(random));
    const std::vector<SearchMark> marks = DrawMarks(prng, graph);
    std::vector<Vertex> suspects;
    const std::vector<bool> at_start = SuspectsAfter(graph, marks, 0);
    for (Vertex v = 0; v < graph.size(); ++v) {
      if (at_start[v]) suspects.push_back(v);
    }
    const auto folded = FoldSuspects(graph, suspects, false, marks);
    ASSERT_TRUE(folded) << folded.error().message;
    for (std::size_t step = 0; step <= marks.back().step; ++step) {
      std::size_t left = 0;
      for (const FoldedClass& part : *folded) {
        if (!part.left_at || *part.left_at > step) left += part.size;
      }
      const std::vector<bool> expected = SuspectsAfter(graph, marks, step);
      EXPECT_EQ(left, static_cast<std::size_t>(
                          std::count(expected.begin(), expected.end(), true)))
          << "after step " << step;
    }
    std::set<Vertex> heads;
    for (std::size_t c = 0; c < folded->size(); ++c) {
      if ((*folded)[c].head) heads.insert(*(*folded)[c].head);
      for (const std::size_t parent : (*folded)[c].parents) {
        EXPECT_GT(parent, c);
      }
    }
    for (const SearchMark& mark : marks) EXPECT_TRUE(heads.count(mark.commit));
  }
}

TEST(FoldedSuspects, OfTooManyMarksAreRefused) {
  const CommitGraph graph = Line();
  const std::vector<Vertex> suspects = {1, 2, 3};
  const std::vector<SearchMark> marks(kMaxFoldedMarks + 1,
                                      {3, 1, Verdict::kSkip});
  EXPECT_FALSE(FoldSuspects(graph, suspects, false, marks));
}

}  // namespace
}  // namespace rebisect
