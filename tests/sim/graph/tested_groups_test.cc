#include "sim/graph/tested_groups.h"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "tests/support/random_graph.h"

namespace rebisect {
namespace {

using testing_support::BuildGraph;
using testing_support::CommitIds;
using testing_support::Dates;
using testing_support::kShapes;
using testing_support::MakeRandomGraph;
using testing_support::TestPrng;

/// reached[v][a]: a is v or an ancestor of it.
std::vector<std::vector<bool>> Reached(const CommitGraph& graph) {
  std::vector<std::vector<bool>> reached(graph.size(),
                                         std::vector<bool>(graph.size()));
  for (Vertex v = 0; v < graph.size(); ++v) {
    reached[v][v] = true;
    for (const Vertex parent : graph.Parents(v)) {
      for (Vertex a = 0; a < graph.size(); ++a) {
        if (reached[parent][a]) reached[v][a] = true;
      }
    }
  }
  return reached;
}

void ExpectGroups(const CommitGraph& graph, const std::vector<Vertex>& suspects,
                  const std::vector<Vertex>& tested, const std::string& what) {
  const auto reached = Reached(graph);
  std::map<std::vector<bool>, std::vector<Vertex>> wanted;
  for (const Vertex suspect : suspects) {
    std::vector<bool> contained;
    for (const Vertex test : tested) {
      contained.push_back(reached[test][suspect]);
    }
    wanted[contained].push_back(suspect);
  }
  const auto groups = GroupByTests(graph, suspects, tested);
  EXPECT_EQ(groups.size(), wanted.size()) << what;
  Vertex oldest = 0;
  for (const TestedGroup& group : groups) {
    EXPECT_EQ(group.suspects, wanted[group.contained]) << what;
    ASSERT_FALSE(group.suspects.empty()) << what;
    EXPECT_LE(oldest, group.suspects.front()) << what;
    oldest = group.suspects.front();
  }
}

TEST(TestedGroups, AreThoseOfABruteForce) {
  TestPrng prng(3);
  for (int round = 0; round < 12; ++round) {
    for (const auto shape : kShapes) {
      const auto made = MakeRandomGraph(prng, shape, Dates::kJitter, 60);
      const CommitGraph graph = BuildGraph(made, CommitIds(made));
      std::vector<Vertex> suspects;
      for (Vertex v = 0; v < graph.size(); ++v) {
        if (prng.Percent(80)) suspects.push_back(v);
      }
      std::vector<Vertex> tested;
      // More than a machine word of them, too; some twice.
      const std::uint64_t tests = prng.Between(0, round == 0 ? 150 : 12);
      for (std::uint64_t i = 0; i < tests; ++i) {
        tested.push_back(static_cast<Vertex>(prng.Below(graph.size())));
      }
      ExpectGroups(
          graph, suspects, tested,
          std::string(ToString(shape)) + ", round " + std::to_string(round));
    }
  }
}

TEST(TestedGroups, WithoutTestsThereIsOne) {
  TestPrng prng(1);
  const auto made = MakeRandomGraph(prng, testing_support::Shape::kKernel,
                                    Dates::kDistinct, 20);
  const CommitGraph graph = BuildGraph(made, CommitIds(made));
  const std::vector<Vertex> suspects = {2, 5, 9};
  const auto groups = GroupByTests(graph, suspects, {});
  ASSERT_EQ(groups.size(), 1U);
  EXPECT_EQ(groups[0].suspects, suspects);
  EXPECT_TRUE(groups[0].contained.empty());
}

}  // namespace
}  // namespace rebisect
