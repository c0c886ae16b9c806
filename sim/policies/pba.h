#pragma once

#include <vector>

#include "sim/policies/posterior_selection.h"
#include "sim/policies/selection_entry.h"

namespace rebisect {

struct PbaOptions {
  double stop = .95;
  double error = .1;  ///< how often a verdict is wrong
};

/// The probabilistic bisection algorithm: Bayes' rule with a known rate of
/// wrong verdicts, the same on both sides; tested is the median of the
/// posterior, on a graph the commit that has nearest to half of it below it.
/// (Of one rate on both sides that is also what leaves the least entropy.)
/// Source: Horstein (1963); Waeber, Frazier, Henderson: Bisection search with
/// noisy responses (SIAM Journal on Control and Optimization, 2013).
class PbaSelection final : public PosteriorSelection {
 public:
  /// REQUIRES: 0 < error < .5.
  explicit PbaSelection(const PbaOptions& options);

  [[nodiscard]] std::string_view Name() const override { return "pba"; }

 private:
  [[nodiscard]] double LogLikelihood(const Group& group) override;
  [[nodiscard]] std::vector<Suspect> Choose(const Posterior& p) override;

  double log_odds_;  ///< of a verdict to be right
};

extern const SelectionEntry kPbaEntry;

}  // namespace rebisect
