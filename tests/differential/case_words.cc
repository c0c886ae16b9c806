// What cases mean: the graph that git reads, the words that it gets.

#include <algorithm>
#include <iterator>
#include <limits>
#include <sstream>

#include "sim/base/check.h"
#include "tests/differential/bisect_case.h"

namespace rebisect::testing_support {

RandomGraph AsRead(RandomGraph graph) {
  for (RandomCommit& commit : graph) {
    if (commit.date < 0) {
      commit.date = std::numeric_limits<std::int64_t>::max();
    }
  }
  return graph;
}

RandomGraph StoredGraph(const BisectCase& bisect_case) {
  RandomGraph stored = bisect_case.graph;
  for (const Disguise& disguise : bisect_case.disguises) {
    stored[disguise.node].parents = disguise.stored_parents;
  }
  return stored;
}

int ScriptExit(const CaseCommand& run, Node node) {
  const auto listed = [node](const std::vector<Node>& nodes) {
    return std::find(nodes.begin(), nodes.end(), node) != nodes.end();
  };
  return listed(run.skipped) ? 125 : listed(run.commits) ? 1 : 0;
}

std::string EditLog(const std::string& log, const LogEdits& edits) {
  std::vector<std::string> lines;
  std::istringstream stream(log);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  const auto is_command = [](const std::string& line) {
    return line.starts_with("git ");
  };
  if (edits.cut) {
    const auto last = std::find_if(lines.rbegin(), lines.rend(), is_command);
    if (last != lines.rend()) lines.erase(std::next(last).base());
  }
  std::string text;
  for (std::string& line : lines) {
    if (edits.dashed && is_command(line)) line[3] = '-';
    if (edits.blanks) text += '\n';
    if (edits.comments) text += "# git bisect good, says somebody\n";
    if (edits.indent) text += "  ";
    text += line + (edits.crlf ? "\r\n" : "\n");
  }
  while (edits.open_end && (text.ends_with('\n') || text.ends_with('\r'))) {
    text.pop_back();
  }
  return text;
}

std::vector<std::string> RevisionNames(const BisectCase& bisect_case,
                                       const std::vector<CommitId>& ids) {
  std::vector<std::string> names;
  for (std::size_t node = 0; node < ids.size(); ++node) {
    const std::string number = std::to_string(node);
    const std::size_t form = bisect_case.by_names ? node % 5 : 0;
    names.push_back(form == 0   ? ids[node].Hex()
                    : form == 1 ? 'b' + number
                    : form == 2 ? 'v' + number
                    : form == 3 ? "refs/tags/v" + number + "^{commit}"
                                : ids[node].Hex().substr(0, 16));
  }
  return names;
}

std::vector<std::string> Words(const CaseCommand& command,
                               const std::vector<std::string>& names) {
  std::vector<std::string> words;
  switch (command.kind) {
    case CaseCommand::Kind::kStart:
      words.emplace_back("start");
      if (command.first_parent) words.emplace_back("--first-parent");
      if (command.term_bad) words.push_back("--term-new=" + *command.term_bad);
      if (command.term_good) {
        words.push_back("--term-old=" + *command.term_good);
      }
      break;
    case CaseCommand::Kind::kMark:
      words.push_back(command.term);
      break;
    case CaseCommand::Kind::kNext:
      return {"next"};
    case CaseCommand::Kind::kReset:
      return {"reset"};
    case CaseCommand::Kind::kTerms:
      return {"terms"};
    case CaseCommand::Kind::kReplay:
    case CaseCommand::Kind::kRun:
      REBISECT_CHECK(false);
  }
  for (const Node node : command.commits) words.push_back(names.at(node));
  if (command.range) {
    words.push_back(names.at(command.range->first) + ".." +
                    names.at(command.range->second));
  }
  if (!command.paths.empty()) words.emplace_back("--");
  for (const std::size_t k : command.paths) {
    words.push_back('f' + std::to_string(k));
  }
  return words;
}

}  // namespace rebisect::testing_support
