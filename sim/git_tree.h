#pragma once

#include <cstddef>
#include <span>

#include "sim/decision_tree.h"
#include "sim/git_version.h"
#include "sim/result.h"
#include "sim/suspect_graph.h"

namespace rebisect {

/// What git would test after every sequence of right verdicts.
struct GitTree {
  DecisionTree tree;
  std::size_t full_walks = 0;  ///< nodes whose list took a walk of git's own
};

/// The tree of `git bisect` between `goods` and the last suspect, without
/// skips or paths; every goods' ancestry of the bad end is known.
///
/// git's choice depends on the order of its list, which every step walks anew
/// from the bad end, through suspects and others: newest first, equal dates in
/// order of insertion. Most nodes need a walk of the suspects alone:
///   (1) A suspect is put into the queue by one of its children, and all of
///       them are suspects: were one an ancestor of a good commit, the suspect
///       would be one too. So while no other commit is taken for a suspect,
///       when suspects come out of the queue, and behind whom, depends on
///       suspects alone; the others only come out between them. The walk does
///       not end before the last suspect has come out.
///   (2) A commit X that is no suspect would be taken for one if it came out
///       before it was marked. X is a parent of a suspect, or of another such
///       commit; look at the first. It descends from a good commit by a line
///       X = c0, c1 (its child), ..., ck (a good one), and ck is marked from
///       the start. If every one of c1 ... ck has a later date than X, then as
///       long as X is unmarked one of them is in the queue, newer than X: X
///       cannot come out. So it is enough that each parent of a suspect that
///       is no suspect is a good commit, or has such a line.
/// Where (2) does not hold (commits of one second, clocks that were wrong),
/// the node's list comes from git's full walk.
///
/// O(n log n) for the suspects of each node, and O(graph) for a full walk.
/// REQUIRES: suspects.listing is what git lists first; all suspects count;
/// GitRules without merge_base_marks_leak (git 2.3.0 or later).
/// Errors: kUnsupported when git takes other commits for suspects, so that its
/// search is no tree of theirs.
[[nodiscard]] Result<GitTree> BuildGitTree(const SuspectGraph& suspects,
                                           std::span<const Vertex> goods,
                                           const GitRules& rules);

}  // namespace rebisect
