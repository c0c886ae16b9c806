#include "sim/session/git_selection.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "sim/base/check.h"

namespace rebisect {
namespace {

constexpr std::int32_t kPrnModulo = 32768;

/// git's linear congruential step, seeded with the count itself.
std::int32_t SkipPrn(std::uint32_t count, bool signed_arithmetic) {
  const std::uint32_t next = count * 1103515245U + 12345U;
  if (!signed_arithmetic) {
    return static_cast<std::int32_t>((next / 65536U) % kPrnModulo);
  }
  const auto wrapped = static_cast<std::int32_t>(next);
  const auto high = static_cast<std::uint32_t>(wrapped / 65536);
  return static_cast<std::int32_t>(high % kPrnModulo);
}

/// floor(sqrt(value)); equals git's sqrti() on 0..32768.
std::int32_t IntegerSqrt(std::int32_t value) {
  std::int32_t root = 0;
  while ((root + 1) * (root + 1) <= value) ++root;
  return root;
}

/// Where git jumps to in a list of `count` commits that were not skipped.
/// The product wraps at 32 bits as it does in git on every common machine;
/// the index may then be negative, which finds nothing.
std::int32_t SkipIndex(std::uint32_t count, bool signed_arithmetic) {
  const std::int32_t prn = SkipPrn(count, signed_arithmetic);
  const auto product =
      static_cast<std::int32_t>(count * static_cast<std::uint32_t>(prn));
  return (product / kPrnModulo) * IntegerSqrt(prn) / IntegerSqrt(kPrnModulo);
}

/// One step's choice, with what all of it needs.
class Chooser {
 public:
  Chooser(const SearchView& view, const GitRules& rules)
      : view_(view),
        suspects_(view.suspects),
        rules_(rules),
        weights_(ComputeWeights(view.suspects)) {
    if (suspects_.weightless_merge.has_value()) TakeAwayWeight();
  }

  Result<NextStep> Choose() {
    if (!view_.skipped.empty()) return ChooseWithSkips();
    return Propose(rules_.newest_first ? NewestFirst() : Halfway());
  }

 private:
  [[nodiscard]] std::int64_t Total() const { return suspects_.counted_total; }
  [[nodiscard]] std::int64_t Distance(Suspect s) const {
    return std::min<std::int64_t>(weights_[s], Total() - weights_[s]);
  }

  /// The merge weighs nothing, and what is counted up from it one by one
  /// (single-parent commits above it) starts from there.
  void TakeAwayWeight() {
    const Suspect merge = *suspects_.weightless_merge;
    weights_[merge] = 0;
    for (Suspect s = merge + 1; s < suspects_.size(); ++s) {
      const std::span<const Suspect> parents = suspects_.Parents(s);
      if (parents.size() == 1) {
        weights_[s] = weights_[parents[0]] + (suspects_.Counted(s) ? 1U : 0U);
      }
    }
  }

  [[nodiscard]] bool IsHalfway(Suspect s) const {
    if (!suspects_.Counted(s)) return false;
    const std::int64_t difference =
        2 * static_cast<std::int64_t>(weights_[s]) - Total();
    if (difference >= -1 && difference <= 1) return true;
    return rules_.approximate_halfway && std::abs(difference) < Total() / 1024;
  }

  /// The first commit about halfway in git's order of evaluation: merges as
  /// listed, then the others in repeated passes over the list, each as soon
  /// as its parent is known. Without one, the best, first listed.
  [[nodiscard]] Suspect Halfway() const {
    for (const Suspect s : suspects_.listing) {
      if (suspects_.Parents(s).size() >= 2 && IsHalfway(s)) return s;
    }
    if (const auto strand = HalfwayInPasses()) return *strand;
    Suspect best = suspects_.listing.front();
    std::int64_t best_distance = -1;
    for (const Suspect s : suspects_.listing) {
      if (!suspects_.Counted(s)) continue;
      if (Distance(s) > best_distance) {
        best = s;
        best_distance = Distance(s);
      }
    }
    return best;
  }

  /// A single-parent commit gets its weight in the pass in which its parent
  /// has one: the same pass if the parent is listed before it, the next one
  /// if after. Roots and merges are known before the first pass.
  [[nodiscard]] std::optional<Suspect> HalfwayInPasses() const {
    const std::size_t n = suspects_.size();
    std::vector<std::uint32_t> position(n);
    for (std::uint32_t i = 0; i < n; ++i) position[suspects_.listing[i]] = i;
    std::vector<std::uint32_t> pass(n, 0);
    std::optional<Suspect> first;
    for (Suspect s = 0; s < n; ++s) {
      const std::span<const Suspect> parents = suspects_.Parents(s);
      if (parents.size() != 1) continue;
      const Suspect p = parents[0];
      pass[s] = pass[p] == 0                ? 1
                : position[p] < position[s] ? pass[p]
                                            : pass[p] + 1;
      if (!IsHalfway(s)) continue;
      if (!first || pass[s] < pass[*first] ||
          (pass[s] == pass[*first] && position[s] < position[*first])) {
        first = s;
      }
    }
    return first;
  }

