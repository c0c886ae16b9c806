#include "oracle/diagnosis/hypotheses.h"

#include <gtest/gtest.h>

#include "tests/support/search_graph.h"

namespace rebisect {
namespace {

using testing_support::Line;
using testing_support::ListedGraph;
using testing_support::NumberedCommit;

constexpr Presence kA = Presence::kAbsent;
constexpr Presence kP = Presence::kPresent;
constexpr Presence kE = Presence::kEither;
constexpr Presence kX = Presence::kApart;

/// Evidence of commits that were tested, in this order.
struct TestedSearch {
  Evidence evidence;
  SearchSpace space;

  void Add(Vertex commit, Verdict verdict, TestPurpose purpose) {
    CommitEvidence entry;
    entry.commit = space.graph->Id(commit).Hex();
    entry.purpose = purpose;
    entry.verdict = verdict;
    entry.has_runs = true;
    (verdict == Verdict::kBad ? entry.target : entry.ok) = 10;
    evidence.commits.push_back(entry);
    space.tested.push_back(commit);
  }
};

const Hypothesis& Of(const HypothesisSpace& space, Vertex suspect) {
  return space.hypotheses[*GroupOf(space, suspect)];
}

const Hypothesis* Besides(const HypothesisSpace& space,
                          const std::string& name) {
  for (const Hypothesis& hypothesis : space.hypotheses) {
    if (hypothesis.name == name) return &hypothesis;
  }
  return nullptr;
}

TEST(Hypotheses, ACommitHasTheBugWhenItContainsTheCulprit) {
  const CommitGraph graph = ListedGraph(Line(6));
  TestedSearch search;
  search.evidence.kind = RecordingKind::kCause;
  search.space.graph = &graph;
  search.space.suspects = {1, 2, 3, 4, 5};
  search.space.goods = {0};
  search.Add(5, Verdict::kBad, TestPurpose::kStart);
  search.Add(0, Verdict::kGood, TestPurpose::kRelease);
  search.Add(2, Verdict::kGood, TestPurpose::kStep);
  search.Add(3, Verdict::kBad, TestPurpose::kStep);
  const ModelPriors priors;
  const auto space = MakeHypotheses(search.evidence, search.space, priors);
  EXPECT_EQ(Of(space, 1).presence, (std::vector{kP, kA, kP, kP}));
  EXPECT_EQ(Of(space, 1).commits, 2U);  // and 2
  EXPECT_EQ(Of(space, 3).presence, (std::vector{kP, kA, kA, kP}));
  EXPECT_EQ(Of(space, 4).presence, (std::vector{kP, kA, kA, kA}));
  ASSERT_NE(Besides(space, "older"), nullptr);
  EXPECT_EQ(Besides(space, "older")->presence, (std::vector{kP, kP, kP, kP}));
  ASSERT_NE(Besides(space, "unrelated"), nullptr);
  EXPECT_EQ(Besides(space, "unrelated")->presence,
            (std::vector{kX, kX, kX, kX}));
  EXPECT_EQ(Besides(space, "newer"), nullptr);
  double sum = 0;
  for (const auto& hypothesis : space.hypotheses) sum += hypothesis.prior;
  EXPECT_NEAR(sum, 1, 1e-12);
  EXPECT_NEAR(Of(space, 1).prior,
              2. / 5 * (1 - priors.older - priors.unrelated), 1e-12);
}

// In a search for a fix the bug ends at the culprit. A side branch that does
// not contain the old end may be older than the bug.
//
//   0 - 1 - 2 - 3 - 5    0: has the bug (git's good); 5: fixed (git's bad)
//    \         /
//      ... 4 -           4: a branch of its own root
TEST(Hypotheses, AFixIsTheMirrorAndABranchMayBeOlderThanTheBug) {
  std::vector<NumberedCommit> commits = Line(6);
  commits[4].parents = {};
  commits[3].parents = {2};
  commits[5].parents = {3, 4};
  const CommitGraph graph = ListedGraph(commits);
  const auto vertex = [&](std::uint32_t number) {
    return *graph.Find(testing_support::IdOf(number));
  };
  TestedSearch search;
  search.evidence.kind = RecordingKind::kFix;
  search.space.graph = &graph;
  for (Vertex v = 0; v < graph.size(); ++v) {
    if (v != vertex(0)) search.space.suspects.push_back(v);
  }
  search.space.goods = {vertex(0)};
  search.Add(vertex(0), Verdict::kBad, TestPurpose::kStart);
  search.Add(vertex(5), Verdict::kGood, TestPurpose::kStart);
  search.Add(vertex(2), Verdict::kBad, TestPurpose::kStep);
  search.Add(vertex(4), Verdict::kGood, TestPurpose::kStep);
  const auto space =
      MakeHypotheses(search.evidence, search.space, ModelPriors());
  // Fixed in 3: 0 and 2 have the bug, 5 has it no more, 4 may not yet.
  EXPECT_EQ(Of(space, vertex(3)).presence, (std::vector{kP, kA, kP, kE}));
  // Fixed in 1: 2 contains the fix.
  EXPECT_EQ(Of(space, vertex(1)).presence, (std::vector{kP, kA, kA, kE}));
  // Fixed in 4, and so in it.
  EXPECT_EQ(Of(space, vertex(4)).presence, (std::vector{kP, kA, kP, kA}));
  // Not fixed in the range: all that contain 0 have the bug.
  ASSERT_NE(Besides(space, "older"), nullptr);
  EXPECT_EQ(Besides(space, "older")->presence, (std::vector{kP, kP, kP, kE}));
}

TEST(Hypotheses, ReleasesThatCrashedMayBeOlderBugs) {
  const CommitGraph graph = ListedGraph(Line(4));
  TestedSearch search;
  search.evidence.kind = RecordingKind::kCause;
  search.space.graph = &graph;
  search.space.suspects = {1, 2, 3};
  search.space.goods = {0};
  search.Add(3, Verdict::kBad, TestPurpose::kStart);
  search.Add(2, Verdict::kBad, TestPurpose::kRelease);
  search.Add(0, Verdict::kGood, TestPurpose::kRelease);
  const auto space =
      MakeHypotheses(search.evidence, search.space, ModelPriors());
  ASSERT_NE(Besides(space, "newer"), nullptr);
  EXPECT_EQ(Besides(space, "newer")->presence, (std::vector{kP, kA, kA}));
}

TEST(Hypotheses, CommitsOfOneBuildDoNotDifferInTheBug) {
  const CommitGraph graph = ListedGraph(Line(4));
  TestedSearch search;
  search.evidence.kind = RecordingKind::kCause;
  search.space.graph = &graph;
  search.space.suspects = {1, 2, 3};
  search.space.goods = {0};
  search.Add(3, Verdict::kBad, TestPurpose::kStart);
  search.Add(2, Verdict::kGood, TestPurpose::kStep);
  search.Add(1, Verdict::kGood, TestPurpose::kStep);
  const auto before =
      MakeHypotheses(search.evidence, search.space, ModelPriors());
  for (auto& commit : search.evidence.commits) commit.signatures = {"same"};
  const auto after =
      MakeHypotheses(search.evidence, search.space, ModelPriors());
  // Once for the build, not for each two commits that have it.
  EXPECT_NEAR(Of(after, 3).prior, Of(before, 3).prior / 1000, 1e-12);
  EXPECT_NEAR(Of(after, 2).prior, Of(before, 2).prior / 1000, 1e-12);
  EXPECT_DOUBLE_EQ(Of(after, 1).prior, Of(before, 1).prior);
}

TEST(Hypotheses, HoweverManyBuildsAreEqualNothingIsImpossible) {
  const CommitGraph graph = ListedGraph(Line(4));
  TestedSearch search;
  search.evidence.kind = RecordingKind::kCause;
  search.space.graph = &graph;
  search.space.suspects = {1, 2, 3};
  search.space.goods = {0};
  search.Add(3, Verdict::kBad, TestPurpose::kStart);
  search.Add(2, Verdict::kGood, TestPurpose::kStep);
  for (int i = 0; i < 200; ++i) {
    for (auto& commit : search.evidence.commits) {
      commit.signatures.push_back("build " + std::to_string(i));
    }
  }
  const auto space =
      MakeHypotheses(search.evidence, search.space, ModelPriors());
  EXPECT_GT(Of(space, 3).prior, 0);
}

TEST(Hypotheses, WhatTheGraphLacksSaysNothingOfTheSuspects) {
  const CommitGraph graph = ListedGraph(Line(3));
  TestedSearch search;
  search.evidence.kind = RecordingKind::kCause;
  search.space.graph = &graph;
  search.space.suspects = {1, 2};
  search.space.goods = {0};
  search.Add(2, Verdict::kBad, TestPurpose::kStart);
  search.Add(1, Verdict::kGood, TestPurpose::kStep);
  search.space.tested[1].reset();
  const auto space =
      MakeHypotheses(search.evidence, search.space, ModelPriors());
  EXPECT_EQ(Of(space, 1).presence, (std::vector{kP, kE}));
  EXPECT_EQ(Of(space, 2).presence, (std::vector{kP, kE}));
}

TEST(SuspectsBetween, FirstParentLeavesMergedBranchesOut) {
  // 0 - 1 - 3 - 4, and 2 merged by 3.
  std::vector<NumberedCommit> commits = Line(5);
  commits[2].parents = {0};
  commits[3].parents = {1, 2};
  const CommitGraph graph = ListedGraph(commits);
  EXPECT_EQ(SuspectsBetween(graph, 4, {0}, false),
            (std::vector<Vertex>{1, 2, 3, 4}));
  EXPECT_EQ(SuspectsBetween(graph, 4, {0}, true),
            (std::vector<Vertex>{1, 3, 4}));
}

}  // namespace
}  // namespace rebisect
