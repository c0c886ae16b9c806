#include "harness/search/shown_search.h"

#include <algorithm>
#include <utility>

#include "harness/search/folded_suspects.h"
#include "harness/text/lane_graph.h"
#include "sim/base/result.h"
#include "sim/graph/reachable.h"

namespace rebisect {
namespace {

constexpr std::size_t kNoNode = static_cast<std::size_t>(-1);

class SearchShower {
 public:
  SearchShower(const CommitGraph& graph, const SearchToShow& search)
      : graph_(graph), search_(search) {}

  Result<ShownSearch> Show() {
    REBISECT_RETURN_IF_ERROR(Fold());
    if (classes_.size() > kMaxShownParts) {
      return Fail(ErrorCode::kUnsupported,
                  "the search falls into " + std::to_string(classes_.size()) +
                      " parts, and at most " + std::to_string(kMaxShownParts) +
                      " are drawn");
    }
    Count();
    if (result_.suspects_at_start == 0) {
      return Fail(ErrorCode::kNotFound,
                  "there are no commits between the good and the bad end");
    }
    FindBelow();
    FindOutside();
    MakeNodes();
    Join();
    LeaveOutImplied();
    Order();
    return std::move(result_);
  }

 private:
  /// All ancestors of the bad end: what lies below the good ends, too, is
  /// folded, so that marks there can be shown.
  Result<void> Fold() {
    const std::vector<Vertex> tips = {search_.bad};
    const std::vector<bool> reached = search_.first_parent
                                          ? FirstParentsFrom(graph_, tips)
                                          : ReachableFrom(graph_, tips);
    std::vector<Vertex> commits;
    for (Vertex v = 0; v < graph_.size(); ++v) {
      if (reached[v]) commits.push_back(v);
    }
    std::vector<SearchMark> marks = {{search_.bad, 0, Verdict::kBad}};
    for (const Vertex good : search_.goods) {
      marks.push_back({good, 0, Verdict::kGood});
    }
    for (const ShownMark& mark : search_.marks) {
      if (mark.step > 0)
        marks.push_back({mark.commit, mark.step, mark.verdict});
    }
    // Steps ascend, and what is to be seen without a verdict comes last.
    const std::size_t last = marks.back().step;
    for (const ShownMark& mark : search_.marks) {
      if (mark.step == 0) marks.push_back({mark.commit, last, std::nullopt});
    }
    REBISECT_ASSIGN_OR_RETURN(
        auto folded,
        FoldSuspects(graph_, commits, search_.first_parent, marks));
    classes_ = std::move(folded);
    return {};
  }

  [[nodiscard]] bool IsOutside(std::size_t c) const {
    return classes_[c].left_at == std::size_t{0};
  }

  void Count() {
    for (std::size_t c = 0; c < classes_.size(); ++c) {
      if (!IsOutside(c)) result_.suspects_at_start += classes_[c].size;
      if (!classes_[c].left_at) result_.suspects_left += classes_[c].size;
    }
  }

  /// Which classes lie below suspects that are left, and below good commits.
  void FindBelow() {
    below_.resize(classes_.size(), false);
    good_.resize(classes_.size(), false);
    for (std::size_t c = 0; c < classes_.size(); ++c) {
      const FoldedClass& part = classes_[c];
      if (!part.left_at) below_[c] = true;
      if (IsOutside(c)) good_[c] = true;
      for (const ShownMark& mark : search_.marks) {
        if (mark.commit == part.head && mark.verdict == Verdict::kGood) {
          good_[c] = true;
        }
      }
      for (const std::size_t parent : part.parents) {
        if (below_[c]) below_[parent] = true;
        if (good_[c]) good_[parent] = true;
      }
    }
  }

  [[nodiscard]] bool IsShown(std::size_t c) const {
    // Where the marks contradict each other, nothing is left.
    return below_[c] || search_.whole || result_.suspects_left == 0;
  }

  /// For what was never a suspect and is not marked: the marked commits below,
  /// which its children then have for parents.
  void FindOutside() {
    stands_for_.resize(classes_.size());
    ends_suspects_.resize(classes_.size(), false);
    for (std::size_t c = classes_.size(); c-- > 0;) {
      for (const std::size_t parent : classes_[c].parents) {
        if (!IsOutside(c)) {
          ends_suspects_[parent] = true;
        } else if (classes_[parent].head || !stands_for_[parent].empty()) {
          AddParent(parent, stands_for_[c]);
        }
      }
    }
  }

