#include "harness/suite/tools/script_session.h"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <set>
#include <string_view>
#include <system_error>
#include <thread>

#include "harness/process/scratch_folder.h"
#include "harness/suite/tools/oracle_script.h"
#include "harness/suite/tools/tool_variables.h"
#include "oracle/process/proc_scanner.h"
#include "sim/base/result.h"
#include "sim/base/text.h"
#include "sim/io/gzip.h"
#include "sim/io/input.h"

namespace rebisect {
namespace {

namespace fs = std::filesystem;

/// Of the output, for reading and for keeping.
constexpr std::size_t kReadBytes = std::size_t{1} << 20U;
constexpr std::size_t kKeptBytes = std::size_t{64} << 10U;
/// A scenario is prepared within this time, or the limit if that is longer.
constexpr double kPrepareSeconds = 600;
constexpr std::string_view kMarkName = "REBISECT_ID";

std::string SecondsText(double seconds) {
  return ShortestNumber(seconds) + (seconds == 1 ? " second" : " seconds");
}

/// The last line that is not blank, fit for a report.
std::string LastLine(std::string_view output) {
  const std::size_t last = output.find_last_not_of(" \t\r\n");
  if (last == std::string_view::npos) return "";
  output = output.substr(0, last + 1);
  const std::size_t begin = output.rfind('\n');
  if (begin != std::string_view::npos) output.remove_prefix(begin + 1);
  std::string line(output.substr(0, 200));
  for (char& c : line) {
    if (static_cast<unsigned char>(c) < ' ') c = ' ';
  }
  return line;
}

/// How a script ended, when that was not well: "ended with exit code 3".
std::string EndText(const ProcessResult& process, double limit_seconds) {
  switch (process.end) {
    case ProcessEnd::kTimedOut:
      return "did not end within " + SecondsText(limit_seconds);
    case ProcessEnd::kSignalled:
      return "was killed by signal " + std::to_string(process.code) + " (" +
             strsignal(process.code) + ')';
    case ProcessEnd::kNotStarted:
      return std::string("could not be started: ") +
             std::strerror(process.code);
    case ProcessEnd::kExited:
    case ProcessEnd::kStopped:
      break;
  }
  return "ended with exit code " + std::to_string(process.code);
}

std::string WithLastLine(std::string text, std::string_view output) {
  const std::string line = LastLine(output);
  if (!line.empty()) text += "; its last line: " + line;
  return text;
}

bool EndedWell(const ProcessResult& process) {
  return process.end == ProcessEnd::kExited && process.code == 0;
}

/// What is still there a moment after a program's end: those that are just
/// ending themselves do not count.
std::vector<std::string> StillRunning(const std::string& mark) {
  std::vector<MarkedProcess> found = FindMarked(mark);
  for (int wait = 0; !found.empty() && wait < 20; ++wait) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
    found = FindMarked(mark);
  }
  std::set<std::string> commands;
  for (const MarkedProcess& process : found) commands.insert(process.command);
  std::vector<std::string> lines;
  for (const std::string& command : commands) {
    lines.push_back("a process that ran on: " + command);
  }
  return lines;
}

/// The commit of the scenario that a word names.
std::optional<Vertex> CommitNamed(const CommitGraph& graph,
                                  const std::string& word) {
  if (const auto id = CommitId::FromHex(word)) return graph.Find(*id);
  if (!LooksLikeHexId(word)) return std::nullopt;
  const std::vector<Vertex> found = graph.FindPrefix(word, 2);
  if (found.size() != 1) return std::nullopt;
  return found.front();
}

}  // namespace

std::map<std::string, std::string> ScriptEnvironment(
    const ScriptToolParts& parts) {
  const char* path = std::getenv("PATH");
  return {{"PATH", path == nullptr ? "/usr/local/bin:/usr/bin:/bin" : path},
          {"LC_ALL", "C"},
          {"TZ", "UTC"},
          {"GIT_CONFIG_NOSYSTEM", "1"},
          {"GIT_CONFIG_GLOBAL", "/dev/null"},
          {"GIT_TERMINAL_PROMPT", "0"},
          {"GIT_EDITOR", "true"},
          {"GIT_PAGER", "cat"},
          {"GIT_AUTHOR_NAME", "A U Thor"},
          {"GIT_AUTHOR_EMAIL", "author@example.com"},
          {"GIT_COMMITTER_NAME", "C O Mitter"},
          {"GIT_COMMITTER_EMAIL", "committer@example.com"},
          {"HGRCPATH", ""},
          {"REBISECT_PROGRAM", parts.program}};
}

ScriptSession::ScriptSession(const ScriptToolParts& parts,
                             const ScenarioCase& scenario,
                             const std::string& folder)
    : parts_(parts),
      scenario_(scenario),
      folder_(fs::absolute(folder).lexically_normal().string()),
      limit_seconds_(parts.spec.limit_seconds),
      mark_(NewMark()) {
  if (const auto& limit = scenario.scenario->limit_seconds) {
    limit_seconds_ = std::min(limit_seconds_, *limit);
  }
}

