#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "sim/base/result.h"
#include "sim/graph/commit_graph.h"
#include "sim/graph/date_queue.h"
#include "sim/graph/tree_comparison.h"
#include "sim/session/git_version.h"

namespace rebisect {

/// A starting point of a walk: `uninteresting` is git's `^commit`.
struct WalkInput {
  Vertex commit = kNoVertex;
  bool uninteresting = false;
};

struct WalkOptions {
  /// Follow only first parents from commits that are not uninteresting.
  bool first_parent = false;
  /// Default history simplification, for a path-limited walk; null for none.
  TreeComparison* trees = nullptr;
};

/// The commit objects of one git process with the flags git keeps on them.
/// Which commits one walk emits depends, with skewed or equal dates, on what
/// the same process parsed and marked before; so one GitObjects lives as long
/// as one process of git would. Not thread-safe; borrows the graph.
/// Source: revision.c and commit-reach.c, the same from 1.7 to 2.55 in what
/// they compute.
class GitObjects {
 public:
  GitObjects(const CommitGraph& graph, const GitRules& rules);

  /// As reading the object does: from now on its parents are known.
  void Parse(Vertex v) { flags_[v] |= kParsed; }

  /// git's limited walk (limit_list): newest first by committer date, equal
  /// dates in order of insertion, ended five steps after everything in the
  /// queue is uninteresting. Returns what is emitted, newest first,
  /// those that became uninteresting later included (see Uninteresting).
  /// O(n log n) for the n commits walked over.
  /// Errors: those of WalkOptions::trees.
  [[nodiscard]] Result<std::vector<Vertex>> Walk(
      std::span<const WalkInput> inputs, const WalkOptions& options);

  /// Best common ancestors of `one` and a hypothetical merge of `others`, in
  /// git's order: newest first, equal dates in order of discovery.
  /// `by_generation`: as a git with a commit-graph of corrected dates that
  /// covers all commits.
  [[nodiscard]] std::vector<Vertex> MergeBases(Vertex one,
                                               std::span<const Vertex> others,
                                               bool by_generation);

  /// clear_commit_marks_many(): drops the walk's flags from everything that
  /// can be reached from `tips` through commits that carry some.
  void ClearWalkMarks(std::span<const Vertex> tips);
  /// clear_object_flags(SEEN | ADDED | SHOWN): what git does between two
  /// walks of one process; uninteresting stays.
  void ResetWalk();
  /// clear_commit_marks_all(ALL_REV_FLAGS).
  void ClearAllWalkMarks();

  [[nodiscard]] bool Uninteresting(Vertex v) const {
    return (flags_[v] & kUninteresting) != 0;
  }
  [[nodiscard]] bool Treesame(Vertex v) const {
    return (flags_[v] & kTreesame) != 0;
  }
  /// A mark that a merge-base search left behind (before git 2.3.0).
  [[nodiscard]] bool MergeBaseMark(Vertex v) const {
    return (flags_[v] & kParent1) != 0;
  }
  /// The parents after simplification.
  [[nodiscard]] std::span<const Vertex> Parents(Vertex v) const {
    if (!cut_.empty() && cut_[v] != kNoVertex) return {&cut_[v], 1};
    return graph_.Parents(v);
  }
  /// True when a walk wanted parents that the graph does not know.
  [[nodiscard]] bool ReachedBoundary() const { return reached_boundary_; }

 private:
  enum Flag : std::uint16_t {
    kUninteresting = 1 << 0,
    kSeen = 1 << 1,
    kAdded = 1 << 2,
    kTreesame = 1 << 3,
    kBottom = 1 << 4,
    kWalkFlags = (1 << 5) - 1,
    kParsed = 1 << 5,
    kParent1 = 1 << 6,
    kParent2 = 1 << 7,
    kStale = 1 << 8,
    kResult = 1 << 9,
    kPaintFlags = kParent1 | kParent2 | kStale | kResult,
  };
  /// The parents a process sees: none before the commit is parsed.
  [[nodiscard]] std::span<const Vertex> KnownParents(Vertex v) const {
    if ((flags_[v] & kParsed) == 0) return {};
    return Parents(v);
  }
  [[nodiscard]] bool Relevant(Vertex v) const;
  void NoteBoundary(Vertex v) {
    if (!graph_.ParentsKnown(v)) reached_boundary_ = true;
  }
  void MarkUninteresting(Vertex v);
  void MarkParentsUninteresting(Vertex v);
  void Enqueue(Vertex v, DateQueue& queue);
  void QueueUninterestingParents(Vertex v, DateQueue& queue);
  [[nodiscard]] Result<void> Simplify(Vertex v, const WalkOptions& options);
  void SetTreesame(Vertex v, bool relevant_parents, bool relevant_change,
                   bool irrelevant_change, bool same);
  [[nodiscard]] std::vector<Vertex> PaintDownToCommon(
      Vertex one, std::span<const Vertex> others, bool by_generation);
  void RemoveRedundant(std::vector<Vertex>& bases, bool by_generation);
  void ClearPaint();
  void ComputeGenerations();

  const CommitGraph& graph_;
  GitRules rules_;
  std::vector<std::uint16_t> flags_;
  std::vector<Vertex> cut_;  // the one parent left by simplification
  std::vector<std::int64_t> generation_;  // corrected commit dates
  std::vector<Vertex> pending_;           // scratch
  std::vector<Vertex> painted_;           // to undo
  std::size_t live_ = 0;                  // queued and not uninteresting
  bool reached_boundary_ = false;
};

}  // namespace rebisect
