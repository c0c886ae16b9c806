#include "sim/trees/git_tree.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "sim/session/bisect_session.h"
#include "sim/session/git_selection.h"
#include "tests/support/random_graph.h"

namespace rebisect {
namespace {

using testing_support::BuildGraph;
using testing_support::CommitIds;
using testing_support::kDates;
using testing_support::kShapes;
using testing_support::MakeRandomGraph;
using testing_support::TestPrng;

struct Search {
  CommitGraph graph;
  Vertex bad = 0;
  std::vector<Vertex> goods{};
  SuspectGraph suspects{};
};

std::vector<bool> AncestorsOf(const CommitGraph& graph, Vertex tip) {
  std::vector<bool> reached(graph.size(), false);
  reached[tip] = true;
  for (Vertex v = tip + 1; v-- > 0;) {
    if (!reached[v]) continue;
    for (const Vertex p : graph.Parents(v)) reached[p] = true;
  }
  return reached;
}

/// A session that has begun.
struct Bisection {
  Bisection(const Search& search, const GitVersion& version)
      : policy(GitRules::Of(version)),
        session(search.graph, policy, {version}),
        report(session.Start(StartOf(search))) {}

  static StartCommand StartOf(const Search& search) {
    StartCommand start;
    start.bad = search.graph.Id(search.bad);
    for (const Vertex good : search.goods) {
      start.goods.push_back(search.graph.Id(good));
    }
    return start;
  }

  GitSelection policy;
  BisectSession session;
  Result<StepReport> report;
};

/// What git lists first. (Not what a walk alone would list: the search for
/// merge bases has gone before, and marks pass through what it has read.)
void List(Search& search, const GitVersion& version) {
  const Bisection bisection(search, version);
  ASSERT_TRUE(bisection.report);
  search.suspects = *bisection.session.suspects();
}

/// The tests that a session asks for while every verdict is right.
std::vector<CommitId> Bisect(const Search& search, const GitVersion& version,
                             Suspect culprit) {
  Bisection bisection(search, version);
  auto& report = bisection.report;
  const Vertex guilty = search.suspects.vertices[culprit];
  std::vector<CommitId> tests;
  while (report && report->next && !report->culprit) {
    tests.push_back(*report->next);
    const bool bad =
        AncestorsOf(search.graph, *search.graph.Find(*report->next))[guilty];
    report = bisection.session.Mark({bad ? "bad" : "good", {}});
  }
  EXPECT_TRUE(report && report->culprit == search.graph.Id(guilty));
  return tests;
}

std::vector<CommitId> PathOf(const Search& search, const DecisionTree& tree,
                             std::uint32_t leaf) {
  std::vector<CommitId> tests;
  for (std::uint32_t at = tree.root(); (at & DecisionTree::kLeaf) == 0;) {
    const DecisionTree::Node& node = tree.nodes[at];
    tests.push_back(search.graph.Id(search.suspects.vertices[node.test]));
    at = leaf < node.split ? node.bad : node.good;
  }
  return tests;
}

TEST(GitTree, HoldsTheSearchesOfSessions) {
  TestPrng prng(5);
  std::size_t culprits = 0;
  std::size_t unlike = 0;
  std::size_t nodes = 0;
  std::size_t full = 0;
  for (int round = 0; round < 8; ++round) {
    for (const auto shape : kShapes) {
      for (const auto dates : kDates) {
        const auto made = MakeRandomGraph(
            prng, shape, dates, static_cast<std::size_t>(prng.Between(2, 50)));
        Search search{BuildGraph(made, CommitIds(made))};
        search.bad = static_cast<Vertex>(search.graph.size() - 1);
        const auto known = AncestorsOf(search.graph, search.bad);
        for (int i = 0; i < 1 + round % 3; ++i) {
          const auto good = static_cast<Vertex>(prng.Below(search.bad));
          if (known[good]) search.goods.push_back(good);
        }
        if (search.goods.empty()) continue;
        std::sort(search.goods.begin(), search.goods.end(),
                  [&](Vertex a, Vertex b) {
                    return search.graph.Id(a) < search.graph.Id(b);
                  });
        const GitVersion version =
            round % 2 == 0 ? kNewestGit : GitVersion{2, 29, 0, 0};
        const GitRules rules = GitRules::Of(version);
        List(search, version);
        const std::string what = std::string(ToString(shape)) + ", dates " +
                                 std::string(ToString(dates)) + ", round " +
                                 std::to_string(round);
        const auto tree = BuildGitTree(search.suspects, search.goods, rules);
        const std::vector<Suspect>& leaves = tree.tree.leaves;
        nodes += tree.tree.nodes.size();
        full += tree.full_walks;
        culprits += leaves.size();
        unlike += tree.unlike.size();
        for (std::uint32_t leaf = 0; leaf < leaves.size(); ++leaf) {
          if (std::binary_search(tree.unlike.begin(), tree.unlike.end(),
                                 leaves[leaf])) {
            continue;
          }
          ASSERT_EQ(PathOf(search, tree.tree, leaf),
                    Bisect(search, version, leaves[leaf]))
              << what;
        }
      }
    }
  }
  EXPECT_LT(unlike, culprits / 20);
  EXPECT_GT(full, nodes / 20);  // both ways are tried
  EXPECT_LT(full, nodes / 2);
}

}  // namespace
}  // namespace rebisect