Result<ToolRun> ScriptSession::Search(std::uint32_t search) {
  ToolRun run;
  if (!ready_) {
    REBISECT_RETURN_IF_ERROR(Prepare(run.trouble));
    if (!run.trouble.empty()) return run;
  }
  REBISECT_RETURN_IF_ERROR(PutAnswers(search));
  environment_["REBISECT_SEARCH"] = std::to_string(search);
  REBISECT_ASSIGN_OR_RETURN(
      auto ran, RunScript(parts_.spec.scripts->run, limit_seconds_));
  const ProcessResult& process = ran.process;
  run.seconds = process.seconds;
  run.left_behind = std::move(ran.left_running);
  run.output = process.output.substr(
      process.output.size() - std::min(process.output.size(), kKeptBytes));
  if (const auto text = ReadPackedInput(
          place_ + "/oracle/" + std::string(kJournalFile), kMaxTextBytes)) {
    run.journal = ReadJournal(*text);
  }
  if (process.end == ProcessEnd::kTimedOut) {
    // Killed in the midst of its work: what lies about says nothing.
    ready_ = false;
    run.trouble = "it " + EndText(process, limit_seconds_);
    return run;
  }
  run.exit_code = process.ShellCode();
  REBISECT_RETURN_IF_ERROR(ReadAnswer(process, run));
  REBISECT_RETURN_IF_ERROR(CleanUp(run));
  return run;
}

Result<void> ScriptSession::Prepare(std::string& trouble) {
  if (attempt_ > 0) RemoveFolder(place_);
  place_ = folder_ + '/' + std::to_string(++attempt_);
  if (auto made = MakeFolders(); !made) return made;
  REBISECT_ASSIGN_OR_RETURN(auto repository,
                            MadeRepository::Make(scenario_, place_));
  repository_ = std::move(repository);
  MakeEnvironment();
  ready_ = true;
  const std::string& script = parts_.spec.scripts->prepare;
  if (script.empty()) return {};
  const double seconds = std::max(limit_seconds_, kPrepareSeconds);
  REBISECT_ASSIGN_OR_RETURN(const auto ran, RunScript(script, seconds));
  if (EndedWell(ran.process)) return {};
  ready_ = false;
  trouble = WithLastLine("its preparation " + EndText(ran.process, seconds),
                         ran.process.output);
  return {};
}

Result<void> ScriptSession::MakeFolders() {
  std::error_code error;
  for (const char* name : {"home", "tmp", "work", "oracle", "bin"}) {
    const std::string path = place_ + '/' + name;
    fs::create_directories(path, error);
    if (error) {
      return Fail(ErrorCode::kPermission,
                  "cannot make the folder: " + error.message(), {path, 0, 0});
    }
  }
  if (parts_.program_stands_in) {
    const std::string link =
        place_ + "/bin/" +
        fs::path(parts_.spec.scripts->program).filename().string();
    fs::create_symlink(parts_.program, link, error);
    if (error) {
      return Fail(ErrorCode::kPermission,
                  "cannot make the link: " + error.message(), {link, 0, 0});
    }
  }
  const std::string oracle = place_ + "/oracle/test";
  if (auto put =
          PutScratchFile(oracle, OracleScript(parts_.spec.scripts->commit));
      !put) {
    return put;
  }
  fs::permissions(oracle, fs::perms::owner_all, error);
  if (!scenario_.scenario->start.replay) return {};
  return PutScratchFile(place_ + "/log", ReplayLog(scenario_));
}

void ScriptSession::MakeEnvironment() {
  environment_ = ScriptEnvironment(parts_);
  environment_.merge(ScenarioVariables(scenario_));
  environment_["PATH"].insert(0, place_ + "/bin:");
  environment_["HOME"] = place_ + "/home";
  environment_["TMPDIR"] = place_ + "/tmp";
  // No repository around this one is to be found.
  environment_["GIT_CEILING_DIRECTORIES"] = place_;
  environment_["REBISECT_REPOSITORY"] = repository_->folder();
  environment_["REBISECT_WORK"] = place_ + "/work";
  environment_["REBISECT_ORACLE"] = place_ + "/oracle/test";
  environment_["REBISECT_LOG"] =
      scenario_.scenario->start.replay ? place_ + "/log" : "";
  environment_[std::string(kMarkName)] = mark_;
}

Result<void> ScriptSession::PutAnswers(std::uint32_t search) {
  const std::string folder = place_ + "/oracle/";
  auto put = PutScratchFile(folder + std::string(kAnswersFile),
                            AnswerTable(scenario_, search));
  if (!put) return put;
  return PutScratchFile(folder + std::string(kJournalFile), "");
}

