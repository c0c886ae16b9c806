#pragma once

// Sources: bisect_step.cc: one step; bisect_session.cc has the commands.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "sim/base/result.h"
#include "sim/graph/commit_graph.h"
#include "sim/graph/tree_comparison.h"
#include "sim/session/git_messages.h"
#include "sim/session/git_objects.h"
#include "sim/session/git_version.h"
#include "sim/session/selection_policy.h"

namespace rebisect {

/// Where a session stands after a command.
enum class SessionState : std::uint8_t {
  kWaiting,      ///< not started, or for the first good and bad
  kTesting,      ///< `next` is to be tested
  kMergeBase,    ///< `next` is a merge base that has to be tested first
  kFound,        ///< `culprit` is the first bad commit
  kOnlySkipped,  ///< it is one of `suspects`
  kError,        ///< git refuses; see `exit_code` and `errors`
};

/// What one command of git did and said.
struct StepReport {
  SessionState state = SessionState::kWaiting;
  std::optional<CommitId> next{};
  std::optional<std::int64_t> revisions_left{};
  std::optional<std::int64_t> steps_left{};
  std::optional<CommitId> culprit{};
  /// The list git prints when only skipped commits are left, in its order.
  std::vector<CommitId> suspects{};
  int exit_code = 0;
  /// What git prints on its two streams, except the description of the
  /// culprit and subjects that are not known.
  std::string output{};
  std::string errors{};
};

/// `git bisect start`, revisions resolved.
struct StartCommand {
  std::optional<CommitId> bad{};
  std::vector<CommitId> goods{};
  std::optional<std::string> term_bad{};
  std::optional<std::string> term_good{};
  bool first_parent = false;
  std::vector<std::string> paths{};
  std::vector<std::string> words{};  ///< as typed, for the log
};

/// `A..B`, of `skip` only.
struct CommitRange {
  CommitId from;
  CommitId to;
};
using MarkArgument = std::variant<CommitId, CommitRange>;

/// `git bisect TERM [REV...]`.
struct MarkCommand {
  std::string term;
  std::vector<MarkArgument> arguments{};
};

/// A line of a log that is replayed.
using ReplayCommand = std::variant<StartCommand, MarkCommand>;

struct SessionOptions {
  GitVersion version = kNewestGit;
  /// As a git with a commit-graph file: it finds equally dated merge bases in
  /// another order.
  bool commit_graph = false;
  /// What HEAD is before the session.
  std::optional<CommitId> head{};
  /// Go on as if a boundary commit were a root (see Inexact()) instead of
  /// answering kBoundary.
  bool boundary_is_root = false;
  /// Subjects for the texts; empty when they are not known.
  std::function<std::string(const CommitId&)> subject_of{};
  /// Trees for path-limited sessions; without it they are kUnsupported.
  std::function<Result<std::unique_ptr<TreeComparison>>(
      const CommitGraph&, const std::vector<std::string>&)>
      trees{};
};

/// A bisection as `git bisect` keeps it, command by command: what to test
/// next, what a mark does, merge bases, skips, terms, outcome, log. The state
/// is what git has in its refs and files (ids, no vertices), so the graph may
/// be replaced by a larger one between two commands. Every command leaves the
/// state as git would; a command that fails as a Result leaves it untouched.
/// Source: git-bisect.sh, builtin/bisect*.c and bisect.c, 1.5.1 to 2.55.0.
/// Errors of all commands: kNotFound for a commit that the graph lacks,
/// kBoundary when the graph ends too early, and those of the trees.
class BisectSession {
 public:
  /// `graph` and `policy` are borrowed and must outlive the session.
  BisectSession(const CommitGraph& graph, SelectionPolicy& policy,
                SessionOptions options);
  /// A copy that goes on by itself from where `other` is, with a policy of
  /// its own.
  BisectSession(const BisectSession& other, SelectionPolicy& policy);
  BisectSession(const BisectSession&) = delete;
  BisectSession& operator=(const BisectSession&) = delete;

  void UseGraph(const CommitGraph& graph);

  [[nodiscard]] Result<StepReport> Start(const StartCommand& command);
  [[nodiscard]] Result<StepReport> Mark(const MarkCommand& command);
  [[nodiscard]] Result<StepReport> Next();
  [[nodiscard]] Result<StepReport> Replay(
      const std::vector<ReplayCommand>& commands);
  [[nodiscard]] StepReport Terms() const;
  [[nodiscard]] StepReport Reset();

  /// From here on as if git had proposed this commit in its last step: what
  /// lets a record be followed after its choice and this one's part.
  void AssumeProposed(const CommitId& commit);

  /// From here on marks that name no commit are those of one `git bisect run`,
  /// which is one process from kRunIsOneProcess on: what its walks parsed,
  /// marked and simplified is there in its later steps, and lets it choose
  /// otherwise where dates are skewed or the search is limited to paths. Ends
  /// with the search, with any other command, and at a merge base to be tested,
  /// which git takes for the end. Nothing happens where nothing is proposed.
  void BeginRun();

  /// A command that git refuses before it does anything.
  [[nodiscard]] StepReport Refuse(std::string errors, int exit_code) const;
  [[nodiscard]] StepReport NeedStart() const;

