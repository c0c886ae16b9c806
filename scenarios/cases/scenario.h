#pragma once

// Sources: drawing.cc, suite_read.cc, suite_read_parts.cc, suite_write.cc: how
// scenarios are read and written.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "scenarios/cases/history_source.h"
#include "scenarios/recording/recording.h"
#include "sim/base/result.h"
#include "sim/session/git_version.h"

namespace rebisect {

/// A commit of a drawing.
struct DrawnCommit {
  std::string name{};
  std::vector<std::uint32_t> parents{};  ///< indices into the drawing, smaller
};

/// A graph drawn by hand: parents come before their children, else commits
/// stand in the order in which they were first named.
using Drawing = std::vector<DrawnCommit>;

/// No drawing has more commits.
inline constexpr std::size_t kMaxDrawing = 20'000;

/// The drawings of a suite have no more commits together.
inline constexpr std::size_t kMaxDrawnCommits = 1'000'000;

/// Reads a drawing: chains `a-b-c`, separated by commas, semicolons or lines;
/// each `x-y` makes x the next parent of y. `n0..n16` in a chain stands for
/// n0-n1-...-n16. Names are letters, digits and `_`. O(n log n).
/// Errors: kInput at `where`: what is no chain, a parent given twice, a cycle,
/// no commit at all, more than kMaxDrawing commits.
[[nodiscard]] Result<Drawing> ReadDrawing(
    const std::vector<std::string>& chains, const Position& where);

/// Chains that read back as the same drawing. O(n).
/// REQUIRES: as ReadDrawing() makes it.
[[nodiscard]] std::vector<std::string> ChainsOf(const Drawing& drawing);

/// What a scenario calls a commit: a name of its drawing; in other graphs
/// `n<k>` (the k-th that a generator made, from 0), a recorded id or name, a
/// ref or an id; `60%`, the suspect before which that share of them lies; and
/// any of these with `^`, `^<n>` or `~<n>` behind it.
struct CommitName {
  std::string text{};
  Position where{};
};

/// Something that came with a commit, and went with others; sim's history
/// decides where it is (oracle's Origin). Without a culprit it always was.
struct NamedOrigin {
  std::optional<CommitName> culprit{};
  std::vector<CommitName> fixes{};
};

/// A mark that is made before the search goes on by itself: `skip A..B`.
struct NamedMark {
  std::string term{};
  /// Names, or two of them joined by `..`. None: the commit checked out.
  std::vector<CommitName> commits{};
};

/// How the search begins.
struct ScenarioStart {
  /// git's bad end: in a search for a fix, where the bug is gone.
  std::optional<CommitName> bad{};  ///< absent: the one tip of a drawing
  std::vector<CommitName> goods{};  ///< none: the one root of a drawing
  bool no_good = false;             ///< only the bad end is known
  std::optional<std::string> term_bad{};
  std::optional<std::string> term_good{};
  bool first_parent = false;
  bool no_checkout = false;
  std::vector<std::string> paths{};
  std::vector<NamedMark> marks{};  ///< after the start
  /// Start and marks come as the log of another search.
  bool replay = false;
};

/// Committer dates. Drawn commits are a minute apart unless equal; others have
/// those of their history, unless they are to be equal or to fall.
struct ScenarioDates {
  enum class Kind { kRising, kEqual, kFalling };
  Kind kind = Kind::kRising;
  /// Of some drawn commits; a rising drawing's n-th commit has n, from 0.
  std::map<std::string, std::int64_t, std::less<>> minutes{};
  Position where{};
};

/// The repository around the history.
struct ScenarioRepository {
  bool bare = false;
  bool linked_worktree = false;  ///< the tool works in a linked worktree
  bool detached = false;         ///< HEAD is no branch when the tool begins
  std::vector<CommitName> shallow{};  ///< their parents are cut off
  /// refs/replace/: the first one is seen as the second.
  std::vector<std::pair<CommitName, CommitName>> replace{};
  /// By path: the commits that change it; others have it as their first
  /// parent does. The file COMMIT is always there and names the commit.
  std::map<std::string, std::vector<CommitName>> changes{};
};

/// How a bisect tool may end.
enum class ToolOutcome : std::uint8_t {
  kFound,         ///< one culprit
  kOnlySkipped,   ///< one of several that cannot be told apart
  kMergeBaseBad,  ///< the bug was fixed between merge base and good end
  kRefused,       ///< the marks contradict each other
  kNoTestable,    ///< no commit touches the paths
  kAborted,       ///< the test program wants the search to end
  kNoCulprit,     ///< nothing in the range is to blame
  kFailed,        ///< an answer that cannot be read, a crash, the time limit
};
/// "found", "only-skipped", "merge-base-bad", "refused", "no-testable",
/// "aborted", "no-culprit", "failed".
[[nodiscard]] std::string_view NameOf(ToolOutcome outcome);
[[nodiscard]] std::optional<ToolOutcome> ToolOutcomeNamed(
    std::string_view name);
[[nodiscard]] std::vector<std::string_view> ToolOutcomeNames();

/// What a tool has to reach.
struct Expectation {
  /// Any of them is right. Empty: found is not expected, or any culprit is.
  std::vector<CommitName> culprits{};
  /// Of only-skipped: all that it may be. Empty: any.
  std::vector<CommitName> candidates{};
  std::vector<ToolOutcome> outcomes{};  ///< at least one; any of them is right
  std::optional<int> exit_code{};       ///< of tools with git's exit codes
  // Questions asked: at most, and at most this many more than the least that
  // suffices for this many suspects (log2, rounded up), or than git asks.
  std::optional<int> most_tests{};
  std::optional<int> over_optimum{};
  std::optional<int> over_git{};
  /// Questions about a commit asked before. Noisy searches may repeat.
  int repeated = 0;
  // Of repeated searches.
  std::optional<double> least_accuracy{};
  std::optional<double> most_mean_tests{};
  double confidence = 0.99;
};

/// A scenario in which some tools are known to err.
struct Erratum {
  std::string tool{};  ///< a tag of tools, such as "git" or "git-run"
  std::optional<GitVersion> since{};
  std::optional<GitVersion> until{};  ///< the first one that is right again
  std::string about{};
};

/// A history whose answer is known, a search in it, and what a tool has to
/// make of it.
struct Scenario {
  std::string suite{};
  std::string name{};  ///< unique in its suite: lower case, digits, '-'
  std::string about{};
  Position where{};

