#include "scenarios/reconstruct/reconstruct_layout.h"

#include <algorithm>
#include <initializer_list>
#include <utility>

#include "sim/base/check.h"

namespace rebisect {
namespace {

using Index = std::uint32_t;

/// A run of suspects that are never proposed, in strands (lines of commits,
/// each starting on the good commit) of at most `length`.
struct Strands {
  Index first = 0;
  std::int64_t commits = 0;
  std::int64_t length = 1;

  /// The newest commits of the strands that the first `n` commits make.
  void AppendTips(std::int64_t n, std::vector<Index>& tips) const {
    for (std::int64_t end = length; end < n; end += length) {
      tips.push_back(first + static_cast<Index>(end) - 1);
    }
    if (n > 0) tips.push_back(first + static_cast<Index>(n) - 1);
  }
};

/// Adds commits to a layout, oldest first.
class Builder {
 public:
  Builder(const Chain& chain, const LayoutSurroundings& around)
      : chain_(chain), around_(around) {
    layout_.midpoints.resize(chain.steps.size());
  }

  Layout Merged();
  Layout Line();

 private:
  Index Add(const std::vector<Index>& parents) {
    layout_.parents.insert(layout_.parents.end(), parents.begin(),
                           parents.end());
    layout_.rows.push_back(static_cast<Index>(layout_.parents.size()));
    return static_cast<Index>(layout_.rows.size() - 2);
  }
  Index AddAfter(Index parent) {
    layout_.parents.push_back(parent);
    layout_.rows.push_back(static_cast<Index>(layout_.parents.size()));
    return static_cast<Index>(layout_.rows.size() - 2);
  }
  void AddFoundation();
  void AddNewer();
  Strands AddStrands(std::int64_t commits, std::int64_t length);
  void AddGoodStep(std::size_t k, std::vector<Index>& tip_parents);
  void LinkTo(const ChainStep& step, std::vector<Index>& parents) const;
  Index AddTip(std::vector<Index> parents, bool outermost);

