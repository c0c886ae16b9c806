// Our side of a case: commands and the session's own log turned into calls of
// BisectSession.

#include <memory>
#include <sstream>
#include <utility>

#include "sim/check.h"
#include "sim/git_selection.h"
#include "tests/differential/bisect_case.h"

namespace rebisect::testing_support {
namespace {

/// The trees of a random graph.
class RandomTrees final : public TreeComparison {
 public:
  RandomTrees(const CommitGraph& graph, const RandomGraph& random,
              const std::vector<CommitId>& ids,
              const std::vector<std::string>& paths)
      : files_(graph.size()) {
    for (std::size_t node = 0; node < ids.size(); ++node) {
      const std::vector<int>& files = random[node].files;
      std::vector<int>& kept = files_[*graph.Find(ids[node])];
      for (const std::string& path : paths) {
        const std::size_t k = std::stoul(path.substr(1));
        kept.push_back(k < files.size() ? files[k] : 0);
      }
    }
  }

  Result<bool> Same(Vertex commit, Vertex parent) override {
    return files_[commit] == files_[parent];
  }
  Result<bool> Empty(Vertex commit) override {
    for (const int content : files_[commit]) {
      if (content != 0) return false;
    }
    return true;
  }

 private:
  std::vector<std::vector<int>> files_;  // by vertex, of the paths alone
};

std::vector<std::string> HexNames(const std::vector<CommitId>& ids) {
  std::vector<std::string> names;
  for (const CommitId& id : ids) names.push_back(id.Hex());
  return names;
}

/// `start` as git gets it, from its words.
StartCommand ParseStart(const std::vector<std::string>& words) {
  StartCommand start;
  start.words = words;
  bool in_paths = false;
  const std::string new_option = "--term-new=";
  const std::string old_option = "--term-old=";
  for (const std::string& word : words) {
    if (in_paths) {
      start.paths.push_back(word);
    } else if (word == "--") {
      in_paths = true;
    } else if (word == "--first-parent") {
      start.first_parent = true;
    } else if (word.rfind(new_option, 0) == 0) {
      start.term_bad = word.substr(new_option.size());
    } else if (word.rfind(old_option, 0) == 0) {
      start.term_good = word.substr(old_option.size());
    } else {
      const auto id = CommitId::FromHex(word);
      REBISECT_CHECK(id.has_value());
      if (start.bad) {
        start.goods.push_back(*id);
      } else {
        start.bad = id;
      }
    }
  }
  return start;
}

/// The commands in a log of git; no word in our cases has a quote or blank.
std::vector<ReplayCommand> ParseLog(const std::string& log) {
  std::vector<ReplayCommand> commands;
  std::istringstream lines(log);
  for (std::string line; std::getline(lines, line);) {
    const std::string prefix = "git bisect ";
    if (line.rfind(prefix, 0) != 0) continue;
    std::istringstream stream(line.substr(prefix.size()));
    std::string command;
    stream >> command;
    std::vector<std::string> words;
    for (std::string word; stream >> word;) {
      std::erase(word, '\'');
      words.push_back(word);
    }
    if (command == "start") {
      commands.emplace_back(ParseStart(words));
    } else {
      MarkCommand mark{command, {}};
      for (const std::string& word : words) {
        mark.arguments.emplace_back(*CommitId::FromHex(word));
      }
      commands.emplace_back(std::move(mark));
    }
  }
  return commands;
}

}  // namespace

struct CaseSession::Parts {
  Parts(const BisectCase& bisect_case, const GitVersion& version)
      : random(bisect_case.graph),
        ids(CommitIds(random)),
        graph(BuildGraph(random, ids)),
        selection(GitRules::Of(version)),
        session(graph, selection, Options(bisect_case, version)) {}

  [[nodiscard]] SessionOptions Options(const BisectCase& bisect_case,
                                       const GitVersion& version) {
    SessionOptions options;
    options.version = version;
    options.commit_graph = bisect_case.commit_graph;
    options.head = ids.back();
    options.trees = [this](const CommitGraph& g,
                           const std::vector<std::string>& paths)
        -> Result<std::unique_ptr<TreeComparison>> {
      return std::make_unique<RandomTrees>(g, random, ids, paths);
    };
    for (std::size_t node = 0; node < ids.size(); ++node) {
      node_of.emplace(ids[node], node);
    }
    options.subject_of = [this](const CommitId& id) {
      return 'n' + std::to_string(node_of.at(id));
    };
    return options;
  }

  const RandomGraph& random;
  std::vector<CommitId> ids;
  std::map<CommitId, std::size_t> node_of;
  CommitGraph graph;
  GitSelection selection;
  BisectSession session;
};

CaseSession::CaseSession(const BisectCase& bisect_case,
                         const GitVersion& version)
    : parts_(std::make_unique<Parts>(bisect_case, version)) {}
CaseSession::~CaseSession() = default;

const BisectSession& CaseSession::session() const { return parts_->session; }
const std::vector<CommitId>& CaseSession::ids() const { return parts_->ids; }

Result<StepReport> CaseSession::Run(const CaseCommand& command) {
  BisectSession& session = parts_->session;
  switch (command.kind) {
    case CaseCommand::Kind::kStart: {
      std::vector<std::string> words = Words(command, HexNames(parts_->ids));
      words.erase(words.begin());
      return session.Start(ParseStart(words));
    }
    case CaseCommand::Kind::kMark: {
      MarkCommand mark{command.term, {}};
      for (const Node node : command.commits) {
        mark.arguments.emplace_back(parts_->ids[node]);
      }
      if (command.range) {
        mark.arguments.emplace_back(
            CommitRange{parts_->ids[command.range->first],
                        parts_->ids[command.range->second]});
      }
      return session.Mark(mark);
    }
    case CaseCommand::Kind::kNext:
      return session.Next();
    case CaseCommand::Kind::kReplay:
      return session.Replay(ParseLog(session.log()));
    case CaseCommand::Kind::kReset:
      return session.Reset();
    case CaseCommand::Kind::kTerms:
      return session.Terms();
  }
  return Fail(ErrorCode::kInternal, "no such command");
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

std::string Describe(const BisectCase& bisect_case) {
  std::string text;
  std::vector<std::string> names;
  for (std::size_t node = 0; node < bisect_case.graph.size(); ++node) {
    names.push_back('n' + std::to_string(node));
    const RandomCommit& commit = bisect_case.graph[node];
    text += "  {\"" + names.back() + "\", {";
    for (std::size_t i = 0; i < commit.parents.size(); ++i) {
      text += (i == 0 ? "\"" : ", \"") + names[commit.parents[i]] + '"';
    }
    text += "}, " + std::to_string(commit.date) + "},";
    for (std::size_t k = 0; k < commit.files.size(); ++k) {
      text += (k == 0 ? "  // f" : " f") + std::to_string(k) + '=' +
              std::to_string(commit.files[k]);
    }
    text += '\n';
  }
  if (bisect_case.commit_graph) text += "  git commit-graph write\n";
  for (const CaseCommand& command : bisect_case.commands) {
    text += "  git bisect";
    if (command.kind == CaseCommand::Kind::kReplay) {
      text += " replay <(git bisect log)\n";
      continue;
    }
    for (const std::string& word : Words(command, names)) text += ' ' + word;
    text += '\n';
  }
  return text;
}

}  // namespace rebisect::testing_support
