#pragma once

// Sources: syzkaller_vocabulary.cc: the words that are known.

#include <optional>
#include <string>
#include <string_view>

#include "scenarios/recording/recording.h"

/// Single lines of syzkaller's bisection logs, taken apart.
namespace rebisect::syzkaller_lines {

/// `OK`, `crashed: <title>`, `boot failed: <err>`, `basic kernel testing
/// failed: <err>`, `infra problem: <err>`, `ignore: <title>`, `failed: <err>`,
/// and of May 2018 `kernel crashed: <err>` and `<what> failed: <err>`.
/// Anything else is a kFailed with the whole text.
[[nodiscard]] Run ParseVerdict(std::string_view text);

/// `all runs: <verdict>`, `run #<i>: <verdict>`, `try #<i>: <verdict>`.
struct RunLine {
  bool all = false;
  Run run;
};
[[nodiscard]] std::optional<RunLine> ParseRunLine(std::string_view text);

/// What was run never came to its test: `kernel build failed: <err>`, `failed
/// building <commit>: <err>`, `failed testing reproducer on <commit>: <err>`,
/// `failed: <err>`.
[[nodiscard]] std::optional<Run> ParseFailure(std::string_view text);

/// A duration as Go prints it ("3h34m51.9s", "12.5ms", "0s"), in seconds.
[[nodiscard]] std::optional<double> ParseGoDuration(std::string_view text);

/// `revisions tested: <n>, total time: <d> (build: <d>, test: <d>)`; false
/// when it is something else.
[[nodiscard]] bool ParseRevisionsTested(std::string_view text,
                                        Summary* summary);

/// `representative crash: <title>, types: [<TYPE> ..]`.
[[nodiscard]] bool ParseRepresentative(std::string_view text, Test* test);

/// The line that says what was searched for.
struct Opening {
  bool fix = false;
  std::string_view commit;
};
[[nodiscard]] std::optional<Opening> ParseOpening(std::string_view text);

/// `testing commit <sha>...`: the id.
[[nodiscard]] std::optional<std::string_view> TestedCommit(
    std::string_view text);

/// What follows is the title of the crash; below it stands nothing but the
/// report.
inline constexpr std::string_view kCrashPrefix = "crash: ";

/// Any line of the format.
[[nodiscard]] bool IsKnown(std::string_view text);
/// Says something of the search and tests nothing.
[[nodiscard]] bool IsRemark(std::string_view text);
/// Known, and says nothing that a Recording keeps.
[[nodiscard]] bool IsIgnored(std::string_view text);

/// For WrapRules: lines that may go on below, lines that begin anew.
[[nodiscard]] bool MayWrap(std::string_view text);
[[nodiscard]] bool Begins(std::string_view text);

}  // namespace rebisect::syzkaller_lines
