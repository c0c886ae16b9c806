#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "sim/base/result.h"
#include "sim/base/verdict.h"
#include "sim/graph/commit_graph.h"

namespace rebisect {

/// A commit that is shown by itself: a search was told of it, or found it.
struct ShownMark {
  Vertex commit = kNoVertex;
  std::size_t step = 0;              ///< from 1; 0: an end given at the start
  std::optional<Verdict> verdict{};  ///< git's; absent: none
  bool merge_base = false;
  bool culprit = false;  ///< as recorded
  bool next = false;     ///< to be tested
  std::string name{};    ///< what it was called, where that is not its id
};

/// A search to be shown.
struct SearchToShow {
  Vertex bad = kNoVertex;       ///< the end it began with
  std::vector<Vertex> goods{};  ///< the same
  bool first_parent = false;
  std::vector<ShownMark> marks{};  ///< in their order; of the ends, their names
  /// What dropped out on the bad side, too.
  bool whole = false;
};

/// A part of the drawing of a search.
struct ShownNode {
  enum class Kind {
    kCommit,
    kStretch,  ///< commits that were not tested, folded
    kOlder,    ///< history below the good ends
  };
  Kind kind = Kind::kCommit;
  Vertex commit = kNoVertex;  ///< of kCommit
  std::size_t commits = 1;    ///< kStretch: how many; kOlder: not known, 0
  bool suspect = false;       ///< to this day
  /// The step after which it is no suspect any more; 0: it never was one.
  std::optional<std::size_t> left_at{};
  bool good = false;  ///< it is left for being good, or below a good one
  std::vector<ShownMark> marks{};      ///< of the commit, in their order
  std::vector<std::size_t> parents{};  ///< greater numbers, first parent first
};

struct ShownSearch {
  std::vector<ShownNode> nodes{};  ///< in LaneOrder()
  std::size_t suspects_at_start = 0;
  std::size_t suspects_left = 0;
};

/// A drawing with more parts is of no use.
inline constexpr std::size_t kMaxShownParts = 5000;

/// Folds a search (FoldSuspects): the suspects that are left and the tested
/// commits in their ancestry. A single commit has an edge to each of its
/// parents; edges of stretches that others imply are left out.
/// O((n + edges) * (marks / 64 + 1)), n = graph.size(), besides what follows
/// from the number of parts.
/// Errors: those of FoldSuspects(); kNotFound where there are no suspects;
/// kUnsupported for more than kMaxShownParts.
[[nodiscard]] Result<ShownSearch> ShowSearch(const CommitGraph& graph,
                                             const SearchToShow& search);

}  // namespace rebisect
