#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "scenarios/recording/recording.h"
#include "scenarios/recording/steps.h"
#include "sim/base/verdict.h"

namespace rebisect {

/// How many runs "all runs: ..." stands for: what syzkaller did in the years
/// in which it wrote so.
inline constexpr int kRunsAlike = 10;

/// All that a recording shows of one commit, the crash's side.
struct CommitEvidence {
  std::string commit{};  ///< as recorded; by its full id where that is known
  TestPurpose purpose = TestPurpose::kStep;  ///< of its first test
  std::string release{};
  int step = 0;  ///< of the search, from 1; 0: it was no step
  int line = 0;
  /// What the recording made of it; absent: nothing.
  std::optional<Verdict> verdict{};
  bool has_runs = false;
  int target = 0;             ///< runs with the crash that is searched for
  int ok = 0;                 ///< runs that passed
  std::vector<int> others{};  ///< runs by Evidence::other_titles
  int unusable = 0;           ///< runs that say nothing
  std::vector<std::string> signatures{};  ///< of its builds

  /// Crashes of all titles.
  [[nodiscard]] int Crashed() const;
  /// There is something to learn from: a crash, a pass, a stated verdict.
  [[nodiscard]] bool Tells() const;
};

/// A recording as evidence: every commit that was tested or marked, once, all
/// its tests together, in the order of the record.
struct Evidence {
  RecordingKind kind = RecordingKind::kMarks;
  /// In normal form (NormalTitle): those of the start commit's crashes. Empty
  /// when the record has none; every crash then counts as the one meant.
  std::vector<std::string> target_titles{};
  std::vector<std::string> other_titles{};  ///< the most frequent first
  std::vector<CommitEvidence> commits{};
  /// Where the record had to be read in some way, a sentence each.
  std::vector<std::string> notes{};
};

/// Pure; O(events * commits). Tests of configurations are left out: they are of
/// other kernels.
[[nodiscard]] Evidence CollectEvidence(const Recording& recording,
                                       const RecordedSearch& search);

}  // namespace rebisect
