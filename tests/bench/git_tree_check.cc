// Follows culprits, evenly spread, through the sessions behind `rebisect
// drive`, and through the tree of `git`: the same tests and the same end, or
// exit code 1. Culprits that the tree names as unlike may differ.
//
//   git_tree_check [CULPRITS]        2000 by default

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <vector>

#include "sim/session/bisect_session.h"
#include "sim/session/git_selection.h"
#include "sim/trees/git_tree.h"
#include "tests/bench/bench_graphs.h"
#include "tests/bench/listed_search.h"

namespace rebisect {
namespace {

using testing_support::BenchGraph;
using testing_support::BenchGraphs;
using testing_support::ListedSearch;
using testing_support::ListSearch;

/// By vertex: whether it contains the culprit.
std::vector<bool> Guilty(const CommitGraph& graph, Vertex culprit) {
  std::vector<bool> guilty(graph.size(), false);
  guilty[culprit] = true;
  for (Vertex v = culprit + 1; v < graph.size(); ++v) {
    for (const Vertex p : graph.Parents(v)) {
      if (guilty[p]) guilty[v] = true;
    }
  }
  return guilty;
}

/// Tests, and at the end the culprit; nothing when a session fails.
std::vector<CommitId> BySession(const ListedSearch& search,
                                const std::vector<bool>& guilty) {
  const CommitGraph& graph = *search.graph;
  GitSelection policy(GitRules::Of(kNewestGit));
  BisectSession session(graph, policy, {});
  StartCommand start;
  start.bad = graph.Id(search.bad);
  start.goods = {graph.Id(search.good)};
  std::vector<CommitId> path;
  auto report = session.Start(start);
  while (report && report->state == SessionState::kTesting) {
    path.push_back(*report->next);
    const bool bad = guilty[*graph.Find(*report->next)];
    report = session.Mark({bad ? "bad" : "good", {}});
  }
  if (!report || !report->culprit) return {};
  path.push_back(*report->culprit);
  return path;
}

std::vector<CommitId> ByTree(const ListedSearch& search,
                             const DecisionTree& tree,
                             const std::vector<bool>& guilty) {
  const auto id = [&](Suspect suspect) {
    return search.graph->Id(search.suspects.vertices[suspect]);
  };
  std::vector<CommitId> path;
  std::uint32_t at = tree.root();
  while ((at & DecisionTree::kLeaf) == 0) {
    const DecisionTree::Node& node = tree.nodes[at];
    path.push_back(id(node.test));
    at = guilty[search.suspects.vertices[node.test]] ? node.bad : node.good;
  }
  path.push_back(id(tree.leaves[at & ~DecisionTree::kLeaf]));
  return path;
}

int Check(const BenchGraph& bench, std::size_t count) {
  const ListedSearch search = ListSearch(bench);
  const GitTree tree = BuildGitTree(search.suspects, {&search.good, 1},
                                    GitRules::Of(kNewestGit));
  const std::size_t n = search.suspects.size();
  count = std::min(count, n);
  std::size_t unlike = 0;
  std::size_t wrong = 0;
  const auto begin = std::chrono::steady_clock::now();
  for (std::size_t i = 0; i < count; ++i) {
    const auto suspect = static_cast<Suspect>(i * n / count);
    const Vertex culprit = search.suspects.vertices[suspect];
    const std::vector<bool> guilty = Guilty(bench.graph, culprit);
    if (BySession(search, guilty) == ByTree(search, tree.tree, guilty)) {
      continue;
    }
    if (std::binary_search(tree.unlike.begin(), tree.unlike.end(), suspect)) {
      ++unlike;
      continue;
    }
    if (++wrong <= 10) {
      std::cerr << bench.name << ": other tests for culprit "
                << bench.graph.Id(culprit).Hex() << '\n';
    }
  }
  const std::chrono::duration<double> took =
      std::chrono::steady_clock::now() - begin;
  std::cout << bench.name << ": " << count << " of " << n
            << " culprits driven in " << took.count() << " s, "
            << (unlike + wrong == 0 ? "all"
                                    : std::to_string(count - unlike - wrong))
            << " with the tests and the end of the tree, " << unlike
            << " unlike as it says, " << wrong << " wrong; " << tree.full_walks
            << " of " << tree.tree.nodes.size() << " nodes fell back\n";
  return wrong == 0 ? 0 : 1;
}

int Run(std::size_t count) {
  int code = 0;
  for (const BenchGraph& bench : BenchGraphs()) {
    if (Check(bench, count) != 0) code = 1;
  }
  return code;
}

}  // namespace
}  // namespace rebisect

int main(int argc, char** argv) {
  const long count = argc > 1 ? std::strtol(argv[1], nullptr, 10) : 2000;
  if (count <= 0 || argc > 2) {
    std::cerr << "usage: git_tree_check [CULPRITS]\n";
    return 2;
  }
  return rebisect::Run(static_cast<std::size_t>(count));
}
