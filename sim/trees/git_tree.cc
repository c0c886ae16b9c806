#include "sim/trees/git_tree.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include "sim/base/check.h"
#include "sim/graph/date_queue.h"
#include "sim/session/git_objects.h"
#include "sim/session/git_selection.h"
#include "sim/trees/policy_tree.h"

namespace rebisect {
namespace {

using Date = std::int64_t;
constexpr Date kNever = std::numeric_limits<Date>::min();
constexpr Date kAlways = std::numeric_limits<Date>::max();

class GitTreeBuilder final : public PolicyTreeBuilder {
 public:
  GitTreeBuilder(const SuspectGraph& suspects, std::span<const Vertex> goods,
                 const GitRules& rules, SelectionPolicy& policy)
      : PolicyTreeBuilder(suspects, {}, policy),
        goods_(goods.begin(), goods.end()),
        rules_(rules),
        marks_(suspects.size(), 0),
        exposure_(suspects.size()),
        line_(suspects.size(), kNever) {
    FindSkew();
    ExposeToGoods();
  }

  [[nodiscard]] std::size_t full_walks() const { return full_walks_; }
  [[nodiscard]] std::vector<Suspect> Unlike() const {
    std::vector<Suspect> unlike;
    for (Suspect s = 0; s < marks_.size(); ++s) {
      if ((marks_[s] & kUnlike) != 0) unlike.push_back(s);
    }
    return unlike;
  }

 private:
  /// Of a suspect.
  enum Mark : std::uint8_t {
    kSkewed = 1,  ///< is older than a parent
    kUnlike = 2,  ///< see GitTree::unlike
  };

  /// Of the lines of a suspect's parents for which (2) does not hold, the
  /// oldest commit.
  struct Exposure {
    Date equal = kAlways;  ///< where (3) holds, if for all and without skew
    Date other = kAlways;

    void Take(const Exposure& more) {
      equal = std::min(equal, more.equal);
      other = std::min(other, more.other);
    }
  };

  [[nodiscard]] Date DateOf(Suspect v) const {
    return all().graph->Date(all().vertices[v]);
  }

  /// What a parent `v`, no suspect, with the line `line` means for a child.
  [[nodiscard]] Exposure ExposureOf(Vertex v, Date line) const {
    const CommitGraph& graph = *all().graph;
    const Date date = graph.Date(v);
    if (line > date) return {};
    if (line == date && rises_[v] == 0) return {line, kAlways};
    return {kAlways, line};
  }

  void FindSkew() {
    const CommitGraph& graph = *all().graph;
    rises_.resize(graph.size());
    for (Vertex v = 0; v < graph.size(); ++v) {
      for (const Vertex p : graph.Parents(v)) {
        if (graph.Date(p) > graph.Date(v) ||
            (graph.Date(p) == graph.Date(v) && rises_[p] != 0)) {
          rises_[v] = 1;
        }
      }
    }
    for (Suspect s = 0; s < all().size(); ++s) {
      for (const Suspect p : all().Parents(s)) {
        if (DateOf(p) > DateOf(s)) marks_[s] |= kSkewed;
      }
    }
  }

  /// Marks suspects by their parents among the ancestors of the first goods.
  void ExposeToGoods() {
    const CommitGraph& graph = *all().graph;
    const auto n = static_cast<Vertex>(graph.size());
    // By vertex: of the lines from a good commit down to it, itself left out,
    // the one whose oldest commit is newest.
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
      const Vertex v = all().vertices[s];
      // Listed by git all the same: nothing is proved for such a list.
      if (line[v] != kNever) {
        marks_[s] |= kUnlike;
        exposure_[s].other = kNever;
      }
      for (const Vertex p : graph.Parents(v)) {
        if (suspect[p] == 0 && good[p] == 0) {
          exposure_[s].Take(ExposureOf(p, line[p]));
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
        if (contained[p] == 0 || p == test) continue;
        exposure_[step.suspects[v]].Take(
            ExposureOf(left.vertices[p], line_[p]));
      }
    }
    std::fill(line_.begin(), line_.begin() + test + 1, kNever);
  }

  void Relist(Step& step) override {
    std::uint8_t marks = 0;
    Exposure exposure;
    Date oldest = kAlways;
    for (const Suspect s : step.suspects) {
      marks |= marks_[s];
      exposure.Take(exposure_[s]);
      oldest = std::min(oldest, DateOf(s));
    }
    const bool ordered = (marks & kSkewed) == 0 && exposure.other == kAlways;
    const bool exposed =
        exposure.other <= oldest || (!ordered && exposure.equal <= oldest);
    if (exposed) {
      WalkAll(step);
    } else {
      WalkSuspects(step.left);
    }
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

  void WalkAll(Step& step) {
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
    REBISECT_CHECK(emitted.has_value());  // without trees nothing can fail
    std::vector<Suspect> listing;
    bool unlike = false;
    for (auto it = emitted->rbegin(); it != emitted->rend(); ++it) {
      if (objects.Uninteresting(*it)) continue;
      const auto at =
          std::lower_bound(left.vertices.begin(), left.vertices.end(), *it);
      if (at == left.vertices.end() || *at != *it) {
        unlike = true;
        continue;
      }
      listing.push_back(static_cast<Suspect>(at - left.vertices.begin()));
    }
    if (listing.size() == left.size()) {
      left.listing = std::move(listing);
      if (!unlike) return;
    }
    for (const Suspect s : step.suspects) marks_[s] |= kUnlike;
  }

  std::vector<Vertex> goods_;
  const GitRules& rules_;
  // By vertex: 1 where commits of one date, of which it is the last, have a
  // parent that is newer.
  std::vector<std::uint8_t> rises_;
  std::vector<std::uint8_t> marks_;  // by suspect
  std::vector<Exposure> exposure_;   // the same
  std::vector<Date> line_;           // scratch
  std::vector<std::uint8_t> seen_;   // scratch
  std::size_t full_walks_ = 0;
};

}  // namespace

GitTree BuildGitTree(const SuspectGraph& suspects,
                     std::span<const Vertex> goods, const GitRules& rules) {
  REBISECT_CHECK(!rules.merge_base_marks_leak);
  GitSelection policy(rules);
  GitTreeBuilder builder(suspects, goods, rules, policy);
  auto tree = builder.Run();
  REBISECT_CHECK(tree.has_value());  // all suspects count, none is skipped
  return {*std::move(tree), builder.full_walks(), builder.Unlike()};
}

}  // namespace rebisect
