#include "sim/graph/weights.h"

#include <limits>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "sim/graph/generate_history.h"
#include "tests/support/random_graph.h"

namespace rebisect {
namespace {

using testing_support::AllSuspects;
using testing_support::BuildGraph;
using testing_support::CommitIds;
using testing_support::kDates;
using testing_support::kShapes;
using testing_support::MakeRandomGraph;
using testing_support::RandomGraph;
using testing_support::TestPrng;

/// What ComputeWeights is for, in the most obvious way: a set of bits for
/// every suspect.
Weights BruteForce(const SuspectGraph& suspects) {
  const std::size_t n = suspects.size();
  std::vector<std::vector<bool>> reached(n, std::vector<bool>(n, false));
  Weights weights(n, 0);
  for (Suspect s = 0; s < n; ++s) {
    reached[s][s] = true;
    for (const Suspect p : suspects.Parents(s)) {
      for (Suspect a = 0; a <= p; ++a) {
        if (reached[p][a]) reached[s][a] = true;
      }
    }
    for (Suspect a = 0; a <= s; ++a) {
      if (reached[s][a] && suspects.Counted(a)) ++weights[s];
    }
  }
  return weights;
}

void ExpectAllEqual(const SuspectGraph& suspects, const std::string& what) {
  const Weights wanted = BruteForce(suspects);
  constexpr auto kNoLimit = std::numeric_limits<std::size_t>::max();
  EXPECT_EQ(ComputeWeights(suspects), wanted) << what;
  EXPECT_EQ(WeightsBySweep(suspects), wanted) << what;
  EXPECT_EQ(internal::WeightsByCover(suspects, kNoLimit), wanted) << what;
}

/// Leaves some suspects uncounted, as a search limited to paths does.
void UncountSome(TestPrng& prng, unsigned percent, SuspectGraph& suspects) {
  suspects.counted.assign(suspects.size(), 1);
  suspects.counted_total = 0;
  for (auto& counted : suspects.counted) {
    counted = prng.Percent(percent) ? 0 : 1;
    suspects.counted_total += counted;
  }
}

/// The suspects of a search in the graph: what the last commit reaches, less
/// what a few others reach.
std::vector<Vertex> SomeListing(TestPrng& prng, const CommitGraph& graph) {
  std::vector<bool> good(graph.size(), false);
  for (std::uint64_t i = prng.Below(3); i > 0; --i) {
    good[prng.Below(graph.size())] = true;
  }
  for (Vertex v = static_cast<Vertex>(graph.size()); v-- > 0;) {
    if (!good[v]) continue;
    for (const Vertex p : graph.Parents(v)) good[p] = true;
  }
  std::vector<Vertex> listing;
  for (Vertex v = 0; v < graph.size(); ++v) {
    if (!good[v]) listing.push_back(v);
  }
  return listing;
}

TEST(Weights, EqualABruteForceOnAllShapes) {
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    TestPrng prng(seed);
    const auto shape = kShapes[seed % kShapes.size()];
    const std::size_t size =
        seed % 20 == 9 ? prng.Between(600, 1300) : prng.Between(1, 150);
    const RandomGraph random = MakeRandomGraph(prng, shape, kDates[0], size);
    const CommitGraph graph = BuildGraph(random, CommitIds(random));
    const bool first_parent = prng.Percent(15);
    SuspectGraph suspects =
        BuildSuspectGraph(graph, SomeListing(prng, graph), [&](Vertex v) {
          const std::span<const Vertex> parents = graph.Parents(v);
          return first_parent && !parents.empty() ? parents.first(1) : parents;
        });
    const std::string what = "seed " + std::to_string(seed) + ", " +
                             std::string(ToString(shape)) + ", " +
                             std::to_string(size) + " commits";
    ExpectAllEqual(suspects, what);
    UncountSome(prng, seed % 7 == 0 ? 100 : 40, suspects);
    ExpectAllEqual(suspects, what + ", some uncounted");
  }
}

TEST(Weights, OfNothingAreNone) {
  const CommitGraph graph;
  EXPECT_TRUE(ComputeWeights(AllSuspects(graph)).empty());
  EXPECT_TRUE(WeightsBySweep(AllSuspects(graph)).empty());
}

/// Two long lines, and `merges` commits that each merge both ends. One line
/// is longer: the tree follows it, so that each merge has all of the other
/// line to mark. Side commits keep the lines from being compressed.
RandomGraph HardForTheCover(std::uint32_t length, std::uint32_t merges) {
  RandomGraph graph;
  const auto add = [&](std::vector<std::uint32_t> parents) {
    graph.push_back({std::move(parents), 0, {}});
    return static_cast<std::uint32_t>(graph.size() - 1);
  };
  const auto line = [&](std::uint32_t commits) {
    std::uint32_t tip = add({});
    for (std::uint32_t i = 1; i < commits; ++i) {
      add({tip});  // the side commit
      tip = add({tip});
    }
    return tip;
  };
  const std::uint32_t longer = line(length + 1);
  const std::uint32_t shorter = line(length);
  for (std::uint32_t i = 0; i < merges; ++i) add({longer, shorter});
  return graph;
}

TEST(Weights, FallBackToTheSweepWhereTheTreeCoverIsQuadratic) {
  const RandomGraph hard = HardForTheCover(400, 400);
  const CommitGraph graph = BuildGraph(hard, CommitIds(hard));
  const SuspectGraph suspects = AllSuspects(graph);
  EXPECT_FALSE(
      internal::WeightsByCover(suspects, internal::CoverBudget(suspects))
          .has_value());
  const Weights weights = ComputeWeights(suspects);
  // Both lines and the merge itself, for each of the merges.
  for (Suspect s = 0; s < suspects.size(); ++s) {
    if (suspects.Parents(s).size() == 2) {
      EXPECT_EQ(weights[s], 802U);
    }
  }
  EXPECT_EQ(weights, BruteForce(suspects));
}

/// Merges that add one commit each to what the tree holds below them, but
/// one with very many parents, all of them held already.
TEST(Weights, FallBackToTheSweepWhereTheTreeCoverFollowsTooManyEdges) {
  constexpr std::uint32_t kRoots = 1500;
  RandomGraph graph(kRoots);
  std::vector<std::uint32_t> roots(kRoots);
  for (std::uint32_t i = 0; i < kRoots; ++i) roots[i] = i;
  graph.push_back({roots, 0, {}});
  graph.push_back({{kRoots}, 0, {}});  // longer than the other octopus
  graph.push_back({roots, 0, {}});
  for (std::uint32_t i = 0; i < kRoots; ++i) {
    graph.push_back({{kRoots + 1, kRoots + 2}, 0, {}});
  }
  const CommitGraph built = BuildGraph(graph, CommitIds(graph));
  const SuspectGraph suspects = AllSuspects(built);
  EXPECT_FALSE(
      internal::WeightsByCover(suspects, internal::CoverBudget(suspects))
          .has_value());
  EXPECT_EQ(ComputeWeights(suspects).back(), kRoots + 4);
}

TEST(Weights, FallBackToTheSweepOnLadders) {
  const MadeHistory made = MakeHistory(HistoryShape::kLadder, 20000, 1);
  const SuspectGraph suspects = AllSuspects(made.graph);
  EXPECT_FALSE(
      internal::WeightsByCover(suspects, internal::CoverBudget(suspects))
          .has_value());
  EXPECT_EQ(ComputeWeights(suspects),
            internal::WeightsByCover(suspects,
                                     std::numeric_limits<std::size_t>::max()));
}

TEST(Weights, StayWithTheTreeCoverOnHistoriesLikeTheKernels) {
  TestPrng prng(1);
  const RandomGraph random =
      MakeRandomGraph(prng, testing_support::Shape::kKernel, kDates[0], 20000);
  const CommitGraph graph = BuildGraph(random, CommitIds(random));
  const SuspectGraph suspects = AllSuspects(graph);
  EXPECT_TRUE(
      internal::WeightsByCover(suspects, internal::CoverBudget(suspects))
          .has_value());
}

/// Ids are of no concern here, and 100,000 SHA-1 sums cost time.
std::vector<CommitId> CountedIds(std::size_t count) {
  std::vector<CommitId> ids(count);
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t byte = 0; byte < 4; ++byte) {
      ids[i].bytes[byte] = static_cast<std::uint8_t>(i >> (8 * byte));
    }
  }
  return ids;
}

TEST(Weights, OfAHundredThousandCommitsInALine) {
  RandomGraph line(100000);
  for (std::uint32_t i = 1; i < line.size(); ++i) line[i].parents = {i - 1};
  const CommitGraph graph = BuildGraph(line, CountedIds(line.size()));
  const SuspectGraph suspects = AllSuspects(graph);
  Weights wanted(suspects.size());
  for (Suspect s = 0; s < wanted.size(); ++s) wanted[s] = s + 1;
  EXPECT_EQ(ComputeWeights(suspects), wanted);
  EXPECT_EQ(WeightsBySweep(suspects), wanted);
}

TEST(Weights, OfAnOctopusOfAHundredThousandRoots) {
  RandomGraph wide(100001);
  for (std::uint32_t i = 0; i < 100000; ++i) {
    wide.back().parents.push_back(i);
  }
  const CommitGraph graph = BuildGraph(wide, CountedIds(wide.size()));
  const SuspectGraph suspects = AllSuspects(graph);
  Weights wanted(suspects.size(), 1);
  wanted.back() = 100001;
  EXPECT_EQ(ComputeWeights(suspects), wanted);
}

}  // namespace
}  // namespace rebisect
