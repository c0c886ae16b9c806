#pragma once

// Sources: reconstruct_line.cc: one stretch of the chain.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "scenarios/reconstruct/reconstruct_chain.h"
#include "scenarios/reconstruct/reconstruct_record.h"
#include "sim/base/result.h"

namespace rebisect {

/// More would not be a log any more, and the graph would not fit anywhere.
inline constexpr std::int64_t kMaxReconstructedSuspects = 2'000'000;

/// From this many suspects on, git since 2.30 stops at the first commit it
/// meets with |2 * weight - suspects| below suspects / 1024.
inline constexpr std::int64_t kNearHalfSuspects = 3072;

/// A search whose numbers are being found: what the record states, and the
/// chain that fills up. Borrows both arguments.
class ChainNumbers {
 public:
  ChainNumbers(const SearchRecord& record, const std::string& file);

  /// Fills in all numbers, given those of step `anchor`: forwards by the
  /// verdicts, backwards because every step before the anchor is bad.
  /// Numbers that make no sense are left for Check to find.
  void Fill(std::size_t anchor, std::int64_t suspects);

  /// The step from which all other numbers follow: the first good one, or
  /// the last one when there is none.
  [[nodiscard]] std::size_t Anchor() const;

  /// True when the record determines no number of the anchor but what is
  /// left after it.
  [[nodiscard]] bool AnchorIsOpen() const;

  /// What git printed at step k: the suspects left if it is good.
  [[nodiscard]] std::int64_t Left(std::size_t k) const {
    return *record.steps[k].revisions_left;
  }

  /// Whether the numbers from step `from` on contradict each other or the
  /// printed estimates, or are too many.
  [[nodiscard]] std::optional<Error> Check(std::size_t from) const;

  /// Whether one suspect is left where the record names a culprit.
  [[nodiscard]] std::optional<Error> CheckEnd() const;

  [[nodiscard]] Error ErrorAt(int line, std::string message,
                              ErrorCode code = ErrorCode::kInput) const;
  [[nodiscard]] Error TooMany(int line) const;

  /// Says in the notes that the anchor's number was chosen.
  void NoteAnchor();

  const SearchRecord& record;
  const std::string& file;
  Chain chain;
};

/// SolveChain for a search along first parents, where suspects are a line.
[[nodiscard]] Result<Chain> SolveLine(const SearchRecord& record,
                                      const std::string& file);

}  // namespace rebisect
