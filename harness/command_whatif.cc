#include <memory>
#include <ostream>
#include <utility>

#include "harness/command_support.h"
#include "harness/inputs.h"
#include "harness/whatif_report.h"
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
      : arguments_(arguments), streams_(streams) {}

  int Run() {
    if (auto read = ReadOptions(); !read) {
      return Report(read.error(), streams_);
    }
    const auto inputs = ExpandInputs(arguments_.inputs);
    if (!inputs) return Report(inputs.error(), streams_);
    bool failed = false;
    for (const std::string& input : *inputs) {
      if (const auto done = One(input); !done) {
        failed = true;
        corpus_->AddFailed();
        Report(done.error(), streams_);
      }
    }
    if (IsCorpus(*inputs)) {
      const CorpusSummary summary = corpus_->Summarise(arguments_.seed);
      streams_.out << (arguments_.format == OutputFormat::kJson
                           ? WhatifCorpusJson(summary)
                           : WhatifCorpusText(summary, streams_.style));
    }
    return failed ? kExitError : kExitHolds;
  }

 private:
  [[nodiscard]] bool IsCorpus(const std::vector<std::string>& inputs) const {
    return inputs.size() > 1 || inputs != arguments_.inputs;
  }

  Result<void> ReadOptions() {
    options_.commit_graph = arguments_.commit_graph;
    if (arguments_.model) {
      options_.model.emplace();
      options_.model->trials = arguments_.trials;
      options_.model->seed = arguments_.seed;
      if (!arguments_.prior.empty()) {
        const auto bytes = ReadInput(arguments_.prior);
        if (!bytes) return tl::unexpected(bytes.error());
        auto priors = ReadModelPriors(*bytes, InputName(arguments_.prior));
        if (!priors) return tl::unexpected(std::move(priors.error()));
        options_.model->priors = *priors;
      }
    }
    TruthTable truth;
    if (!arguments_.truth.empty()) {
      const auto bytes = ReadInput(arguments_.truth);
      if (!bytes) return tl::unexpected(bytes.error());
      auto table = ReadTruthTable(*bytes, InputName(arguments_.truth));
      if (!table) return tl::unexpected(std::move(table.error()));
      truth = *std::move(table);
    }
    if (auto made = MakePolicies(); !made) return made;
    corpus_.emplace(policies_, std::move(truth));
    return {};
  }

  Result<void> MakePolicies() {
    const auto verdicts =
        ParsePolicyList(arguments_.verdict, {"--verdict", 1, 1});
    if (!verdicts) return tl::unexpected(verdicts.error());
    std::vector<PolicyChain> retries(1);
    if (!arguments_.retry.empty()) {
      auto list = ParsePolicyList(arguments_.retry, {"--retry", 1, 1});
      if (!list) return tl::unexpected(std::move(list.error()));
      retries = *std::move(list);
    }
    for (const PolicyChain& verdict : *verdicts) {
      auto made = MakeVerdictPolicy(verdict);
      if (!made) return tl::unexpected(std::move(made.error()));
      verdicts_.push_back(*std::move(made));
      for (const PolicyChain& retry : retries) {
        const RetryPolicy* retry_policy = nullptr;
        if (!retry.empty()) {
          auto made_retry = MakeRetryPolicy(retry);
          if (!made_retry) return tl::unexpected(made_retry.error());
          retries_.push_back(*std::move(made_retry));
          retry_policy = retries_.back().get();
        }
        for (const std::string& select : SplitList(arguments_.select)) {
          WhatifPolicy policy{ToText(verdict), ToText(retry),
                              select,          verdicts_.back().get(),
                              retry_policy,    std::nullopt};
          if (auto read = ReadSelect(policy); !read) return read;
          policies_.push_back(std::move(policy));
        }
      }
    }
    return {};
  }

  static Result<void> ReadSelect(WhatifPolicy& policy) {
    constexpr std::string_view kGit = "git:";
    if (policy.select == "recorded") return {};
    if (!policy.select.starts_with(kGit)) {
      return Fail(ErrorCode::kUsage,
                  "there is no selection '" + policy.select +
                      "'; give recorded, or git: and a version (git:2.39.5)",
                  {"--select", 1, 1});
    }
    const auto version = GitVersion::Parse(policy.select.substr(kGit.size()));
    if (!version) return tl::unexpected(version.error());
    policy.version = *version;
    return {};
  }

  Result<void> One(const std::string& input) {
    const auto recording = LoadRecording(input);
    if (!recording) return tl::unexpected(recording.error());
    auto graph = ChooseGraph(arguments_.graph, *recording);
    if (!graph) return tl::unexpected(std::move(graph.error()));
    auto report = Whatif(*recording, *graph->source, policies_, options_);
    if (!report) {
      Error& error = report.error();
      if (error.where.file.empty()) error.where.file = recording->file;
      return tl::unexpected(std::move(error));
    }
    corpus_->Add(*report);
    if (arguments_.format == OutputFormat::kJson) {
      streams_.out << WhatifJson(*report);
    } else {
      streams_.out << WhatifText(*report, streams_.style) << '\n';
      if (arguments_.matrix) {
        streams_.out << WhatifMatrix(*report, streams_.style) << '\n';
      }
    }
    streams_.out.flush();
    return {};
  }

  const WhatifArguments& arguments_;
  const Streams& streams_;
  WhatifOptions options_;
  std::vector<std::unique_ptr<VerdictPolicy>> verdicts_;
  std::vector<std::unique_ptr<RetryPolicy>> retries_;
  std::vector<WhatifPolicy> policies_;
  std::optional<WhatifCorpus> corpus_;
};

}  // namespace

int RunWhatif(const WhatifArguments& arguments, const Streams& streams) {
  return WhatifCommandRun(arguments, streams).Run();
}

}  // namespace rebisect
