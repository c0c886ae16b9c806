#include "harness/replay/drive.h"

#include <istream>
#include <ostream>
#include <sstream>
#include <utility>

#include <nlohmann/json.hpp>

#include "harness/text/json_text.h"
#include "harness/text/json_values.h"
#include "scenarios/logs/git_words.h"
#include "sim/base/printable.h"
#include "sim/base/result.h"
#include "sim/base/text.h"
#include "sim/io/input.h"

namespace rebisect {
namespace {

using nlohmann::ordered_json;

struct TermOption {
  std::string_view name;
  std::optional<std::string> StartCommand::*term;
};
constexpr TermOption kTermOptions[] = {
    {"--term-bad", &StartCommand::term_bad},
    {"--term-new", &StartCommand::term_bad},
    {"--term-good", &StartCommand::term_good},
    {"--term-old", &StartCommand::term_good},
};

/// Takes the option at words[i], with the word after it where it has one.
/// False when git has no such option.
bool TakeOption(const std::vector<std::string>& words, std::size_t& i,
                StartCommand& command) {
  const std::string_view word = words[i];
  // Nothing is checked out here in any case.
  if (word == "--no-checkout") return true;
  if (word == "--first-parent") {
    command.first_parent = true;
    return true;
  }
  for (const TermOption& option : kTermOptions) {
    if (word.substr(0, option.name.size()) != option.name) continue;
    const std::string_view rest = word.substr(option.name.size());
    if (rest.empty() && i + 1 < words.size()) {
      command.*option.term = words[++i];
      return true;
    }
    if (!rest.empty() && rest.front() == '=') {
      command.*option.term = std::string(rest.substr(1));
      return true;
    }
  }
  return false;
}

std::string Trimmed(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) {
    text.pop_back();
  }
  return text;
}

}  // namespace

std::string_view NameOf(SessionState state) {
  switch (state) {
    case SessionState::kWaiting:
      return "waiting";
    case SessionState::kTesting:
      return "testing";
    case SessionState::kMergeBase:
      return "merge-base";
    case SessionState::kFound:
      return "found";
    case SessionState::kOnlySkipped:
      return "only-skipped";
    case SessionState::kError:
      return "error";
  }
  return "";
}

Drive::Drive(GraphSource& source, const SearchOptions& options,
             OutputFormat format)
    : search_(source, options), format_(format) {}

int Drive::Run(std::istream& in, std::ostream& out, std::ostream& errors) {
  for (std::string line; std::getline(in, line);) {
    line = Trimmed(std::move(line));
    const std::size_t first = line.find_first_not_of(" \t");
    if (first == std::string::npos || line[first] == '#') continue;
    auto words = git_words::ShellWords(line);
    Words command;
    if (words && !words->empty()) {
      command.command = words->front();
      command.arguments.assign(words->begin() + 1, words->end());
    }
    Result<StepReport> report =
        command.command.empty()
            ? Fail(ErrorCode::kUsage, "'" + line +
                                          "' is no command: a quote "
                                          "is not closed")
            : Execute(command);
    if (!report) {
      failed_ = true;
      report =
          search_.session().Refuse(FormatError(report.error()) + '\n', 128);
    }
    if (format_ == OutputFormat::kJson) {
      out << Json(command.command, *report) << '\n';
    } else {
      out << PrintableLines(report->output);
      errors << PrintableLines(report->errors);
    }
    out.flush();
    errors.flush();
  }
  if (in.bad()) {
    errors << "<stdin>: error: cannot read any further\n";
    return 2;
  }
  return failed_ ? 2 : 0;
}

Result<StepReport> Drive::Execute(const Words& words) {
  const std::string& command = words.command;
  if (command == "terms") return ExecuteTerms(words);
  if (command == "log") return ExecuteLog();
  Result<StepReport> report = [&]() -> Result<StepReport> {
    if (command == "start") return ExecuteStart(words);
    if (command == "next") return search_.Next();
    if (command == "replay") return ExecuteReplay(words);
    if (command == "reset") return search_.session().Reset();
    return ExecuteMark(words);
  }();
  if (!report) return report;
  if (report->state != SessionState::kError || !search_.session().started()) {
    last_ = *report;
    if (report->state == SessionState::kError) last_ = StepReport{};
  }
  return report;
}

/// What a command answers that changes nothing.
StepReport Drive::Standing() const {
  StepReport report;
  report.state = last_.state;
  report.next = last_.next;
  report.culprit = last_.culprit;
  report.suspects = last_.suspects;
  return report;
}

StepReport Drive::ExecuteTerms(const Words& words) const {
  StepReport terms = search_.session().Terms();
  if (terms.exit_code != 0) return terms;
  StepReport report = Standing();
  report.output = terms.output;
  if (!words.arguments.empty()) {
    const std::string& option = words.arguments.front();
    if (option == "--term-good" || option == "--term-old") {
      report.output = search_.session().term_good() + '\n';
    } else if (option == "--term-bad" || option == "--term-new") {
      report.output = search_.session().term_bad() + '\n';
    } else {
      return search_.session().Refuse(
          "error: invalid argument " + option +
              " for 'git bisect terms'.\nSupported options are: "
              "--term-good|--term-old and --term-bad|--term-new.\n",
          1);
    }
  }
  return report;
}

StepReport Drive::ExecuteLog() const {
  // What marks without a start have left is a log, too.
  if (search_.session().log().empty()) {
    return search_.session().Refuse("error: We are not bisecting.\n", 1);
  }
  StepReport report = Standing();
  report.output = search_.session().log();
  return report;
}

