#include "harness/suite/tools/in_process_tool.h"

#include <algorithm>
#include <chrono>
#include <exception>
#include <utility>

#include "harness/suite/tools/scenario_questions.h"
#include "sim/base/check.h"

namespace rebisect {
namespace {

/// Thrown through a search that does not end by itself. Not an exception of
/// the library's kind, lest the tool take it for one of its own.
struct EndlessSearch {};

class InProcessSession final : public ToolSession {
 public:
  InProcessSession(const ScenarioCase& scenario, const BisectFunction& function)
      : scenario_(scenario), function_(function) {}

  Result<ToolRun> Search(std::uint32_t search) override {
    const auto begin = std::chrono::steady_clock::now();
    ToolRun run;
    BisectAnswer answer = Call(search, run.journal);
    run.outcome = answer.outcome;
    run.culprit = answer.culprit;
    run.candidates = std::move(answer.candidates);
    std::sort(run.candidates.begin(), run.candidates.end());
    run.exit_code = answer.exit_code;
    run.trouble = std::move(answer.trouble);
    run.seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - begin)
            .count();
    return run;
  }

 private:
  BisectAnswer Call(std::uint32_t search, std::vector<AskedQuestion>& journal) {
    ScenarioQuestions questions(scenario_, search, journal);
    const AskCommit ask = [&questions](const CommitId& commit) {
      if (questions.TooMany()) throw EndlessSearch();
      return questions.Ask(commit);
    };
    BisectAnswer failed;
    try {
      return function_(scenario_, ask);
    } catch (const EndlessSearch&) {
      failed.trouble = "it asks on and on";
    } catch (const std::exception& thrown) {
      failed.trouble = std::string("it threw an exception: ") + thrown.what();
    } catch (...) {
      failed.trouble = "it threw something that is no std::exception";
    }
    return failed;
  }

  const ScenarioCase& scenario_;
  const BisectFunction& function_;
};

class InProcessTool final : public Tool {
 public:
  InProcessTool(ToolSpec spec, BisectFunction function)
      : spec_(std::move(spec)), function_(std::move(function)) {}

  [[nodiscard]] const ToolSpec& spec() const override { return spec_; }
  [[nodiscard]] const std::optional<GitVersion>& version() const override {
    return version_;
  }

  [[nodiscard]] Result<std::unique_ptr<ToolSession>> Begin(
      const ScenarioCase& scenario, const std::string&) const override {
    return std::make_unique<InProcessSession>(scenario, function_);
  }

 private:
  ToolSpec spec_;
  BisectFunction function_;
  std::optional<GitVersion> version_{};
};

}  // namespace

BisectAnswer BisectAnswer::Found(const CommitId& culprit) {
  BisectAnswer answer;
  answer.outcome = ToolOutcome::kFound;
  answer.culprit = culprit;
  return answer;
}

BisectAnswer BisectAnswer::OnlySkipped(std::vector<CommitId> candidates) {
  BisectAnswer answer;
  answer.outcome = ToolOutcome::kOnlySkipped;
  answer.candidates = std::move(candidates);
  return answer;
}

BisectAnswer BisectAnswer::Ended(ToolOutcome outcome) {
  BisectAnswer answer;
  answer.outcome = outcome;
  return answer;
}

Result<std::unique_ptr<Tool>> MakeInProcessTool(ToolSpec spec,
                                                BisectFunction function) {
  REBISECT_CHECK(function != nullptr);
  const auto features = ToolFeatures();
  for (const std::string& feature : spec.supports) {
    if (std::find(features.begin(), features.end(), feature) !=
        features.end()) {
      continue;
    }
    return Fail(ErrorCode::kUsage,
                "the tool '" + spec.name + "' cannot support '" + feature +
                    "', which is no feature; ToolFeatures() lists them",
                spec.where);
  }
  return std::make_unique<InProcessTool>(std::move(spec), std::move(function));
}

}  // namespace rebisect
