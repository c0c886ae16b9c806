#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "scenarios/recording/recording.h"
#include "sim/base/result.h"
#include "sim/base/verdict.h"

namespace rebisect {

/// A commit that git proposed, and the answer.
struct ProposedCommit {
  std::string commit{};
  std::optional<Verdict> verdict{};  ///< none: the record stops before it
  std::optional<int> revisions_left{};
  std::optional<int> steps_left{};
  int line = 0;
};

/// What a recording says of one search, in the form that a reconstruction
/// starts from. Commits are in canonical form: the full id (lower case) where
/// the recording gives it anywhere, else as written.
struct SearchRecord {
  std::string bad{};  ///< empty: not in the record
  std::vector<std::string> goods{};
  std::vector<ProposedCommit> merge_bases{};
  std::vector<ProposedCommit> steps{};
  bool counted = true;  ///< StatesCounts()
  bool first_parent = false;
  bool paths = false;
  bool ended = false;     ///< the record names a culprit
  std::string culprit{};  ///< canonical; empty unless `ended`
  int end_line = 0;
  /// Commits tested before the search: newer than the bad one (oldest
  /// first), between bad and good, older than the goods (newest first).
  std::vector<std::string> newer{};
  std::vector<std::string> between{};
  std::vector<std::string> older{};
  /// Every writing of a commit -> its canonical form.
  std::map<std::string, std::string> writings{};
};

/// False for a log of marks alone. O(events).
[[nodiscard]] bool StatesCounts(const Recording& recording);

/// Reads the search out of a recording. O(events * log(events)).
/// Errors: see Reconstruct.
[[nodiscard]] Result<SearchRecord> ReadSearchRecord(const Recording& recording);

}  // namespace rebisect
