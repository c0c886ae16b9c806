#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/recording/recording.h"
#include "sim/graph/commit_id.h"

namespace rebisect {

/// What a commit says of the bug that it fixes.
struct FixesTags {
  CommitId commit{};                   ///< who says so
  std::vector<std::string> fixed{};    ///< `Fixes: ID ("subject")`, as written
  std::vector<std::string> reports{};  ///< ids of the bug: syzbot+ID@, extid=ID
};

/// The tags in a message: lines that begin with `Fixes:` and hexadecimal
/// digits, 8 or more, and the reports named anywhere in it. Pure;
/// O(bytes * log(ids)).
[[nodiscard]] FixesTags ReadFixesTags(std::string_view message);

/// A truth for a recording, and why.
struct TruthProposal {
  std::string recording{};
  std::string culprit{};
  std::string evidence{};  ///< a sentence
  /// The fix is of the very bug that was bisected; else it is of some bug of
  /// the recorded culprit, which makes that look better than it is.
  bool same_bug = false;
};

/// What commits with tags say of a recording. The bug is known by the id that
/// services put into the names of their records: 12 or more hexadecimal digits
/// which a report's id begins with. Searches for a fix then have the commit
/// with the tags for their truth, others the commits that it names.
/// O(tags * names).
[[nodiscard]] std::vector<TruthProposal> ProposeTruth(
    const Recording& recording, std::span<const FixesTags> tags);

}  // namespace rebisect
