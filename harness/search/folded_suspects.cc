#include "harness/search/folded_suspects.h"

#include <algorithm>
#include <string>
#include <utility>

#include "sim/base/result.h"
#include "sim/graph/tested_groups.h"

namespace rebisect {
namespace {

constexpr std::size_t kNoClass = static_cast<std::size_t>(-1);

/// How many marked commits descend from the group.
std::ptrdiff_t Descend(const TestedGroup& group) {
  return std::count(group.contained.begin(), group.contained.end(), true);
}

class Folder {
 public:
  Folder(const CommitGraph& graph, std::span<const SearchMark> marks)
      : graph_(graph), marks_(marks) {}

  Result<std::vector<FoldedClass>> Fold(std::span<const Vertex> suspects,
                                        bool first_parent) {
    std::vector<Vertex> marked;
    marked.reserve(marks_.size());
    for (const SearchMark& mark : marks_) marked.push_back(mark.commit);
    groups_ = GroupByTests(graph_, suspects, marked);
    // More marked commits descend from a parent's class than from a child's.
    std::sort(groups_.begin(), groups_.end(),
              [](const TestedGroup& a, const TestedGroup& b) {
                const auto descend_a = Descend(a);
                const auto descend_b = Descend(b);
                return descend_a != descend_b
                           ? descend_a < descend_b
                           : a.suspects.back() > b.suspects.back();
              });
    for (const TestedGroup& group : groups_) {
      REBISECT_ASSIGN_OR_RETURN(auto folded, Describe(group));
      classes_.push_back(std::move(folded));
    }
    Join(first_parent);
    return std::move(classes_);
  }

 private:
  Result<FoldedClass> Describe(const TestedGroup& group) const {
    FoldedClass folded;
    folded.size = group.suspects.size();
    const Vertex newest = group.suspects.back();
    bool kept = true;  // by the last bad mark
    bool good = false;
    for (std::size_t i = 0; i < marks_.size(); ++i) {
      const SearchMark& mark = marks_[i];
      if (mark.commit == newest) folded.head = newest;
      if (mark.verdict == Verdict::kBad) kept = group.contained[i];
      if (mark.verdict == Verdict::kGood) good = good || group.contained[i];
      if (!kept || good) {
        if (!folded.left_at) folded.left_at = mark.step;
      } else if (folded.left_at == mark.step) {
        folded.left_at.reset();  // several marks of one step
      } else if (folded.left_at) {
        return Fail(ErrorCode::kUnsupported, "the mark of step " +
                                                 std::to_string(mark.step) +
                                                 " takes an earlier one back");
      }
    }
    return folded;
  }

  void Join(bool first_parent) {
    std::vector<std::size_t> class_of(graph_.size(), kNoClass);
    for (std::size_t c = 0; c < groups_.size(); ++c) {
      for (const Vertex v : groups_[c].suspects) class_of[v] = c;
    }
    for (std::size_t c = 0; c < groups_.size(); ++c) {
      std::vector<std::size_t>& parents = classes_[c].parents;
      for (const Vertex v : groups_[c].suspects) {
        for (const Vertex parent : graph_.Parents(v)) {
          const std::size_t of = class_of[parent];
          if (of != kNoClass && of != c) parents.push_back(of);
          if (first_parent) break;
        }
      }
      std::sort(parents.begin(), parents.end());
      parents.erase(std::unique(parents.begin(), parents.end()), parents.end());
      OrderParents(class_of, c);
    }
  }

  void OrderParents(const std::vector<std::size_t>& class_of, std::size_t c) {
    FoldedClass& folded = classes_[c];
    const auto add = [&folded](std::size_t parent) {
      auto& order = folded.parents_in_order;
      if (std::find(order.begin(), order.end(), parent) == order.end()) {
        order.push_back(parent);
      }
    };
    for (const Vertex parent : graph_.Parents(groups_[c].suspects.front())) {
      const std::size_t of = class_of[parent];
      if (std::binary_search(folded.parents.begin(), folded.parents.end(),
                             of)) {
        add(of);
      }
    }
    for (const std::size_t parent : folded.parents) add(parent);
  }

  const CommitGraph& graph_;
  std::span<const SearchMark> marks_;
  std::vector<TestedGroup> groups_;
  std::vector<FoldedClass> classes_;
};

}  // namespace

Result<std::vector<FoldedClass>> FoldSuspects(
    const CommitGraph& graph, std::span<const Vertex> suspects,
    bool first_parent, std::span<const SearchMark> marks) {
  if (marks.size() > kMaxFoldedMarks) {
    return Fail(ErrorCode::kUnsupported, "the search has more than " +
                                             std::to_string(kMaxFoldedMarks) +
                                             " marks");
  }
  return Folder(graph, marks).Fold(suspects, first_parent);
}

}  // namespace rebisect
