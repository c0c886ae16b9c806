#pragma once

#include <cstddef>
#include <vector>

#include "oracle/diagnosis/evidence.h"
#include "oracle/diagnosis/hypotheses.h"
#include "oracle/diagnosis/posterior.h"

namespace rebisect {

/// Something to do next: build this commit and run it some times.
struct NextTest {
  Vertex commit = 0;
  bool tested_before = false;
  /// Expected drop of the entropy over all commits, in bits, by kNextRuns.
  std::vector<double> entropy_drop{};
};
inline constexpr int kNextRuns[] = {1, 3, 10};

/// The tests that are expected to tell most in ten runs: the best commits that
/// were not tested, one of each group of suspects, and the best of those that
/// were; at most `most` of both, the best first. Only the crash
/// searched for is thought of, as the model expects it; what holds less than a
/// millionth of the mass is left out.
/// O((suspects + edges) * groups with such mass).
[[nodiscard]] std::vector<NextTest> FindNextTests(
    RunModel& model, const Evidence& evidence, const SearchSpace& space,
    const HypothesisSpace& hypotheses, const Posterior& posterior,
    std::size_t most);

}  // namespace rebisect
