#include "sim/graph/generate_history.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "tests/support/known_parents.h"

namespace rebisect {
namespace {

struct Counts {
  std::size_t merges = 0;
  std::size_t most_parents = 0;
  std::size_t roots = 0;
};

/// Checks what every history keeps to, and counts.
Counts Check(const MadeHistory& made, std::uint32_t suspects) {
  const CommitGraph& graph = made.graph;
  EXPECT_EQ(graph.size(), suspects + std::size_t{1});
  EXPECT_EQ(graph.Names().at("refs/tags/good"), made.good);
  EXPECT_EQ(graph.Names().at("refs/tags/bad"), made.bad);
  EXPECT_TRUE(AllParentsKnown(graph));
  Counts counts;
  std::vector<bool> has_child(graph.size(), false);
  for (Vertex v = 0; v < graph.size(); ++v) {
    const auto parents = graph.Parents(v);
    if (parents.empty()) ++counts.roots;
    if (parents.size() > 1) ++counts.merges;
    counts.most_parents = std::max(counts.most_parents, parents.size());
    EXPECT_EQ(std::set<Vertex>(parents.begin(), parents.end()).size(),
              parents.size());
    for (const Vertex p : parents) {
      has_child[p] = true;
      EXPECT_LT(graph.Date(p), graph.Date(v));
    }
  }
  // One commit without children: all others lead to it.
  for (Vertex v = 0; v < graph.size(); ++v) {
    EXPECT_EQ(has_child[v], v != made.bad) << v;
  }
  return counts;
}

TEST(MakeHistory, HasOneTipWhateverTheSize) {
  for (const HistoryShape shape : kHistoryShapes) {
    for (std::uint32_t suspects = 1; suspects < 40; ++suspects) {
      SCOPED_TRACE(std::string(NameOf(shape)) + ' ' + std::to_string(suspects));
      for (std::uint64_t seed = 0; seed < 20; ++seed) {
        const Counts counts =
            Check(MakeHistory(shape, suspects, seed), suspects);
        if (shape != HistoryShape::kRoots) {
          EXPECT_EQ(counts.roots, 1U);
        }
      }
    }
  }
}

TEST(MakeHistory, LooksLikeItsShape) {
  constexpr std::uint32_t kSuspects = 20000;
  const auto of = [](HistoryShape shape) {
    return Check(MakeHistory(shape, kSuspects, 1), kSuspects);
  };
  EXPECT_EQ(of(HistoryShape::kLinear).merges, 0U);
  const auto share = [&](HistoryShape shape) {
    return static_cast<double>(of(shape).merges) / kSuspects;
  };
  EXPECT_NEAR(share(HistoryShape::kKernel), 1 / 12.5, .01);
  EXPECT_NEAR(share(HistoryShape::kGit), .25, .02);
  EXPECT_EQ(of(HistoryShape::kGit).most_parents, 2U);
  EXPECT_EQ(of(HistoryShape::kWide).most_parents, 5U);
  EXPECT_GT(share(HistoryShape::kCrissCross), .3);
  EXPECT_EQ(of(HistoryShape::kOctopus).most_parents, 9U);
  EXPECT_GT(of(HistoryShape::kRoots).roots, kSuspects / 20);
  EXPECT_NEAR(share(HistoryShape::kLadder), 1 / 3., .02);
  EXPECT_EQ(of(HistoryShape::kLadder).most_parents, 64U);
}

TEST(MakeHistory, IsTheSameForTheSameSeed) {
  const auto graph = [](std::uint64_t seed) {
    return MakeHistory(HistoryShape::kKernel, 500, seed).graph;
  };
  EXPECT_TRUE(graph(3) == graph(3));
  EXPECT_FALSE(graph(3) == graph(4));
  // What a seed means is part of published experiments.
  const MadeHistory made = MakeHistory(HistoryShape::kKernel, 500, 3);
  EXPECT_EQ(made.graph.Id(made.bad).Hex(),
            "ef93d338c814682eae220ff0373deaff86317a61");
}

TEST(HistoryShape, HasNames) {
  for (const HistoryShape shape : kHistoryShapes) {
    EXPECT_EQ(HistoryShapeNamed(NameOf(shape)), shape);
  }
  EXPECT_EQ(HistoryShapeNamed("kernels"), std::nullopt);
  EXPECT_EQ(HistoryShapeNames().size(), kHistoryShapes.size());
}

}  // namespace
}  // namespace rebisect
