#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sim/graph/commit_id.h"

namespace rebisect {

/// What a commit object says of its place in the graph.
struct CommitHeader {
  CommitId tree{};
  std::int64_t date = 0;  ///< committer time
};

/// Reads the header of a commit object, appending its parents in order.
/// False where git calls the object bogus: no tree, or a broken parent line.
/// The date is read as git reads it: the number after the last `>` of the
/// committer line, 0 when there is none; what is too large for 63 bits, or
/// negative (git's times are unsigned: very large), becomes the largest date.
[[nodiscard]] bool ReadCommitHeader(std::string_view text, CommitHeader& header,
                                    std::vector<CommitId>& parents);

/// The subject as `git log --format=%s` prints it: the first paragraph of
/// the message in one line. Bytes as they are, whatever their encoding.
[[nodiscard]] std::string CommitSubject(std::string_view text);

/// What stands behind the headers, as it is.
[[nodiscard]] std::string CommitMessage(std::string_view text);

}  // namespace rebisect
