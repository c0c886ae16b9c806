#include "sim/session/bisect_session.h"

#include <array>
#include <utility>

#include "sim/base/result.h"
#include "sim/session/bisect_process.h"
#include "sim/session/git_terms.h"

namespace rebisect {
namespace {

/// As git quotes an argument in its log.
std::string ShellQuote(const std::string& word) {
  std::string quoted = "'";
  for (const char c : word) {
    if (c == '\'' || c == '!') {
      quoted += "'\\";
      quoted += c;
      quoted += '\'';
    } else {
      quoted += c;
    }
  }
  return quoted + '\'';
}

}  // namespace

BisectSession::BisectSession(const CommitGraph& graph, SelectionPolicy& policy,
                             SessionOptions options)
    : graph_(&graph),
      policy_(policy),
      options_(std::move(options)),
      rules_(GitRules::Of(options_.version)) {
  state_.head = options_.head;
}

BisectSession::BisectSession(const BisectSession& other,
                             SelectionPolicy& policy)
    : graph_(other.graph_),
      policy_(policy),
      options_(other.options_),
      rules_(other.rules_),
      state_(other.state_),
      suspects_(other.suspects_),
      inexact_(other.inexact_),
      in_run_(other.in_run_),
      run_marks_(other.run_marks_) {}

void BisectSession::AssumeProposed(const CommitId& commit) {
  state_.expected = commit;
  state_.head = commit;
}

void BisectSession::UseGraph(const CommitGraph& graph) {
  // A graph that is replaced is larger, wherever it lies.
  if (&graph != graph_ || graph.size() != graph_size_) run_process_.reset();
  graph_ = &graph;
}

GitMessages BisectSession::Messages() const {
  return GitMessages(options_.version, state_.term_bad, state_.term_good);
}

Result<Vertex> BisectSession::Find(const CommitId& id) const {
  if (const auto v = graph_->Find(id)) return *v;
  return Fail(ErrorCode::kNotFound,
              "commit " + id.Hex() + " is not in the commit graph");
}

std::string BisectSession::Describe(const CommitId& id) const {
  std::string text = '[' + id.Hex() + ']';
  if (options_.subject_of) {
    const std::string subject = options_.subject_of(id);
    if (!subject.empty()) text += ' ' + subject;
  }
  return text;
}

/// A status line goes to the terminal and, as a comment, to the log.
void BisectSession::Say(StepReport& report, const std::string& status) {
  if (status.empty()) return;
  report.output += status;
  state_.log += "# " + status;
}

void BisectSession::Checkout(const CommitId& id, StepReport& report) {
  state_.expected = id;
  state_.head = id;
  report.next = id;
  report.output += Describe(id) + '\n';
}

void BisectSession::Clean() {
  State clean;
  clean.head = state_.head;
  state_ = std::move(clean);
}

StepReport BisectSession::Refuse(std::string errors, int exit_code) const {
  StepReport report;
  report.state = SessionState::kError;
  report.exit_code = exit_code;
  report.errors = std::move(errors);
  return report;
}

StepReport BisectSession::NeedStart() const {
  return Refuse(Messages().NeedStart(), 1);
}

/// Makes a command whole or undone: an error, and a boundary that was
/// reached, leave the state as it was.
Result<StepReport> BisectSession::Guard(Result<StepReport> result,
                                        Process& process, State before) {
  if (!result) {
    state_ = std::move(before);
    return result;
  }
  if (process.ReachedBoundary()) {
    if (!options_.boundary_is_root) {
      state_ = std::move(before);
      return Fail(ErrorCode::kBoundary,
                  "the commit graph ends before the search does; load more "
                  "of the history");
    }
    inexact_ = true;
  }
  return result;
}

Result<StepReport> BisectSession::Start(const StartCommand& command) {
  EndRun();
  Process process(*graph_, rules_);
  State before = state_;
  return Guard(DoStart(command, process), process, std::move(before));
}

Result<StepReport> BisectSession::DoStart(const StartCommand& command,
                                          Process& process) {
  if (command.first_parent && !rules_.first_parent) {
    return Refuse("fatal: unrecognized option: '--first-parent'\n", 128);
  }
  for (const CommitId& good : command.goods) {
    REBISECT_RETURN_IF_ERROR(Find(good));
  }
  if (command.bad) {
    REBISECT_RETURN_IF_ERROR(Find(*command.bad));
  }
  const std::optional<CommitId> start_head =
      state_.started ? state_.start_head : state_.head;
  Clean();
  state_.started = true;
  state_.start_head = start_head;
  state_.head = start_head;
  state_.first_parent = command.first_parent;
  state_.paths = command.paths;
  if (auto refused = WriteStart(command)) {
    // Up to 2.28 a trap of the shell took everything away.
    if (!rules_.start_keeps_found) Clean();
    return *refused;
  }
  state_.log += "git bisect start";
  for (const std::string& word : command.words) {
    state_.log += ' ' + ShellQuote(word);
  }
  state_.log += '\n';
  auto report = AutoNext(process);
  if (!report) return report;
  const bool ended_at_once =
      report->state == SessionState::kFound && !rules_.start_keeps_found;
  if (report->exit_code != 0 || ended_at_once) Clean();
  return report;
}

/// The terms and marks that come with `start`. git writes the marks first; a
/// refusal after that leaves them, under terms that it does not know later.
std::optional<StepReport> BisectSession::WriteStart(
    const StartCommand& command) {
  state_.term_bad = command.term_bad.value_or("bad");
  state_.term_good = command.term_good.value_or("good");
  std::optional<std::string> refused;
  const auto write = [&](const std::string& term, const std::string& ref,
                         const CommitId& id) {
    if (refused) return;
    if (IsBisectRefName(ref)) return Write(term, id, false);
    const std::string name = "'refs/bisect/" + ref + '\'';
    refused = "error: update_ref failed for ref " + name +
              ": refusing to update ref with bad name " + name + '\n';
  };
  if (command.bad) write(state_.term_bad, state_.term_bad, *command.bad);
  for (const CommitId& good : command.goods) {
    write(state_.term_good, state_.term_good + '-' + good.Hex(), good);
  }
  const bool named = command.bad || command.term_bad || command.term_good;
  if (named && !refused) {
    refused = RefusedTerms(state_.term_bad, state_.term_good);
  }
  state_.terms_set = named && !refused;
  if (!refused) return std::nullopt;
  if (state_.term_bad != "bad") state_.bad.reset();
  if (state_.term_good != "good") state_.goods.clear();
  state_.term_bad = "bad";
  state_.term_good = "good";
  return Refuse(*refused, 1);
}

std::optional<StepReport> BisectSession::SetTermsFor(const std::string& term) {
  if (term == "skip") return std::nullopt;
  if (state_.terms_set) {
    if (term == state_.term_bad || term == state_.term_good) {
      return std::nullopt;
    }
    const bool usage = options_.version >= GitVersion{2, 40, 0, 0};
    return Refuse(Messages().WrongTerm(), usage ? 129 : 1);
  }
  if (term == "bad" || term == "good") {
    state_.term_bad = "bad";
    state_.term_good = "good";
  } else if (term == "new" || term == "old") {
    state_.term_bad = "new";
    state_.term_good = "old";
    // What a refused start left behind went by other names.
    state_.bad.reset();
    state_.goods.clear();
  } else {
    return Refuse("error: unknown command: '" + term + "'\n", 1);
  }
  state_.terms_set = true;
  return std::nullopt;
}

Result<StepReport> BisectSession::Mark(const MarkCommand& command) {
  if (in_run_ && command.arguments.empty()) return MarkInRun(command);
  EndRun();
  Process process(*graph_, rules_);
  State before = state_;
  return Guard(DoMark(command, process), process, std::move(before));
}

/// The commits that a mark names, ranges written out as `git rev-list` would.
Result<void> BisectSession::Expand(const MarkCommand& command, Process& process,
                                   std::vector<CommitId>& commits) {
  for (const MarkArgument& argument : command.arguments) {
    if (const auto* id = std::get_if<CommitId>(&argument)) {
      REBISECT_RETURN_IF_ERROR(Find(*id));
      commits.push_back(*id);
      continue;
    }
    const auto& range = std::get<CommitRange>(argument);
    REBISECT_ASSIGN_OR_RETURN(const auto from, Find(range.from));
    REBISECT_ASSIGN_OR_RETURN(const auto to, Find(range.to));
    GitObjects& objects = process.objects();
    const std::array<WalkInput, 2> inputs = {WalkInput{from, true},
                                             WalkInput{to, false}};
    REBISECT_ASSIGN_OR_RETURN(auto listed, objects.Walk(inputs, {}));
    for (const Vertex v : listed) {
      if (!objects.Uninteresting(v)) commits.push_back(graph_->Id(v));
    }
    objects.ResetWalk();
    // Up to 2.30 the list came from a process of its own.
    if (!rules_.skip_range_leaks) process.Renew();
  }
  return {};
}

Result<StepReport> BisectSession::DoMark(const MarkCommand& command,
                                         Process& process) {
  REBISECT_ASSIGN_OR_RETURN(auto refused, WriteMarks(command, process));
  if (refused) return *std::move(refused);
  return AutoNext(process);
}

/// What a mark does before the next step. Returns a report if git refuses.
Result<std::optional<StepReport>> BisectSession::WriteMarks(
    const MarkCommand& command, Process& process) {
  if (!state_.started) return NeedStart();
  if (auto refused = SetTermsFor(command.term)) return *refused;
  if (command.term == state_.term_bad && command.arguments.size() > 1) {
    return Refuse(Messages().OneArgumentOnly(), 1);
  }
  std::vector<CommitId> commits;
  REBISECT_RETURN_IF_ERROR(Expand(command, process, commits));
  if (commits.empty()) {
    if (!state_.head) {
      return Refuse("error: Bad rev input: HEAD\n", 1);
    }
    REBISECT_RETURN_IF_ERROR(Find(*state_.head));
    commits.push_back(*state_.head);
  }
  CompareExpected(commits);
  for (const CommitId& id : commits) {
    Write(command.term, id, true);
    process.objects().Parse(*graph_->Find(id));
  }
  if (!rules_.marks_in_process) process.Renew();
  return std::optional<StepReport>();
}

void BisectSession::BeginRun() {
  if (options_.version < kRunIsOneProcess || !state_.expected) return;
  in_run_ = true;
}

void BisectSession::EndRun() {
  in_run_ = false;
  run_marks_.clear();
  run_process_.reset();
}

Result<StepReport> BisectSession::MarkInRun(const MarkCommand& command) {
  REBISECT_RETURN_IF_ERROR(ResumeRun());
  State before = state_;
  auto report = Guard(DoMark(command, *run_process_), *run_process_, before);
  if (!report) {
    run_process_.reset();
    return report;
  }
  run_marks_.push_back({std::move(before), command.term});
  if (report->state != SessionState::kTesting) EndRun();
  return report;
}

/// Brings a process to where the run is: after a copy, a failure or a change
/// of the graph there is none.
Result<void> BisectSession::ResumeRun() {
  if (run_process_) return {};
  auto process = std::make_shared<Process>(*graph_, rules_);
  State now = state_;
  Result<void> done;
  for (const RunMark& mark : run_marks_) {
    done = WalkAgain(mark, *process);
    if (!done) break;
  }
  state_ = std::move(now);
  if (!done) return done;
  run_process_ = std::move(process);
  graph_size_ = graph_->size();
  return {};
}

/// A step without its choice.
Result<void> BisectSession::WalkAgain(const RunMark& mark, Process& process) {
  state_ = mark.before;
  REBISECT_RETURN_IF_ERROR(WriteMarks({mark.term, {}}, process));
  StepReport report;
  REBISECT_RETURN_IF_ERROR(BeforeChoice(process, report));
  REBISECT_RETURN_IF_ERROR(ListSuspects(process));
  process.objects().ClearAllWalkMarks();
  return {};
}

/// Marking another commit than the one proposed brings the check of the merge
/// bases back.
void BisectSession::CompareExpected(const std::vector<CommitId>& commits) {
  if (!state_.expected && rules_.marks_in_process) return;
  for (const CommitId& id : commits) {
    if (state_.expected == id) continue;
    state_.expected.reset();
    state_.ancestors_ok = false;
    return;
  }
}

void BisectSession::Write(const std::string& term, const CommitId& id,
                          bool with_command) {
  if (term == state_.term_bad) {
    state_.bad = id;
  } else if (term == state_.term_good) {
    state_.goods.insert(id);
  } else {
    state_.skips.insert(id);
  }
  state_.log += "# " + term + ": " + Describe(id) + '\n';
  if (with_command) state_.log += "git bisect " + term + ' ' + id.Hex() + '\n';
}

Result<StepReport> BisectSession::AutoNext(Process& process) {
  if (state_.bad && !state_.goods.empty()) {
    // After a replay of marks alone.
    if (!state_.started) return NeedStart();
    return Step(process);
  }
  StepReport report;
  Say(report, Messages().Waiting(state_.bad.has_value(), state_.goods.size()));
  return report;
}

Result<StepReport> BisectSession::Next() {
  EndRun();
  if (!state_.started) return NeedStart();
  // git in C has no marks to ask for before a term was used, not even those
  // that a refused start left, and says nothing.
  if (!state_.terms_set && options_.version >= GitVersion{2, 29, 0, 0}) {
    return Refuse("", 1);
  }
  if (!state_.bad) return Refuse(Messages().NeedBadAndGood(), 1);
  Process process(*graph_, rules_);
  State before = state_;
  const std::string warning =
      state_.goods.empty() ? Messages().OnlyBadGiven() : "";
  auto report = Step(process);
  if (report) report->errors = warning + report->errors;
  return Guard(std::move(report), process, std::move(before));
}

Result<StepReport> BisectSession::Replay(
    const std::vector<ReplayCommand>& commands) {
  EndRun();
  Process process(*graph_, rules_);
  State before = state_;
  const auto run = [&]() -> Result<StepReport> {
    StepReport all = Reset();
    for (const ReplayCommand& command : commands) {
      if (!rules_.replay_stops) process.Renew();
      if (const auto* start = std::get_if<StartCommand>(&command)) {
        auto report = DoStart(*start, process);
        if (!report) return report;
        report->output = all.output + report->output;
        report->errors = all.errors + report->errors;
        const bool special = report->state != SessionState::kTesting &&
                             report->state != SessionState::kWaiting;
        if (report->exit_code != 0 || (special && rules_.replay_stops)) {
          if (report->exit_code == 0) report->exit_code = 1;
          return report;
        }
        all = *std::move(report);
        continue;
      }
      const auto& mark = std::get<MarkCommand>(command);
      if (auto refused = SetTermsFor(mark.term)) return *refused;
      std::vector<CommitId> commits;
      REBISECT_RETURN_IF_ERROR(Expand(mark, process, commits));
      for (const CommitId& id : commits) {
        Write(mark.term, id, true);
        process.objects().Parse(*graph_->Find(id));
      }
    }
    if (!rules_.replay_stops) process.Renew();
    auto report = AutoNext(process);
    if (!report) return report;
    report->output = all.output + report->output;
    report->errors = all.errors + report->errors;
    return report;
  };
  return Guard(run(), process, std::move(before));
}

StepReport BisectSession::Terms() const {
  StepReport report = Refuse("", state_.terms_set ? 0 : 1);
  const std::string text = Messages().Terms(state_.terms_set);
  (state_.terms_set ? report.output : report.errors) = text;
  if (state_.terms_set) report.state = SessionState::kWaiting;
  return report;
}

StepReport BisectSession::Reset() {
  EndRun();
  StepReport report;
  if (!state_.started) {
    report.output = Messages().NotBisecting();
    // Before 2.43.1 git leaves at once, with what there may be of marks.
    if (!report.output.empty()) return report;
  } else {
    state_.head = state_.start_head;
  }
  Clean();
  suspects_.reset();
  return report;
}

}  // namespace rebisect
