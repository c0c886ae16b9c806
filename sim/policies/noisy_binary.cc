#include "sim/policies/noisy_binary.h"

#include <algorithm>
#include <array>

#include "sim/base/check.h"
#include "sim/base/portable_math.h"

namespace rebisect {
namespace {

/// ln(1 + s).
double LogFactor(double flakiness) {
  const double log = PortableLog(flakiness);
  const double stiffness =
      std::min({2.6 * PortableExp(-.37 * log), .58 * PortableExp(-.97 * log),
                .19 * PortableExp(-2.4 * log)});
  return PortableLog(1 + stiffness);
}

constexpr std::array kNoisyBinaryParameters = {
    ParameterInfo{kStopParameter, NoisyBinaryOptions{}.stop, kAboutStop},
    ParameterInfo{"error", kUnknownNumber,
                  "how often a verdict is wrong; estimated if it is unknown"},
    kPriorParameter};

Result<std::unique_ptr<SelectionPolicy>> MakeNoisyBinary(
    PolicyParameters& params, const Prng&) {
  NoisyBinaryOptions options;
  options.stop = params.Probability(kStopParameter);
  options.error = params.NumberOrUnknown("error", kMinError, kMaxError);
  return std::make_unique<NoisyBinarySelection>(options);
}

}  // namespace

NoisyBinarySelection::NoisyBinarySelection(const NoisyBinaryOptions& options)
    : PosteriorSelection(options.stop) {
  if (!options.error) return;
  REBISECT_CHECK(*options.error > 0 && *options.error < .5);
  known_log_ = LogFactor(2 * *options.error);
}

void NoisyBinarySelection::Forget(const SuspectGraph& suspects) {
  votes_.assign(suspects.size(), {});
  contradictions_ = 0;
  pairs_ = 0;
}

NoisyBinarySelection::LogFactors NoisyBinarySelection::Hear(
    const Observation& observation, const Group& group,
    std::span<const Suspect> ancestors) {
  if (!known_log_) {
    Votes& own = votes_[observation.commit];
    // Those of the ancestors, and of the commit itself.
    Votes below;
    for (const Suspect a : ancestors) {
      below.bad += votes_[a].bad;
      below.good += votes_[a].good;
    }
    // group: those of the descendants, and of the commit itself. With its own
    // the new verdict makes (v + 1)^2 out of v^2.
    contradictions_ += observation.bad ? group.good : below.bad;
    pairs_ += 1. + below.bad + below.good + group.bad + group.good;
    ++(observation.bad ? own.bad : own.good);
  }
  const double log = known_log_ ? *known_log_ : LogFactor(Flakiness());
  if (observation.bad) return {log, 0};
  return {0, log};
}

double NoisyBinarySelection::Flakiness() const {
  const double share = (contradictions_ + 1) / (pairs_ + 7.6143);
  return std::min(1., share * (.1698 * share + 3.7844));
}

std::vector<Suspect> NoisyBinarySelection::Choose(const Posterior& p) {
  return {NearestToHalf(p.view.suspects, p.candidates, MassesBelow(p))};
}

constinit const SelectionEntry kNoisyBinaryEntry{
    .info = {"noisy-binary",
             "multiplicative weights, the test nearest to half of the weight, "
             "as robust-binary-search",
             kNoisyBinaryParameters},
    .make = &MakeNoisyBinary,
};

}  // namespace rebisect
