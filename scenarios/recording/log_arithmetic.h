#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "scenarios/recording/recording.h"
#include "scenarios/recording/steps.h"

namespace rebisect {

/// What the printed counts of a step imply. With a suspects left, of which r
/// are reachable from the commit proposed (itself included), git prints
/// N = a - r - 1; a good answer leaves N + 1 suspects, a bad one r.
struct StepNumbers {
  std::size_t move = 0;                    ///< index into the search's moves
  std::optional<std::int64_t> suspects{};  ///< a; absent: cannot be known
  std::optional<std::int64_t> reached{};   ///< r
  /// EstimateSteps(a) of sim/session/selection_policy.h.
  std::optional<int> expected_steps_left{};
};

/// Where the counts cannot be followed, and why.
struct ChainBreak {
  enum class Kind {
    kContradiction,  ///< counts that no graph can give
    kJump,           ///< a commit that was not proposed was marked
    kMissing,        ///< an answer or some lines are not in the record
  };
  Kind kind = Kind::kContradiction;
  int line = 0;
  std::string reason{};
};

struct LogArithmetic {
  /// The steps with a printed N, in order.
  std::vector<StepNumbers> steps{};
  std::vector<ChainBreak> breaks{};
  /// True: every printed count follows from the others, down to one suspect
  /// where a culprit is named. False: they contradict each other, or a jump
  /// parts them. Absent: nothing to check, or something is missing.
  std::optional<bool> closes{};
};

/// Follows the counts of a record forwards and backwards. Path-limited
/// searches are not checked (git's N means something else there). Linear.
[[nodiscard]] LogArithmetic CheckArithmetic(const Recording& recording,
                                            const RecordedSearch& search);

}  // namespace rebisect
