#include "scenarios/reconstruct/reconstruct_numbers.h"

#include <utility>

namespace rebisect {
namespace {

std::string Count(std::int64_t n, const char* what) {
  return std::to_string(n) + " " + what + (n == 1 ? "" : "s");
}

}  // namespace

std::int64_t EstimatedSteps(std::int64_t suspects) {
  if (suspects < 3) return 0;
  std::int64_t n = 0;
  std::int64_t e = 1;
  while (2 * e <= suspects) {
    e *= 2;
    ++n;
  }
  return e < 3 * (suspects - e) ? n : n - 1;
}

ChainNumbers::ChainNumbers(const SearchRecord& search,
                           const std::string& file_name)
    : record(search), file(file_name) {
  chain.left = record.ended ? 1 : 2;
  for (const ProposedCommit& step : record.steps) {
    ChainStep numbers;
    numbers.verdict = step.verdict;
    numbers.line = step.line;
    chain.steps.push_back(std::move(numbers));
  }
}

std::size_t ChainNumbers::Anchor() const {
  for (std::size_t k = 0; k < chain.steps.size(); ++k) {
    if (chain.steps[k].verdict == Verdict::kGood) return k;
  }
  return chain.steps.size() - 1;
}

bool ChainNumbers::AnchorIsOpen() const {
  return !record.ended || chain.steps[Anchor()].verdict == Verdict::kGood;
}

void ChainNumbers::Fill(std::size_t anchor, std::int64_t suspects) {
  std::vector<ChainStep>& steps = chain.steps;
  for (std::size_t k = anchor;; --k) {
    steps[k].suspects = suspects;
    steps[k].reached = suspects - Left(k) - 1;
    if (k == 0) break;
    suspects += Left(k - 1) + 1;
  }
  for (std::size_t k = anchor + 1; k < steps.size(); ++k) {
    steps[k].suspects = steps[k - 1].after();
    steps[k].reached = steps[k].suspects - Left(k) - 1;
  }
  chain.left = steps.back().after();
}

std::optional<Error> ChainNumbers::Check(std::size_t from) const {
  for (std::size_t k = from; k < chain.steps.size(); ++k) {
    const ChainStep& step = chain.steps[k];
    if (step.reached < 1) {
      return ErrorAt(
          step.line,
          "the counts contradict each other: the lines above leave " +
              Count(step.suspects, "suspect") +
              " here, so git "
              "cannot say that " +
              std::to_string(Left(k)) +
              " would be left after this; look for missing or "
              "edited lines above");
    }
    if (step.suspects > kMaxReconstructedSuspects) return TooMany(step.line);
    const auto& printed = record.steps[k].steps_left;
    if (printed && *printed != EstimatedSteps(step.suspects)) {
      return ErrorAt(step.line,
                     "the counts contradict each other: with " +
                         Count(step.suspects, "suspect") +
                         " git says roughly " +
                         Count(EstimatedSteps(step.suspects), "step") +
                         ", not " + std::to_string(*printed) +
                         "; look for missing or edited lines above");
    }
  }
  return std::nullopt;
}

std::optional<Error> ChainNumbers::CheckEnd() const {
  if (!record.ended || chain.left == 1) return std::nullopt;
  return ErrorAt(record.end_line,
                 "the counts do not close: a culprit is named here while " +
                     Count(chain.left, "suspect") +
                     " are left; look for missing or edited lines above");
}

Error ChainNumbers::ErrorAt(int line, std::string message,
                            ErrorCode code) const {
  return Error{
      code, std::move(message), Position{file, line, line > 0 ? 1 : 0}, {}};
}

Error ChainNumbers::TooMany(int line) const {
  return ErrorAt(line,
                 "more suspects than a reconstruction holds (2,000,000); pass "
                 "a repository or a DAG file instead",
                 ErrorCode::kUnsupported);
}

void ChainNumbers::NoteAnchor() {
  const int first = chain.steps.front().line;
  const int last = chain.steps[Anchor()].line;
  chain.notes.push_back(
      (first == last
           ? "line " + std::to_string(first)
           : "lines " + std::to_string(first) + " to " + std::to_string(last)) +
      ": the log does not say how many suspects there were; " +
      std::to_string(chain.steps.front().suspects) +
      " at the start fit what it prints");
}

}  // namespace rebisect
