#pragma once

#include <cstdint>
#include <vector>

#include "sim/graph/suspect_graph.h"

namespace rebisect {

/// Who is guilty, trial by trial.
class CulpritDraw {
 public:
  /// Any of `suspects` suspects, each as likely. REQUIRES: suspects > 0.
  [[nodiscard]] static CulpritDraw Uniform(std::uint32_t suspects);
  /// Any of these, each as likely. REQUIRES: not empty.
  [[nodiscard]] static CulpritDraw Among(std::vector<Suspect> culprits);
  /// By suspect, in proportion. REQUIRES: none is negative, some is above 0.
  /// O(n).
  [[nodiscard]] static CulpritDraw Weighted(const std::vector<double>& weights);

  /// None with the chance `no_culprit`, else any of `suspects`, each as
  /// likely. REQUIRES: suspects > 0, 0 < no_culprit < 1. O(n).
  [[nodiscard]] static CulpritDraw MaybeNoCulprit(std::uint32_t suspects,
                                                  double no_culprit);

  /// The same, with to[s] in place of each suspect s: one who stands for it in
  /// a search that does not know it.
  [[nodiscard]] CulpritDraw Mapped(std::vector<Suspect> to) const;

  /// The culprit for 64 uniform bits; kNoSuspect: none. O(1). The chance of
  /// each is right to 2^-32.
  [[nodiscard]] Suspect Pick(std::uint64_t bits) const {
    const std::uint32_t at = Scale(bits, size_);
    if (!share_.empty()) {
      // Walker's alias method; the fraction that picked the column is used
      // up, the lower bits are not.
      const auto rest = static_cast<std::uint32_t>(bits * size_ >> 32U);
      return Stand(rest < share_[at] ? at : other_[at]);
    }
    return Stand(among_.empty() ? at : among_[at]);
  }

  /// By suspect of `suspects`, the chance of each; their sum is 1, less the
  /// chance of none.
  [[nodiscard]] std::vector<double> Chances(std::uint32_t suspects) const;
  [[nodiscard]] double ChanceOfNoCulprit() const { return no_culprit_; }

 private:
  CulpritDraw() = default;
  /// floor(bits * n / 2^64).
  static std::uint32_t Scale(std::uint64_t bits, std::uint32_t n) {
    const std::uint64_t high = (bits >> 32U) * n;
    const std::uint64_t low = ((bits & 0xffffffffU) * n) >> 32U;
    return static_cast<std::uint32_t>((high + low) >> 32U);
  }

  [[nodiscard]] Suspect Stand(Suspect s) const {
    return to_.empty() ? s : to_[s];
  }

  std::uint32_t size_ = 0;
  double no_culprit_ = 0;
  std::vector<Suspect> among_;
  std::vector<double> chances_;       // weighted: by suspect
  std::vector<std::uint64_t> share_;  // weighted: of 2^32, by column
  std::vector<Suspect> other_;
  std::vector<Suspect> to_;  // empty: each stands for itself
};

}  // namespace rebisect
