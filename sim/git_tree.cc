#include "sim/git_tree.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include "sim/check.h"
#include "sim/date_queue.h"
#include "sim/git_objects.h"
#include "sim/git_selection.h"
#include "sim/policy_tree.h"

namespace rebisect {
namespace {

using Date = std::int64_t;
constexpr Date kNever = std::numeric_limits<Date>::min();

class GitTreeBuilder final : public PolicyTreeBuilder {
 public:
  GitTreeBuilder(const SuspectGraph& suspects, std::span<const Vertex> goods,
                 const GitRules& rules, SelectionPolicy& policy)
      : PolicyTreeBuilder(suspects, {}, policy),
        goods_(goods.begin(), goods.end()),
        rules_(rules),
        exposed_(suspects.size(), 0),
        line_(suspects.size(), kNever) {
    ExposeToGoods();
  }

  [[nodiscard]] std::size_t full_walks() const { return full_walks_; }

 private:
  [[nodiscard]] Date DateOf(Suspect v) const {
    return all().graph->Date(all().vertices[v]);
  }

  /// Suspects with a parent that is an ancestor of the first good commits and
  /// has no line of newer commits to one of them.
  void ExposeToGoods() {
    const CommitGraph& graph = *all().graph;
    const auto n = static_cast<Vertex>(graph.size());
    // By vertex: of the lines from a good commit down to it, itself left out,
    // the one whose oldest date is newest.
    std::vector<Date> line(n, kNever);
    std::vector<std::uint8_t> good(n, 0);
    for (const Vertex v : goods_) good[v] = 1;
    for (Vertex v = n; v-- > 0;) {
      if (good[v] == 0 && line[v] == kNever) continue;
      const Date through =
          good[v] != 0 ? graph.Date(v) : std::min(line[v], graph.Date(v));
      for (const Vertex p : graph.Parents(v)) {
        line[p] = std::max(line[p], through);
      }
    }
    std::vector<std::uint8_t> suspect(n, 0);
    for (const Vertex v : all().vertices) suspect[v] = 1;
    for (Suspect s = 0; s < all().size(); ++s) {
      for (const Vertex p : graph.Parents(all().vertices[s])) {
        if (suspect[p] == 0 && good[p] == 0 && line[p] <= graph.Date(p)) {
          exposed_[s] = 1;
        }
      }
    }
  }

  /// The same for the suspects that the good commit `test` leaves.
  void Divided(const Step& step, Suspect test,
               std::span<const std::uint8_t> contained) override {
    const SuspectGraph& left = step.left;
    for (Suspect v = test + 1; v-- > 0;) {
      if (contained[v] == 0) continue;
      const Date date = DateOf(step.suspects[v]);
      const Date through = v == test ? date : std::min(line_[v], date);
      for (const Suspect p : left.Parents(v)) {
        line_[p] = std::max(line_[p], through);
      }
    }
    for (Suspect v = 0; v < left.size(); ++v) {
      if (contained[v] != 0) continue;
      for (const Suspect p : left.Parents(v)) {
        if (contained[p] != 0 && p != test &&
            line_[p] <= DateOf(step.suspects[p])) {
          exposed_[step.suspects[v]] = 1;
        }
      }
    }
    std::fill(line_.begin(), line_.begin() + test + 1, kNever);
  }

  Result<void> Relist(Step& step) override {
    for (const Suspect s : step.suspects) {
      if (exposed_[s] != 0) return WalkAll(step);
    }
    WalkSuspects(step.left);
    return {};
  }

  void WalkSuspects(SuspectGraph& left) {
    const auto n = static_cast<Suspect>(left.size());
    if (n == 1) return;
    const CommitGraph& graph = *left.graph;
    seen_.assign(n, 0);
    DateQueue queue;
    const auto add = [&](Suspect v) {
      if (seen_[v] != 0) return;
      seen_[v] = 1;
      queue.Push(v, graph.Date(left.vertices[v]));
    };
    add(n - 1);
    left.listing.resize(n);
    for (Suspect at = n; at-- > 0;) {
      const Suspect v = queue.Pop();
      left.listing[at] = v;
      for (const Suspect p : left.Parents(v)) add(p);
    }
  }

  Result<void> WalkAll(Step& step) {
    ++full_walks_;
    const CommitGraph& graph = *all().graph;
    std::vector<Vertex> goods = goods_;
    for (const Suspect s : GoodsOf(step)) goods.push_back(all().vertices[s]);
    // git reads them in the order of refs/bisect/good-<id>.
    std::sort(goods.begin(), goods.end(),
              [&](Vertex a, Vertex b) { return graph.Id(a) < graph.Id(b); });
    SuspectGraph& left = step.left;
    std::vector<WalkInput> inputs = {{left.vertices.back(), false}};
    for (const Vertex v : goods) inputs.push_back({v, true});
    GitObjects objects(graph, rules_);
    const auto emitted = objects.Walk(inputs, {});
    if (!emitted) return tl::unexpected(emitted.error());
    std::vector<Suspect> listing;
    for (auto it = emitted->rbegin(); it != emitted->rend(); ++it) {
      if (objects.Uninteresting(*it)) continue;
      const auto at =
          std::lower_bound(left.vertices.begin(), left.vertices.end(), *it);
      if (at == left.vertices.end() || *at != *it) return NoTree();
      listing.push_back(static_cast<Suspect>(at - left.vertices.begin()));
    }
    if (listing.size() != left.size()) return NoTree();
    left.listing = std::move(listing);
    return {};
  }

  static tl::unexpected<Error> NoTree() {
    return Fail(ErrorCode::kUnsupported,
                "dates in this history run so far against its order that git "
                "lists other commits than the suspects");
  }

  std::vector<Vertex> goods_;
  const GitRules& rules_;
  std::vector<std::uint8_t> exposed_;  // by suspect: not (2)
  std::vector<Date> line_;             // scratch
  std::vector<std::uint8_t> seen_;     // scratch
  std::size_t full_walks_ = 0;
};

}  // namespace

Result<GitTree> BuildGitTree(const SuspectGraph& suspects,
                             std::span<const Vertex> goods,
                             const GitRules& rules) {
  REBISECT_CHECK(!rules.merge_base_marks_leak);
  GitSelection policy(rules);
  GitTreeBuilder builder(suspects, goods, rules, policy);
  auto tree = builder.Run();
  if (!tree) return tl::unexpected(tree.error());
  return GitTree{*std::move(tree), builder.full_walks()};
}

}  // namespace rebisect
