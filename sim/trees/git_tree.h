#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "sim/graph/suspect_graph.h"
#include "sim/session/git_version.h"
#include "sim/trees/decision_tree.h"

namespace rebisect {

/// What git would test after every sequence of right verdicts.
struct GitTree {
  DecisionTree tree;
  std::size_t full_walks = 0;  ///< nodes whose list took a walk of git's own
  /// Culprits, ascending, in whose search git lists commits that are no
  /// suspects (ancestors of good commits, by dates far out of order), and so
  /// may choose another test than the tree, which leaves those out.
  std::vector<Suspect> unlike{};
};

/// The tree of `git bisect` between `goods` and the last suspect, without
/// skips or paths; every goods' ancestry of the bad end is known.
///
/// git's choice depends on the order of its list, which every step walks anew
/// from the bad end, through suspects and others: newest first, equal dates in
/// order of insertion. Most nodes need a walk of the suspects alone:
///   (1) A suspect is put into the queue by one of its children, and all of
///       them are suspects: were one an ancestor of a good commit, the suspect
///       would be one too. So when suspects come out of the queue, and behind
///       whom, depends on suspects alone; others only come out between them.
///       The walk does not end before the last suspect has come out. What
///       remains is that no other commit may stay in the list.
///   (2) A commit X that is no suspect is listed if it comes out before it is
///       marked. X is a parent of a suspect, or of another such commit; look
///       at the first. A good commit descends from it by a line X, c1 (its
///       child), ..., ck (the good one), and ck is marked from the start. As
///       long as X is unmarked, the last of these that is marked is in the
///       queue: it would have passed its mark on otherwise. If every one of
///       c1 ... ck is newer than X, it comes out before X. So it is enough that
///       each parent of a suspect that is no suspect is a good commit, or has
///       such a line.
///   (3) Nor does it matter if X is as old as the oldest ci of its line, when
///       nothing that is listed is older than a parent of its own: no suspect,
///       nor X, nor an ancestor of X that is reached by commits of that same
///       date; and the same for whatever else (2) does not hold for. X may
///       come out unmarked then, and such ancestors after it; but all that is
///       listed from there on is no newer than the line, so that nothing older
///       than what was listed last comes out before the line is through, and
///       the walk does not end before: that takes five such commits. Then X is
///       marked, and with it whatever X let in (marks go down to all that was
///       seen): all dropped from the list.
///   (4) Nor if some suspect is older than every one of c1 ... ck. They come
///       out before it, as in (2), and mark X and what it let in, as in (3).
///   (4) Nor if some suspect is older than every one of c1 ... ck. They come
///       out before it, as in (2), and mark X and with it whatever X let in
///       (marks go down to all that was seen): all dropped from the list.
/// Where none of these holds (clocks that were wrong), the list comes from
/// git's full walk.
///
/// O(n log n) for the suspects of each node, and O(graph) for a full walk.
/// REQUIRES: suspects.listing is what git lists first; all suspects count;
/// GitRules without merge_base_marks_leak (git 2.3.0 or later).
[[nodiscard]] GitTree BuildGitTree(const SuspectGraph& suspects,
                                   std::span<const Vertex> goods,
                                   const GitRules& rules);

}  // namespace rebisect
