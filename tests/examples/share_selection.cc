#include "tests/examples/share_selection.h"

#include <algorithm>
#include <cmath>

namespace rebisect::examples {

std::vector<Suspect> ShareSelection::Choose(const Choice& choice) {
  const std::vector<double> below =
      MassesBelow(choice.view.suspects, choice.view.prior);
  const double wanted = share_ * below[choice.view.bad];
  const auto distance = [&](Suspect s) { return std::abs(below[s] - wanted); };
  return {*std::min_element(
      choice.candidates.begin(), choice.candidates.end(),
      [&](Suspect a, Suspect b) { return distance(a) < distance(b); })};
}

}  // namespace rebisect::examples
