#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "sim/policies/posterior_selection.h"
#include "sim/policies/selection_entry.h"

namespace rebisect {

struct NoisyBinaryOptions {
  double stop = .99;
  /// How often a verdict is wrong, if that is known; else it is estimated
  /// from verdicts that contradict each other.
  std::optional<double> error{};
};

/// Noisy binary search by multiplicative weights: a bad verdict multiplies the
/// weights of the commit's ancestors by 1 + s, a good one those of all others;
/// tested is the commit that has nearest to half of the weight below it. The
/// stiffness s depends on the flakiness f, twice the rate of wrong verdicts:
///   s = min(2.6 f^-.37, .58 f^-.97, .19 f^-2.4).
/// It is more careful than Bayes' rule, which has 1 + s = (2 - f) / f: the
/// confidence is rather too low than too high.
///
/// The estimate of f, with each verdict: i pairs of a bad verdict and a good
/// one on a descendant (or on the commit itself) contradict each other; with
/// r = the sum over commits of their verdicts times (their verdicts and those
/// on ancestors), and q = (i + 1) / (r + 7.6143), f = min(1, .1698 q^2 +
/// 3.7844 q).
///
/// Sources: Karp, Kleinberg: Noisy binary search and its applications (SODA
/// 2007); s, the estimate and the stop (the weight of the likeliest commit,
/// all weights being 1 in sum) are those of robust-binary-search after 0.1.1,
/// https://github.com/adamcrume/robust-binary-search. (The estimate of 0.1.1,
/// 1 - sqrt(1 - 4 q) with other constants, is about half of that, and its
/// confidence too high.)
class NoisyBinarySelection final : public PosteriorSelection {
 public:
  /// REQUIRES: 0 < error < .5, where it is given.
  explicit NoisyBinarySelection(const NoisyBinaryOptions& options);

  [[nodiscard]] std::string_view Name() const override {
    return "noisy-binary";
  }

 private:
  [[nodiscard]] double LogLikelihood(const Group& group) override {
    return group.log;
  }
  [[nodiscard]] std::vector<Suspect> Choose(const Posterior& p) override;
  void Forget(const SuspectGraph& suspects) override;
  [[nodiscard]] LogFactors Hear(const Observation& observation,
                                const Group& group,
                                std::span<const Suspect> ancestors) override;
  [[nodiscard]] double Flakiness() const;

  std::optional<double> known_log_;  ///< ln(1 + s)
  struct Votes {
    std::uint32_t bad = 0;
    std::uint32_t good = 0;
  };
  std::vector<Votes> votes_;  ///< by suspect
  double contradictions_ = 0;
  double pairs_ = 0;
};

extern const SelectionEntry kNoisyBinaryEntry;

}  // namespace rebisect
