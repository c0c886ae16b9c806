#include "harness/search/search.h"

#include <utility>
#include <variant>

#include "sim/base/result.h"

namespace rebisect {
namespace {

SessionOptions MakeOptions(GraphSource& source, const SearchOptions& options) {
  SessionOptions session;
  session.version = options.version;
  session.commit_graph = options.commit_graph;
  session.head = source.Head();
  // Of a repository more can be loaded; a text has no more than it says.
  session.boundary_is_root = source.kind() != GraphKind::kRepository;
  if (options.subjects) {
    session.subject_of = [&source](const CommitId& id) {
      return source.Subject(id);
    };
  }
  session.trees = [&source](const CommitGraph& graph,
                            const std::vector<std::string>& paths) {
    return source.Trees(graph, paths);
  };
  return session;
}

void Add(GraphQuestion& question, const StartCommand& command) {
  if (command.bad) question.bad.push_back(*command.bad);
  question.goods.insert(question.goods.end(), command.goods.begin(),
                        command.goods.end());
}

void Add(GraphQuestion& question, const MarkCommand& command,
         const BisectSession& session) {
  // Also what a range comes to that holds no commit.
  bool of_head = command.arguments.empty();
  for (const MarkArgument& argument : command.arguments) {
    if (const auto* range = std::get_if<CommitRange>(&argument)) {
      of_head = true;
      question.others.push_back(range->from);
      question.others.push_back(range->to);
      continue;
    }
    const CommitId& id = std::get<CommitId>(argument);
    const std::string& term = command.term;
    if (term == session.term_bad() || term == "bad" || term == "new") {
      question.bad.push_back(id);
    } else if (term == session.term_good() || term == "good" || term == "old") {
      question.goods.push_back(id);
    } else {
      question.others.push_back(id);
    }
  }
  if (of_head && session.head()) {
    question.others.push_back(*session.head());
  }
}

}  // namespace

bool Testing(const StepReport& report) {
  return report.state == SessionState::kTesting ||
         report.state == SessionState::kMergeBase;
}

Search::Search(GraphSource& source, const SearchOptions& options)
    : source_(source),
      selection_(GitRules::Of(options.version)),
      run_(options.run),
      session_(source.graph(), selection_, MakeOptions(source, options)) {}

Search::Search(const Search& other)
    : source_(other.source_),
      selection_(other.selection_),
      run_(other.run_),
      session_(other.session_, selection_) {}

GraphQuestion Search::Known() const {
  GraphQuestion question;
  if (session_.bad()) question.bad.push_back(*session_.bad());
  question.goods.assign(session_.goods().begin(), session_.goods().end());
  question.others.assign(session_.skips().begin(), session_.skips().end());
  return question;
}

Result<StepReport> Search::Run(const GraphQuestion& question,
                               const Action& action) {
  REBISECT_RETURN_IF_ERROR(source_.Load(question));
  while (true) {
    session_.UseGraph(source_.graph());
    auto report = action();
    if (report || report.error().code != ErrorCode::kBoundary) return report;
    REBISECT_ASSIGN_OR_RETURN(auto more, source_.LoadMore());
    if (!more) return report;
  }
}

Result<StepReport> Search::Start(const StartCommand& command) {
  GraphQuestion question;
  Add(question, command);
  return Run(question, [&] { return session_.Start(command); });
}

Result<StepReport> Search::Mark(const MarkCommand& command) {
  GraphQuestion question = Known();
  Add(question, command, session_);
  if (run_ && command.arguments.empty()) session_.BeginRun();
  return Run(question, [&] { return session_.Mark(command); });
}

Result<StepReport> Search::Next() {
  return Run(Known(), [&] { return session_.Next(); });
}

Result<StepReport> Search::Replay(const std::vector<ReplayCommand>& commands) {
  GraphQuestion question;
  for (const ReplayCommand& command : commands) {
    if (const auto* start = std::get_if<StartCommand>(&command)) {
      Add(question, *start);
    } else {
      Add(question, std::get<MarkCommand>(command), session_);
    }
  }
  return Run(question, [&] { return session_.Replay(commands); });
}

}  // namespace rebisect