  /// Before 1.5.1: every commit in the order of the walk, newest first; the
  /// first of the greatest distance wins, and the exact half ends the search.
  [[nodiscard]] Suspect NewestFirst() const {
    Suspect best = suspects_.listing.back();
    std::int64_t closest = 0;
    for (auto it = suspects_.listing.rbegin(); it != suspects_.listing.rend();
         ++it) {
      if (!suspects_.Counted(*it)) continue;
      if (Distance(*it) > closest) {
        best = *it;
        closest = Distance(*it);
      }
    }
    return best;
  }

  /// All counted suspects by distance, greatest first, then by id.
  [[nodiscard]] std::vector<Suspect> Sorted() const {
    std::vector<Suspect> sorted;
    for (const Suspect s : suspects_.listing) {
      if (suspects_.Counted(s)) sorted.push_back(s);
    }
    const CommitGraph& graph = *suspects_.graph;
    std::sort(sorted.begin(), sorted.end(), [&](Suspect a, Suspect b) {
      if (Distance(a) != Distance(b)) return Distance(a) > Distance(b);
      return graph.Id(suspects_.vertices[a]) < graph.Id(suspects_.vertices[b]);
    });
    const std::size_t count = sorted.size();
    if (count == 0) {
      sorted.push_back(suspects_.listing.front());
    } else if (rules_.stale_sorted_tail && count < suspects_.size()) {
      sorted.push_back(suspects_.listing[count]);
    }
    return sorted;
  }

  Result<NextStep> ChooseWithSkips() {
    const std::vector<Suspect> sorted = Sorted();
    reaches_of_ = sorted.front();
    if (view_.skipped[sorted.front()] == 0) return Propose(sorted.front());
    std::vector<Suspect> tried;
    std::vector<Suspect> rest;
    for (const Suspect s : sorted) {
      (view_.skipped[s] != 0 ? tried : rest).push_back(s);
    }
    if (rest.empty()) return NextStep{DoneStep{std::nullopt, tried}};
    if (Total() == 0) return NoTestable();
    const Suspect chosen = rules_.no_skip_jump ? rest.front() : Jump(rest);
    if (chosen == view_.bad) {
      tried.push_back(view_.bad);
      return NextStep{DoneStep{std::nullopt, tried}};
    }
    return Propose(chosen);
  }

  [[nodiscard]] Suspect Jump(const std::vector<Suspect>& rest) const {
    const std::int32_t index = SkipIndex(
        static_cast<std::uint32_t>(rest.size()), rules_.signed_skip_prn);
    if (index < 0 || static_cast<std::size_t>(index) >= rest.size()) {
      return rest.front();
    }
    const auto at = static_cast<std::size_t>(index);
    if (rest[at] != view_.bad) return rest[at];
    return at > 0 ? rest[at - 1] : rest.front();
  }

  [[nodiscard]] static Result<NextStep> NoTestable() {
    return Fail(ErrorCode::kNoTestable, "no suspect touches the paths given");
  }

  Result<NextStep> Propose(Suspect chosen) const {
    if (Total() == 0) return NoTestable();
    if (chosen == view_.bad) return NextStep{DoneStep{chosen, {}}};
    const Suspect reaches_of = reaches_of_.value_or(chosen);
    return NextStep{TestStep{
        {chosen}, Total() - weights_[reaches_of] - 1, EstimateSteps(Total())}};
  }

  const SearchView& view_;
  const SuspectGraph& suspects_;
  const GitRules& rules_;
  Weights weights_;
  /// With skips the numbers come from the best commit, chosen or not.
  std::optional<Suspect> reaches_of_;
};

}  // namespace

int EstimateSteps(std::int64_t suspects) {
  if (suspects < 3) return 0;
  int n = 0;
  while ((suspects >> (n + 1)) != 0) ++n;
  const std::int64_t e = std::int64_t{1} << n;
  const std::int64_t x = suspects - e;
  return e < 3 * x ? n : n - 1;
}

Result<NextStep> GitSelection::Next(const SearchView& view) {
  REBISECT_CHECK(view.suspects.size() > 0);
  return Chooser(view, rules_).Choose();
}

}  // namespace rebisect
