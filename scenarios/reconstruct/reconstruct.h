#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/recording/recording.h"
#include "sim/base/result.h"
#include "sim/graph/commit_graph.h"

namespace rebisect {

/// A commit graph on which a recorded bisection walks as it is recorded.
struct Reconstruction {
  CommitGraph graph{};
  /// What of the graph the log states and what is made up, a sentence each.
  std::vector<std::string> notes{};
  /// Every commit that the recording names, by each of its writings (full or
  /// short id, tag, "HEAD"): bad and goods, merge bases, midpoints, culprit,
  /// releases tested before the search.
  std::map<std::string, Vertex, std::less<>> recorded{};
};

/// Builds a commit graph from a recording alone, such that `git bisect` with
/// the recorded start and verdicts proposes the recorded commits, prints the
/// recorded counts at every step and ends at the recorded culprit. One graph
/// of the many that fit: the counts are facts, the topology is made up.
///
/// Every recording whose counts are possible has such a graph and gets it:
/// - Steps whose number of suspects the log does not determine (the first
///   good verdict and the bad ones before it) get the number nearest to twice
///   what is left that fits the printed estimates. A log without any counts
///   gets small ones.
/// - A commit marked twice with one verdict counts once. A merge base tested
///   before the search becomes one: the good commits are then beside the bad
///   one, not below it.
/// - Good commits form a line, the first one newest, below everything
///   searched. Releases tested before the search: the ones newer than the bad
///   commit above it, the ones older than the good commits below them, the
///   ones between (skipped) in place of some untested suspect.
/// - With --first-parent the suspects form a line.
///
/// The choice does not depend on ids: in every step the recorded commit is
/// nearest to the half alone, or git meets it first. This holds for every git
/// from 1.7.0 on; where the counts allow it only before 2.30 (whose search
/// stops near the half), a note says so.
///
/// Ids: a recorded full id is kept. Every other commit gets its number in the
/// order of dates, from 1, as a 160-bit number (so made-up ids are ordered as
/// the dates are; a number that is a recorded id gets 2^32 added until it is
/// free), and a label: the name as recorded, or "hypothetical-<number>".
/// Dates: a minute apart, from 2001-09-09 on, in the order of the graph's
/// vertices: no two are equal, and every commit is newer than its parents.
/// Names: refs/recorded/WRITING, where that is a valid name of a ref.
///
/// O(suspects + events * log(events)) time and memory.
/// Errors: kInput, with the line, for counts that contradict each other or
/// that no graph can bring forth, and for a culprit that the verdicts do not
/// give; kUnsupported for skips, marks of commits never proposed and more
/// than 2,000,000 suspects.
[[nodiscard]] Result<Reconstruction> Reconstruct(const Recording& recording);

/// What of a reconstruction is a fact and what is not, in a few words: a
/// record that states no counts leaves them to be made up too. O(events).
[[nodiscard]] std::string_view ReconstructedParts(const Recording& recording);

/// Whether a label is that of a commit which a reconstruction made up.
[[nodiscard]] bool IsMadeUp(std::string_view label);

}  // namespace rebisect
