#include "tests/examples/nightly_oracle.h"

#include <algorithm>
#include <span>
#include <string>

namespace rebisect::examples {

Result<Answer> NightlyOracle::Ask(const Question& question) {
  const auto found = runs_.find(question.commit);
  const std::span<const Run> all =
      found == runs_.end() ? std::span<const Run>() : found->second;
  std::size_t& given = given_[question.commit];
  const std::span<const Run> left = all.subspan(given);
  if (left.empty()) {
    return Fail(ErrorCode::kNeedsUntested,
                question.commit.Hex() + " has " + std::to_string(all.size()) +
                    " nightly runs, and they are given; test it");
  }
  const std::size_t wanted = question.runs == 0
                                 ? left.size()
                                 : static_cast<std::size_t>(question.runs);
  const std::span<const Run> now = left.first(std::min(wanted, left.size()));
  given += now.size();
  Answer answer;
  answer.test.commit = question.commit.Hex();
  answer.test.runs.assign(now.begin(), now.end());
  answer.source = AnswerSource::kRecord;
  return answer;
}

}  // namespace rebisect::examples
