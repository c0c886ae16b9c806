// Our side of a case: commands and the session's own log turned into calls of
// BisectSession.

#include <map>
#include <memory>
#include <sstream>
#include <utility>

#include "sim/base/check.h"
#include "sim/session/git_selection.h"
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

using Revisions = std::map<std::string, CommitId, std::less<>>;

/// `start` as git gets it, from its words.
StartCommand ParseStart(const std::vector<std::string>& words,
                        const Revisions& revisions) {
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
      const CommitId id = revisions.at(word);
      if (start.bad) {
        start.goods.push_back(id);
      } else {
        start.bad = id;
      }
    }
  }
  return start;
}

/// The commands in a log of git, edited or not; no word in our cases has a
/// quote or blank.
std::vector<ReplayCommand> ParseLog(const std::string& log,
                                    const Revisions& revisions) {
  std::vector<ReplayCommand> commands;
  std::istringstream lines(log);
  for (std::string line; std::getline(lines, line);) {
    line.erase(0, line.find_first_not_of(' '));
    if (line.ends_with('\r')) line.pop_back();
    const std::string prefix = "git bisect ";
    if (!line.starts_with(prefix) && !line.starts_with("git-bisect ")) continue;
    std::istringstream stream(line.substr(prefix.size()));
    std::string command;
    stream >> command;
    std::vector<std::string> words;
    for (std::string word; stream >> word;) {
      std::erase(word, '\'');
      words.push_back(word);
    }
    if (command == "start") {
      commands.emplace_back(ParseStart(words, revisions));
    } else {
      MarkCommand mark{command, {}};
      for (const std::string& word : words) {
        mark.arguments.emplace_back(revisions.at(word));
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
        ids(CommitIds(StoredGraph(bisect_case))),
        names(RevisionNames(bisect_case, ids)),
        graph(BuildGraph(AsRead(random), ids)),
        selection(GitRules::Of(version)),
        session(graph, selection, Options(bisect_case, version)) {}

  [[nodiscard]] SessionOptions Options(const BisectCase& bisect_case,
                                       const GitVersion& version) {
    SessionOptions options;
    options.version = version;
    options.commit_graph = bisect_case.UsesCorrectedDates();
    options.head = ids.back();
    options.trees = [this](const CommitGraph& g,
                           const std::vector<std::string>& paths)
        -> Result<std::unique_ptr<TreeComparison>> {
      return std::make_unique<RandomTrees>(g, random, ids, paths);
    };
    for (std::size_t node = 0; node < ids.size(); ++node) {
      node_of.emplace(ids[node], node);
      revisions.emplace(ids[node].Hex(), ids[node]);
      revisions.emplace(names[node], ids[node]);
    }
    options.subject_of = [this](const CommitId& id) {
      return 'n' + std::to_string(node_of.at(id));
    };
    return options;
  }

  /// Answers what is proposed, beginning with what is checked out.
  Result<StepReport> RunScript(const CaseCommand& command) {
    session.BeginRun();
    while (true) {
      const auto node = static_cast<Node>(node_of.at(*session.head()));
      const int exit_code = ScriptExit(command, node);
      auto report = session.Mark({exit_code == 125 ? "skip"
                                  : exit_code == 0 ? session.term_good()
                                                   : session.term_bad(),
                                  {}});
      if (!report || !RunGoesOn(report->state, session.version()))
        return report;
    }
  }

  const RandomGraph& random;
  std::vector<CommitId> ids;
  std::vector<std::string> names;
  std::map<CommitId, std::size_t> node_of;
  Revisions revisions;
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
      std::vector<std::string> words = Words(command, parts_->names);
      words.erase(words.begin());
      return session.Start(ParseStart(words, parts_->revisions));
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
      return session.Replay(
          ParseLog(EditLog(session.log(), command.edits), parts_->revisions));
    case CaseCommand::Kind::kReset:
      return session.Reset();
    case CaseCommand::Kind::kTerms:
      return session.Terms();
    case CaseCommand::Kind::kRun:
      return parts_->RunScript(command);
  }
  return Fail(ErrorCode::kInternal, "no such command");
}

}  // namespace rebisect::testing_support
