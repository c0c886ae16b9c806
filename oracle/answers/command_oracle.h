#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "oracle/answers/oracle.h"
#include "oracle/process/process.h"
#include "sim/session/git_version.h"

namespace rebisect {

/// What git takes an exit code of `git bisect run`'s command for.
enum class CommandVerdict {
  kGood,   ///< 0
  kBad,    ///< 1 to 127, but for those below
  kSkip,   ///< 125
  kCheck,  ///< 126, 127 from git 2.36.0 on: bad, unless a commit known to be
           ///< good has the same code; then the command itself is broken
  kAbort,  ///< 128 and more, and killed by a signal
};

/// Source: builtin/bisect.c and git-bisect.sh; git 2.36.0 (48af1fdee3)
/// brought the check. `code` as ProcessResult::ShellCode() says it.
[[nodiscard]] CommandVerdict VerdictOfExitCode(int code,
                                               const GitVersion& version);

struct CommandOptions {
  /// The program and its arguments; `{commit}` in an argument is replaced by
  /// the full id. No shell: for one give ShellWords().
  std::vector<std::string> words{};
  /// A git worktree of the command's own: each commit is checked out there
  /// (`git checkout --detach`, changed files in the way are an error), and
  /// the command runs there. No hook and no file system monitor of it is run;
  /// its filters are, without which files would not be as they are meant to
  /// be. Empty: nothing is checked out; the command runs
  /// here and has to know from REBISECT_COMMIT or `{commit}` what to test.
  std::string worktree{};
  /// 0: none. A run that takes longer says nothing (kFailed, skip).
  int time_limit_ms = 0;
  GitVersion version = kNewestGit;
  /// A commit that is good for sure, for CommandVerdict::kCheck.
  std::optional<CommitId> known_good{};
  /// The exit code is git's side: in a search for a fix 0 ("good") is a
  /// crash.
  RecordingKind kind = RecordingKind::kCause;
  /// The command gets ChildEnvironment() of these two, REBISECT_COMMIT, and
  /// REBISECT_RUN_ID, by which all that it leaves running is found and killed.
  std::vector<std::string> pass_variables{};
  std::map<std::string, std::string> variables{};
  /// The last this many bytes of the output come with the answer.
  std::size_t keep_bytes = std::size_t{64} * 1024;
  /// Whole outputs are written here, as COMMIT-N.log; empty: nowhere.
  std::string log_folder{};
};

/// The words that have `/bin/sh -c` run a line.
[[nodiscard]] std::vector<std::string> ShellWords(std::string_view line);

/// Answers by running a program with the contract of `git bisect run`. Every
/// run is an execution; a rebuild is one more. The answer states a verdict
/// when it holds one run. A program that cannot be started counts as 126 or
/// 127, as with git: it may be one that some commits do not have.
class CommandOracle final : public Oracle {
 public:
  /// Errors: kUsage for a command without words or with an empty one, a
  /// negative time limit, or a variable whose name holds '=' or is empty;
  /// kNotFound for a worktree or log folder that is not there.
  [[nodiscard]] static Result<std::unique_ptr<CommandOracle>> Make(
      CommandOptions options);

  /// One run when the number is left to it; at most 1,000 an answer. Time:
  /// the command's.
  /// Errors: kAborted when the command says so, when the code of a known good
  /// commit shows it broken, and when that cannot be checked; kInput when the
  /// commit cannot be checked out; those of RunProcess().
  [[nodiscard]] Result<Answer> Ask(const Question& question) override;
  void Rewind() override {}

 private:
  struct Execution {
    int code = 0;
    bool timed_out = false;
    double seconds = 0;
    std::string output{};
  };

  explicit CommandOracle(CommandOptions options)
      : options_(std::move(options)) {}

  [[nodiscard]] Result<void> CheckOut(const CommitId& commit);
  [[nodiscard]] Result<Execution> Execute(const CommitId& commit);
  [[nodiscard]] Result<void> CheckWithKnownGood(const CommitId& commit,
                                                int code);
  [[nodiscard]] Result<Verdict> Judge(const CommitId& commit,
                                      const Execution& execution);

  CommandOptions options_;
  std::optional<CommitId> checked_out_{};
  bool checked_ = false;  ///< with the known good commit; done once, as in git
  int executions_ = 0;
};

}  // namespace rebisect
