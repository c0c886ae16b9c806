#include "oracle/answers/command_oracle.h"

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <utility>

#include "oracle/process/environment.h"
#include "oracle/process/proc_scanner.h"
#include "sim/base/check.h"
#include "sim/base/result.h"

namespace rebisect {
namespace {

constexpr GitVersion kChecksBrokenCommands{2, 36, 0, 0};
constexpr std::string_view kCommitWord = "{commit}";

std::string Replaced(std::string_view word, const std::string& id) {
  std::string text;
  for (auto at = word.find(kCommitWord); at != std::string_view::npos;
       at = word.find(kCommitWord)) {
    text.append(word.substr(0, at)).append(id);
    word.remove_prefix(at + kCommitWord.size());
  }
  text.append(word);
  return text;
}

Result<void> NeedFolder(const std::string& folder, std::string_view what) {
  std::error_code ignored;
  if (folder.empty() || std::filesystem::is_directory(folder, ignored)) {
    return {};
  }
  return Fail(ErrorCode::kNotFound, "the " + std::string(what) + ' ' + folder +
                                        " is not there; make it first");
}

/// The last line that says something, for an error in one line.
std::string LastLine(const std::string& output) {
  const std::size_t end = output.find_last_not_of(" \t\r\n");
  if (end == std::string::npos) return "it printed nothing";
  const std::size_t begin = output.find_last_of('\n', end);
  return output.substr(begin == std::string::npos ? 0 : begin + 1,
                       end - (begin == std::string::npos ? 0 : begin + 1) + 1);
}

bool BadName(const std::string& name) {
  return name.empty() || name.find('=') != std::string::npos;
}

}  // namespace

CommandVerdict VerdictOfExitCode(int code, const GitVersion& version) {
  if (code == 0) return CommandVerdict::kGood;
  if (code < 0 || code >= 128) return CommandVerdict::kAbort;
  if (code == 125) return CommandVerdict::kSkip;
  if (code >= 126 && version >= kChecksBrokenCommands) {
    return CommandVerdict::kCheck;
  }
  return CommandVerdict::kBad;
}

std::vector<std::string> ShellWords(std::string_view line) {
  return {"/bin/sh", "-c", std::string(line)};
}

Result<std::unique_ptr<CommandOracle>> CommandOracle::Make(
    CommandOptions options) {
  if (options.words.empty() || options.words.front().empty()) {
    return Fail(ErrorCode::kUsage, "no command to run; name a program");
  }
  if (options.time_limit_ms < 0) {
    return Fail(ErrorCode::kUsage,
                "a negative time limit; give milliseconds, 0 for none");
  }
  for (const auto& [name, value] : options.variables) {
    if (BadName(name)) {
      return Fail(ErrorCode::kUsage,
                  "'" + name + "' is no name of an environment variable");
    }
  }
  REBISECT_RETURN_IF_ERROR(NeedFolder(options.worktree, "worktree"));
  REBISECT_RETURN_IF_ERROR(NeedFolder(options.log_folder, "log folder"));
  return std::unique_ptr<CommandOracle>(new CommandOracle(std::move(options)));
}

Result<void> CommandOracle::CheckOut(const CommitId& commit) {
  if (options_.worktree.empty() || checked_out_ == commit) return {};
  checked_out_.reset();
  ProcessRequest request;
  // Nothing that the repository has hooked into git is run.
  request.words = {"git",
                   "-c",
                   "core.hooksPath=/dev/null",
                   "-c",
                   "core.fsmonitor=false",
                   "-c",
                   "submodule.recurse=false",
                   "checkout",
                   "--quiet",
                   "--detach",
                   commit.Hex(),
                   "--"};
  request.folder = options_.worktree;
  request.environment = ChildEnvironment({"*"}, {});
  request.environment["LC_ALL"] = "C";
  REBISECT_ASSIGN_OR_RETURN(auto done, RunProcess(request));
  if (done.end == ProcessEnd::kExited && done.code == 0) {
    checked_out_ = commit;
    return {};
  }
  return Fail(ErrorCode::kInput, "cannot check out " + commit.Hex() + " in " +
                                     options_.worktree + ": " +
                                     LastLine(done.output));
}

Result<CommandOracle::Execution> CommandOracle::Execute(
    const CommitId& commit) {
  REBISECT_RETURN_IF_ERROR(CheckOut(commit));
  ++executions_;
  const std::string id = commit.Hex();
  ProcessRequest request;
  for (const std::string& word : options_.words) {
    request.words.push_back(Replaced(word, id));
  }
  request.folder = options_.worktree;
  request.environment =
      ChildEnvironment(options_.pass_variables, options_.variables);
  request.environment["REBISECT_COMMIT"] = id;
  const std::string mark = NewMark();
  request.environment[std::string(kRunMarkName)] = mark;
  request.time_limit_ms = options_.time_limit_ms;
  request.keep_bytes = options_.keep_bytes;
  if (!options_.log_folder.empty()) {
    request.output_file = options_.log_folder + '/' + id + '-' +
                          std::to_string(executions_) + ".log";
  }
  REBISECT_ASSIGN_OR_RETURN(auto result, RunProcess(request));
  if (!KillMarked(std::string(kRunMarkName) + '=' + mark)) {
    return Fail(ErrorCode::kInternal,
                "the command for " + id +
                    " left processes that cannot be killed; end them");
  }
  Execution execution;
  execution.timed_out = result.end == ProcessEnd::kTimedOut;
  execution.code = execution.timed_out ? 0 : result.ShellCode();
  execution.seconds = result.seconds;
  execution.output = std::move(result.output);
  return execution;
}

Result<void> CommandOracle::CheckWithKnownGood(const CommitId& commit,
                                               int code) {
  const std::string said = "exit code " + std::to_string(code);
  if (!options_.known_good) {
    return Fail(ErrorCode::kAborted,
                said + " at " + commit.Hex() +
                    " may be a command that cannot run, and there is no good "
                    "commit to check it with; name one");
  }
  REBISECT_ASSIGN_OR_RETURN(const auto good, Execute(*options_.known_good));
  if (good.timed_out || good.code < 0 || good.code >= 128) {
    return Fail(ErrorCode::kAborted,
                "unable to verify " + said + " on the good commit " +
                    options_.known_good->Hex() + "; mend the command");
  }
  if (good.code == code) {
    return Fail(ErrorCode::kAborted, "bogus " + said + " for the good commit " +
                                         options_.known_good->Hex() +
                                         "; mend the command");
  }
  checked_ = true;
  return {};
}

Result<Verdict> CommandOracle::Judge(const CommitId& commit,
                                     const Execution& execution) {
  if (execution.timed_out) return Verdict::kSkip;
  switch (VerdictOfExitCode(execution.code, options_.version)) {
    case CommandVerdict::kGood:
      return Verdict::kGood;
    case CommandVerdict::kSkip:
      return Verdict::kSkip;
    case CommandVerdict::kBad:
      return Verdict::kBad;
    case CommandVerdict::kCheck:
      if (!checked_) {
        REBISECT_RETURN_IF_ERROR(CheckWithKnownGood(commit, execution.code));
      }
      return Verdict::kBad;
    case CommandVerdict::kAbort:
      break;
  }
  return Fail(ErrorCode::kAborted,
              "exit code " + std::to_string(execution.code) + " at " +
                  commit.Hex() + ": " + LastLine(execution.output));
}

Result<Answer> CommandOracle::Ask(const Question& question) {
  REBISECT_CHECK(question.runs >= 0);
  constexpr int kMaxRuns = 1000;
  const int runs = std::clamp(question.runs, 1, kMaxRuns);
  Answer answer;
  answer.source = AnswerSource::kCommand;
  answer.test.commit = question.commit.Hex();
  for (int i = 0; i < runs; ++i) {
    REBISECT_ASSIGN_OR_RETURN(auto execution, Execute(question.commit));
    REBISECT_ASSIGN_OR_RETURN(const auto verdict,
                              Judge(question.commit, execution));
    Run run;
    run.seconds = execution.seconds;
    if (verdict == Verdict::kSkip) {
      run.outcome = RunOutcome::kFailed;
    } else if (CrashVerdict(options_.kind, verdict) == Verdict::kBad) {
      run.outcome = RunOutcome::kCrashed;
    }
    if (execution.timed_out) {
      run.title =
          "took longer than " + std::to_string(options_.time_limit_ms) + " ms";
    } else if (run.outcome != RunOutcome::kOk) {
      run.title = "exit code " + std::to_string(execution.code);
    }
    answer.test.runs.push_back(std::move(run));
    answer.output.append(execution.output);
    if (answer.output.size() > options_.keep_bytes) {
      answer.output.erase(0, answer.output.size() - options_.keep_bytes);
    }
    answer.stated = verdict;
  }
  if (runs > 1) answer.stated.reset();
  return answer;
}

}  // namespace rebisect