  [[nodiscard]] const GitVersion& version() const { return options_.version; }
  [[nodiscard]] bool started() const { return state_.started; }
  [[nodiscard]] const std::string& term_bad() const { return state_.term_bad; }
  [[nodiscard]] const std::string& term_good() const {
    return state_.term_good;
  }
  [[nodiscard]] const std::optional<CommitId>& bad() const {
    return state_.bad;
  }
  [[nodiscard]] const std::set<CommitId>& goods() const { return state_.goods; }
  [[nodiscard]] const std::set<CommitId>& skips() const { return state_.skips; }
  /// What is checked out: the commit proposed last, or where HEAD was.
  [[nodiscard]] const std::optional<CommitId>& head() const {
    return state_.head;
  }
  /// The contents of BISECT_LOG.
  [[nodiscard]] const std::string& log() const { return state_.log; }
  /// The suspects of the last step that came to a choice; null before. Its
  /// `graph` is the one that the session used then.
  [[nodiscard]] const std::shared_ptr<const SuspectGraph>& suspects() const {
    return suspects_;
  }
  /// True when a step needed parents that the graph does not know and took
  /// the commit for a root: from there on the answers may differ from git's.
  [[nodiscard]] bool Inexact() const { return inexact_; }

 private:
  struct State {
    bool started = false;
    bool terms_set = false;
    std::string term_bad = "bad";
    std::string term_good = "good";
    bool first_parent = false;
    std::vector<std::string> paths;
    std::optional<CommitId> bad;
    std::set<CommitId> goods;
    std::set<CommitId> skips;
    std::optional<CommitId> expected;
    bool ancestors_ok = false;
    std::optional<CommitId> head;
    std::optional<CommitId> start_head;
    std::string log;
  };
  class Process;
  /// A mark of a run, and the state that it was made in.
  struct RunMark {
    State before;
    std::string term;
  };

  [[nodiscard]] GitMessages Messages() const;
  [[nodiscard]] Result<Vertex> Find(const CommitId& id) const;
  [[nodiscard]] std::string Describe(const CommitId& id) const;
  void Say(StepReport& report, const std::string& status);
  void Checkout(const CommitId& id, StepReport& report);
  void Clean();
  [[nodiscard]] std::optional<StepReport> WriteStart(
      const StartCommand& command);
  [[nodiscard]] std::optional<StepReport> SetTermsFor(const std::string& term);
  [[nodiscard]] Result<StepReport> DoStart(const StartCommand& command,
                                           Process& process);
  [[nodiscard]] Result<StepReport> DoMark(const MarkCommand& command,
                                          Process& process);
  [[nodiscard]] Result<std::optional<StepReport>> WriteMarks(
      const MarkCommand& command, Process& process);
  [[nodiscard]] Result<StepReport> MarkInRun(const MarkCommand& command);
  [[nodiscard]] Result<void> ResumeRun();
  [[nodiscard]] Result<void> WalkAgain(const RunMark& mark, Process& process);
  void EndRun();
  [[nodiscard]] Result<void> Expand(const MarkCommand& command,
                                    Process& process,
                                    std::vector<CommitId>& commits);
  void Write(const std::string& term, const CommitId& id, bool with_command);
  void CompareExpected(const std::vector<CommitId>& commits);
  [[nodiscard]] Result<StepReport> AutoNext(Process& process);
  [[nodiscard]] Result<StepReport> Step(Process& process);
  [[nodiscard]] Result<std::optional<StepReport>> BeforeChoice(
      Process& process, StepReport& report);
  [[nodiscard]] Result<std::optional<StepReport>> CheckAncestors(
      Process& process, StepReport& report);
  [[nodiscard]] Result<std::optional<StepReport>> CheckMergeBases(
      Process& process, Vertex bad, const std::vector<Vertex>& goods,
      StepReport& report);
  [[nodiscard]] Result<TreeComparison*> Trees(Process& process) const;
  [[nodiscard]] Result<std::vector<Vertex>> ListSuspects(Process& process);
  [[nodiscard]] SuspectGraph MakeSuspects(
      GitObjects& objects, const std::vector<Vertex>& listing) const;
  [[nodiscard]] Result<StepReport> Choose(Process& process, StepReport report);
  [[nodiscard]] Result<StepReport> Finish(const NextStep& next,
                                          const SuspectGraph& suspects,
                                          Process& process, StepReport report);
  [[nodiscard]] Result<void> LogPossible(Process& process);
  [[nodiscard]] Result<StepReport> Guard(Result<StepReport> result,
                                         Process& process, State before);

  const CommitGraph* graph_;
  SelectionPolicy& policy_;
  SessionOptions options_;
  GitRules rules_;
  State state_;
  std::shared_ptr<const SuspectGraph> suspects_;
  bool inexact_ = false;
  bool in_run_ = false;
  std::vector<RunMark> run_marks_;
  /// The process of the run; null: to be brought here by walking again.
  std::shared_ptr<Process> run_process_;
  std::size_t graph_size_ = 0;  ///< of its graph
};

}  // namespace rebisect
