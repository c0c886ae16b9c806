#include "harness/whatif/whatif.h"

#include <map>
#include <utility>

#include "harness/graph/commit_names.h"
#include "harness/replay/replay.h"
#include "harness/search/own_search.h"
#include "harness/search/release_stepping.h"
#include "harness/whatif/whatif_model.h"
#include "sim/base/result.h"

namespace rebisect {
namespace {

/// What the verdict of a test is called.
std::string VerdictName(const TestedCommit& tested) {
  if (!tested.verdict) return "more-runs";
  if (tested.ruling.kind == RulingKind::kAbort) return "abort";
  return std::string(ToString(*tested.verdict));
}

/// What git says where it refuses to go on, its first line.
std::string Refusal(const StepReport& report) {
  const std::string said = report.errors + report.output;
  return said.substr(0, said.find('\n'));
}

/// One policy's search, along the record as far as that goes and then alone.
class Walk {
 public:
  struct Inputs {
    const Recording& recording;
    const RecordedSearch& moves;
    GraphSource& source;
    const CommitOf& commit_of;
    SearchTree& tree;
    const WhatifPolicy& policy;
  };

  explicit Walk(const Inputs& inputs) : in_(inputs) {}

  Result<void> Run() {
    for (std::size_t i = 0; i < in_.moves.moves.size() && !parted_; ++i) {
      const Move& move = in_.moves.moves[i];
      if (move.kind == MoveKind::kStep) {
        if (auto done = Step(move); !done) return done;
      } else if (auto done = Take(i, move); !done) {
        return done;
      }
    }
    if (search_ && !stop_) {
      if (auto done = ContinueWithOwnChoices(); !done) return done;
    }
    if (!search_) {
      return Fail(ErrorCode::kInput,
                  "the record holds no search; what-if needs one that starts",
                  {in_.recording.file, 0, 0});
    }
    Releases();
    return Conclude();
  }

  [[nodiscard]] WhatifRecord& record() { return record_; }
  /// REQUIRES: Run() is done.
  [[nodiscard]] const OwnSearch& search() const { return *search_; }
  [[nodiscard]] StopKind stop() const { return stop_->kind; }

 private:
  /// A start, or a mark that was no answer to a proposal.
  Result<void> Take(std::size_t index, const Move& move) {
    SearchTree::Node* const from = search_ ? &search_->at() : nullptr;
    if (from == nullptr && move.kind != MoveKind::kStart) return {};
    if (move.kind != MoveKind::kStart && !move.verdict) return {};
    REBISECT_ASSIGN_OR_RETURN(const auto node, in_.tree.Follow(from, index));
    if (move.kind == MoveKind::kStart || !steps_seen_) {
      const PolicyTester::Rules rules{in_.policy.verdict,
                                      in_.policy.retry_policy};
      search_.emplace(in_.tree, in_.source, *node, *node,
                      PolicyTester(in_.recording, in_.commit_of, rules));
      if (move.kind == MoveKind::kStart) {
        record_.steps.clear();
        steps_seen_ = false;
      }
    } else {
      search_->JumpTo(*node);
      record_.notes.push_back(
          "line " + std::to_string(move.line) +
          ": a mark that answers no proposal is taken as recorded");
    }
    return {};
  }

  Result<void> Step(const Move& move) {
    if (!search_ || !move.verdict) return {};
    const auto recorded = in_.commit_of(move.commit);
    if (!recorded) {
      return Fail(ErrorCode::kNotFound,
                  "the graph lacks " + move.commit +
                      ", a commit of the recorded search; give the repository "
                      "that has it, or --fill-missing",
                  {in_.recording.file, move.line, 0});
    }
    steps_seen_ = true;
    const StepReport& report = search_->at().report();
    if (in_.policy.ChoosesAnew() && report.next != *recorded) {
      return PartByChoice(move, *recorded, report);
    }
    REBISECT_ASSIGN_OR_RETURN(auto tested,
                              search_->tester().Judge(*recorded, nullptr));
    // Marked again and again without a run: what counted here, counts here.
    if (tested.verdict && tested.recorded_runs == 0) {
      tested.verdict = move.verdict;
    }
    Note(search_->at(), *recorded, tested);
    WhatifStep& step = record_.steps.back();
    step.recorded_verdict = move.verdict;
    step.on_record = true;
    const bool aborts = tested.ruling.kind == RulingKind::kAbort;
    if (tested.verdict != move.verdict || aborts) {
      parted_ = true;
      record_.first_divergence =
          WhatifDivergence{step.index,   step.commit,  step.commit,
                           move.verdict, step.verdict, step.reason};
    }
    if (!tested.verdict) {
      stop_ = SearchStop{};
      stop_->kind = StopKind::kLacking;
      stop_->lack = Lack{*recorded, tested.runs_needed, tested.is_new};
      return {};
    }
    if (aborts) {
      stop_ = SearchStop{};
      stop_->kind = StopKind::kAborted;
      return {};
    }
    REBISECT_RETURN_IF_ERROR(search_->Mark(*recorded, *tested.verdict));
    return {};
  }

