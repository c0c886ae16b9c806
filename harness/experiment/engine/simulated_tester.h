#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "harness/experiment/spec/experiment.h"
#include "oracle/verdict/retry_policy.h"
#include "oracle/verdict/verdict_policy.h"
#include "sim/graph/commit_id.h"

namespace rebisect {

/// What simulated tests have cost.
struct TestCosts {
  std::int64_t tests = 0;
  std::int64_t runs = 0;
  std::int64_t builds = 0;
  std::int64_t build_ms = 0;  ///< of the builds, in sum
};

/// Tests commits of one simulated search as a retry policy says, with runs
/// drawn from a noise model, and lets a verdict policy judge them. The runs of
/// a commit depend on (noise_seed, commit, build, run) alone, so that two
/// searches with the same noise_seed meet the same.
class SimulatedTester {
 public:
  /// All borrowed.
  SimulatedTester(const RunNoise& noise, const RetryPolicy& retry,
                  const VerdictPolicy& verdict, std::uint64_t noise_seed);

  /// A test of a new build, which takes `build_ms`. `has_bug`: what is true of
  /// the commit. With kCulprit the runs of all its tests are judged together.
  [[nodiscard]] RulingKind Judge(const CommitId& commit, bool has_bug,
                                 TestPurpose purpose, std::int64_t build_ms);

  [[nodiscard]] const TestCosts& costs() const { return costs_; }
  /// What the verdict policy thinks of the search, 0 to 1.
  [[nodiscard]] double confidence() const { return history_.confidence; }

 private:
  struct Made {
    std::uint32_t builds = 0;
    std::uint32_t runs = 0;
    Test test{};
  };

  void Draw(const CommitId& commit, bool has_bug, Made& made);

  const RunNoise& noise_;
  NoiseModel model_;
  const RetryPolicy& retry_;
  const VerdictPolicy& verdict_;
  std::uint64_t noise_seed_;
  VerdictHistory history_;
  std::map<CommitId, Made> made_;
  TestCosts costs_;
};

}  // namespace rebisect
