#include "tests/scenarios/reconstruct/bisect_model.h"

#include <algorithm>
#include <cstddef>
#include <cstdlib>

#include "tests/support/prng.h"

namespace rebisect::testing_support {
namespace {

std::vector<bool> ReachableFrom(const Dag& dag,
                                std::vector<std::uint32_t> stack,
                                const std::vector<bool>* within) {
  std::vector<bool> seen(dag.size(), false);
  for (const std::uint32_t v : stack) seen[v] = true;
  while (!stack.empty()) {
    const std::uint32_t v = stack.back();
    stack.pop_back();
    for (const std::uint32_t p : dag[v]) {
      if (seen[p] || (within != nullptr && !(*within)[p])) continue;
      seen[p] = true;
      stack.push_back(p);
    }
  }
  return seen;
}

int StepsLeft(int all) {
  if (all < 3) return 0;
  int n = 0;
  while ((2 << n) <= all) ++n;
  const int e = 1 << n;
  return e < 3 * (all - e) ? n : n - 1;
}

/// A graph whose commits have up to 3 parents among the `window` before them;
/// its last commit reaches all.
Dag RandomDag(TestPrng& random) {
  const auto n = static_cast<std::uint32_t>(random.Between(2, 61));
  const auto window = static_cast<std::uint32_t>(random.Between(1, n));
  const std::uint64_t most = random.Between(1, 3);
  Dag dag(n);
  std::vector<bool> has_child(n, false);
  for (std::uint32_t v = 1; v + 1 < n; ++v) {
    for (std::uint64_t i = random.Between(0, most); i-- > 0;) {
      const auto p =
          static_cast<std::uint32_t>(v - 1 - random.Below(std::min(v, window)));
      if (std::count(dag[v].begin(), dag[v].end(), p) != 0) continue;
      dag[v].push_back(p);
      has_child[p] = true;
    }
  }
  for (std::uint32_t v = 0; v + 1 < n; ++v) {
    if (!has_child[v]) dag[n - 1].push_back(v);
  }
  return dag;
}

}  // namespace

std::optional<ModelProposal> Propose(const Dag& dag, std::uint32_t bad,
                                     const std::vector<std::uint32_t>& goods,
                                     bool near_half) {
  std::vector<bool> in = ReachableFrom(dag, {bad}, nullptr);
  const std::vector<bool> good = ReachableFrom(dag, goods, nullptr);
  std::vector<std::uint32_t> order;
  for (std::uint32_t v = 0; v < dag.size(); ++v) {
    in[v] = in[v] && !good[v];
    if (in[v]) order.push_back(v);
  }
  const int all = static_cast<int>(order.size());
  std::vector<int> weight(dag.size(), 0);
  std::vector<std::uint32_t> merges;
  std::vector<std::uint32_t> others;
  for (const std::uint32_t v : order) {
    const std::vector<bool> below = ReachableFrom(dag, {v}, &in);
    weight[v] = static_cast<int>(std::count(below.begin(), below.end(), true));
    const auto parents = std::count_if(dag[v].begin(), dag[v].end(),
                                       [&](std::uint32_t p) { return in[p]; });
    if (parents > 1) merges.push_back(v);
    if (parents == 1) others.push_back(v);
  }
  const auto answer = [&](std::uint32_t v) -> std::optional<ModelProposal> {
    if (v == bad) return std::nullopt;
    return ModelProposal{v, all - weight[v] - 1, StepsLeft(all)};
  };
  for (const auto* pass : {&merges, &others}) {
    for (const std::uint32_t v : *pass) {
      const int off = std::abs(2 * weight[v] - all);
      if (off <= 1 || (near_half && off < all / 1024)) return answer(v);
    }
  }
  std::uint32_t best = order.front();
  for (const std::uint32_t v : order) {
    const auto distance = [&](std::uint32_t c) {
      return std::min(weight[c], all - weight[c]);
    };
    if (distance(v) > distance(best)) best = v;
  }
  return answer(best);
}

std::vector<StepLiteral> RandomSearch(std::uint64_t seed) {
  TestPrng random(seed);
  const Dag dag = RandomDag(random);
  std::vector<StepLiteral> steps;
  auto bad = static_cast<std::uint32_t>(dag.size() - 1);
  std::vector<std::uint32_t> goods;
  while (const auto proposal = Propose(dag, bad, goods, false)) {
    const bool is_bad = random.Percent(50);
    if (is_bad) {
      bad = proposal->commit;
    } else {
      goods.push_back(proposal->commit);
    }
    steps.push_back({proposal->revisions_left, proposal->steps_left,
                     is_bad ? Verdict::kBad : Verdict::kGood});
  }
  return steps;
}

}  // namespace rebisect::testing_support
