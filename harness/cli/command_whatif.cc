#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>

#include "harness/cli/assumptions.h"
#include "harness/cli/command_support.h"
#include "harness/cli/html_output.h"
#include "harness/graph/recording_graphs.h"
#include "harness/input/inputs.h"
#include "harness/input/load_recording.h"
#include "harness/search/policy_tester.h"
#include "harness/search/selection_policies.h"
#include "harness/whatif/whatif_report.h"
#include "oracle/verdict/verdict_expression.h"
#include "sim/base/result.h"
#include "sim/io/input.h"

namespace rebisect {
namespace {

/// What is before the commas of a list.
std::vector<std::string> SplitList(const std::string& text) {
  std::vector<std::string> parts;
  std::size_t at = 0;
  while (true) {
    const std::size_t end = text.find(',', at);
    parts.push_back(text.substr(at, end - at));
    if (end == std::string::npos) return parts;
    at = end + 1;
  }
}

class WhatifCommandRun {
 public:
  WhatifCommandRun(const WhatifArguments& arguments, const Streams& streams)
      : arguments_(arguments), streams_(streams), html_(arguments.html) {}

  int Run() {
    if (auto read = ReadOptions(); !read) {
      return Report(read.error(), streams_);
    }
    const auto inputs = ExpandInputs(arguments_.inputs);
    if (!inputs) return Report(inputs.error(), streams_);
    is_corpus_ = inputs->size() > 1 || *inputs != arguments_.inputs;
    auto graphs = RecordingGraphs::Open(arguments_.graph, *inputs);
    if (!graphs) return Report(graphs.error(), streams_);
    graphs_ = *std::move(graphs);
    bool failed = false;
    ShowProgress(inputs->size());
    for (const std::string& input : *inputs) {
      if (const auto done = One(input); !done) {
        // What it would say of the others is worth nothing either.
        if (const auto failure = PolicyFailure()) {
          return Report(*failure, streams_);
        }
        failed = true;
        corpus_->AddFailed();
        Report(done.error(), streams_);
      }
      searches_ = ++looked_at_ * SearchesOfOne();
    }
    NoteUnusedTruth();
    if (is_corpus_) {
      const CorpusSummary summary = corpus_->Summarise(arguments_.seed);
      if (summary.recordings == 0 && !failed) {
        return Report({ErrorCode::kInput,
                       "none of the recordings has runs for a policy to "
                       "judge; give --select git:VERSION to see other choices",
                       {},
                       {}},
                      streams_);
      }
      if (html_.wanted()) html_.Add(WhatifCorpusJson(summary));
      Print(summary);
    }
    if (auto written = html_.Write(streams_); !written) {
      return Report(written.error(), streams_);
    }
    return failed ? kExitError : kExitHolds;
  }

 private:
  /// The search by the record, and those that the model carries on.
  [[nodiscard]] std::uint64_t SearchesOfOne() const {
    return policies_.size() * (1 + (options_.model ? arguments_.trials : 0));
  }

  void ShowProgress(std::size_t recordings) {
    progress_.emplace(
        StartProgress(streams_, "searches", recordings * SearchesOfOne()));
    options_.progress = [this] { progress_->Update(++searches_); };
  }

  void Print(const WhatifReport& report) {
    switch (arguments_.format) {
      case OutputFormat::kJson:
        streams_.out << WhatifJson(report);
        return;
      case OutputFormat::kMarkdown:
        streams_.out << WhatifMarkdown(report) << '\n';
        if (arguments_.matrix) {
          streams_.out << WhatifMatrixMarkdown(report) << '\n';
        }
        return;
      case OutputFormat::kText:
        break;
    }
    streams_.out << WhatifText(report, streams_.style) << '\n';
    if (arguments_.matrix) {
      streams_.out << WhatifMatrix(report, streams_.style) << '\n';
    }
  }

  void Print(const CorpusSummary& summary) {
    switch (arguments_.format) {
      case OutputFormat::kJson:
        streams_.out << WhatifCorpusJson(summary);
        return;
      case OutputFormat::kMarkdown:
        streams_.out << WhatifCorpusMarkdown(summary);
        return;
      case OutputFormat::kText:
        streams_.out << WhatifCorpusText(summary, streams_.style);
        return;
    }
  }

