#pragma once

#include <memory>
#include <vector>

#include "oracle/answers/oracle.h"

namespace rebisect {

/// Asks several oracles in turn: the next one only after kNeedsUntested of
/// the one before. A record first, then a model, say. Other errors are the
/// answer.
class CompositeOracle final : public Oracle {
 public:
  /// REQUIRES: no oracle is null, and there is one at least.
  explicit CompositeOracle(std::vector<std::unique_ptr<Oracle>> oracles);

  /// Errors: kNeedsUntested, the last oracle's, when none has an answer.
  [[nodiscard]] Result<Answer> Ask(const Question& question) override;
  void Rewind() override;

 private:
  std::vector<std::unique_ptr<Oracle>> oracles_;
};

}  // namespace rebisect
