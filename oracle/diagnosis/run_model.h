#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <utility>
#include <vector>

#include "oracle/diagnosis/evidence.h"
#include "oracle/diagnosis/model_priors.h"

namespace rebisect {

/// Natural logarithm of the probability of one sequence of runs, `hits` of
/// them crashes and `misses` not, when their common chance is Beta(a, b):
/// B(a + hits, b + misses) / B(a, b). O(hits + misses).
[[nodiscard]] double LogBetaRuns(double a, double b, int hits, int misses);

/// log(exp(a) + exp(b)).
[[nodiscard]] double LogAdd(double a, double b);

/// What a hypothesis says of a tested commit.
enum class Presence : std::uint8_t {
  kAbsent,   ///< it has not the bug
  kPresent,  ///< it has it
  kEither,   ///< one or the other, even odds (the bug may not be in yet)
  kApart,    ///< its rate has nothing to do with that of other commits
  kBest,     ///< whichever of absent and present explains its runs better
  kWorst,    ///< whichever explains them worse
};
inline constexpr std::size_t kPresences = 6;

/// How likely runs are. The bug shows at a commit that has it with a chance
/// drawn from Beta(m k, (1 - m) k): m is the mean rate of the reproducer, k
/// how alike the commits are. Both are common to all commits and unknown; they
/// are summed over a grid, 13 means by 6 concentrations. So
///   present: (1 - hidden) BB(m k, (1 - m) k) + hidden BB(false crashes)
///   absent:  (1 - exposed) BB(false crashes) + exposed BB(m k, (1 - m) k)
/// with BB as in LogBetaRuns().
class RunModel {
 public:
  explicit RunModel(const ModelPriors& priors);

  struct Point {
    double mean;
    double concentration;
    double log_weight;  ///< the weights add up to 1
  };
  [[nodiscard]] std::span<const Point> grid() const { return grid_; }
  [[nodiscard]] const ModelPriors& priors() const { return priors_; }

  /// Logarithms of the probability of such a sequence of runs, by presence.
  using Terms = std::array<double, kPresences>;
  /// By point of the grid; kept, so that equal counts cost nothing again.
  /// The reference stays valid. O(grid * (hits + misses)) the first time.
  const std::vector<Terms>& OfRuns(int hits, int misses);
  /// Of a verdict without runs.
  [[nodiscard]] Terms OfVerdict(Verdict verdict) const;

 private:
  ModelPriors priors_;
  std::vector<Point> grid_;
  std::map<std::pair<int, int>, std::vector<Terms>> known_;
};

}  // namespace rebisect
