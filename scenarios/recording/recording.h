#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "sim/base/verdict.h"

namespace rebisect {

/// How one run of the reproducer ended.
enum class RunOutcome : std::uint8_t {
  kOk,
  kCrashed,      ///< with the title of the crash
  kBootFailed,   ///< the kernel did not come up
  kTestFailed,   ///< "basic kernel testing failed"
  kInfra,        ///< the machinery failed, not the kernel
  kIgnored,      ///< a crash that the recorder chose not to count
  kBuildFailed,  ///< nothing to run
  kFailed,       ///< anything else
};

/// One execution of the reproducer on one build.
struct Run {
  RunOutcome outcome = RunOutcome::kOk;
  std::string title{};  ///< of the crash, or the text of the failure
  std::optional<double> seconds{};

  friend bool operator==(const Run&, const Run&) = default;
};

/// Why a commit was tested.
enum class TestPurpose : std::uint8_t {
  kStart,      ///< the commit the recording starts from
  kHead,       ///< the newest commit, before a search for a fix
  kRelease,    ///< stepping back over releases to find a good one
  kMergeBase,  ///< the recorder's own check of a merge base
  kConfig,     ///< while minimising the configuration: no step of the search
  kStep,       ///< a commit that the search proposed
  kCulprit,    ///< a check after the end (parent or culprit again)
};

/// One commit built and run.
struct Test {
  std::string commit{};  ///< as written: full or short id, or a name
  TestPurpose purpose = TestPurpose::kStep;
  std::string release{};  ///< kRelease: the tag
  std::string compiler{};
  std::string signature{};  ///< of the built kernel, hexadecimal
  std::vector<Run> runs{};
  /// The record says "all runs" and not how many: `runs` then holds one run
  /// that stands for them all.
  bool runs_alike = false;
  bool flaky = false;  ///< "reproducer seems to be flaky" was printed
  /// "unable to determine the verdict" or "too many neither good nor bad".
  std::string undetermined{};
  std::string representative{};            ///< title the verdict was built on
  std::vector<std::string> crash_types{};  ///< its types, as printed
  std::optional<double> false_negative_chance{};
  int line = 0;  ///< where it was read, from 1; not part of the value
};

/// `git bisect start`.
struct Start {
  std::string bad{};  ///< as written; empty if it was marked later
  std::vector<std::string> goods{};
  /// Full ids that the log's comments give for `bad` and `goods` when those
  /// are names ("v2.0.0", "@"); keyed by what is written.
  std::map<std::string, std::string> resolved{};
  bool first_parent = false;
  bool no_checkout = false;
  std::string term_bad = "bad";
  std::string term_good = "good";
  std::vector<std::string> paths{};
  int line = 0;
};

/// `git bisect good|bad|skip [REV...]`, in git's sense of good and bad.
struct Mark {
  Verdict verdict = Verdict::kGood;
  /// As written: ids, names, ranges (`A..B`, skip only); empty: the commit
  /// that was checked out.
  std::vector<std::string> commits{};
  std::map<std::string, std::string> resolved{};  ///< as in Start
  int line = 0;
};

/// What git printed: the commit to test next.
struct Proposal {
  std::string commit{};
  bool merge_base = false;              ///< "a merge base must be tested"
  std::optional<int> revisions_left{};  ///< N; absent for merge bases
  std::optional<int> steps_left{};      ///< K; absent before git 1.6.3
  int line = 0;
};

/// `git bisect reset`, `git bisect replay` and the like inside a transcript,
/// and notes of the recorder that bear on the search but test nothing
/// ("testing release v5.6" without a test, "fetch failed ...").
struct Remark {
  std::string text{};
  int line = 0;
};

using Event = std::variant<Test, Start, Mark, Proposal, Remark>;

/// How a recorded bisection ended.
enum class EndKind : std::uint8_t {
  kUnfinished,        ///< the record stops before an end
  kCulprit,           ///< one commit was named
  kOnlySkippedLeft,   ///< git: only skipped commits left
  kInconclusive,      ///< syzkaller: could be any of several
  kStillOnHead,       ///< fix bisection: HEAD still crashes
  kOldestAlreadyBad,  ///< cause bisection: the oldest release crashes
  kMergeBaseBad,      ///< git: the merge base is bad
  kError,             ///< `error: ...`
};

struct End {
  EndKind kind = EndKind::kUnfinished;
  std::string culprit{};
  std::vector<std::string> candidates{};  ///< kInconclusive, kOnlySkippedLeft
  std::string message{};                  ///< kError
  int line = 0;
};

/// What the recorder says of the whole search, after its end.
struct Summary {
  std::optional<int> revisions_tested{};
  std::optional<double> total_seconds{};
  std::optional<double> build_seconds{};
  std::optional<double> test_seconds{};
  std::string crash{};  ///< title of the crash it reports
  std::string culprit_signature{};
  std::string parent_signature{};
  bool flaky = false;                    ///< "Reproducer flagged being flaky"
  std::optional<double> repro_chance{};  ///< estimate, when flaky
  std::optional<double> error_probability{};  ///< "accumulated error ..."

  friend bool operator==(const Summary&, const Summary&) = default;
};

/// What is known today of the truth, for shipped recordings.
struct Truth {
  std::string judgement{};  ///< right, wrong, probably-right, exposing, unknown
  std::string culprit{};    ///< the true one, where it is known
  std::string note{};

  friend bool operator==(const Truth&, const Truth&) = default;
};

/// What was searched for.
enum class RecordingKind : std::uint8_t {
  kCause,  ///< the commit that brought a crash
  kFix,    ///< the commit that removed it: git's good and bad are swapped
  kMarks,  ///< marks alone, no runs: a `git bisect log` or a transcript
};

/// A line that no rule of the parser explains, kept as it was.
struct UnknownLine {
  int line = 0;
  std::string text{};
};

/// One recorded bisection, as a value: everything that the log states, in its
/// order, and nothing that it does not state.
struct Recording {
  std::string name{};    ///< for people; the file's stem unless given
  std::string format{};  ///< "syzkaller", "git-log", "transcript", "yaml", ...
  RecordingKind kind = RecordingKind::kMarks;
  std::string start_commit{};  ///< syzkaller: "starting from", "since"
  std::string tool_commit{};   ///< syzkaller's own commit
  std::vector<Event> events{};
  End end{};
  Summary summary{};
  std::optional<Truth> truth{};
  std::vector<UnknownLine> unknown{};
  std::string file{};  ///< where it was read; not part of the value
};

/// Equal values; `line` and `file` members do not count.
[[nodiscard]] bool SameRecording(const Recording& a, const Recording& b);

/// The crash's side of a verdict of git: swapped in a search for a fix.
[[nodiscard]] Verdict CrashVerdict(RecordingKind kind, Verdict verdict);

}  // namespace rebisect
