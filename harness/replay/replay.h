#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/graph/graph_source.h"
#include "harness/replay/search_graph.h"
#include "harness/search/release_stepping.h"
#include "harness/search/search.h"
#include "oracle/verdict/verdict_policy.h"
#include "scenarios/recording/recording.h"
#include "scenarios/recording/steps.h"
#include "sim/base/result.h"
#include "sim/session/git_version.h"

namespace rebisect {

/// A step of a record beside what this project's git proposes there. The
/// search goes on from the recorded commit, so every step is judged alone.
struct ReplayStep {
  std::size_t index = 0;  ///< from 1
  std::size_t move = 0;   ///< index into RecordedSearch::moves
  int line = 0;
  std::optional<std::string> commit{};  ///< proposed here, as labelled
  std::string recorded_commit{};
  std::optional<Verdict> verdict{};  ///< git's
  std::optional<Verdict> crash_verdict{};
  bool merge_base = false;
  std::optional<std::int64_t> revisions_left{};
  std::optional<std::int64_t> steps_left{};
  std::optional<int> recorded_revisions_left{};
  std::optional<int> recorded_steps_left{};
  bool agrees = false;
  std::string explanation{};
  const Test* test = nullptr;  ///< borrowed from the recording
};

/// Where the record and the replay part.
struct Divergence {
  enum class Kind {
    kCommit,       ///< another commit is proposed
    kCounts,       ///< the same commit, other counts
    kEnd,          ///< the search ends here and goes on there, or vice versa
    kMarkedAgain,  ///< a commit was marked that had a mark already
    kOtherMark,    ///< a commit was marked that had not been proposed
    kVerdict,      ///< the policy makes another verdict of the runs
    kRelease,      ///< a release's runs do not give the verdict acted upon
    kMissing,      ///< the graph lacks the recorded commit
  };
  Kind kind = Kind::kCommit;
  std::size_t step = 0;  ///< ReplayStep::index; 0: before the first step
  int line = 0;
  bool explained = false;  ///< by the record or a version of git, not a guess
  std::string explanation{};
};
[[nodiscard]] std::string_view NameOf(Divergence::Kind kind);

enum class ReplayOutcome {
  kSameCulprit,
  kDifferentCulprit,
  kSameEnd,
  kDifferentEnd,
  kNeedsUntested,
};
[[nodiscard]] std::string_view NameOf(ReplayOutcome outcome);

/// How a search ended.
struct ReplayEnd {
  std::string culprit{};  ///< empty: none
  std::string end{};      ///< "culprit", "unfinished", "only-skipped", ...
  std::size_t steps = 0;
};

struct ReplayOptions {
  /// Absent: the family that fits the record best.
  std::optional<GitVersion> version{};
  bool commit_graph = false;
  bool run = false;  ///< the marks were made by `git bisect run`
  /// Null: the recorded verdicts.
  const VerdictPolicy* policy = nullptr;
  bool search_graph = false;  ///< wanted: ReplayResult::search_graph
};

struct ReplayResult {
  SearchOptions git{};              ///< what was followed
  bool version_was_chosen = false;  ///< by fit, not by the user
  bool tried_first = false;         ///< of those that were tried
  ReplayOutcome outcome = ReplayOutcome::kSameEnd;
  bool agrees = true;  ///< every step does
  ReplayEnd recorded{};
  ReplayEnd replayed{};
  /// kNeedsUntested: the commit that has no answer, and the suspects then.
  std::string untested{};
  std::size_t suspects_left = 0;
  std::vector<ReleaseStep> releases{};
  std::vector<ReplayStep> steps{};
  std::vector<Divergence> divergences{};
  std::vector<std::string> missing{};  ///< recorded commits not in the graph
  bool inexact = false;                ///< the graph ended before a step did
  std::vector<std::string> notes{};
  std::optional<SearchGraph> search_graph{};

  /// The ends agree and no divergence is unexplained.
  [[nodiscard]] bool Holds() const;
};

/// Follows a record through a simulated bisection of `source`'s graph.
/// Steps are judged one by one, each from the recorded state; the outcome is
/// that of a bisection that follows its own proposals with the record's
/// answers. Time: that of a session, for every version family tried.
/// Errors: kNotFound when the ends of the search are not in the graph,
/// kUnsupported for a record of more than 10,000 marks, and those of the
/// session.
[[nodiscard]] Result<ReplayResult> ReplayRecording(
    const Recording& recording, GraphSource& source,
    const ReplayOptions& options);

}  // namespace rebisect
