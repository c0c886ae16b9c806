#pragma once

#include <compare>
#include <span>
#include <string>
#include <string_view>

#include "sim/base/result.h"

namespace rebisect {

/// A release of git: 2.39.5 is {2, 39, 5, 0}, 1.8.2.2 is {1, 8, 2, 2}.
struct GitVersion {
  int major = 0;
  int minor = 0;
  int patch = 0;
  int fix = 0;

  /// Reads "2.39.5", "v2.39", "2.55.0-rc1" (what follows the numbers is
  /// dropped). Errors: kUsage.
  [[nodiscard]] static Result<GitVersion> Parse(std::string_view text);
  [[nodiscard]] std::string ToString() const;

  friend auto operator<=>(const GitVersion&, const GitVersion&) = default;
};

/// The newest release whose behaviour is known here.
inline constexpr GitVersion kNewestGit{2, 55, 0, 0};

/// From this release on (d1bbbe45df) all steps of one `git bisect run` are
/// taken by one process.
inline constexpr GitVersion kRunIsOneProcess{2, 34, 0, 0};

/// What differs between releases in which commit is chosen and how a session
/// goes on. Source: git's own history, at the commits named.
struct GitRules {
  /// Before 1.5.1 (1c4fea3a40): the list is not reversed, every commit is
  /// counted by itself, and the first of the best wins.
  bool newest_first = false;
  /// Before 1.6.4 (62d0b0daf1): a skipped best commit is passed over for the
  /// next best, with no jump away.
  bool no_skip_jump = false;
  /// Before 1.8.3 and 1.8.2.2 (7b96d88802): the generator of the jump
  /// computes in signed integers.
  bool signed_skip_prn = false;
  /// Before 1.8.4 (4d826608e9): for a path-limited search a merge equal to an
  /// uninteresting parent counts as unchanged.
  bool old_treesame = false;
  /// Before 2.3.0 (d76c9e95b4): marks left by the merge-base search make the
  /// first merge weigh nothing.
  bool merge_base_marks_leak = false;
  /// Before 2.16.0 and 2.15.1 (7c117184d7): with paths and skips the sorted
  /// list ends with one element that should not be there.
  bool stale_sorted_tail = false;
  /// From 2.29.0 (e8861ffc20).
  bool first_parent = true;
  /// From 2.29.0: `start` that finds the culprit at once keeps its state.
  bool start_keeps_found = true;
  /// From 2.30.0 (0afcea70b1): within nr/1024 of the half is half.
  bool approximate_halfway = true;
  /// From 2.30.0 (27257bc466): a mark is parsed in the process that takes the
  /// next step, and a missing BISECT_EXPECTED_REV is no mismatch.
  bool marks_in_process = true;
  /// From 2.31.0 (e4c7b33747): `skip A..B` leaves its marks to the next step.
  bool skip_range_leaks = true;
  /// From 2.31.0 (2b1fd947f6): `replay` stops when `start` ends specially.
  bool replay_stops = true;

  [[nodiscard]] static GitRules Of(const GitVersion& version);

  friend bool operator==(const GitRules&, const GitRules&) = default;
};

/// One release for each set of GitRules, the newest of its family, newest
/// family first: enough to try them all.
[[nodiscard]] std::span<const GitVersion> GitFamilies();

/// The releases that behave as this one does: "2.31.0 to 2.55.0".
/// `run`: those whose `git bisect run` is one process, or not, as here.
[[nodiscard]] std::string FamilyRange(const GitVersion& version,
                                      bool run = false);

}  // namespace rebisect
