#include "sim/policies/narrowing.h"

#include <algorithm>
#include <array>
#include <limits>

#include "sim/graph/ancestor_cover.h"
#include "sim/graph/commit_age.h"

namespace rebisect {
namespace {

double MassOf(const SuspectGraph& suspects, std::span<const double> prior,
              Suspect s) {
  if (!suspects.Counted(s)) return 0;
  return prior.empty() ? 1 : prior[s];
}

std::vector<double> MassesBySearch(const SuspectGraph& suspects,
                                   std::span<const double> prior) {
  std::vector<double> masses(suspects.size());
  std::vector<Suspect> seen(suspects.size(), kNoSuspect);
  std::vector<Suspect> stack;
  for (Suspect v = 0; v < suspects.size(); ++v) {
    double mass = 0;
    stack.assign(1, v);
    seen[v] = v;
    while (!stack.empty()) {
      const Suspect at = stack.back();
      stack.pop_back();
      mass += MassOf(suspects, prior, at);
      for (const Suspect parent : suspects.Parents(at)) {
        if (seen[parent] == v) continue;
        seen[parent] = v;
        stack.push_back(parent);
      }
    }
    masses[v] = mass;
  }
  return masses;
}

double Total(const SearchView& view) {
  double total = 0;
  for (Suspect s = 0; s < view.suspects.size(); ++s) {
    total += MassOf(view.suspects, view.prior, s);
  }
  return total;
}

constexpr std::array kPriorAlone = {kPriorParameter};
constexpr std::array kPriorAndObjective = {kPriorParameter,
                                           kObjectiveParameter};

template <class NoOptions>
Result<std::unique_ptr<SelectionPolicy>> MakeNarrowing(PolicyParameters&,
                                                       const Prng&) {
  return std::make_unique<NoOptions>();
}

Result<std::unique_ptr<SelectionPolicy>> MakeRandom(PolicyParameters&,
                                                    const Prng& prng) {
  return std::make_unique<RandomSelection>(prng);
}

}  // namespace

/// The candidate of the greatest worth among those that pass; ties by age.
template <class Passes, class Worth>
std::optional<Suspect> NarrowingSelection::Greatest(const Choice& choice,
                                                    const Passes& passes,
                                                    const Worth& worth_of) {
  std::optional<Suspect> best;
  double best_worth = -1;
  for (const Suspect s : choice.candidates) {
    if (!passes(s)) continue;
    const double worth = worth_of(s);
    if (worth < best_worth) continue;
    if (worth == best_worth && !IsOlder(choice.view.suspects, s, *best)) {
      continue;
    }
    best = s;
    best_worth = worth;
  }
  return best;
}

std::vector<double> MassesBelow(const SuspectGraph& suspects,
                                std::span<const double> prior) {
  const auto cover = CoverAncestors(suspects, kMaxCoverLimbs * suspects.size());
  if (!cover) return MassesBySearch(suspects, prior);
  std::vector<double> masses(suspects.size());
  for (Suspect v = 0; v < suspects.size(); ++v) {
    double mass = cover->trunk[v] == kNoSuspect ? 0 : masses[cover->trunk[v]];
    for (const Suspect limb : cover->Limbs(v)) {
      mass += MassOf(suspects, prior, limb);
    }
    masses[v] = mass;
  }
  return masses;
}

Result<NextStep> NarrowingSelection::Next(const SearchView& view) {
  const SuspectGraph& suspects = view.suspects;
  if (suspects.counted_total == 0) {
    return Fail(ErrorCode::kNoTestable,
                "none of the suspects can be tested; name other paths");
  }
  Choice choice{view, {}};
  DoneStep done;
  for (const Suspect s : suspects.listing) {
    if (!suspects.Counted(s)) continue;
    const bool skipped = !view.skipped.empty() && view.skipped[s] != 0;
    if (s == view.bad || skipped) {
      done.candidates.push_back(s);
    } else {
      choice.candidates.push_back(s);
    }
  }
  if (choice.candidates.empty()) {
    if (done.candidates.size() == 1) done.culprit = done.candidates.front();
    return NextStep(std::move(done));
  }
  std::sort(choice.candidates.begin(), choice.candidates.end());
  TestStep test;
  test.commits = Choose(choice);
  test.revisions_left = static_cast<std::int64_t>(suspects.counted_total) - 1;
  test.steps_left = EstimateSteps(suspects.counted_total);
  return NextStep(std::move(test));
}

std::vector<Suspect> BestSelection::Choose(const Choice& choice) {
  const SearchView& view = choice.view;
  const std::vector<double> masses = MassesBelow(view.suspects, view.prior);
  const double total = Total(view);
  const auto lighter_side = [&](Suspect s) {
    return std::min(masses[s], total - masses[s]);
  };
  const auto ruled_out_for_cost = [&](Suspect s) {
    return masses[s] * (total - masses[s]) / view.cost[s];
  };
  const auto all = [](Suspect) { return true; };
  return {view.cost.empty() ? *Greatest(choice, all, lighter_side)
                            : *Greatest(choice, all, ruled_out_for_cost)};
}

std::vector<Suspect> LinearSelection::Choose(const Choice& choice) {
  const SearchView& view = choice.view;
  std::vector<bool> candidate(view.suspects.size(), false);
  for (const Suspect s : choice.candidates) candidate[s] = true;
  const double half = Total(view) / 2;
  double mass = 0;
  Suspect best = choice.candidates.front();
  double best_distance = std::numeric_limits<double>::infinity();
  for (const Suspect s : view.suspects.listing) {
    mass += MassOf(view.suspects, view.prior, s);
    const double distance = mass > half ? mass - half : half - mass;
    if (!candidate[s] || distance >= best_distance) continue;
    best = s;
    best_distance = distance;
  }
  return {best};
}

std::vector<Suspect> RandomSelection::Choose(const Choice& choice) {
  return {choice.candidates[prng_.Below(
      static_cast<std::uint32_t>(choice.candidates.size()))]};
}

std::vector<Suspect> GoldenSelection::Choose(const Choice& choice) {
  constexpr double kPhiSquared = 2.618033988749895;
  const SearchView& view = choice.view;
  const SuspectGraph& suspects = view.suspects;
  const std::vector<double> masses = MassesBelow(suspects, view.prior);
  const double total = Total(view);
  const auto lighter_side = [&](Suspect s) {
    return std::min(masses[s], total - masses[s]);
  };
  const Suspect best = *Greatest(
      choice, [](Suspect) { return true; }, lighter_side);
  if (lighter_side(best) >= total / kPhiSquared) return {best};
  const auto first_of_half = [&](Suspect s) {
    if (2 * masses[s] < total) return false;
    const auto parents = suspects.Parents(s);
    return std::none_of(parents.begin(), parents.end(), [&](Suspect parent) {
      return 2 * masses[parent] >= total;
    });
  };
  return {Greatest(choice, first_of_half, lighter_side).value_or(best)};
}

constinit const SelectionEntry kBestEntry{
    .info = {"best",
             "the true midpoint of the graph, the oldest if there are several",
             kPriorAndObjective},
    .make = &MakeNarrowing<BestSelection>,
    .tree = SelectionTree::kMidpoints,
};

constinit const SelectionEntry kLinearEntry{
    .info = {"linear", "the middle of git's list, as if history were a line",
             kPriorAlone},
    .make = &MakeNarrowing<LinearSelection>,
    .tree = SelectionTree::kByPolicy,
};

constinit const SelectionEntry kRandomEntry{
    .info = {"random", "any of the suspects, each as likely", {}},
    .make = &MakeRandom,
    .draws = true,
};

constinit const SelectionEntry kGoldenEntry{
    .info = {"golden",
             "the midpoint if it is good enough, else the best commit with "
             "half of the suspects below it and no such parent: a bound on "
             "the worst case",
             kPriorAlone},
    .make = &MakeNarrowing<GoldenSelection>,
    .tree = SelectionTree::kByPolicy,
};

}  // namespace rebisect
