#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sim/graph/commit_graph.h"
#include "sim/graph/suspect_graph.h"
#include "tests/support/prng.h"

namespace rebisect::testing_support {

enum class Shape {
  kLinear,
  kKernel,      ///< long side branches, merged into one line
  kCrissCross,  ///< two lines that merge each other, both ways at once
  kOctopus,     ///< merges of up to five parents
  kRoots,       ///< several histories, joined
  kWide,        ///< many short branches from few commits
  kLadder,      ///< two lines with a rung at every step
  kRandom,      ///< any earlier commits as parents
};
inline constexpr std::array kShapes = {
    Shape::kLinear, Shape::kKernel, Shape::kCrissCross, Shape::kOctopus,
    Shape::kRoots,  Shape::kWide,   Shape::kLadder,     Shape::kRandom};
[[nodiscard]] std::string_view ToString(Shape shape);

/// How committer dates follow the order in which commits were made.
enum class Dates {
  kDistinct,
  kEqual,
  kBlocks,      ///< equal in stretches
  kJitter,      ///< rising, give or take some places
  kBranchSkew,  ///< whole stretches off by much
  kRandom,
  kReversed,
  kFewValues,
};
inline constexpr std::array kDates = {
    Dates::kDistinct,   Dates::kEqual,  Dates::kBlocks,   Dates::kJitter,
    Dates::kBranchSkew, Dates::kRandom, Dates::kReversed, Dates::kFewValues};
[[nodiscard]] std::string_view ToString(Dates dates);

/// A commit of a random graph. Parents are earlier nodes, each once.
struct RandomCommit {
  std::vector<std::uint32_t> parents;
  std::int64_t date = 0;
  /// Content of the files f0, f1, ...: 0 = absent, v = the text "v<v>\n".
  std::vector<int> files;
};

/// Node numbers are indices; the last node reaches most of the graph.
using RandomGraph = std::vector<RandomCommit>;

/// The same graph for the same generator state on every machine.
/// REQUIRES: commits > 0.
[[nodiscard]] RandomGraph MakeRandomGraph(TestPrng& prng, Shape shape,
                                          Dates dates, std::size_t commits);

/// Gives every commit `count` small files, most of them as in a parent.
void AddRandomFiles(TestPrng& prng, RandomGraph& graph, std::size_t count);

/// The ids git gives the commits: author and committer "A U Thor
/// <author@example.com>", both at the commit's date, message "n<node>\n", a
/// tree of the files.
[[nodiscard]] std::vector<CommitId> CommitIds(const RandomGraph& graph);

/// What `git fast-import` takes to make these commits, branches included:
/// refs/heads/master at the last node and, with `all_heads`,
/// refs/heads/h<node> at each other node without children.
[[nodiscard]] std::string FastImportStream(const RandomGraph& graph,
                                           bool all_heads);

/// One commit of such a stream, on `ref`. Its parents are the marks of their
/// nodes plus 1, and so is its own where it is `marked`.
[[nodiscard]] std::string FastImportCommit(const RandomGraph& graph,
                                           std::size_t node,
                                           const std::string& ref, bool marked);

/// REQUIRES: ids.size() == graph.size().
[[nodiscard]] CommitGraph BuildGraph(const RandomGraph& graph,
                                     const std::vector<CommitId>& ids);

/// Every commit of the graph as a suspect, in order of their numbers.
[[nodiscard]] SuspectGraph AllSuspects(const CommitGraph& graph);

}  // namespace rebisect::testing_support
