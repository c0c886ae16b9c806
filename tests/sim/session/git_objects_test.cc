#include "sim/session/git_objects.h"

#include <gtest/gtest.h>

#include "tests/support/search_graph.h"

namespace rebisect {
namespace {

using testing_support::IdOf;
using testing_support::Line;
using testing_support::ListedGraph;
using testing_support::NumberedCommit;

const GitRules kRules = GitRules::Of(kNewestGit);

/// The commits by their numbers.
class Objects {
 public:
  explicit Objects(const std::vector<NumberedCommit>& commits,
                   const std::vector<std::uint32_t>& boundary = {})
      : graph_(ListedGraph(commits, boundary)), objects_(graph_, kRules) {}

  /// `git rev-list bad ^goods`: what is emitted and not uninteresting.
  std::vector<std::uint32_t> Walk(std::uint32_t bad,
                                  const std::vector<std::uint32_t>& goods,
                                  bool first_parent = false) {
    std::vector<WalkInput> inputs = {{At(bad), false}};
    for (const std::uint32_t good : goods) inputs.push_back({At(good), true});
    WalkOptions options;
    options.first_parent = first_parent;
    std::vector<std::uint32_t> numbers;
    const auto emitted = objects_.Walk(inputs, options);
    for (const Vertex v : *emitted) {
      if (!objects_.Uninteresting(v)) numbers.push_back(NumberOf(v));
    }
    return numbers;
  }

  std::vector<std::uint32_t> MergeBases(
      std::uint32_t one, const std::vector<std::uint32_t>& others,
      bool by_generation = false) {
    std::vector<Vertex> vertices;
    for (const std::uint32_t other : others) vertices.push_back(At(other));
    std::vector<std::uint32_t> numbers;
    for (const Vertex v :
         objects_.MergeBases(At(one), vertices, by_generation)) {
      numbers.push_back(NumberOf(v));
    }
    return numbers;
  }

  [[nodiscard]] Vertex At(std::uint32_t n) const {
    return *graph_.Find(IdOf(n));
  }
  [[nodiscard]] std::uint32_t NumberOf(Vertex v) const {
    std::uint32_t n = 0;
    while (IdOf(n) != graph_.Id(v)) ++n;
    return n;
  }
  GitObjects& objects() { return objects_; }

 private:
  CommitGraph graph_;
  GitObjects objects_;
};

using Numbers = std::vector<std::uint32_t>;

TEST(GitObjectsWalk, GoesByDateNewestFirst) {
  Objects objects({{{}, 1}, {{0}, 5}, {{0}, 9}, {{1, 2}, 10}});
  EXPECT_EQ(objects.Walk(3, {}), (Numbers{3, 2, 1, 0}));
}

TEST(GitObjectsWalk, TakesEqualDatesInTheOrderOfInsertion) {
  Objects objects({{{}, 5}, {{0}, 5}, {{0}, 5}, {{2, 1}, 5}});
  EXPECT_EQ(objects.Walk(3, {}), (Numbers{3, 2, 1, 0}));
}

TEST(GitObjectsWalk, LeavesOutWhatAGoodReaches) {
  Objects objects(Line(20));
  EXPECT_EQ(objects.Walk(7, {4}), (Numbers{7, 6, 5}));
}

TEST(GitObjectsWalk, FollowsFirstParentsOfSuspectsOnly) {
  // n4 merges n3 (a branch from n1) into n2; n5 is good and merged n3 too.
  const std::vector<NumberedCommit> commits = {
      {{}, 1}, {{0}, 2}, {{1}, 3}, {{1}, 4}, {{2, 3}, 5}};
  Objects all(commits);
  EXPECT_EQ(all.Walk(4, {1}), (Numbers{4, 3, 2}));
  Objects first(commits);
  EXPECT_EQ(first.Walk(4, {1}, true), (Numbers{4, 2}));
  // The good side goes through all parents.
  Objects good(commits);
  EXPECT_EQ(good.Walk(3, {4}, true), Numbers{});
}

/// Five steps after all that is queued is uninteresting the walk ends, even
/// where an older-dated good would still have reached a suspect.
TEST(GitObjectsWalk, MayEndBeforeASkewedGoodReachesItsAncestor) {
  // n0 <- n1 <- ... <- n8, all older than n0 but the good n8, and n9 on n0.
  std::vector<NumberedCommit> commits = {{{}, 1000}};
  for (std::uint32_t i = 1; i < 9; ++i) {
    commits.push_back({{i - 1}, 100 - std::int64_t{i}});
  }
  commits.push_back({{0}, 2000});
  Objects objects(commits);
  EXPECT_EQ(objects.Walk(9, {8}), (Numbers{9, 0}));
  // Two hops are within the five.
  commits.resize(3);
  commits.push_back({{0}, 2000});
  Objects near(commits);
  EXPECT_EQ(near.Walk(3, {2}), Numbers{3});
}

TEST(GitObjectsWalk, TellsWhetherItNeededParentsThatAreNotKnown) {
  Objects far(Line(30), {0});
  EXPECT_EQ(far.Walk(29, {27}), (Numbers{29, 28}));
  EXPECT_FALSE(far.objects().ReachedBoundary());
  Objects near(Line(30), {0});
  EXPECT_EQ(near.Walk(3, {}).size(), 4U);
  EXPECT_TRUE(near.objects().ReachedBoundary());
}

TEST(GitObjectsMergeBases, OfACrissCrossComeNewestFirst) {
  Objects objects({{{}, 0},
                   {{0}, 1},
                   {{0}, 2},
                   {{1, 2}, 3},
                   {{2, 1}, 4},
                   {{3}, 5},
                   {{4}, 6}});
  EXPECT_EQ(objects.MergeBases(5, {6}), (Numbers{2, 1}));
}

TEST(GitObjectsMergeBases, AreTheBestOnes) {
  // n1 is an ancestor of n2, both are common.
  Objects objects({{{}, 0}, {{0}, 1}, {{1}, 2}, {{2, 1}, 3}, {{1, 2}, 4}});
  EXPECT_EQ(objects.MergeBases(3, {4}), Numbers{2});
}

TEST(GitObjectsMergeBases, AreTheCommitItselfWhereItIsAnAncestor) {
  Objects objects(Line(5));
  EXPECT_EQ(objects.MergeBases(2, {4}), Numbers{2});
  EXPECT_EQ(objects.MergeBases(2, {2}), Numbers{2});
}

TEST(GitObjectsMergeBases, OfUnrelatedHistoriesAreNone) {
  Objects objects({{{}, 0}, {{}, 1}});
  EXPECT_EQ(objects.MergeBases(0, {1}), Numbers{});
}

/// Of equally dated bases the one found first comes first: by date the parents
/// of n3 in their order; with a commit-graph by generation, where n2 is higher.
TEST(GitObjectsMergeBases, AreFoundByGenerationWithACommitGraph) {
  const std::vector<NumberedCommit> commits = {
      {{}, 7},       // n0
      {{}, 7},       // n1, a root: generation 7
      {{0}, 7},      // n2: generation 8
      {{1, 2}, 7},   // n3
      {{1, 2}, 7}};  // n4
  Objects by_date(commits);
  EXPECT_EQ(by_date.MergeBases(3, {4}), (Numbers{1, 2}));
  Objects by_generation(commits);
  EXPECT_EQ(by_generation.MergeBases(3, {4}, true), (Numbers{2, 1}));
}

}  // namespace
}  // namespace rebisect
