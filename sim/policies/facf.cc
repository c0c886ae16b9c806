#include "sim/policies/facf.h"

#include <algorithm>
#include <array>
#include <optional>

#include "sim/base/check.h"
#include "sim/graph/commit_age.h"
#include "sim/policies/verdict_rates.h"

namespace rebisect {
namespace {

// Masses that differ by less are the same, but for rounding.
constexpr double kSameMass = 1e-12;

constexpr double kMaxShare = .999;
constexpr std::array<std::string_view, 2> kYesNo = {"no", "yes"};
constexpr FacfOptions kUsualFacf{};

constexpr std::array kFacfParameters = {
    ParameterInfo{kStopParameter, kUsualFacf.stop, kAboutStop},
    ParameterInfo{"flake-rate", kUsualFacf.flake_rate,
                  "how often a commit without the bug is called bad"},
    ParameterInfo{"no-culprit", kUsualFacf.no_culprit,
                  "how likely it is beforehand that there is no culprit"},
    ParameterInfo{"tests", kUsualFacf.tests, "tests side by side"},
    ParameterInfo{"predecessor-first",
                  kYesNo[kUsualFacf.predecessor_first ? 1 : 0],
                  "yes: what lies below a commit is tested before it"},
    kPriorParameter};

Result<std::unique_ptr<SelectionPolicy>> MakeFacf(PolicyParameters& params,
                                                  const Prng&) {
  FacfOptions options;
  options.stop = params.Probability(kStopParameter);
  options.flake_rate = params.Number("flake-rate", 0, kMaxShare);
  options.no_culprit = params.Number("no-culprit", 0, kMaxShare);
  options.tests = params.Int("tests", 1, kMaxSideBySide);
  options.predecessor_first = params.Choice("predecessor-first", kYesNo) == 1;
  return std::make_unique<FacfSelection>(options);
}

}  // namespace

FacfSelection::FacfSelection(const FacfOptions& options)
    : PosteriorSelection(options.stop), options_(options) {
  REBISECT_CHECK(options.flake_rate >= 0 && options.flake_rate < 1);
  REBISECT_CHECK(options.no_culprit >= 0 && options.no_culprit < 1);
  REBISECT_CHECK(options.tests >= 1);
}

double FacfSelection::LogLikelihood(const Group& group) {
  return LogChance(1, group.bad, group.good) +
         LogChance(options_.flake_rate, observed().bad() - group.bad,
                   observed().good() - group.good);
}

FacfSelection::NoCulprit FacfSelection::NoCulpritHypothesis() {
  return {options_.no_culprit,
          LogChance(options_.flake_rate, observed().bad(), observed().good())};
}

void FacfSelection::Forget(const SuspectGraph& suspects) {
  tested_.assign(suspects.size(), 0);
}

FacfSelection::LogFactors FacfSelection::Hear(
    const Observation& observation, const Group& /*group*/,
    std::span<const Suspect> /*ancestors*/) {
  tested_[observation.commit] = 1;
  return {};
}

std::vector<Suspect> FacfSelection::Choose(const Posterior& p) {
  below_ = MassesBelow(p);
  std::vector<Suspect> tests;
  for (int i = 1; i <= options_.tests; ++i) {
    const Suspect v =
        Predecessor(p, First(p, static_cast<double>(i) / (options_.tests + 1)));
    if (std::find(tests.begin(), tests.end(), v) == tests.end()) {
      tests.push_back(v);
    }
  }
  return tests;
}

Suspect FacfSelection::First(const Posterior& p, double mass) const {
  double least = 2;
  double most = 0;
  for (const Suspect s : p.candidates) {
    if (below_[s] >= mass - kSameMass) least = std::min(least, below_[s]);
    most = std::max(most, below_[s]);
  }
  const double wanted = least <= 1 + kSameMass ? least : most;
  std::optional<Suspect> first;
  for (const Suspect s : p.candidates) {
    if (below_[s] < wanted - kSameMass || below_[s] > wanted + kSameMass)
      continue;
    if (!first || IsOlder(p.view.suspects, s, *first)) first = s;
  }
  return *first;
}

Suspect FacfSelection::Predecessor(const Posterior& p, Suspect v) {
  sums().FindAncestors(v, ancestors_);
  std::erase_if(ancestors_, [&](Suspect a) {
    return a == v || below_[a] <= 0 ||
           !std::binary_search(p.candidates.begin(), p.candidates.end(), a);
  });
  if (ancestors_.empty()) return v;
  double most = 0;
  for (const Suspect a : ancestors_) most = std::max(most, below_[a]);
  std::optional<Suspect> last;
  for (const Suspect a : ancestors_) {
    if (below_[a] < most - kSameMass) continue;
    if (!last || IsOlder(p.view.suspects, a, *last)) last = a;
  }
  if (options_.predecessor_first && tested_[*last] == 0) return *last;
  const bool stuck = tested_[v] != 0 && below_[*last] > 1 - below_[v];
  return stuck ? *last : v;
}

constinit const SelectionEntry kFacfEntry{
    .info = {"facf",
             "flake aware culprit finding: only bad verdicts may be wrong, and "
             "there may be no culprit",
             kFacfParameters},
    .make = &MakeFacf,
};

}  // namespace rebisect
