#include <optional>
#include <utility>
#include <vector>

#include "scenarios/reconstruct/reconstruct_numbers.h"

namespace rebisect {
namespace {

/// What git takes of a line of suspects: the first commit at the half, or,
/// since 2.30 and with many suspects, near it.
std::int64_t ChosenOfLine(std::int64_t suspects, bool near_half) {
  if (suspects == 3) return 2;  // git does not look at the first commit
  if (near_half && suspects >= kNearHalfSuspects) {
    return (suspects - suspects / 1024 + 2) / 2;
  }
  return suspects / 2;
}

/// The commits that are left of a line when the chosen one is good.
std::int64_t LeftOfLine(std::int64_t suspects, bool near_half) {
  return suspects - ChosenOfLine(suspects, near_half);
}

/// The fewest suspects (2 at least) of which `of` says `value`. Both
/// functions above grow by steps of 0 or 1.
std::int64_t FewestSuspects(std::int64_t (*of)(std::int64_t, bool),
                            std::int64_t value, bool near_half) {
  std::int64_t low = 2;
  std::int64_t high = 4 * value + 4;
  while (low < high) {
    const std::int64_t middle = (low + high) / 2;
    if (of(middle, near_half) >= value) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return low;
}

/// The numbers of suspects of which git says that `left` would be left.
std::vector<std::int64_t> SuspectsWith(std::int64_t left, bool near_half) {
  std::vector<std::int64_t> found;
  for (std::int64_t n = FewestSuspects(LeftOfLine, left + 1, near_half);
       LeftOfLine(n, near_half) == left + 1; ++n) {
    found.push_back(n);
  }
  return found;
}

std::optional<Error> CheckChoices(const ChainNumbers& numbers, bool near_half) {
  for (const ChainStep& step : numbers.chain.steps) {
    const std::int64_t chosen = ChosenOfLine(step.suspects, near_half);
    if (step.reached == chosen) continue;
    return numbers.ErrorAt(
        step.line,
        "no line of commits has these counts: along first parents "
        "git takes commit " +
            std::to_string(chosen) + " of " + std::to_string(step.suspects) +
            ", not " + std::to_string(step.reached) +
            "; look for missing or edited lines above");
  }
  return std::nullopt;
}

void NoteFamily(Chain& chain, bool near_half) {
  for (const ChainStep& step : chain.steps) {
    if (ChosenOfLine(step.suspects, true) ==
        ChosenOfLine(step.suspects, false)) {
      continue;
    }
    chain.notes.push_back(near_half
                              ? "the commits chosen are those of git 2.30 and "
                                "later: the first ones near the half"
                              : "the commits chosen are those of git 2.29: "
                                "the first ones at the half");
    return;
  }
}

Result<Chain> MakeUpLine(ChainNumbers numbers) {
  std::int64_t suspects = numbers.chain.left;
  for (std::size_t k = numbers.chain.steps.size(); k-- > 0;) {
    ChainStep& step = numbers.chain.steps[k];
    suspects = FewestSuspects(
        step.verdict == Verdict::kBad ? ChosenOfLine : LeftOfLine, suspects,
        true);
    step.suspects = suspects;
    step.reached = ChosenOfLine(suspects, true);
    if (suspects > kMaxReconstructedSuspects) {
      return tl::unexpected(numbers.ErrorAt(
          step.line,
          "too many steps along first parents to make up their counts; pass a "
          "repository or a DAG file instead",
          ErrorCode::kUnsupported));
    }
  }
  numbers.chain.notes.push_back(
      "the log has no counts: every number of suspects is made up");
  NoteFamily(numbers.chain, true);
  return std::move(numbers.chain);
}

}  // namespace

Result<Chain> SolveLine(const SearchRecord& record, const std::string& file) {
  ChainNumbers numbers(record, file);
  if (record.steps.empty()) return std::move(numbers.chain);
  if (!record.counted) return MakeUpLine(std::move(numbers));
  const std::size_t anchor = numbers.Anchor();
  const std::int64_t left = numbers.Left(anchor);
  if (left > kMaxReconstructedSuspects) {
    return tl::unexpected(numbers.TooMany(record.steps[anchor].line));
  }
  std::optional<Error> error;
  for (const bool near_half : {true, false}) {
    for (const std::int64_t suspects : SuspectsWith(left, near_half)) {
      numbers.Fill(anchor, suspects);
      std::optional<Error> found = numbers.Check(0);
      if (!found) found = numbers.CheckEnd();
      if (!found) found = CheckChoices(numbers, near_half);
      if (!found) {
        if (numbers.AnchorIsOpen()) numbers.NoteAnchor();
        NoteFamily(numbers.chain, near_half);
        return std::move(numbers.chain);
      }
      if (!error) error = std::move(found);
    }
  }
  return tl::unexpected(std::move(*error));
}

}  // namespace rebisect
