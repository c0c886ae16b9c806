#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "sim/base/result.h"
#include "sim/base/verdict.h"
#include "sim/graph/commit_graph.h"

namespace rebisect {

/// A commit that a search was told something of, or that is to be seen.
struct SearchMark {
  Vertex commit = kNoVertex;
  /// Of the search, from 1; 0: given at its start.
  std::size_t step = 0;
  /// git's; absent: nothing was said of it.
  std::optional<Verdict> verdict{};
};

/// Suspects that the search cannot tell apart: the same marked commits descend
/// from each of them (a commit descends from itself), so every verdict keeps
/// or drops them together.
struct FoldedClass {
  /// The marked commit among them: there is one at most, their newest.
  std::optional<Vertex> head{};
  std::size_t size = 0;  ///< commits, the head among them
  /// The step after which they are no suspects any more; absent: they are
  /// suspects to the end.
  std::optional<std::size_t> left_at{};
  /// Classes that a parent of one of them is in; ascending, greater than the
  /// number of this one.
  std::vector<std::size_t> parents{};
  /// The same ones, those of the parents of its oldest commit first, in the
  /// order in which it names them.
  std::vector<std::size_t> parents_in_order{};
};

/// Folds the suspects of a search's start, exactly; children come before their
/// parents. Marks are in the order in which they were made; the last bad one
/// is the bad end, as with git. `suspects` ascend.
/// O((n + edges) * (marks / 64 + 1) + classes * marks), n = graph.size().
/// Errors: kUnsupported for more than kMaxFoldedMarks marks, and where
/// commits become suspects again (a mark that takes an earlier one back).
inline constexpr std::size_t kMaxFoldedMarks = 1024;
[[nodiscard]] Result<std::vector<FoldedClass>> FoldSuspects(
    const CommitGraph& graph, std::span<const Vertex> suspects,
    bool first_parent, std::span<const SearchMark> marks);

}  // namespace rebisect
