#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "sim/graph/commit_graph.h"

namespace rebisect {

/// What a made-up history looks like.
enum class HistoryShape : std::uint8_t {
  kLinear,      ///< one line
  kKernel,      ///< many long branches side by side; one commit in 12 merges
  kGit,         ///< short topic branches; one commit in four merges
  kWide,        ///< many branches of a commit or two, merged up to five at once
  kCrissCross,  ///< two lines that merge each other, often both ways at once
  kOctopus,     ///< branches of a few commits, merged up to nine at once
  kRoots,       ///< short branches, half of which begin with a root
  kLadder,      ///< two long lines, and merges of both from which none goes on
};
inline constexpr std::array kHistoryShapes = {
    HistoryShape::kLinear, HistoryShape::kKernel,     HistoryShape::kGit,
    HistoryShape::kWide,   HistoryShape::kCrissCross, HistoryShape::kOctopus,
    HistoryShape::kRoots,  HistoryShape::kLadder};

/// "linear", "kernel", "git", "wide", "criss-cross", "octopus", "roots",
/// "ladder".
[[nodiscard]] std::string_view NameOf(HistoryShape shape);
[[nodiscard]] std::optional<HistoryShape> HistoryShapeNamed(
    std::string_view name);
[[nodiscard]] std::vector<std::string_view> HistoryShapeNames();

/// No history has more suspects.
inline constexpr std::uint32_t kMaxHistory = 2'000'000;

/// A history and the ends of a search in it; the graph has them as
/// refs/tags/good and refs/tags/bad, too.
struct MadeHistory {
  CommitGraph graph;
  Vertex good = kNoVertex;  ///< the first commit, a root
  Vertex bad = kNoVertex;   ///< descends from all others
};

/// A root and `suspects` commits after it, the bad end included. Dates rise
/// by up to an hour a commit in the order in which the commits are made, so
/// that no commit is as old as a parent; lines of work take turns. Ids are
/// made up. Equal on every machine for equal arguments. O(suspects).
/// REQUIRES: 1 <= suspects <= kMaxHistory.
[[nodiscard]] MadeHistory MakeHistory(HistoryShape shape,
                                      std::uint32_t suspects,
                                      std::uint64_t seed);

}  // namespace rebisect
