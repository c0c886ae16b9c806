#include "tests/examples/share_selection.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>

namespace rebisect::examples {
namespace {

constexpr std::array kShareParameters = {
    ParameterInfo{"share", .8, "how much of the mass is to lie below"},
    kPriorParameter};

Result<std::unique_ptr<SelectionPolicy>> MakeShare(PolicyParameters& params,
                                                   const Prng&) {
  return std::make_unique<ShareSelection>(params.Probability("share"));
}

}  // namespace

std::vector<Suspect> ShareSelection::Choose(const Choice& choice) {
  const std::vector<double> below =
      MassesBelow(choice.view.suspects, choice.view.prior);
  const double wanted = share_ * below[choice.view.bad];
  const auto distance = [&](Suspect s) { return std::abs(below[s] - wanted); };
  return {*std::min_element(
      choice.candidates.begin(), choice.candidates.end(),
      [&](Suspect a, Suspect b) { return distance(a) < distance(b); })};
}

constinit const SelectionEntry kShareEntry{
    .info = {"share", "the commit with that share of the mass below it",
             kShareParameters},
    .make = &MakeShare,
    .tree = SelectionTree::kByPolicy,
};

}  // namespace rebisect::examples
