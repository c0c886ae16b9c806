// A bisect tool of one's own, tested in its own process: the scenarios that
// come with rebisect, and a mock.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "harness/testing/mocks.h"
#include "harness/testing/scenario_test.h"

namespace {

using rebisect::AskCommit;
using rebisect::BisectAnswer;
using rebisect::CommitGraph;
using rebisect::ScenarioCase;
using rebisect::Vertex;

/// By vertex: reachable from `tip`, itself among them. Parents have smaller
/// numbers than their children.
std::vector<bool> Ancestors(const CommitGraph& graph, Vertex tip) {
  std::vector<bool> reached(graph.size(), false);
  reached[tip] = true;
  for (Vertex v = tip + 1; v-- > 0;) {
    if (!reached[v]) continue;
    for (const Vertex parent : graph.Parents(v)) reached[parent] = true;
  }
  return reached;
}

/// Asks about the commit that halves the suspects best until one is left.
BisectAnswer MyBisect(const ScenarioCase& scenario, const AskCommit& ask) {
  const CommitGraph& graph = scenario.graph;
  std::vector<bool> suspect =
      Ancestors(graph, *graph.Find(*scenario.start.bad));
  const auto keep = [&](Vertex tested, bool bad) {
    const std::vector<bool> before = Ancestors(graph, tested);
    for (Vertex v = 0; v < graph.size(); ++v) {
      suspect[v] = suspect[v] && before[v] == bad;
    }
  };
  for (const auto& good : scenario.start.goods) keep(*graph.Find(good), false);
  while (true) {
    const auto left = std::count(suspect.begin(), suspect.end(), true);
    Vertex best = 0;
    std::ptrdiff_t most = -1;
    for (Vertex v = 0; v < graph.size(); ++v) {
      if (!suspect[v]) continue;
      const std::vector<bool> before = Ancestors(graph, v);
      std::ptrdiff_t weight = 0;
      for (Vertex u = 0; u <= v; ++u) weight += before[u] && suspect[u] ? 1 : 0;
      weight = std::min(weight, left - weight);
      if (weight > most) {
        most = weight;
        best = v;
      }
    }
    if (left == 1) return BisectAnswer::Found(graph.Id(best));
    keep(best, ask(graph.Id(best)) != rebisect::kGoodCode);
  }
}

/// What MyBisect can do beside searching a line of commits.
rebisect::ToolSpec MySpec() {
  rebisect::ToolSpec spec;
  spec.name = "my-bisect";
  spec.supports = {"octopus", "several-goods", "no-good"};
  return spec;
}

class MyBisectTest : public rebisect::ScenarioTest {};

TEST_P(MyBisectTest, FindsTheCulprit) { RunScenario(MySpec(), MyBisect); }

INSTANTIATE_TEST_SUITE_P(Shipped, MyBisectTest,
                         testing::ValuesIn(rebisect::ScenariosIn(
                             REBISECT_SUITES_DIR "/basics.yaml",
                             REBISECT_SUITES_DIR "/merges.yaml")),
                         rebisect::ScenarioTestName);

/// Something of one's own that asks an oracle.
bool BadTwice(rebisect::Oracle& oracle, const rebisect::CommitId& commit) {
  for (int i = 0; i < 2; ++i) {
    const auto answer = oracle.Ask({commit, 1});
    if (!answer || answer->stated != rebisect::Verdict::kBad) return false;
  }
  return true;
}

TEST(MocksTest, AnOracleThatSaysBadOnce) {
  rebisect::testing_support::MockOracle oracle;
  rebisect::Answer bad;
  bad.stated = rebisect::Verdict::kBad;
  rebisect::Answer good;
  good.stated = rebisect::Verdict::kGood;
  EXPECT_CALL(oracle, Ask)
      .WillOnce(testing::Return(bad))
      .WillOnce(testing::Return(good));
  EXPECT_FALSE(BadTwice(oracle, {}));
}

TEST(MocksTest, APolicyHasAName) {
  const testing::NiceMock<rebisect::testing_support::MockSelectionPolicy> mock;
  const rebisect::SelectionPolicy& policy = mock;
  EXPECT_EQ(policy.Name(), "mock");
}

}  // namespace
