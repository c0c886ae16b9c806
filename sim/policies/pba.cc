#include "sim/policies/pba.h"

#include <array>

#include "sim/base/check.h"
#include "sim/base/portable_math.h"

namespace rebisect {
namespace {

constexpr std::array kPbaParameters = {
    ParameterInfo{kStopParameter, PbaOptions{}.stop, kAboutStop},
    ParameterInfo{"error", PbaOptions{}.error, "how often a verdict is wrong"},
    kPriorParameter};

Result<std::unique_ptr<SelectionPolicy>> MakePba(PolicyParameters& params,
                                                 const Prng&) {
  PbaOptions options;
  options.stop = params.Probability(kStopParameter);
  options.error = params.Number("error", kMinError, kMaxError);
  return std::make_unique<PbaSelection>(options);
}

}  // namespace

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

constinit const SelectionEntry kPbaEntry{
    .info = {"pba",
             "probabilistic bisection: Bayes' rule with one known rate of "
             "errors, the median",
             kPbaParameters},
    .make = &MakePba,
};

}  // namespace rebisect