  void AddParent(std::size_t c, std::vector<std::size_t>& parents) const {
    const auto add = [&parents](std::size_t parent) {
      if (std::find(parents.begin(), parents.end(), parent) == parents.end()) {
        parents.push_back(parent);
      }
    };
    if (!IsOutside(c) || classes_[c].head || stands_for_[c].empty()) {
      add(c);
    } else {
      for (const std::size_t below : stands_for_[c]) add(below);
    }
  }

  /// A class is its marked commit, the others, or both.
  void MakeNodes() {
    top_.resize(classes_.size(), kNoNode);
    bottom_.resize(classes_.size(), kNoNode);
    for (std::size_t c = 0; c < classes_.size(); ++c) {
      if (!IsShown(c)) continue;
      const FoldedClass& part = classes_[c];
      ShownNode node;
      node.suspect = !part.left_at;
      node.left_at = part.left_at;
      node.good = part.left_at && good_[c];
      if (part.head) {
        top_[c] = bottom_[c] = nodes_.size();
        ShownNode commit = node;
        commit.commit = *part.head;
        for (const ShownMark& mark : search_.marks) {
          if (mark.commit == *part.head) commit.marks.push_back(mark);
        }
        nodes_.push_back(std::move(commit));
      }
      const std::size_t others = part.size - (part.head ? 1 : 0);
      const bool outside = IsOutside(c);
      const bool ends = ends_suspects_[c] && stands_for_[c].empty();
      if (others == 0 || (outside && (part.head || !ends))) continue;
      node.kind = outside ? ShownNode::Kind::kOlder : ShownNode::Kind::kStretch;
      node.commits = outside ? 0 : others;
      bottom_[c] = nodes_.size();
      if (!part.head) top_[c] = bottom_[c];
      nodes_.push_back(std::move(node));
    }
  }

  void Join() {
    for (std::size_t c = 0; c < classes_.size(); ++c) {
      if (bottom_[c] == kNoNode) continue;
      if (top_[c] != bottom_[c]) nodes_[top_[c]].parents = {bottom_[c]};
      const FoldedClass& part = classes_[c];
      std::vector<std::size_t> parents;
      for (const std::size_t parent : part.parents_in_order) {
        AddParent(parent, parents);
      }
      for (const std::size_t parent : parents) {
        if (top_[parent] == kNoNode) continue;
        nodes_[bottom_[c]].parents.push_back(top_[parent]);
      }
    }
  }

  /// Commits of a stretch have edges to wherever a branch began.
  void LeaveOutImplied() {
    std::vector<std::vector<bool>> ancestors(
        nodes_.size(), std::vector<bool>(nodes_.size(), false));
    for (std::size_t n = nodes_.size(); n-- > 0;) {
      std::vector<std::size_t>& parents = nodes_[n].parents;
      std::vector<bool>& all = ancestors[n];
      for (const std::size_t parent : parents) {
        for (std::size_t a = 0; a < all.size(); ++a) {
          if (ancestors[parent][a]) all[a] = true;
        }
      }
      const bool folded = nodes_[n].kind == ShownNode::Kind::kStretch ||
                          nodes_[n].left_at == std::size_t{0};
      if (folded) {
        parents.erase(std::remove_if(parents.begin(), parents.end(),
                                     [&all](std::size_t p) { return all[p]; }),
                      parents.end());
      }
      for (const std::size_t parent : parents) all[parent] = true;
    }
  }

  void Order() {
    std::vector<std::vector<std::size_t>> parents;
    for (const ShownNode& node : nodes_) parents.push_back(node.parents);
    const std::vector<std::size_t> order = LaneOrder(parents);
    std::vector<std::size_t> place(nodes_.size());
    for (std::size_t i = 0; i < order.size(); ++i) place[order[i]] = i;
    for (const std::size_t n : order) {
      for (std::size_t& parent : nodes_[n].parents) parent = place[parent];
      result_.nodes.push_back(std::move(nodes_[n]));
    }
  }

  const CommitGraph& graph_;
  const SearchToShow& search_;
  std::vector<FoldedClass> classes_;
  std::vector<bool> below_;
  std::vector<bool> good_;
  std::vector<std::vector<std::size_t>> stands_for_;
  std::vector<bool> ends_suspects_;  ///< a parent of a suspect is in it
  std::vector<std::size_t> top_;     ///< by class: its first node
  std::vector<std::size_t> bottom_;  ///< by class: its last node
  std::vector<ShownNode> nodes_;
  ShownSearch result_;
};

}  // namespace

Result<ShownSearch> ShowSearch(const CommitGraph& graph,
                               const SearchToShow& search) {
  return SearchShower(graph, search).Show();
}

}  // namespace rebisect