  /// A table for other recordings is most likely a slip in the names.
  void NoteUnusedTruth() {
    if (arguments_.truth.empty() || truth_used_ || last_name_.empty()) return;
    streams_.errors << Printable(InputName(arguments_.truth)) +
                           ": note: it has no truth of these recordings; the "
                           "names are like '" +
                           Printable(last_name_) + "'\n";
  }

  /// Of a policy that is a program.
  [[nodiscard]] std::optional<Error> PolicyFailure() const {
    for (const auto& verdict : verdicts_) {
      if (auto failure = verdict->Failure()) return failure;
    }
    return std::nullopt;
  }

  /// Whether a record without runs would show anything.
  [[nodiscard]] bool ChoicesDiffer() const {
    return std::any_of(
        policies_.begin(), policies_.end(),
        [](const WhatifPolicy& policy) { return policy.ChoosesAnew(); });
  }

  Result<void> ReadOptions() {
    options_.commit_graph = arguments_.commit_graph;
    if (arguments_.model) {
      options_.model.emplace();
      options_.model->trials = arguments_.trials;
      options_.model->seed = arguments_.seed;
      if (!arguments_.prior.empty()) {
        REBISECT_ASSIGN_OR_RETURN(const auto bytes,
                                  ReadInput(arguments_.prior));
        REBISECT_ASSIGN_OR_RETURN(
            auto priors, ReadModelPriors(bytes, InputName(arguments_.prior)));
        options_.model->priors = priors;
      }
    }
    REBISECT_ASSIGN_OR_RETURN(auto truth, LoadTruthTable(arguments_.truth));
    if (auto made = MakePolicies(); !made) return made;
    corpus_.emplace(policies_, std::move(truth));
    return {};
  }

  Result<void> ReadRules() {
    if (arguments_.rules.empty()) return {};
    REBISECT_ASSIGN_OR_RETURN(const auto bytes, ReadInput(arguments_.rules));
    REBISECT_ASSIGN_OR_RETURN(
        auto rules, VerdictRules::ReadFile(bytes, InputName(arguments_.rules)));
    rules_ = std::move(rules);
    return {};
  }

  Result<void> MakePolicies() {
    if (auto read = ReadRules(); !read) return read;
    REBISECT_ASSIGN_OR_RETURN(
        const auto verdicts,
        ParsePolicyList(arguments_.verdict, {"--verdict", 1, 1}));
    std::vector<PolicyChain> retries(1);
    if (!arguments_.retry.empty()) {
      REBISECT_ASSIGN_OR_RETURN(
          auto list, ParsePolicyList(arguments_.retry, {"--retry", 1, 1}));
      retries = std::move(list);
    }
    for (const PolicyChain& verdict : verdicts) {
      REBISECT_ASSIGN_OR_RETURN(auto made, MakeVerdictPolicy(verdict, &rules_));
      verdicts_.push_back(std::move(made));
      for (const PolicyChain& retry : retries) {
        const RetryPolicy* retry_policy = nullptr;
        if (!retry.empty()) {
          REBISECT_ASSIGN_OR_RETURN(auto made_retry, MakeRetryPolicy(retry));
          retries_.push_back(std::move(made_retry));
          retry_policy = retries_.back().get();
        }
        for (const std::string& select : SplitList(arguments_.select)) {
          WhatifPolicy policy{
              ToText(verdict), ToText(retry), select, verdicts_.back().get(),
              retry_policy,    std::nullopt,  nullptr};
          if (auto read = ReadSelect(policy); !read) return read;
          policies_.push_back(std::move(policy));
        }
      }
    }
    return {};
  }

