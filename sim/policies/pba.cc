#include "sim/policies/pba.h"

#include "sim/base/check.h"
#include "sim/base/portable_math.h"

namespace rebisect {

PbaSelection::PbaSelection(const PbaOptions& options)
    : PosteriorSelection(options.stop) {
  REBISECT_CHECK(options.error > 0 && options.error < .5);
  log_odds_ = PortableLog((1 - options.error) / options.error);
}

double PbaSelection::LogLikelihood(const Group& group) {
  // The verdicts that would be right, up to what all groups have in common.
  const double right =
      static_cast<double>(group.bad) + (observed().good() - group.good);
  return right * log_odds_;
}

std::vector<Suspect> PbaSelection::Choose(const Posterior& p) {
  return {NearestToHalf(p.view.suspects, p.candidates, MassesBelow(p))};
}

}  // namespace rebisect
