#include "sim/graph/suspect_graph.h"

#include <gtest/gtest.h>

#include "tests/support/search_graph.h"

namespace rebisect {
namespace {

using testing_support::IdOf;
using testing_support::ListedGraph;

TEST(SuspectGraph, KeepsGitsOrderAndTheEdgesAmongSuspects) {
  // n3 merges n2 and n1; n0 is no suspect.
  const CommitGraph graph =
      ListedGraph({{{}, 1}, {{0}, 2}, {{0}, 3}, {{2, 1}, 4}});
  std::vector<Vertex> listing;
  for (const std::uint32_t n : {1U, 2U, 3U}) {
    listing.push_back(*graph.Find(IdOf(n)));
  }
  const SuspectGraph suspects = BuildSuspectGraph(
      graph, listing, [&](Vertex v) { return graph.Parents(v); });
  ASSERT_EQ(suspects.size(), 3U);
  EXPECT_EQ(suspects.counted_total, 3U);
  const auto number = [&](std::size_t at) {
    return graph.Id(suspects.vertices[at]);
  };
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(number(suspects.listing[i]), graph.Id(listing[i]));
  }
  const Suspect merge = suspects.listing[2];
  ASSERT_EQ(suspects.Parents(merge).size(), 2U);
  EXPECT_EQ(number(suspects.Parents(merge)[0]), IdOf(2));
  EXPECT_EQ(number(suspects.Parents(merge)[1]), IdOf(1));
  EXPECT_TRUE(suspects.Parents(suspects.listing[0]).empty());
  for (Suspect s = 0; s < suspects.size(); ++s) {
    EXPECT_TRUE(suspects.Counted(s));
    for (const Suspect p : suspects.Parents(s)) EXPECT_LT(p, s);
  }
}

}  // namespace
}  // namespace rebisect
