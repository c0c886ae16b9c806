#include "oracle/answers/composite_oracle.h"

#include <utility>

#include "sim/base/check.h"

namespace rebisect {

CompositeOracle::CompositeOracle(std::vector<std::unique_ptr<Oracle>> oracles)
    : oracles_(std::move(oracles)) {
  REBISECT_CHECK(!oracles_.empty());
  for (const auto& oracle : oracles_) REBISECT_CHECK(oracle != nullptr);
}

Result<Answer> CompositeOracle::Ask(const Question& question) {
  for (std::size_t i = 0;; ++i) {
    auto answer = oracles_[i]->Ask(question);
    if (answer || answer.error().code != ErrorCode::kNeedsUntested ||
        i + 1 == oracles_.size()) {
      return answer;
    }
  }
}

void CompositeOracle::Rewind() {
  for (const auto& oracle : oracles_) oracle->Rewind();
}

}  // namespace rebisect
