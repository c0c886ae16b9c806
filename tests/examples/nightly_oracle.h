#pragma once

#include <cstddef>
#include <map>
#include <utility>
#include <vector>

#include "oracle/answers/oracle.h"

namespace rebisect::examples {

/// Answers from runs that were made before anybody bisected, such as those of
/// nightly builds, in their order. Never states a verdict.
class NightlyOracle final : public Oracle {
 public:
  using Runs = std::map<CommitId, std::vector<Run>>;
  explicit NightlyOracle(Runs runs) : runs_(std::move(runs)) {}

  /// Errors: kNeedsUntested for a commit of which no (further) run is there.
  [[nodiscard]] Result<Answer> Ask(const Question& question) override;
  void Rewind() override { given_.clear(); }

 private:
  Runs runs_;
  std::map<CommitId, std::size_t> given_;
};

}  // namespace rebisect::examples