  Result<void> ReadSelect(WhatifPolicy& policy) {
    constexpr std::string_view kGit = "git:";
    const Position where{"--select", 1, 1};
    if (policy.select == "recorded") return {};
    if (policy.select.starts_with(kGit)) {
      const auto version = GitVersion::Parse(policy.select.substr(kGit.size()));
      if (!version) {
        Error error = version.error();
        error.where = where;
        return tl::unexpected(std::move(error));
      }
      policy.version = *version;
      return {};
    }
    REBISECT_ASSIGN_OR_RETURN(const auto spec,
                              ParseSelection(policy.select, where));
    std::string_view why;
    if (GitVersionOf(spec)) why = "give git: and a version (git:2.39.5)";
    if (NeedsFirstParents(spec)) why = "the record says what was searched";
    if (DrawsItsTests(spec)) why = "what it chooses says nothing";
    if (PriorOf(spec) || UsesCost(spec)) {
      why = "priors and costs are for experiments (simulate)";
    }
    if (!why.empty()) {
      return Fail(
          ErrorCode::kUsage,
          "'" + policy.select + "' does not go here; " + std::string(why),
          where);
    }
    // One for all that name it: they share searches.
    std::unique_ptr<SelectionPolicy>& selection = selections_[policy.select];
    if (selection == nullptr) {
      REBISECT_ASSIGN_OR_RETURN(auto made,
                                MakeSelectionPolicy(spec, Prng(0, 0, 0)));
      selection = std::move(made);
    }
    policy.selection = selection.get();
    return {};
  }

  Result<void> One(const std::string& input) {
    REBISECT_ASSIGN_OR_RETURN(const auto recording, LoadRecording(input));
    last_name_ = recording.name;
    if (corpus_->truth().contains(recording.name)) truth_used_ = true;
    if (!HasRuns(recording) && !ChoicesDiffer()) {
      if (is_corpus_) {
        corpus_->AddWithoutRuns();
        streams_.errors << Printable(recording.file) +
                               ": note: left out; it has no runs for a policy "
                               "to judge\n";
        return {};
      }
      if (!options_.model) {
        return Fail(ErrorCode::kInput,
                    "the record has no runs for a policy to judge; give "
                    "--select git:VERSION or another one to see other choices, "
                    "or --model",
                    {recording.file, 0, 0});
      }
    }
    REBISECT_ASSIGN_OR_RETURN(auto graph, graphs_->For(recording));
    auto report = Whatif(recording, *graph.source, policies_, options_);
    progress_->Finish();
    if (!report) {
      Error& error = report.error();
      if (error.where.file.empty()) error.where.file = recording.file;
      return tl::unexpected(std::move(error));
    }
    if (auto failure = PolicyFailure()) {
      return tl::unexpected(*std::move(failure));
    }
    report->truth = TruthOf(recording, corpus_->truth());
    corpus_->Add(*report);
    if (html_.wanted()) html_.Add(WhatifJson(*report));
    Print(*report);
    streams_.out.flush();
    return {};
  }

  const WhatifArguments& arguments_;
  const Streams& streams_;
  HtmlOutput html_;
  std::optional<RecordingGraphs> graphs_;
  WhatifOptions options_;
  VerdictRules rules_;
  std::vector<std::unique_ptr<VerdictPolicy>> verdicts_;
  std::vector<std::unique_ptr<RetryPolicy>> retries_;
  std::map<std::string, std::unique_ptr<SelectionPolicy>> selections_;
  std::vector<WhatifPolicy> policies_;
  std::optional<WhatifCorpus> corpus_;
  std::optional<Progress> progress_;
  std::uint64_t searches_ = 0;  ///< done
  std::size_t looked_at_ = 0;   ///< recordings
  bool is_corpus_ = false;
  bool truth_used_ = false;
  std::string last_name_;
};

}  // namespace

int RunWhatif(const WhatifArguments& arguments, const Streams& streams) {
  std::vector<std::string> read = arguments.inputs;
  read.insert(read.end(), arguments.graph.dags.begin(),
              arguments.graph.dags.end());
  read.insert(read.end(), {arguments.rules, arguments.prior, arguments.truth});
  if (const auto kept = CheckOutput(arguments.html, read); !kept) {
    return Report(kept.error(), streams);
  }
  return WhatifCommandRun(arguments, streams).Run();
}

}  // namespace rebisect
