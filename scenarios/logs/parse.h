#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "scenarios/recording/recording.h"
#include "sim/base/result.h"

namespace rebisect {

/// The forms of a record that are told apart by content.
enum class RecordingFormat {
  kSyzkaller,   ///< a bisection log of syzkaller
  kGitLog,      ///< `git bisect log`
  kTranscript,  ///< a terminal session with git
  kYaml,        ///< a Recording of this project (recording_yaml.h)
};

/// No record has more lines. What a recording takes in memory is at most about
/// a kilobyte a line.
inline constexpr std::size_t kMaxRecordLines = 1'000'000;

/// What the bytes look like; nothing when they are no bisection. Linear, and
/// stops at the first line that decides.
[[nodiscard]] std::optional<RecordingFormat> DetectFormat(
    std::string_view bytes);

/// Reads a record of a bisection, whatever its form. The name of the result is
/// the file's stem unless the record has a name; `file` is used for messages.
/// Errors: kInput when the bytes are no bisection (empty, binary, something
/// else), with what was expected, or more than kMaxRecordLines; and those of
/// the parser chosen. O(bytes). Unknown
/// lines are no errors: they are kept in Recording::unknown.
[[nodiscard]] Result<Recording> ParseRecording(std::string_view bytes,
                                               const std::string& file);

/// The last part of a path, without ".gz" and one more extension.
[[nodiscard]] std::string FileStem(std::string_view path);

}  // namespace rebisect