  Result<void> PartByChoice(const Move& move, const CommitId& recorded,
                            const StepReport& report) {
    parted_ = true;
    WhatifDivergence divergence;
    divergence.step = record_.steps.size() + 1;
    divergence.recorded_commit = in_.source.Label(recorded);
    divergence.recorded_verdict = move.verdict;
    divergence.reason = in_.policy.version
                            ? "git " + in_.policy.version->ToString()
                            : in_.policy.select;
    if (report.next) {
      divergence.commit = in_.source.Label(*report.next);
      divergence.reason += " proposes another commit";
    } else {
      if (report.state == SessionState::kError) {
        divergence.reason += " refuses: " + Refusal(report);
      } else {
        divergence.reason += " ends here";
      }
    }
    record_.first_divergence = std::move(divergence);
    return {};
  }

  void Note(const SearchTree::Node& before, const CommitId& commit,
            const TestedCommit& tested) {
    WhatifStep step;
    step.index = record_.steps.size() + 1;
    step.commit = in_.source.Label(commit);
    step.verdict = VerdictName(tested);
    step.reason = tested.ruling.reason;
    step.recorded_verdict = tested.stated;
    step.on_record = false;
    step.merge_base = before.report().state == SessionState::kMergeBase;
    step.confirms = !Testing(before.report());
    record_.steps.push_back(std::move(step));
  }

  Result<void> ContinueWithOwnChoices() {
    REBISECT_ASSIGN_OR_RETURN(
        auto stop, search_->Run(nullptr, [this](const SearchTree::Node& before,
                                                const CommitId& commit,
                                                const TestedCommit& tested) {
          Note(before, commit, tested);
        }));
    stop_ = stop;
    return {};
  }

  /// The ends of the search are as recorded, whatever the policy says.
  void Releases() {
    for (const ReleaseStep& release :
         CheckReleaseStepping(in_.recording, *in_.policy.verdict)) {
      if (release.agrees) continue;
      const Test& test = *release.test;
      record_.notes.push_back(
          "before the search, " +
          (test.release.empty() ? test.commit : test.release) + ": " +
          release.explanation +
          " under this policy; the ends are kept as recorded");
    }
  }

  Result<void> Conclude() {
    switch (stop_->kind) {
      case StopKind::kFound:
        record_.culprit = in_.source.Label(*stop_->culprit);
        record_.suspects = {record_.culprit};
        record_.outcome = CompareCulprits();
        return {};
      case StopKind::kOnlySkipped:
        record_.outcome = WhatifOutcome::kOnlySkipped;
        for (const CommitId& id : search_->at().report().suspects) {
          record_.suspects.push_back(in_.source.Label(id));
        }
        return {};
      case StopKind::kAborted:
        record_.outcome = WhatifOutcome::kAborted;
        break;
      case StopKind::kLacking:
        record_.outcome = WhatifOutcome::kSet;
        break;
      case StopKind::kError:
        record_.outcome = WhatifOutcome::kError;
        record_.notes.push_back((in_.policy.selection != nullptr
                                     ? in_.policy.select + " ends the search: "
                                     : "git refuses: ") +
                                Refusal(search_->at().report()));
        break;
      case StopKind::kTooLong:
        record_.outcome = WhatifOutcome::kError;
        record_.notes.emplace_back("the search does not end");
        break;
    }
    if (const auto& lack = stop_->lack) {
      record_.needs = WhatifNeed{in_.source.Label(lack->commit), lack->runs,
                                 lack->untested};
    }
    std::vector<CommitId> left = in_.tree.SuspectsAt(search_->at());
    if (stop_->confirming) {
      REBISECT_ASSIGN_OR_RETURN(auto unconfirmed,
                                search_->UnconfirmedSuspects());
      left = std::move(unconfirmed);
    }
    for (const CommitId& id : left) {
      record_.suspects.push_back(in_.source.Label(id));
    }
    return {};
  }

  [[nodiscard]] WhatifOutcome CompareCulprits() const {
    if (in_.recording.end.kind != EndKind::kCulprit) {
      return WhatifOutcome::kCulprit;
    }
    return in_.commit_of(in_.recording.end.culprit) == stop_->culprit
               ? WhatifOutcome::kSameCulprit
               : WhatifOutcome::kDifferentCulprit;
  }