  std::variant<Drawing, HistorySource> history{};
  ScenarioDates dates{};
  ScenarioRepository repository{};
  ScenarioStart start{};

  RecordingKind search = RecordingKind::kCause;  ///< kCause or kFix
  std::vector<NamedOrigin> bugs{};
  std::vector<CommitName> untestable{};  ///< these alone cannot be tested
  std::vector<NamedOrigin> broken{};     ///< nor can these ranges
  /// Exit codes of the test program at some commits, whatever is true there.
  std::vector<std::pair<CommitName, int>> answers{};
  // Chances that a verdict is wrong, each time for itself.
  double false_bad = 0;
  double false_good = 0;
  std::uint64_t seed = 1;
  int repeats = 1;  ///< searches, each with luck of its own
  std::optional<double> limit_seconds{};

  std::vector<std::string> needs{};  ///< beside what the rest shows
  Expectation expect{};
  std::vector<Erratum> errata{};

  [[nodiscard]] bool Noisy() const { return false_bad > 0 || false_good > 0; }
  /// "suite/name".
  [[nodiscard]] std::string FullName() const { return suite + '/' + name; }
};

/// Scenarios of one file.
struct Suite {
  std::string name{};
  std::string about{};
  std::vector<Scenario> scenarios{};
};

/// What tools may be unable to do; scenarios need some of it.
/// "skip", "only-skipped", "terms", "merge-bases", "first-parent", "paths",
/// "no-checkout", "several-goods", "no-good", "octopus", "noise", "marks",
/// "replay", "abort", "exit-127-bad" (a command that a bad commit lacks),
/// "exit-127-abort" (one that all commits lack), "refuses", "bare", "shallow",
/// "replace", "worktree", "fix".
[[nodiscard]] std::vector<std::string_view> ToolFeatures();

/// Reads a suite; scenarios/suites/README.md describes it ("The scenario
/// suite"). `path` names it in errors and is what relative paths start from.
/// Nothing else is opened. Errors: kInput with file, line and column.
[[nodiscard]] Result<Suite> ReadSuite(const std::string& text,
                                      const std::string& path);

/// A suite file that reads back as the same scenarios, positions aside. O(n).
/// REQUIRES: every history is a drawing or generated.
[[nodiscard]] std::string SuiteText(const Suite& suite);

}  // namespace rebisect
