#include "sim/trees/culprit_draw.h"

#include <utility>

#include "sim/base/check.h"

namespace rebisect {

CulpritDraw CulpritDraw::Uniform(std::uint32_t suspects) {
  REBISECT_CHECK(suspects > 0);
  CulpritDraw draw;
  draw.size_ = suspects;
  return draw;
}

CulpritDraw CulpritDraw::Among(std::vector<Suspect> culprits) {
  CulpritDraw draw = Uniform(static_cast<std::uint32_t>(culprits.size()));
  draw.among_ = std::move(culprits);
  return draw;
}

/// Walker's alias method, as Vose sets it up: columns of equal width, in each
/// its suspect and at most one other.
CulpritDraw CulpritDraw::Weighted(const std::vector<double>& weights) {
  const auto n = static_cast<std::uint32_t>(weights.size());
  CulpritDraw draw = Uniform(n);
  double sum = 0;
  for (const double weight : weights) sum += weight;
  REBISECT_CHECK(sum > 0);
  std::vector<double> height(n);
  std::vector<Suspect> low;
  std::vector<Suspect> high;
  for (Suspect s = 0; s < n; ++s) {
    draw.chances_.push_back(weights[s] / sum);
    height[s] = draw.chances_[s] * n;
    (height[s] < 1 ? low : high).push_back(s);
  }
  constexpr double kWhole = 0x1p32;
  draw.share_.assign(n, std::uint64_t{1} << 32U);
  draw.other_.resize(n);
  while (!low.empty() && !high.empty()) {
    const Suspect small = low.back();
    const Suspect large = high.back();
    low.pop_back();
    draw.share_[small] = static_cast<std::uint64_t>(height[small] * kWhole);
    draw.other_[small] = large;
    height[large] -= 1 - height[small];
    if (height[large] < 1) {
      high.pop_back();
      low.push_back(large);
    }
  }
  return draw;
}

/// No culprit is one more column.
CulpritDraw CulpritDraw::MaybeNoCulprit(std::uint32_t suspects,
                                        double no_culprit) {
  REBISECT_CHECK(suspects > 0 && no_culprit > 0 && no_culprit < 1);
  std::vector<double> weights(suspects, (1 - no_culprit) / suspects);
  weights.push_back(no_culprit);
  CulpritDraw draw = Weighted(weights);
  draw.no_culprit_ = no_culprit;
  for (Suspect s = 0; s < suspects; ++s) draw.to_.push_back(s);
  draw.to_.push_back(kNoSuspect);
  return draw;
}

CulpritDraw CulpritDraw::Mapped(std::vector<Suspect> to) const {
  CulpritDraw mapped = *this;
  if (to_.empty()) {
    mapped.to_ = std::move(to);
    return mapped;
  }
  for (Suspect& s : mapped.to_) {
    if (s != kNoSuspect) s = to[s];
  }
  return mapped;
}

std::vector<double> CulpritDraw::Chances(std::uint32_t suspects) const {
  std::vector<double> chances(suspects, 0);
  for (std::uint32_t i = 0; i < size_; ++i) {
    const Suspect s = Stand(among_.empty() ? i : among_[i]);
    if (s == kNoSuspect) continue;
    chances[s] += chances_.empty() ? 1.0 / size_ : chances_[i];
  }
  return chances;
}

}  // namespace rebisect
