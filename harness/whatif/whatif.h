#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/graph/graph_source.h"
#include "harness/search/search.h"
#include "oracle/diagnosis/model_priors.h"
#include "oracle/verdict/retry_policy.h"
#include "oracle/verdict/verdict_policy.h"
#include "scenarios/recording/recording.h"
#include "sim/base/result.h"
#include "sim/session/git_version.h"
#include "sim/session/selection_policy.h"

namespace rebisect {

/// What might have been done instead. Borrows the policies.
struct WhatifPolicy {
  std::string policy{};
  std::string retry{};   ///< empty: as recorded
  std::string select{};  ///< "recorded", "git:2.39.5", "best", ...
  const VerdictPolicy* verdict = nullptr;
  const RetryPolicy* retry_policy = nullptr;  ///< null: as recorded
  /// Absent: the recorded choices, and where there are none, those of the git
  /// that fits the record best.
  std::optional<GitVersion> version{};
  /// What chooses in git's place; null: git does. Not random, nor one that
  /// needs first parents alone.
  SelectionPolicy* selection = nullptr;

  [[nodiscard]] bool ChoosesAnew() const {
    return version.has_value() || selection != nullptr;
  }
};

struct WhatifModelOptions {
  std::size_t trials = 400;
  std::uint64_t seed = 1;
  ModelPriors priors{};
};

/// One commit that the search with the policy asks for.
struct WhatifStep {
  std::size_t index = 0;  ///< from 1
  std::string commit{};
  std::string verdict{};  ///< git's side; "abort", "more-runs"
  std::string reason{};
  std::optional<Verdict> recorded_verdict{};
  bool on_record = true;    ///< the record tested this commit at this step
  bool merge_base = false;  ///< git asks for it before it bisects
  bool confirms = false;    ///< a check of the end
};

/// Where the policy first decides otherwise than the record.
struct WhatifDivergence {
  std::size_t step = 0;
  std::string commit{};           ///< what the policy has here
  std::string recorded_commit{};  ///< another one if the choice differs
  std::optional<Verdict> recorded_verdict{};
  std::string verdict{};  ///< as in WhatifStep; empty: another choice
  std::string reason{};
};

enum class WhatifOutcome {
  kSameCulprit,
  kDifferentCulprit,
  kCulprit,      ///< the record names none
  kSet,          ///< the record does not hold what the search then asks for
  kAborted,      ///< the policy stops the search
  kOnlySkipped,  ///< git: only skipped commits are left
  kError,        ///< git refuses to go on
};
/// "same-culprit", "different-culprit", "culprit", "set", "aborted",
/// "only-skipped", "error".
[[nodiscard]] std::string_view NameOf(WhatifOutcome outcome);

/// What the search asks for and the record does not hold.
struct WhatifNeed {
  std::string commit{};
  std::optional<int> runs{};  ///< absent: as many as one likes
  bool untested = false;      ///< there is no run of it at all
};

/// What the record alone supports.
struct WhatifRecord {
  std::optional<WhatifDivergence> first_divergence{};
  WhatifOutcome outcome = WhatifOutcome::kSet;
  std::string culprit{};
  /// Where the culprit can be, oldest first; for only-skipped git's own list.
  std::vector<std::string> suspects{};
  std::optional<WhatifNeed> needs{};
  std::vector<WhatifStep> steps{};
  std::vector<std::string> notes{};
};

/// A share of trials and its standard error, sqrt(p (1 - p) / trials).
struct WhatifShare {
  double share = 0;
  double standard_error = 0;
};

struct WhatifNamed {
  std::string commit{};
  WhatifShare share{};
};

/// What the model adds: how searches end that go on where the record stops.
struct WhatifModel {
  std::size_t trials = 0;
  WhatifShare no_culprit{};             ///< worlds where no suspect is to blame
  WhatifShare right{};                  ///< names the culprit of its world
  WhatifShare wrong{};                  ///< names another commit
  WhatifShare undecided{};              ///< names none
  std::vector<WhatifNamed> culprits{};  ///< all that were named, by share
  double further_tests = 0;             ///< on average
  double further_runs = 0;
};

struct WhatifResult {
  WhatifPolicy policy{};
  WhatifRecord record{};
  std::optional<WhatifModel> model{};
};

/// A step as it was recorded.
struct WhatifRecordedStep {
  std::string commit{};
  std::optional<Verdict> verdict{};
};

/// One recording and what might have been.
struct WhatifReport {
  const Recording* recording = nullptr;  ///< borrowed
  GraphKind graph_kind = GraphKind::kRepository;
  std::size_t graph_commits = 0;
  SearchOptions git{};    ///< what made the recorded choices
  std::string culprit{};  ///< recorded; empty: none
  std::vector<WhatifRecordedStep> steps{};
  std::vector<WhatifResult> results{};  ///< by policy
  /// Building and testing a commit takes so long, by the record's summary.
  std::optional<double> seconds_per_test{};
  /// The true culprit or "none", where the caller knows it (TruthOf).
  std::optional<std::string> truth{};
};

struct WhatifOptions {
  bool commit_graph = false;  ///< as a git with a commit-graph file
  std::optional<WhatifModelOptions> model{};
  /// Called after each policy, and with a model after each of its trials. May
  /// be empty.
  std::function<void()> progress{};
};

/// Runs the policies over one recording. Each search begins as the record
/// does and follows it as long as choices and verdicts are the same.
/// Errors: those of ReplayRecording(); kNotFound for a recorded commit that
/// the graph lacks; with a model those of LocateSearch().
[[nodiscard]] Result<WhatifReport> Whatif(
    const Recording& recording, GraphSource& source,
    std::span<const WhatifPolicy> policies, const WhatifOptions& options);

}  // namespace rebisect
