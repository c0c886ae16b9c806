#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/logs/text_lines.h"
#include "scenarios/recording/recording.h"

/// The lines that git's bisection prints and reads, taken apart one at a
/// time. Facts: git's builtin/bisect.c, bisect.c and git-bisect.sh from 1.5 to
/// 2.55. Every function takes a line as TextLine::text gives it.
namespace rebisect::git_words {

/// Splits a command line as a POSIX shell would, up to `;`, `&`, `|` or a
/// comment. Nothing when a quotation mark is not closed.
[[nodiscard]] std::optional<std::vector<std::string>> ShellWords(
    std::string_view text);

/// A `git bisect ...` (or `git-bisect ...`) typed at a prompt or bare.
struct Command {
  std::string_view line;  ///< from "git" on
  bool prompt = false;    ///< something like "$ " stood before it
};
[[nodiscard]] std::optional<Command> FindCommand(std::string_view text);

/// The words after `git bisect`; nothing when it is no such command or a
/// quotation mark is not closed.
[[nodiscard]] std::optional<std::vector<std::string>> CommandWords(
    std::string_view line);

/// `start ARGUMENT...` (the words after "start"). Nothing for an option that
/// git does not have.
[[nodiscard]] std::optional<Start> ParseStart(
    const std::vector<std::string>& words);

/// `Bisecting: N revisions left to test after this (roughly K steps)` or
/// `Bisecting: a merge base must be tested`; the commit is on the next line.
/// `localized`: takes a line of another language too, when it has the form
/// of one (exactly one or two numbers, the second in parentheses).
[[nodiscard]] std::optional<Proposal> ParseBisecting(std::string_view text);
[[nodiscard]] std::optional<Proposal> ParseLocalizedBisecting(
    std::string_view text);

/// `[<oid>] subject`: the id.
[[nodiscard]] std::optional<std::string_view> ParseCommitLine(
    std::string_view text);

/// `# <term>: [<oid>] subject`, `# first <term> commit: [<oid>] ...`,
/// `# possible first <term> commit: ...`; terms may be quoted.
struct LogComment {
  enum class Kind { kMark, kFirst, kPossible };
  Kind kind = Kind::kMark;
  std::string_view term;
  std::string_view commit;
};
[[nodiscard]] std::optional<LogComment> ParseLogComment(std::string_view text);

/// `<oid> is the first <term> commit` (before 1.6.5 without "the").
struct FirstCommit {
  std::string_view commit;
  std::string_view term;
};
[[nodiscard]] std::optional<FirstCommit> ParseFirstCommit(
    std::string_view text);

/// "There are only 'skip'ped commits left to test."
[[nodiscard]] bool IsOnlySkipped(std::string_view text);
/// "The first bad commit could be any of:"
[[nodiscard]] bool IsCouldBeAnyOf(std::string_view text);
/// "We cannot bisect more!"
[[nodiscard]] bool IsCannotBisectMore(std::string_view text);
/// "The merge base <oid> is bad.": the id.
[[nodiscard]] std::optional<std::string_view> ParseMergeBaseBad(
    std::string_view text);

/// Lines that end a search with a failure: "Some good revs are not ancestor
/// of the bad rev.", "OID was both good and bad", "No testable commit
/// found.", "bisect run failed: ...".
[[nodiscard]] bool IsFailure(std::string_view text);

/// What git says around a bisection and that bears on nothing: "Previous HEAD
/// position was ...", "status: waiting for ...", "bisect run success".
[[nodiscard]] bool IsChatter(std::string_view text);

/// For WrapRules: lines of git that may wrap, and lines that begin anew.
[[nodiscard]] bool MayWrap(std::string_view text);
[[nodiscard]] bool Begins(std::string_view text);

}  // namespace rebisect::git_words
