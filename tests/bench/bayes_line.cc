// Searches by bayes-entropy on a line of commits, verdict by verdict, for
// bayes_line.py to compare: a line `search test bad` for every test, with
// commits numbered from 0, the oldest. Last a line `us MICROSECONDS`, the mean
// processor time of a step (update and choice), of whole searches.
//
//   bayes_line [COMMITS [SEARCHES [MOST_TESTS]]]

#include <cstdlib>
#include <ctime>
#include <iostream>
#include <vector>

#include "sim/base/check.h"
#include "sim/base/prng.h"
#include "sim/policies/bayes_entropy.h"
#include "tests/support/random_graph.h"
#include "tests/support/search_graph.h"

namespace rebisect {
namespace {

std::uint32_t Number(int argc, char** argv, int index, std::uint32_t usual) {
  if (argc <= index) return usual;
  return static_cast<std::uint32_t>(std::strtoul(argv[index], nullptr, 10));
}

void Run(std::uint32_t commits, std::uint32_t searches, std::size_t most) {
  const CommitGraph graph =
      testing_support::ListedGraph(testing_support::Line(commits));
  const SuspectGraph suspects = testing_support::AllSuspects(graph);
  std::clock_t took = 0;
  std::size_t steps = 0;
  for (std::uint32_t search = 0; search < searches; ++search) {
    Prng prng(11, commits, search);
    const Suspect culprit = 1 + prng.Below(commits - 1);
    BayesEntropySelection policy{{}};
    std::vector<Observation> seen;
    const std::clock_t begin = std::clock();
    while (seen.size() < most) {
      const auto next =
          policy.Next(SearchView{suspects, commits - 1, {}, {}, seen});
      ++steps;
      REBISECT_CHECK(next.has_value());
      const auto* const test = std::get_if<TestStep>(&*next);
      if (test == nullptr) break;
      const Suspect commit = test->commits.front();
      const bool bad = prng.Chance(commit >= culprit ? .8 : .2);
      seen.push_back({commit, bad});
    }
    took += std::clock() - begin;
    for (const Observation& test : seen) {
      std::cout << search << ' ' << test.commit << ' ' << (test.bad ? 1 : 0)
                << '\n';
    }
  }
  const double us = 1e6 * static_cast<double>(took) / CLOCKS_PER_SEC;
  std::cout << "us " << us / static_cast<double>(steps) << '\n';
}

}  // namespace
}  // namespace rebisect

int main(int argc, char** argv) {
  using rebisect::Number;
  const std::uint32_t commits = Number(argc, argv, 1, 1000);
  if (commits < 2 || argc > 4) {
    std::cerr << "usage: bayes_line [COMMITS [SEARCHES [MOST_TESTS]]]\n";
    return 2;
  }
  rebisect::Run(commits, Number(argc, argv, 2, 50), Number(argc, argv, 3, 400));
  return 0;
}
