#include "harness/search/shown_search.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <string>
#include <vector>

#include "sim/graph/reachable.h"
#include "tests/support/prng.h"
#include "tests/support/random_graph.h"

namespace rebisect {
namespace {

using testing_support::TestPrng;

std::vector<bool> AncestorsOf(const CommitGraph& graph, Vertex v) {
  return ReachableFrom(graph, std::vector<Vertex>{v});
}

/// A search whose tests are drawn from its suspects, and what is left of it.
struct DrawnMarks {
  SearchToShow search{};
  std::size_t at_start = 0;
  std::size_t left = 0;
};

DrawnMarks DrawSearch(TestPrng& prng, const CommitGraph& graph) {
  DrawnMarks drawn;
  drawn.search.bad = static_cast<Vertex>(graph.size() - 1);
  drawn.search.goods = {static_cast<Vertex>(prng.Below(graph.size() - 1))};
  std::vector<bool> left = AncestorsOf(graph, drawn.search.bad);
  const auto drop = [&](Vertex v, bool ancestors) {
    const std::vector<bool> below = AncestorsOf(graph, v);
    for (Vertex u = 0; u < graph.size(); ++u) {
      if (below[u] == ancestors) left[u] = false;
    }
  };
  const auto suspects = [&] {
    std::vector<Vertex> all;
    for (Vertex u = 0; u < graph.size(); ++u) {
      if (left[u]) all.push_back(u);
    }
    return all;
  };
  drop(drawn.search.goods.front(), true);
  drawn.at_start = suspects().size();
  Vertex bad = drawn.search.bad;
  for (std::size_t step = 1; step <= 10; ++step) {
    const std::vector<Vertex> all = suspects();
    const Vertex tested = all[prng.Below(all.size())];
    if (tested == bad) break;
    ShownMark mark;
    mark.commit = tested;
    mark.step = step;
    mark.verdict = static_cast<Verdict>(prng.Below(3));
    if (mark.verdict == Verdict::kGood) drop(tested, true);
    if (mark.verdict == Verdict::kBad) {
      drop(tested, false);
      bad = tested;
    }
    drawn.search.marks.push_back(mark);
  }
  drawn.left = suspects().size();
  return drawn;
}

/// Who is whose ancestor among the commits shown is so in the graph.
void ExpectAncestryOf(const CommitGraph& graph, const ShownSearch& shown) {
  const std::size_t size = shown.nodes.size();
  std::vector<std::vector<bool>> below(size, std::vector<bool>(size, false));
  for (std::size_t n = size; n-- > 0;) {
    for (const std::size_t parent : shown.nodes[n].parents) {
      ASSERT_GT(parent, n);
      below[n][parent] = true;
      for (std::size_t a = 0; a < size; ++a) {
        if (below[parent][a]) below[n][a] = true;
      }
    }
  }
  for (std::size_t n = 0; n < size; ++n) {
    if (shown.nodes[n].kind != ShownNode::Kind::kCommit) continue;
    const std::vector<bool> ancestors =
        AncestorsOf(graph, shown.nodes[n].commit);
    for (std::size_t a = 0; a < size; ++a) {
      if (a == n || shown.nodes[a].kind != ShownNode::Kind::kCommit) continue;
      EXPECT_EQ(below[n][a], ancestors[shown.nodes[a].commit])
          << graph.Label(shown.nodes[n].commit) << " and "
          << graph.Label(shown.nodes[a].commit);
    }
  }
}

TEST(ShownSearchTest, KeepsAncestryAndSuspects) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    TestPrng prng(seed);
    const auto random = testing_support::MakeRandomGraph(
        prng, testing_support::kShapes[seed % testing_support::kShapes.size()],
        testing_support::Dates::kDistinct, 5 + prng.Below(60));
    const CommitGraph graph =
        testing_support::BuildGraph(random, testing_support::CommitIds(random));
    DrawnMarks drawn = DrawSearch(prng, graph);
    for (const bool whole : {false, true}) {
      drawn.search.whole = whole;
      const auto shown = ShowSearch(graph, drawn.search);
      ASSERT_TRUE(shown) << shown.error().message;
      EXPECT_EQ(shown->suspects_at_start, drawn.at_start);
      EXPECT_EQ(shown->suspects_left, drawn.left);
      std::size_t suspects = 0;
      for (const ShownNode& node : shown->nodes) {
        if (node.suspect) suspects += node.commits;
      }
      EXPECT_EQ(suspects, drawn.left);
      ExpectAncestryOf(graph, *shown);
    }
  }
}

}  // namespace
}  // namespace rebisect
