#include "sim/graph/slice_graph.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/support/graph_literal.h"

namespace rebisect {
namespace {

using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;
using testing_support::Arrays;
using testing_support::CommitLiteral;
using testing_support::IdOf;

/// 0 <- 1 <- ... <- 9, ten seconds apart, each named by its number.
std::vector<CommitLiteral> Line() {
  std::vector<CommitLiteral> commits;
  for (int n = 0; n < 10; ++n) {
    CommitLiteral commit{std::to_string(n), {}, 1000 + 10 * n};
    if (n > 0) commit.parents = {std::to_string(n - 1)};
    commits.push_back(commit);
  }
  return commits;
}

/// The names of what is left; "-" in front of boundary commits.
std::vector<std::string> Slice(const std::vector<CommitLiteral>& commits,
                               const std::string& bad, const std::string& good,
                               const std::vector<std::string>& others,
                               std::size_t slack) {
  const auto graph = CommitGraph::Build(Arrays(commits));
  EXPECT_TRUE(graph.has_value());
  SliceRequest request;
  request.bad = {*graph->Find(IdOf(bad))};
  request.goods = {*graph->Find(IdOf(good))};
  for (const std::string& other : others) {
    request.others.push_back(*graph->Find(IdOf(other)));
  }
  request.slack = slack;
  const CommitGraph slice = SliceGraph(*graph, request);
  std::vector<std::string> names;
  for (const auto& [name, v] : slice.Names()) {
    EXPECT_EQ(slice.Date(v), graph->Date(*graph->Find(IdOf(name))));
    names.push_back((slice.ParentsKnown(v) ? "" : "-") + name);
  }
  EXPECT_EQ(names.size(), slice.size());
  return names;
}

TEST(SliceGraph, KeepsTheRangeAndSomeMore) {
  EXPECT_THAT(Slice(Line(), "8", "5", {}, 0),
              ElementsAre("-4", "5", "6", "7", "8"));
  EXPECT_THAT(Slice(Line(), "8", "5", {}, 2),
              ElementsAre("-2", "3", "4", "5", "6", "7", "8"));
}

TEST(SliceGraph, AllOfItIsWithoutBoundary) {
  EXPECT_EQ(Slice(Line(), "9", "1", {}, 100).size(), 10U);
  EXPECT_EQ(Slice(Line(), "9", "1", {}, 100).front(), "0");
  // The root is left out as a commit, but it is known to be one.
  EXPECT_EQ(Slice(Line(), "9", "1", {}, 0).front(), "0");
}

TEST(SliceGraph, KeepsWhatWasTestedElsewhere) {
  auto commits = Line();
  commits.push_back({"side", {"6"}, 2000});
  EXPECT_THAT(Slice(commits, "8", "5", {"side"}, 0),
              UnorderedElementsAre("-4", "5", "6", "7", "8", "side"));
}

TEST(SliceGraph, ASuspectWithAnOldDateKeepsWhatIsNewer) {
  auto commits = Line();
  commits[7].date = 1025;  // between 2 and 3
  EXPECT_THAT(Slice(commits, "8", "5", {}, 0),
              ElementsAre("-2", "3", "4", "5", "6", "7", "8"));
}

TEST(SliceGraph, HasTheNamesThatItIsGiven) {
  const auto graph = CommitGraph::Build(Arrays(Line()));
  SliceRequest request;
  request.bad = {*graph->Find(IdOf("8"))};
  request.goods = {*graph->Find(IdOf("5"))};
  request.slack = 0;
  request.names = {{"refs/recorded/v1", *graph->Find(IdOf("7"))},
                   {"refs/recorded/v0", *graph->Find(IdOf("1"))}};
  const CommitGraph slice = SliceGraph(*graph, request);
  EXPECT_EQ(slice.Names().at("refs/recorded/v1"), *slice.Find(IdOf("7")));
  EXPECT_EQ(slice.Names().count("refs/recorded/v0"), 0U);
}

}  // namespace
}  // namespace rebisect
