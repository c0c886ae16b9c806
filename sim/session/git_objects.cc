#include "sim/session/git_objects.h"

#include <algorithm>
#include <limits>

#include "sim/base/result.h"

namespace rebisect {
namespace {

/// How many uninteresting commits in a row end a walk.
constexpr int kSlop = 5;

constexpr auto kFlagMask = [](auto flags) {
  return static_cast<std::uint16_t>(~static_cast<unsigned>(flags));
};

}  // namespace

GitObjects::GitObjects(const CommitGraph& graph, const GitRules& rules)
    : graph_(graph), rules_(rules), flags_(graph.size(), 0) {}

void GitObjects::MarkUninteresting(Vertex v) {
  if (Uninteresting(v)) return;
  flags_[v] |= kUninteresting;
  // Queued is: seen, and not taken out yet.
  if ((flags_[v] & (kSeen | kAdded)) == kSeen) --live_;
}

void GitObjects::MarkParentsUninteresting(Vertex v) {
  pending_.clear();
  const auto mark = [this](std::span<const Vertex> parents) {
    for (const Vertex p : parents) {
      if (Uninteresting(p)) continue;
      MarkUninteresting(p);
      pending_.push_back(p);
    }
  };
  mark(KnownParents(v));
  while (!pending_.empty()) {
    const Vertex p = pending_.back();
    pending_.pop_back();
    mark(KnownParents(p));
  }
}

void GitObjects::Enqueue(Vertex v, DateQueue& queue) {
  if ((flags_[v] & kSeen) != 0) return;
  flags_[v] |= kSeen;
  if (!Uninteresting(v)) ++live_;
  queue.Push(v, graph_.Date(v));
}

void GitObjects::QueueUninterestingParents(Vertex v, DateQueue& queue) {
  for (const Vertex p : Parents(v)) {
    MarkUninteresting(p);
    Parse(p);
    MarkParentsUninteresting(p);
    Enqueue(p, queue);
  }
}

Result<std::vector<Vertex>> GitObjects::Walk(std::span<const WalkInput> inputs,
                                             const WalkOptions& options) {
  std::vector<Vertex> start;
  for (const WalkInput& input : inputs) {
    Parse(input.commit);
    if (input.uninteresting) {
      flags_[input.commit] |= kUninteresting | kBottom;
    }
  }
  DateQueue queue;
  for (const WalkInput& input : inputs) {
    if (Uninteresting(input.commit)) MarkParentsUninteresting(input.commit);
    if ((flags_[input.commit] & kSeen) == 0) {
      flags_[input.commit] |= kSeen;
      start.push_back(input.commit);
    }
  }
  // Only now: marks set while the list was made may have reached its members.
  live_ = 0;
  for (const Vertex v : start) {
    if (!Uninteresting(v)) ++live_;
    queue.Push(v, graph_.Date(v));
  }
  std::vector<Vertex> emitted;
  int slop = kSlop;
  std::int64_t last_date = std::numeric_limits<std::int64_t>::max();
  while (!queue.Empty()) {
    const Vertex v = queue.Pop();
    if (!Uninteresting(v)) --live_;
    const bool processed = (flags_[v] & kAdded) != 0;
    flags_[v] |= kAdded;
    if (!processed) NoteBoundary(v);
    if (Uninteresting(v)) {
      if (!processed) QueueUninterestingParents(v, queue);
      MarkParentsUninteresting(v);
      if (queue.Empty()) break;
      if (last_date <= queue.FrontDate() || live_ > 0) {
        slop = kSlop;
      } else if (--slop == 0) {
        break;
      }
      continue;
    }
    if (!processed) {
      if (options.trees != nullptr) {
        REBISECT_RETURN_IF_ERROR(Simplify(v, options));
      }
      for (const Vertex p : Parents(v)) {
        Parse(p);
        Enqueue(p, queue);
        if (options.first_parent) break;
      }
    }
    last_date = graph_.Date(v);
    emitted.push_back(v);
  }
  return emitted;
}

bool GitObjects::Relevant(Vertex v) const {
  if (rules_.old_treesame) return !Uninteresting(v);
  return (flags_[v] & (kUninteresting | kBottom)) != kUninteresting;
}

Result<void> GitObjects::Simplify(Vertex v, const WalkOptions& options) {
  const std::span<const Vertex> parents = Parents(v);
  if (parents.empty()) {
    if (!graph_.ParentsKnown(v)) return {};
    REBISECT_ASSIGN_OR_RETURN(auto empty, options.trees->Empty(v));
    if (empty) flags_[v] |= kTreesame;
    return {};
  }
  bool relevant_parents = false;
  bool relevant_change = false;
  bool irrelevant_change = false;
  bool same_as_one = false;
  for (std::size_t i = 0; i < parents.size(); ++i) {
    const Vertex p = parents[i];
    const bool relevant = Relevant(p);
    if (relevant) relevant_parents = true;
    if (i == 1 && options.first_parent) break;
    Parse(p);
    REBISECT_ASSIGN_OR_RETURN(auto same, options.trees->Same(v, p));
    if (!same) {
      (relevant ? relevant_change : irrelevant_change) = true;
      continue;
    }
    same_as_one = true;
    if (!relevant) continue;
    if (cut_.empty()) cut_.assign(graph_.size(), kNoVertex);
    cut_[v] = p;
    flags_[v] |= kTreesame;
    return {};
  }
  SetTreesame(v, relevant_parents, relevant_change, irrelevant_change,
              same_as_one);
  return {};
}

void GitObjects::SetTreesame(Vertex v, bool relevant_parents,
                             bool relevant_change, bool irrelevant_change,
                             bool same) {
  const bool changed =
      rules_.old_treesame
          ? (relevant_change || irrelevant_change) && !same
          : (relevant_parents ? relevant_change : irrelevant_change);
  if (!changed) flags_[v] |= kTreesame;
}

void GitObjects::ClearWalkMarks(std::span<const Vertex> tips) {
  std::vector<Vertex> stack(tips.begin(), tips.end());
  while (!stack.empty()) {
    const Vertex v = stack.back();
    stack.pop_back();
    if ((flags_[v] & kWalkFlags) == 0) continue;
    flags_[v] &= kFlagMask(kWalkFlags);
    for (const Vertex p : KnownParents(v)) stack.push_back(p);
  }
}

void GitObjects::ResetWalk() {
  for (auto& flags : flags_) flags &= kFlagMask(kSeen | kAdded);
}

void GitObjects::ClearAllWalkMarks() {
  for (auto& flags : flags_) flags &= kFlagMask(kWalkFlags);
}

void GitObjects::ClearPaint() {
  for (const Vertex v : painted_) flags_[v] &= kFlagMask(kPaintFlags);
  painted_.clear();
}

void GitObjects::ComputeGenerations() {
  if (!generation_.empty()) return;
  generation_.reserve(graph_.size());
  for (Vertex v = 0; v < graph_.size(); ++v) {
    std::int64_t generation = graph_.Date(v);
    for (const Vertex p : graph_.Parents(v)) {
      generation = std::max(generation, generation_[p] + 1);
    }
    generation_.push_back(generation);
  }
}

namespace {

/// Inserts as commit_list_insert_by_date() does: after all that are as new.
void InsertByDate(const CommitGraph& graph, Vertex v,
                  std::vector<Vertex>& list) {
  const auto at = std::find_if(
      list.begin(), list.end(),
      [&](const Vertex other) { return graph.Date(other) < graph.Date(v); });
  list.insert(at, v);
}

}  // namespace

std::vector<Vertex> GitObjects::PaintDownToCommon(
    Vertex one, std::span<const Vertex> others, bool by_generation) {
  struct Entry {
    std::int64_t generation;
    std::int64_t date;
    std::uint32_t sequence;
    Vertex commit;
    bool operator<(const Entry& b) const {
      if (generation != b.generation) return generation < b.generation;
      if (date != b.date) return date < b.date;
      return sequence > b.sequence;
    }
  };
  std::vector<Entry> queue;
  std::uint32_t sequence = 0;
  // How often a commit lies in the queue, for those not stale.
  std::size_t fresh = 0;
  const auto push = [&](Vertex v) {
    queue.push_back(
        {by_generation ? generation_[v] : 0, graph_.Date(v), sequence++, v});
    std::push_heap(queue.begin(), queue.end());
  };
  std::vector<std::uint8_t> queued;  // times in the queue, by vertex
  queued.assign(graph_.size(), 0);
  const auto paint = [&](Vertex v, unsigned flags) {
    const bool was_stale = (flags_[v] & kStale) != 0;
    if ((flags_[v] & kPaintFlags) == 0) painted_.push_back(v);
    flags_[v] = static_cast<std::uint16_t>(flags_[v] | flags);
    if (!was_stale && (flags & kStale) != 0) fresh -= queued[v];
    push(v);
    ++queued[v];
    if ((flags_[v] & kStale) == 0) ++fresh;
  };
  std::vector<Vertex> results;
  paint(one, kParent1);
  if (others.empty()) return {one};
  for (const Vertex other : others) paint(other, kParent2);
  while (fresh > 0) {
    std::pop_heap(queue.begin(), queue.end());
    const Vertex v = queue.back().commit;
    queue.pop_back();
    --queued[v];
    if ((flags_[v] & kStale) == 0) --fresh;
    unsigned flags = flags_[v] & (kParent1 | kParent2 | kStale);
    if (flags == (kParent1 | kParent2)) {
      if ((flags_[v] & kResult) == 0) {
        flags_[v] |= kResult;
        InsertByDate(graph_, v, results);
      }
      flags |= kStale;
    }
    NoteBoundary(v);
    for (const Vertex p : graph_.Parents(v)) {
      if ((flags_[p] & flags) == flags) continue;
      Parse(p);
      paint(p, flags);
    }
  }
  return results;
}

void GitObjects::RemoveRedundant(std::vector<Vertex>& bases,
                                 bool by_generation) {
  std::vector<bool> redundant(bases.size(), false);
  for (std::size_t i = 0; i < bases.size(); ++i) {
    if (redundant[i]) continue;
    std::vector<Vertex> others;
    std::vector<std::size_t> other_index;
    for (std::size_t j = 0; j < bases.size(); ++j) {
      if (j == i || redundant[j]) continue;
      others.push_back(bases[j]);
      other_index.push_back(j);
    }
    (void)PaintDownToCommon(bases[i], others, by_generation);
    if ((flags_[bases[i]] & kParent2) != 0) redundant[i] = true;
    for (std::size_t k = 0; k < others.size(); ++k) {
      if ((flags_[others[k]] & kParent1) != 0) {
        redundant[other_index[k]] = true;
      }
    }
    ClearPaint();
  }
  std::size_t kept = 0;
  for (std::size_t i = 0; i < bases.size(); ++i) {
    if (!redundant[i]) bases[kept++] = bases[i];
  }
  bases.resize(kept);
}

std::vector<Vertex> GitObjects::MergeBases(Vertex one,
                                           std::span<const Vertex> others,
                                           bool by_generation) {
  for (const Vertex other : others) {
    if (other == one) return {one};
  }
  if (by_generation) ComputeGenerations();
  Parse(one);
  for (const Vertex other : others) Parse(other);
  const std::vector<Vertex> found =
      PaintDownToCommon(one, others, by_generation);
  std::vector<Vertex> bases;
  for (const Vertex v : found) {
    if ((flags_[v] & kStale) == 0) InsertByDate(graph_, v, bases);
  }
  if (bases.size() <= 1) {
    // Before 2.3.0 the marks of this search stay; see MergeBaseMark().
    if (!rules_.merge_base_marks_leak) ClearPaint();
    painted_.clear();
    return bases;
  }
  ClearPaint();
  RemoveRedundant(bases, by_generation);
  std::vector<Vertex> ordered;
  for (const Vertex v : bases) InsertByDate(graph_, v, ordered);
  return ordered;
}

}  // namespace rebisect
