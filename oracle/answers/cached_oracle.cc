#include "oracle/answers/cached_oracle.h"

#include <algorithm>
#include <utility>

#include "sim/base/check.h"

namespace rebisect {

CachedOracle::CachedOracle(std::unique_ptr<Oracle> oracle)
    : oracle_(std::move(oracle)) {
  REBISECT_CHECK(oracle_ != nullptr);
}

Result<Answer> CachedOracle::Ask(const Question& question) {
  REBISECT_CHECK(question.runs >= 0);
  Kept& kept = kept_[question.commit];
  if (question.rebuild && kept.begun) {
    // Past what is left of this build. A piece that was begun is of it.
    if (kept.run > 0) {
      ++kept.piece;
      kept.run = 0;
    }
    while (kept.piece < kept.pieces.size() && !kept.pieces[kept.piece].builds) {
      ++kept.piece;
    }
  }
  if (kept.piece == kept.pieces.size()) {
    auto answer = oracle_->Ask(question);
    if (!answer) return answer;
    const bool builds = kept.pieces.empty() || question.rebuild;
    kept.pieces.push_back({*std::move(answer), builds});
  }
  kept.begun = true;
  const Answer& whole = kept.pieces[kept.piece].answer;
  const std::size_t left = whole.test.runs.size() - kept.run;
  const std::size_t count =
      question.runs == 0
          ? left
          : std::min(left, static_cast<std::size_t>(question.runs));
  Answer answer = whole;
  const auto first =
      whole.test.runs.begin() + static_cast<std::ptrdiff_t>(kept.run);
  answer.test.runs.assign(first, first + static_cast<std::ptrdiff_t>(count));
  kept.run += count;
  if (kept.run == whole.test.runs.size()) {
    ++kept.piece;
    kept.run = 0;
  }
  return answer;
}

void CachedOracle::Rewind() {
  for (auto& [id, kept] : kept_) {
    kept.piece = 0;
    kept.run = 0;
    kept.begun = false;
  }
}

}  // namespace rebisect
