#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <set>

#include "oracle/answers/oracle.h"

namespace rebisect {

/// What a search may spend; absent: as much as it likes.
struct Budget {
  std::optional<std::int64_t> runs{};
  /// Builds: the first question of each commit, and each rebuild.
  std::optional<std::int64_t> tests{};
};

/// Another oracle, as long as the budget lasts; counts what is spent.
class BudgetedOracle final : public Oracle {
 public:
  /// REQUIRES: oracle is not null; budgets are not negative.
  BudgetedOracle(std::unique_ptr<Oracle> oracle, const Budget& budget);

  /// Never gives more runs than are left. An answer that is an error costs
  /// nothing. Errors: kBudget when no run, or no test, is left.
  [[nodiscard]] Result<Answer> Ask(const Question& question) override;
  /// The next search has the whole budget again.
  void Rewind() override;

  [[nodiscard]] std::int64_t runs_spent() const { return runs_; }
  [[nodiscard]] std::int64_t tests_spent() const { return tests_; }

 private:
  std::unique_ptr<Oracle> oracle_;
  Budget budget_;
  std::int64_t runs_ = 0;
  std::int64_t tests_ = 0;
  std::set<CommitId> built_;
};

}  // namespace rebisect
