#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "scenarios/reconstruct/reconstruct_record.h"
#include "sim/base/result.h"
#include "sim/base/verdict.h"

namespace rebisect {

/// Of the commits that step `step` (a good one) removed, this many are
/// ancestors of the commit that carries the link: all, or some that were
/// never proposed.
struct ChainLink {
  std::size_t step = 0;
  std::int64_t commits = 0;
};

/// A step of a search as numbers: of `suspects` commits, `reached` are
/// reachable from the commit chosen, itself included.
struct ChainStep {
  std::int64_t suspects = 0;
  std::int64_t reached = 0;
  std::optional<Verdict> verdict{};
  std::vector<ChainLink> links{};
  int line = 0;

  [[nodiscard]] std::int64_t beside() const { return suspects - reached; }
  /// git's measure: how far from having everything on one side.
  [[nodiscard]] std::int64_t distance() const {
    return reached < beside() ? reached : beside();
  }
  /// The suspects left after the verdict; without one, as if it were good.
  [[nodiscard]] std::int64_t after() const {
    return verdict == Verdict::kBad ? reached : beside();
  }
};

/// All the numbers of a search, chosen where the record leaves them open.
struct Chain {
  std::vector<ChainStep> steps{};
  std::int64_t left = 1;  ///< after() of the last step
  std::vector<std::string> notes{};
};

/// git's estimate of the steps left for this many suspects.
[[nodiscard]] std::int64_t EstimatedSteps(std::int64_t suspects);

/// Finds the numbers of every step, and the links that make every chosen
/// commit git's choice. O(steps * log(suspects)).
/// Errors: kInput with a line when the counts contradict each other or no
/// graph has them; kUnsupported for too many suspects. `file` is for errors.
[[nodiscard]] Result<Chain> SolveChain(const SearchRecord& record,
                                       const std::string& file);

}  // namespace rebisect