Drive::StartOrRefusal Drive::ReadStart(
    const std::vector<std::string>& arguments) const {
  StartOrRefusal start;
  StartCommand& command = start.command;
  command.words = arguments;
  const auto refuse = [&](std::string why) {
    start.refusal = search_.session().Refuse(std::move(why), 128);
    return start;
  };
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string& word = arguments[i];
    if (word == "--") {
      command.paths.assign(
          arguments.begin() + static_cast<std::ptrdiff_t>(i) + 1,
          arguments.end());
      break;
    }
    if (word.rfind("--", 0) == 0) {
      if (!TakeOption(arguments, i, command)) {
        return refuse("fatal: unrecognized option: '" + word + "'\n");
      }
      continue;
    }
    const auto id = search_.source().Resolve(word);
    if (!id) {
      return refuse("fatal: '" + word +
                    "' does not appear to be a valid revision (" +
                    id.error().message + "); put '--' before paths\n");
    }
    if (command.bad) {
      command.goods.push_back(*id);
    } else {
      command.bad = *id;
    }
  }
  return start;
}

Result<StepReport> Drive::ExecuteStart(const Words& words) {
  StartOrRefusal start = ReadStart(words.arguments);
  if (start.refusal) return *std::move(start.refusal);
  return search_.Start(start.command);
}

/// `A..B` is a range (of skip); anything else one commit.
Result<MarkArgument> Drive::ReadArgument(const std::string& text) const {
  const GraphSource& source = search_.source();
  const std::size_t dots = text.find("..");
  if (dots == std::string::npos) {
    REBISECT_ASSIGN_OR_RETURN(const auto id, source.Resolve(text));
    return MarkArgument(id);
  }
  if (text.find("...") != std::string::npos) {
    return Fail(ErrorCode::kUnsupported,
                "'" + text +
                    "': symmetric differences are not supported; "
                    "name the commits");
  }
  const auto end = [&](const std::string& name) {
    return source.Resolve(name.empty() ? "HEAD" : name);
  };
  REBISECT_ASSIGN_OR_RETURN(const auto from, end(text.substr(0, dots)));
  REBISECT_ASSIGN_OR_RETURN(const auto to, end(text.substr(dots + 2)));
  return MarkArgument(CommitRange{from, to});
}

Result<StepReport> Drive::ExecuteMark(const Words& words) {
  if (!search_.session().started()) return search_.session().NeedStart();
  MarkCommand mark{words.command, {}};
  for (const std::string& argument : words.arguments) {
    const bool range = argument.find("..") != std::string::npos;
    auto read = range && words.command != "skip"
                    ? Fail(ErrorCode::kNotFound, "a range")
                    : ReadArgument(argument);
    if (!read && read.error().code == ErrorCode::kUnsupported) {
      return tl::unexpected(read.error());
    }
    if (!read) {
      return search_.session().Refuse("error: Bad rev input: " + argument +
                                          " (" + read.error().message + ")\n",
                                      1);
    }
    mark.arguments.push_back(*read);
  }
  return search_.Mark(mark);
}

Result<StepReport> Drive::ExecuteReplay(const Words& words) {
  if (words.arguments.size() != 1) {
    return search_.session().Refuse("error: no logfile given\n", 1);
  }
  // The standard input holds the commands; to git `-` is a file's name.
  const std::string& file = words.arguments.front();
  auto bytes = ReadInput(file == "-" ? "./-" : file);
  if (!bytes) {
    return search_.session().Refuse("error: cannot read file '" + file +
                                        "' for replaying (" +
                                        bytes.error().message + ")\n",
                                    1);
  }
  std::vector<ReplayCommand> commands;
  std::istringstream lines(*bytes);
  for (std::string line; std::getline(lines, line);) {
    const auto command = git_words::CommandWords(Trim(line));
    if (!command || command->empty()) continue;
    const std::string& word = command->front();
    const std::vector<std::string> arguments(command->begin() + 1,
                                             command->end());
    if (word == "terms") continue;
    if (word == "start") {
      StartOrRefusal start = ReadStart(arguments);
      if (start.refusal) return *std::move(start.refusal);
      commands.emplace_back(std::move(start.command));
      continue;
    }
    MarkCommand mark{word, {}};
    for (const std::string& argument : arguments) {
      auto read = ReadArgument(argument);
      if (!read) {
        return search_.session().Refuse(
            "error: couldn't get the oid of the rev '" + argument + "'\n", 1);
      }
      mark.arguments.push_back(*read);
    }
    commands.emplace_back(std::move(mark));
  }
  return search_.Replay(commands);
}

std::string Drive::Json(const std::string& command,
                        const StepReport& report) const {
  const auto name = [&](const CommitId& id) {
    return search_.source().Label(id);
  };
  ordered_json json;
  json["schema"] = "rebisect.drive/1";
  json["command"] = command;
  json["state"] = NameOf(report.state);
  json["next"] = report.next ? ordered_json(name(*report.next)) : nullptr;
  json["revisions_left"] = OrNull(report.revisions_left);
  json["steps_left"] = OrNull(report.steps_left);
  json["culprit"] =
      report.culprit ? ordered_json(name(*report.culprit)) : nullptr;
  json["suspects"] = ordered_json::array();
  for (const CommitId& id : report.suspects) {
    json["suspects"].push_back(name(id));
  }
  json["message"] = Trimmed(report.output + report.errors);
  json["exit_code"] = report.exit_code;
  if (search_.session().Inexact()) json["inexact"] = true;
  return JsonText(json);
}

}  // namespace rebisect