Result<ScriptSession::ScriptRun> ScriptSession::RunScript(
    const std::string& script, double seconds, const std::string& input) {
  const auto interrupted = Fail(ErrorCode::kAborted, "interrupted");
  if (parts_.stop && parts_.stop()) return interrupted;
  constexpr double kMaxLength = 1e6;
  ProcessRequest request;
  // Files that the scripts read lie in folders that they can quote.
  request.words = {
      "/bin/sh", "-c",
      input.empty() ? script : "exec <\"$REBISECT_INPUT\"\n" + script};
  request.folder = repository_->folder();
  request.environment = environment_;
  if (!input.empty()) request.environment["REBISECT_INPUT"] = input;
  request.time_limit_ms = std::max(
      1, static_cast<int>(1000 * std::clamp(seconds, 0.0, kMaxLength)));
  request.grace_ms = 100;
  request.keep_bytes = kReadBytes;
  request.stop = parts_.stop;
  const std::string mark = std::string(kMarkName) + '=' + mark_;
  ScriptRun run;
  request.ended = [&] { run.left_running = StillRunning(mark); };
  // A tool may remove the folder that it works in.
  std::error_code error;
  if (!fs::is_directory(request.folder, error)) request.folder = place_;
  REBISECT_ASSIGN_OR_RETURN(auto process, RunProcess(request));
  if (!KillMarked(mark)) {
    run.left_running.emplace_back("processes that cannot be killed");
  }
  if (process.end == ProcessEnd::kStopped) return interrupted;
  run.process = std::move(process);
  return run;
}

Result<void> ScriptSession::ReadAnswer(const ProcessResult& process,
                                       ToolRun& run) {
  const ReadOutcome read = parts_.reader.Read(process.output);
  if (read.outcome && process.end == ProcessEnd::kExited) {
    run.outcome = *read.outcome;
    if (run.outcome == ToolOutcome::kFailed) {
      run.trouble = "it says that it failed: " + LastLine(read.line);
      return {};
    }
    return ReadIds(read, run);
  }
  run.trouble = "it " + EndText(process, limit_seconds_);
  if (process.end == ProcessEnd::kExited) {
    run.trouble = WithLastLine(
        run.trouble + " and printed nothing that tells the outcome",
        process.output);
  }
  return {};
}

Result<void> ScriptSession::ReadIds(const ReadOutcome& read, ToolRun& run) {
  const bool found = run.outcome == ToolOutcome::kFound;
  if (!found && run.outcome != ToolOutcome::kOnlySkipped) return {};
  const auto fail = [&run](std::string trouble) {
    run.outcome = ToolOutcome::kFailed;
    run.trouble = std::move(trouble);
    run.culprit.reset();
    run.candidates.clear();
  };
  REBISECT_ASSIGN_OR_RETURN(
      auto named, Translate(found ? read.culprits : read.candidates, run));
  if (!run.trouble.empty()) {
    fail(std::move(run.trouble));
    return {};
  }
  std::set<CommitId> commits;
  for (const std::string& word : named) {
    const auto vertex = CommitNamed(scenario_.graph, word);
    if (!vertex) {
      fail("it names " + LastLine(word) + ", which is no commit here");
      return {};
    }
    commits.insert(scenario_.graph.Id(*vertex));
  }
  if (!found) {
    run.candidates.assign(commits.begin(), commits.end());
  } else if (commits.empty()) {
    fail("it says that it found the culprit, but names none");
  } else if (commits.size() > 1) {
    fail("it names " + std::to_string(commits.size()) + " culprits");
  } else {
    run.culprit = *commits.begin();
  }
  return {};
}

Result<std::vector<std::string>> ScriptSession::Translate(
    const std::vector<std::string>& ids, ToolRun& run) {
  const std::string& script = parts_.spec.scripts->translate;
  if (script.empty() || ids.empty()) return ids;
  std::string text;
  for (const std::string& id : ids) text += id + '\n';
  const std::string input = place_ + "/named";
  REBISECT_RETURN_IF_ERROR(PutScratchFile(input, text));
  REBISECT_ASSIGN_OR_RETURN(const auto ran,
                            RunScript(script, limit_seconds_, input));
  std::vector<std::string> translated;
  std::string_view output = ran.process.output;
  while (!output.empty()) {
    const std::size_t end = std::min(output.find('\n'), output.size());
    if (end > 0) translated.emplace_back(output.substr(0, end));
    output.remove_prefix(std::min(end + 1, output.size()));
  }
  if (!EndedWell(ran.process) || translated.size() != ids.size()) {
    run.trouble = WithLastLine("the translation of the ids that it names " +
                                   EndText(ran.process, limit_seconds_) +
                                   " and " + std::to_string(translated.size()) +
                                   " lines, not " + std::to_string(ids.size()),
                               ran.process.output);
    translated.clear();
  }
  return translated;
}

Result<void> ScriptSession::CleanUp(ToolRun& run) {
  const std::string& script = parts_.spec.scripts->reset;
  if (!script.empty()) {
    REBISECT_ASSIGN_OR_RETURN(auto ran, RunScript(script, limit_seconds_));
    for (std::string& line : ran.left_running) {
      run.left_behind.push_back(std::move(line));
    }
    if (!EndedWell(ran.process)) {
      run.left_behind.push_back(
          WithLastLine("its reset " + EndText(ran.process, limit_seconds_),
                       ran.process.output));
    }
  }
  for (std::string& line : repository_->LeftBehind()) {
    run.left_behind.push_back(std::move(line));
  }
  if (!run.left_behind.empty()) ready_ = false;
  return {};
}

}  // namespace rebisect
