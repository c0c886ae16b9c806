#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/recording/recording.h"
#include "sim/base/verdict.h"

namespace rebisect {

/// An index into Recording::events that points nowhere.
inline constexpr std::size_t kNoEvent = static_cast<std::size_t>(-1);

/// What a Move does to a search.
enum class MoveKind {
  kStart,     ///< `git bisect start`: all state is new
  kEndpoint,  ///< a mark while the bad commit or every good one was missing
  kStep,      ///< a commit that the search proposed, or would have
  kJump,      ///< a mark of commits that the search had not proposed: another
              ///< than the one printed, several, a range, one marked before
};

/// One thing that happened to a search, in the order of the record. A session
/// that replays it does, for each Move: at kStart, start with its revisions;
/// at kStep, compare what it proposes with `commit` (`proposed` says whether
/// the record prints it or it is known from its answer only), then record
/// `verdict`, if there is one; at kEndpoint and kJump, mark `marked`.
struct Move {
  MoveKind kind = MoveKind::kStep;
  /// kStep: the commit, by its full id where the record says it.
  std::string commit{};
  /// What the mark names, by full ids where the record says them; may hold
  /// ranges (`A..B`) when the verdict is kSkip. Empty when there is no mark.
  std::vector<std::string> marked{};
  std::optional<Verdict> verdict{};  ///< git's; absent: not answered
  bool proposed = false;             ///< the record prints the proposal
  bool merge_base = false;
  std::optional<int> revisions_left{};  ///< N as printed
  std::optional<int> steps_left{};      ///< K as printed
  bool after_gap = false;  ///< lines of the record are missing before it
  /// Line of an earlier mark of a commit that this one marks, 0 if none, and
  /// what it said.
  int marked_before = 0;
  Verdict verdict_before = Verdict::kGood;
  /// Where in Recording::events its parts are.
  std::size_t start = kNoEvent;
  std::size_t proposal = kNoEvent;
  std::size_t mark = kNoEvent;
  std::vector<std::size_t> tests{};
  int line = 0;  ///< of the proposal, else of the mark or start
};

/// A Recording as the course of a search.
struct RecordedSearch {
  std::vector<Move> moves{};
  /// Tests that belong to no step: of the start commit, HEAD, releases,
  /// merge bases, configurations, of the culprit after the end.
  std::vector<std::size_t> other_tests{};
  /// The ends of the last search in the record: the first bad commit it was
  /// given and its goods, by full ids where the record says them, else as
  /// written. Empty where the record does not hold them.
  std::string bad{};
  std::vector<std::string> goods{};

  /// Indices into `moves` of the kStep ones.
  [[nodiscard]] std::vector<std::size_t> Steps() const;
};

/// Pure; O(events * log(events)).
[[nodiscard]] RecordedSearch FindSteps(const Recording& recording);

/// Whether two ways of writing name the same commit as far as can be seen:
/// equal, or one an abbreviation (4 digits or more) of the other.
[[nodiscard]] bool SameCommit(std::string_view a, std::string_view b);

}  // namespace rebisect
