#include "oracle/answers/budgeted_oracle.h"

#include <algorithm>
#include <limits>
#include <string>
#include <utility>

#include "sim/base/check.h"

namespace rebisect {
namespace {

tl::unexpected<Error> Spent(std::int64_t count, const char* what) {
  return Fail(ErrorCode::kBudget, "the budget of " + std::to_string(count) +
                                      ' ' + what + " is spent");
}

}  // namespace

BudgetedOracle::BudgetedOracle(std::unique_ptr<Oracle> oracle,
                               const Budget& budget)
    : oracle_(std::move(oracle)), budget_(budget) {
  REBISECT_CHECK(oracle_ != nullptr);
  REBISECT_CHECK(budget.runs.value_or(0) >= 0);
  REBISECT_CHECK(budget.tests.value_or(0) >= 0);
}

Result<Answer> BudgetedOracle::Ask(const Question& question) {
  const bool builds = question.rebuild || built_.count(question.commit) == 0;
  if (builds && budget_.tests && tests_ >= *budget_.tests) {
    return Spent(*budget_.tests, "tests");
  }
  if (budget_.runs && runs_ >= *budget_.runs) {
    return Spent(*budget_.runs, "runs");
  }
  const std::int64_t left = budget_.runs
                                ? *budget_.runs - runs_
                                : std::numeric_limits<std::int64_t>::max();
  Question asked = question;
  if (asked.runs > left) asked.runs = static_cast<int>(left);
  auto answer = oracle_->Ask(asked);
  if (!answer) return answer;
  auto& runs = answer->test.runs;
  // Where the number was left to the oracle it may have made too many.
  if (static_cast<std::int64_t>(runs.size()) > left) {
    runs.resize(static_cast<std::size_t>(left));
  }
  runs_ += static_cast<std::int64_t>(runs.size());
  if (builds) {
    ++tests_;
    built_.insert(question.commit);
  }
  return answer;
}

void BudgetedOracle::Rewind() {
  oracle_->Rewind();
  runs_ = 0;
  tests_ = 0;
  built_.clear();
}

}  // namespace rebisect
