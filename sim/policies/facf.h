#pragma once

#include <cstdint>
#include <vector>

#include "sim/policies/posterior_selection.h"
#include "sim/policies/selection_entry.h"

namespace rebisect {

struct FacfOptions {
  /// How often a commit without the culprit fails: the rate of flakes.
  double flake_rate = .1;
  /// How likely it is beforehand that there is no culprit.
  double no_culprit = .4;
  double stop = .99999999;
  /// Tests side by side.
  int tests = 1;
  /// Before a commit, what lies below it is tested, unless it was: it is
  /// expected to pass, and a pass says more than a failure.
  bool predecessor_first = true;
};

/// Flake aware culprit finding. A commit with the culprit always fails; one
/// without fails at the rate of flakes; and there may be no culprit at all.
/// Tested is the first commit that has half of the mass below it: of those
/// that have (in the order of history, here: those with least mass below
/// them), the one that IsOlder(); where "no culprit" has more than half, the
/// one with most mass below it. k tests side by side: the first commits that
/// have 1 / (k + 1), 2 / (k + 1), ... of it, each once.
///
/// In place of the commit found, v, its predecessor is tested, the candidate
/// among its ancestors with most mass below it (some), when that was never
/// tested; and when v was, and more mass lies below the predecessor than not
/// below v: tests of v alone, which fail, would never tell v from what lies
/// below it. (In the source this second case does not end.)
///
/// Source: Henderson, Dorward, Nickell, Johnston, Kondareddy: Flake aware
/// culprit finding (ICST 2023), on a line there. Confidence of its
/// verification and share without a culprit as defaults.
class FacfSelection final : public PosteriorSelection {
 public:
  /// REQUIRES: 0 <= flake_rate < 1, 0 <= no_culprit < 1, tests >= 1.
  explicit FacfSelection(const FacfOptions& options);

  [[nodiscard]] std::string_view Name() const override { return "facf"; }

 private:
  [[nodiscard]] double LogLikelihood(const Group& group) override;
  [[nodiscard]] NoCulprit NoCulpritHypothesis() override;
  [[nodiscard]] std::vector<Suspect> Choose(const Posterior& p) override;
  void Forget(const SuspectGraph& suspects) override;
  [[nodiscard]] LogFactors Hear(const Observation& observation,
                                const Group& group,
                                std::span<const Suspect> ancestors) override;

  /// The first candidate with that mass below it.
  [[nodiscard]] Suspect First(const Posterior& p, double mass) const;
  /// What is to be tested in place of v: maybe v itself.
  [[nodiscard]] Suspect Predecessor(const Posterior& p, Suspect v);

  FacfOptions options_;
  std::vector<std::uint8_t> tested_;  ///< by suspect
  // Of this call.
  std::vector<double> below_;
  std::vector<Suspect> ancestors_;
};

extern const SelectionEntry kFacfEntry;

}  // namespace rebisect
