#include "sim/graph/weights.h"

#include <algorithm>
#include <array>
#include <bit>
#include <optional>

namespace rebisect {
namespace {

using Run = std::uint32_t;
constexpr Run kNoRun = 0xffffffffU;

/// The suspects compressed to runs: strands in which every commit but the
/// oldest has one parent, the next older one, and is its only child. Runs are
/// numbered parents first. A run is entered at its newest commit only.
struct RunGraph {
  std::vector<Run> run_of;            // by suspect
  std::vector<std::uint32_t> prefix;  // counted in the run up to here
  std::vector<std::uint32_t> weight;  // counted in the run, by run
  std::vector<std::uint32_t> depth;   // longest path, in commits
  std::vector<std::uint32_t> rows;
  std::vector<Run> parents;

  [[nodiscard]] std::size_t size() const { return weight.size(); }
  [[nodiscard]] std::span<const Run> Parents(Run r) const {
    return {parents.data() + rows[r], parents.data() + rows[r + 1]};
  }
};

RunGraph CompressRuns(const SuspectGraph& suspects) {
  const std::size_t n = suspects.size();
  std::vector<std::uint8_t> children(n, 0);
  for (const Suspect p : suspects.parents) {
    if (children[p] < 2) ++children[p];
  }
  RunGraph runs;
  runs.run_of.resize(n);
  runs.prefix.resize(n);
  runs.parents.reserve(suspects.parents.size());
  for (Suspect s = 0; s < n; ++s) {
    const std::span<const Suspect> parents = suspects.Parents(s);
    const std::uint32_t own = suspects.Counted(s) ? 1 : 0;
    if (parents.size() == 1 && children[parents[0]] == 1) {
      const Run run = runs.run_of[parents[0]];
      runs.run_of[s] = run;
      runs.weight[run] += own;
      runs.depth[run] += 1;
      runs.prefix[s] = runs.weight[run];
      continue;
    }
    runs.run_of[s] = static_cast<Run>(runs.size());
    runs.prefix[s] = own;
    std::uint32_t below = 0;
    runs.rows.push_back(static_cast<std::uint32_t>(runs.parents.size()));
    for (const Suspect p : parents) {
      const Run parent = runs.run_of[p];
      runs.parents.push_back(parent);
      below = std::max(below, runs.depth[parent]);
    }
    runs.weight.push_back(own);
    runs.depth.push_back(below + 1);
  }
  runs.rows.push_back(static_cast<std::uint32_t>(runs.parents.size()));
  return runs;
}

Weights Expand(const RunGraph& runs, const Weights& below) {
  Weights weights(runs.run_of.size());
  for (std::size_t s = 0; s < weights.size(); ++s) {
    weights[s] = below[runs.run_of[s]] + runs.prefix[s];
  }
  return weights;
}

/// The tree that the deepest parent of every run makes, children listed.
struct CoverTree {
  explicit CoverTree(const RunGraph& runs)
      : parent(runs.size(), kNoRun),
        first_child(runs.size() + 1, kNoRun),
        next_sibling(runs.size(), kNoRun) {
    for (Run r = 0; r < runs.size(); ++r) {
      for (const Run p : runs.Parents(r)) {
        if (parent[r] == kNoRun || runs.depth[p] > runs.depth[parent[r]]) {
          parent[r] = p;
        }
      }
      // Roots hang from a slot of their own, after all runs.
      const std::size_t at =
          parent[r] == kNoRun ? runs.size() : std::size_t{parent[r]};
      next_sibling[r] = first_child[at];
      first_child[at] = r;
    }
  }