  Inputs in_;
  std::optional<OwnSearch> search_;
  std::optional<SearchStop> stop_;
  WhatifRecord record_;
  bool steps_seen_ = false;
  bool parted_ = false;
};

class Whatifs {
 public:
  Whatifs(const Recording& recording, GraphSource& source,
          const WhatifOptions& options)
      : recording_(recording),
        source_(source),
        options_(options),
        moves_(FindSteps(recording)),
        names_(recording, source),
        commit_of_([this](const std::string& name) { return names_(name); }) {}

  Result<WhatifReport> Run(std::span<const WhatifPolicy> policies) {
    ReplayOptions replay_options;
    replay_options.commit_graph = options_.commit_graph;
    REBISECT_ASSIGN_OR_RETURN(
        const auto replayed,
        ReplayRecording(recording_, source_, replay_options));
    if (options_.model) {
      REBISECT_ASSIGN_OR_RETURN(
          auto worlds, ModelledWorlds::Make(recording_, moves_, source_,
                                            options_.model->priors));
      worlds_ = std::move(worlds);
    }
    WhatifReport report;
    report.recording = &recording_;
    report.git = replayed.git;
    report.culprit = replayed.recorded.culprit;
    for (const ReplayStep& step : replayed.steps) {
      if (moves_.moves[step.move].kind != MoveKind::kStep) continue;
      report.steps.push_back({step.recorded_commit, step.verdict});
    }
    for (const WhatifPolicy& policy : policies) {
      SearchOptions search = report.git;
      if (policy.version) search = {*policy.version, options_.commit_graph};
      if (policy.selection != nullptr) search.run = false;
      REBISECT_ASSIGN_OR_RETURN(auto result, One(policy, search));
      report.results.push_back(std::move(result));
    }
    report.graph_kind = source_.kind();
    report.graph_commits = source_.graph().size();
    report.seconds_per_test = SecondsPerTest();
    return report;
  }

 private:
  SearchTree& TreeOf(const SearchOptions& options, SelectionPolicy* selection) {
    auto& tree = trees_[{options, selection}];
    if (tree == nullptr) {
      tree = std::make_unique<SearchTree>(recording_, moves_, source_,
                                          commit_of_, options, selection);
    }
    return *tree;
  }

  Result<WhatifResult> One(const WhatifPolicy& policy,
                           const SearchOptions& options) {
    Walk walk({recording_, moves_, source_, commit_of_,
               TreeOf(options, policy.selection), policy});
    REBISECT_RETURN_IF_ERROR(walk.Run());
    WhatifResult result;
    result.policy = policy;
    if (worlds_ != nullptr) {
      REBISECT_ASSIGN_OR_RETURN(
          auto model, SimulateRest(
                          walk.search(), walk.stop(), *worlds_, *options_.model,
                          [&](const CommitId& id) { return source_.Label(id); },
                          options_.progress));
      result.model = std::move(model);
    }
    if (options_.progress) options_.progress();
    result.record = std::move(walk.record());
    if (!HasRuns(recording_)) {
      result.record.notes.emplace_back(
          "the record has no runs: its verdicts stand, whatever the policy");
    }
    return result;
  }

  [[nodiscard]] std::optional<double> SecondsPerTest() const {
    const Summary& summary = recording_.summary;
    if (!summary.revisions_tested || *summary.revisions_tested <= 0) {
      return std::nullopt;
    }
    const auto tests = static_cast<double>(*summary.revisions_tested);
    if (summary.build_seconds && summary.test_seconds) {
      return (*summary.build_seconds + *summary.test_seconds) / tests;
    }
    if (summary.total_seconds) return *summary.total_seconds / tests;
    return std::nullopt;
  }

  const Recording& recording_;
  GraphSource& source_;
  const WhatifOptions& options_;
  RecordedSearch moves_;
  CommitNames names_;
  CommitOf commit_of_;
  std::map<std::pair<SearchOptions, SelectionPolicy*>,
           std::unique_ptr<SearchTree>>
      trees_;
  std::unique_ptr<ModelledWorlds> worlds_;
};

}  // namespace

std::string_view NameOf(WhatifOutcome outcome) {
  switch (outcome) {
    case WhatifOutcome::kSameCulprit:
      return "same-culprit";
    case WhatifOutcome::kDifferentCulprit:
      return "different-culprit";
    case WhatifOutcome::kCulprit:
      return "culprit";
    case WhatifOutcome::kSet:
      return "set";
    case WhatifOutcome::kAborted:
      return "aborted";
    case WhatifOutcome::kOnlySkipped:
      return "only-skipped";
    case WhatifOutcome::kError:
      return "error";
  }
  return "";
}

Result<WhatifReport> Whatif(const Recording& recording, GraphSource& source,
                            std::span<const WhatifPolicy> policies,
                            const WhatifOptions& options) {
  return Whatifs(recording, source, options).Run(policies);
}

}  // namespace rebisect
