#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sim/session/bisect_session.h"
#include "tests/support/random_graph.h"

namespace rebisect::testing_support {

using Node = std::uint32_t;

/// What people do to a log before it is replayed.
struct LogEdits {
  bool blanks = false;    ///< empty lines between the lines
  bool comments = false;  ///< comments of their own
  bool crlf = false;      ///< lines that end as on Windows
  bool indent = false;    ///< lines that begin with blanks
  bool dashed = false;    ///< `git-bisect`, as old logs have it
  bool cut = false;       ///< without the last command
  bool open_end = false;  ///< no newline at the end

  friend bool operator==(const LogEdits&, const LogEdits&) = default;
};

/// One `git bisect` command of a case; revisions are nodes of its graph.
struct CaseCommand {
  enum class Kind : std::uint8_t {
    kStart,
    kMark,
    kNext,
    kReplay,  ///< of the session's own log
    kReset,
    kTerms,
    kRun,  ///< by a script that knows all verdicts
  };
  Kind kind = Kind::kNext;
  std::string term{};  ///< of a mark
  /// start: bad, then goods; a mark: what is marked, none for the commit that
  /// is checked out; run: those that are bad.
  std::vector<Node> commits{};
  std::vector<Node> skipped{};                   ///< run
  std::optional<std::pair<Node, Node>> range{};  ///< `skip A..B`
  LogEdits edits{};                              ///< replay
  // Options of start.
  std::optional<std::string> term_bad{};
  std::optional<std::string> term_good{};
  bool first_parent = false;
  std::vector<std::size_t> paths{};  ///< k stands for the file f<k>
};

/// A commit whose object names other parents than those of the graph, and
/// what makes git see those of the graph. Shallow: none.
struct Disguise {
  enum class Kind : std::uint8_t { kReplaced, kGrafted, kShallow };
  Kind kind = Kind::kReplaced;
  Node node = 0;
  std::vector<Node> stored_parents{};  ///< earlier nodes
};

/// The commit-graph files of a repository; they cover all commits.
enum class CommitGraphForm : std::uint8_t {
  kNone,
  kLevels,     ///< generation numbers of version 1
  kCorrected,  ///< of version 2: corrected commit dates
  kChain,      ///< of version 2, in two files
};

/// All that a bisection with git depends on.
struct BisectCase {
  std::uint64_t seed = 0;
  RandomGraph graph{};  ///< as git sees it
  std::vector<Disguise> disguises{};
  CommitGraphForm commit_graph = CommitGraphForm::kNone;
  bool packed_refs = false;
  /// Commits are called by branches, tags and short ids.
  bool by_names = false;
  /// Our side is `drive` on the repository, not a session on the graph.
  bool by_program = false;
  /// Nothing but `git rev-list --bisect-all` and `--bisect-vars` for what the
  /// only command, a start, says.
  bool single_step = false;
  std::vector<CaseCommand> commands{};

  /// Whether git goes by a commit-graph of corrected dates.
  [[nodiscard]] bool UsesCorrectedDates() const {
    return disguises.empty() && (commit_graph == CommitGraphForm::kCorrected ||
                                 commit_graph == CommitGraphForm::kChain);
  }
};

/// The graph as its objects have it: what the ids are made of.
[[nodiscard]] RandomGraph StoredGraph(const BisectCase& bisect_case);

/// The graph with dates as git reads them.
[[nodiscard]] RandomGraph AsRead(RandomGraph graph);

/// Whole bisections: which commands come depends on what BisectSession answers
/// to those before, so that they go somewhere.
[[nodiscard]] BisectCase MakeBisectCase(std::uint64_t seed,
                                        const GitVersion& version);

/// Single steps, some of them on thousands of commits.
[[nodiscard]] BisectCase MakeStepCase(std::uint64_t seed,
                                      const GitVersion& version);

/// Our side of a case: the session, with the trees of the graph.
class CaseSession {
 public:
  CaseSession(const BisectCase& bisect_case, const GitVersion& version);
  CaseSession(const CaseSession&) = delete;
  CaseSession& operator=(const CaseSession&) = delete;
  ~CaseSession();

  [[nodiscard]] Result<StepReport> Run(const CaseCommand& command);
  [[nodiscard]] const BisectSession& session() const;
  [[nodiscard]] const std::vector<CommitId>& ids() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

/// Whether a report asks for a verdict.
[[nodiscard]] inline bool Proposes(SessionState state) {
  return state == SessionState::kTesting || state == SessionState::kMergeBase;
}

/// Whether a `run` does: git takes a merge base to be tested for success
/// since it has been one process.
[[nodiscard]] inline bool RunGoesOn(SessionState state,
                                    const GitVersion& version) {
  return state == SessionState::kTesting ||
         (state == SessionState::kMergeBase && version < kRunIsOneProcess);
}

/// The exit code of the script of a `run` for a commit.
[[nodiscard]] int ScriptExit(const CaseCommand& run, Node node);

[[nodiscard]] std::string EditLog(const std::string& log,
                                  const LogEdits& edits);

/// What the commits are called on the command line, by node: full ids, or the
/// names that GitRepository::Import() makes.
[[nodiscard]] std::vector<std::string> RevisionNames(
    const BisectCase& bisect_case, const std::vector<CommitId>& ids);

/// The words after `git bisect`. `names` by node. REQUIRES: neither kReplay
/// nor kRun, which need files.
[[nodiscard]] std::vector<std::string> Words(
    const CaseCommand& command, const std::vector<std::string>& names);

}  // namespace rebisect::testing_support