  std::vector<Run> parent;
  std::vector<Run> first_child;
  std::vector<Run> next_sibling;
};

/// The weight below each run by mark and undo over the cover tree; nothing
/// when that takes more than `budget` steps: runs and edges looked at.
std::optional<Weights> CoverRuns(const RunGraph& runs, std::size_t budget) {
  const CoverTree tree(runs);
  const std::size_t n = runs.size();
  Weights below(n);
  std::vector<std::uint8_t> marked(n, 0);
  std::vector<Run> undo;
  std::vector<Run> stack;
  struct Frame {
    Run run;
    std::uint32_t undo_size;
    std::uint32_t total;
  };
  std::vector<Frame> path;
  std::uint32_t total = 0;
  std::size_t work = 0;
  Run next = tree.first_child[n];
  while (true) {
    if (next == kNoRun) {
      if (path.empty()) break;
      const Frame& frame = path.back();
      while (undo.size() > frame.undo_size) {
        marked[undo.back()] = 0;
        undo.pop_back();
      }
      total = frame.total;
      next = tree.next_sibling[frame.run];
      path.pop_back();
      continue;
    }
    const Run run = next;
    path.push_back({run, static_cast<std::uint32_t>(undo.size()), total});
    marked[run] = 1;
    undo.push_back(run);
    for (const Run p : runs.Parents(run)) {
      if (marked[p] == 0) {
        marked[p] = 1;
        stack.push_back(p);
      }
    }
    while (!stack.empty()) {
      const Run r = stack.back();
      stack.pop_back();
      undo.push_back(r);
      total += runs.weight[r];
      work += 1 + runs.Parents(r).size();
      if (work > budget) return std::nullopt;
      for (const Run p : runs.Parents(r)) {
        if (marked[p] == 0) {
          marked[p] = 1;
          stack.push_back(p);
        }
      }
    }
    below[run] = total;
    total += runs.weight[run];
    next = tree.first_child[run];
  }
  return below;
}

constexpr std::size_t kBlockBits = 512;
constexpr std::size_t kBlockWords = kBlockBits / 64;
using Block = std::array<std::uint64_t, kBlockWords>;

/// Sets the bits [from, to) of a block.
void SetBits(Block& block, std::size_t from, std::size_t to) {
  for (std::size_t word = from / 64; word * 64 < to; ++word) {
    const std::size_t low = std::max(from, word * 64) - word * 64;
    const std::size_t high = std::min(to, word * 64 + 64) - word * 64;
    const std::uint64_t ones =
        high - low == 64 ? ~std::uint64_t{0}
                         : ((std::uint64_t{1} << (high - low)) - 1) << low;
    block[word] |= ones;
  }
}

Weights SweepRuns(const RunGraph& runs) {
  const std::size_t n = runs.size();
  // Every counted commit has a bit; those of a run lie side by side.
  std::vector<std::size_t> first_bit(n + 1, 0);
  for (Run r = 0; r < n; ++r) first_bit[r + 1] = first_bit[r] + runs.weight[r];
  Weights reached(n, 0);
  std::vector<Block> blocks(n);
  Run first = 0;
  for (std::size_t begin = 0; begin < first_bit[n]; begin += kBlockBits) {
    while (first_bit[first + 1] <= begin) ++first;
    for (Run r = first; r < n; ++r) {
      Block block{};
      for (const Run p : runs.Parents(r)) {
        if (p < first) continue;
        for (std::size_t w = 0; w < kBlockWords; ++w) block[w] |= blocks[p][w];
      }
      const std::size_t from = std::max(first_bit[r], begin) - begin;
      const std::size_t to = std::min(first_bit[r + 1] - begin, kBlockBits);
      if (first_bit[r] < begin + kBlockBits && from < to) {
        SetBits(block, from, to);
      }
      int bits = 0;
      for (const std::uint64_t word : block) bits += std::popcount(word);
      reached[r] += static_cast<std::uint32_t>(bits);
      blocks[r] = block;
    }
  }
  for (Run r = 0; r < n; ++r) reached[r] -= runs.weight[r];
  return reached;
}

/// A step of the cover walk costs about as much as four of the sweep's.
std::size_t Budget(const SuspectGraph& suspects, const RunGraph& runs) {
  const std::size_t sweep = (suspects.counted_total / kBlockBits + 1) *
                            (runs.size() + runs.parents.size());
  return std::max(sweep / 4, 8 * (runs.size() + runs.parents.size()));
}

}  // namespace

Weights ComputeWeights(const SuspectGraph& suspects) {
  const RunGraph runs = CompressRuns(suspects);
  if (auto below = CoverRuns(runs, Budget(suspects, runs))) {
    return Expand(runs, *below);
  }
  return Expand(runs, SweepRuns(runs));
}

Weights WeightsBySweep(const SuspectGraph& suspects) {
  const RunGraph runs = CompressRuns(suspects);
  return Expand(runs, SweepRuns(runs));
}

namespace internal {

std::optional<Weights> WeightsByCover(const SuspectGraph& suspects,
                                      std::size_t budget) {
  const RunGraph runs = CompressRuns(suspects);
  const auto below = CoverRuns(runs, budget);
  if (!below) return std::nullopt;
  return Expand(runs, *below);
}

std::size_t CoverBudget(const SuspectGraph& suspects) {
  return Budget(suspects, CompressRuns(suspects));
}

}  // namespace internal
}  // namespace rebisect