  const Chain& chain_;
  const LayoutSurroundings& around_;
  Layout layout_;
  Index base_ = 0;                ///< what every strand starts on
  std::vector<Strands> removed_;  ///< of each good step, by step
};

/// The commits below the suspects: a line of good ones, or, where merge bases
/// were tested, these in the good ones' place and the good ones beside.
void Builder::AddFoundation() {
  std::vector<Index> below;
  const auto add = [&] {
    below = {Add(below)};
    return below.front();
  };
  for (std::size_t i = 0; i < around_.older; ++i)
    layout_.older.push_back(add());
  std::reverse(layout_.older.begin(), layout_.older.end());
  for (std::size_t i = 1; i < around_.goods; ++i)
    layout_.goods.push_back(add());
  for (std::size_t i = 0; i < around_.merge_bases; ++i) {
    layout_.merge_bases.push_back(Add(below));
  }
  // git tests the newest merge base first.
  std::reverse(layout_.merge_bases.begin(), layout_.merge_bases.end());
  layout_.goods.push_back(
      Add(layout_.merge_bases.empty() ? below : layout_.merge_bases));
  std::reverse(layout_.goods.begin(), layout_.goods.end());
  base_ = layout_.merge_bases.empty() ? layout_.goods.front()
                                      : layout_.merge_bases.front();
}

void Builder::AddNewer() {
  Index below = layout_.bad;
  for (std::size_t i = 0; i < around_.newer; ++i) {
    below = AddAfter(below);
    layout_.newer.push_back(below);
  }
}

Strands Builder::AddStrands(std::int64_t commits, std::int64_t length) {
  const Strands strands{static_cast<Index>(layout_.size()), commits,
                        std::max<std::int64_t>(length, 1)};
  for (std::int64_t i = 0; i < commits; ++i) {
    const auto last = static_cast<Index>(layout_.size()) - 1;
    layout_.others.push_back(AddAfter(i % strands.length == 0 ? base_ : last));
  }
  return strands;
}

void Builder::LinkTo(const ChainStep& step, std::vector<Index>& parents) const {
  for (const ChainLink& link : step.links) {
    if (link.commits == chain_.steps[link.step].reached) {
      parents.push_back(layout_.midpoints[link.step]);
    } else {
      removed_[link.step].AppendTips(link.commits, parents);
    }
  }
}

/// What a good step removes: strands and the midpoint that merges them. Two
/// strands at least, so that the midpoint is a merge: git counts merges
/// before other commits.
void Builder::AddGoodStep(std::size_t k, std::vector<Index>& tip_parents) {
  const ChainStep& step = chain_.steps[k];
  const std::int64_t below = step.reached - 1;
  removed_[k] =
      AddStrands(below, std::min(step.distance() / 2, (below + 1) / 2));
  std::vector<Index> parents;
  removed_[k].AppendTips(below, parents);
  LinkTo(step, parents);
  if (parents.empty()) parents.push_back(base_);
  layout_.midpoints[k] = Add(parents);
  tip_parents.push_back(layout_.midpoints[k]);
}

/// Adds the bad commit of a step. The outermost one stands on every merge
/// base.
Index Builder::AddTip(std::vector<Index> parents, bool outermost) {
  if (outermost && layout_.merge_bases.size() > 1) {
    parents.insert(parents.end(), layout_.merge_bases.begin() + 1,
                   layout_.merge_bases.end());
  }
  if (parents.empty()) parents.push_back(base_);
  return Add(parents);
}

/// Oldest first: what good steps remove comes before all that is left (so
/// their midpoints win ties), what bad steps remove after it.
Layout Builder::Merged() {
  AddFoundation();
  const std::vector<ChainStep>& steps = chain_.steps;
  removed_.resize(steps.size());
  // The parents of the bad commits, outermost first, as they come to light.
  std::vector<std::vector<Index>> tips(1);
  std::vector<std::size_t> bad_steps;
  for (std::size_t k = 0; k < steps.size(); ++k) {
    if (steps[k].verdict == Verdict::kBad) {
      bad_steps.push_back(k);
      tips.emplace_back();
      LinkTo(steps[k], tips.back());
    } else {
      AddGoodStep(k, tips.back());
      // One more parent makes the bad commit a merge; see below.
      if (steps[k].suspects == 3 && steps[k].reached == 2) {
        tips.back().push_back(layout_.midpoints[k] - 1);
      }
    }
  }
  const std::int64_t strand =
      steps.empty() ? chain_.left : steps.back().distance() / 2;
  const Strands rest = AddStrands(chain_.left - 1, strand);
  rest.AppendTips(rest.commits, tips.back());
  while (!bad_steps.empty()) {
    const std::size_t k = bad_steps.back();
    bad_steps.pop_back();
    const Index midpoint = AddTip(std::move(tips.back()), false);
    tips.pop_back();
    layout_.midpoints[k] = midpoint;
    const ChainStep& step = steps[k];
    tips.back().push_back(midpoint);
    const Strands beside = AddStrands(step.beside() - 1, step.distance() / 2);
    beside.AppendTips(beside.commits, tips.back());
    // With 2 of 3 reached the bad commit has but one parent. Where it is
    // itself the midpoint of an earlier step (3 of 5), git has to count it
    // before this one, as a merge: let it merge its grandparent too.
    if (step.suspects == 3 && step.reached == 2) {
      tips.back().push_back(midpoint - 1);
    }
  }
  layout_.bad = AddTip(std::move(tips.back()), true);
  AddNewer();
  return std::move(layout_);
}

Layout Builder::Line() {
  AddFoundation();
  const std::vector<ChainStep>& steps = chain_.steps;
  const std::int64_t suspects =
      steps.empty() ? chain_.left : steps.front().suspects;
  const Strands line = AddStrands(suspects - 1, suspects);
  layout_.bad = AddTip(
      {line.commits > 0 ? static_cast<Index>(layout_.size() - 1) : base_},
      true);
  std::vector<bool> proposed(static_cast<std::size_t>(suspects), false);
  Index below = line.first;  // the oldest suspect
  for (std::size_t k = 0; k < steps.size(); ++k) {
    const Index midpoint = below + static_cast<Index>(steps[k].reached) - 1;
    layout_.midpoints[k] = midpoint;
    proposed[midpoint - line.first] = true;
    if (steps[k].verdict != Verdict::kBad) below = midpoint + 1;
  }
  layout_.others.erase(
      std::remove_if(layout_.others.begin(), layout_.others.end(),
                     [&](Index i) { return proposed[i - line.first]; }),
      layout_.others.end());
  AddNewer();
  return std::move(layout_);
}

}  // namespace

Layout LayOutMerged(const Chain& chain, const LayoutSurroundings& around) {
  REBISECT_CHECK(around.goods >= 1);
  return Builder(chain, around).Merged();
}

Layout LayOutLine(const Chain& chain, const LayoutSurroundings& around) {
  REBISECT_CHECK(around.goods >= 1);
  return Builder(chain, around).Line();
}

}  // namespace rebisect
