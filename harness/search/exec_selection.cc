#include "harness/search/exec_selection.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "harness/text/json_text.h"
#include "oracle/process/exec_protocol.h"
#include "sim/base/result.h"

namespace rebisect {
namespace {

using nlohmann::json;

/// What a program is told of a search but for its verdicts, by value: a graph
/// at the same address need not be the same graph.
struct KnownGraph {
  std::vector<CommitId> ids;
  std::vector<std::uint32_t> rows;
  std::vector<Suspect> parents;
  std::vector<std::uint8_t> counted;
  std::vector<double> prior;
  std::vector<double> cost;
  Suspect bad = 0;

  [[nodiscard]] bool IsOf(const SearchView& view) const {
    const SuspectGraph& suspects = view.suspects;
    if (ids.size() != suspects.size()) return false;
    for (std::size_t s = 0; s < ids.size(); ++s) {
      if (ids[s] != suspects.graph->Id(suspects.vertices[s])) return false;
    }
    return rows == suspects.rows && parents == suspects.parents &&
           counted == suspects.counted && bad == view.bad &&
           std::equal(prior.begin(), prior.end(), view.prior.begin(),
                      view.prior.end()) &&
           std::equal(cost.begin(), cost.end(), view.cost.begin(),
                      view.cost.end());
  }

  void Take(const SearchView& view) {
    const SuspectGraph& suspects = view.suspects;
    ids.clear();
    for (const Vertex v : suspects.vertices) {
      ids.push_back(suspects.graph->Id(v));
    }
    rows = suspects.rows;
    parents = suspects.parents;
    counted = suspects.counted;
    prior.assign(view.prior.begin(), view.prior.end());
    cost.assign(view.cost.begin(), view.cost.end());
    bad = view.bad;
  }
};

json GraphStatement(const SearchView& view) {
  const SuspectGraph& suspects = view.suspects;
  json commits = json::array();
  json parents = json::array();
  json untestable = json::array();
  for (Suspect s = 0; s < suspects.size(); ++s) {
    commits.push_back(suspects.graph->Id(suspects.vertices[s]).Hex());
    json of_commit = json::array();
    for (const Suspect p : suspects.Parents(s)) of_commit.push_back(p);
    parents.push_back(std::move(of_commit));
    if (!suspects.Counted(s)) untestable.push_back(s);
  }
  const auto or_null = [](std::span<const double> numbers) {
    return numbers.empty()
               ? json()
               : json(std::vector<double>(numbers.begin(), numbers.end()));
  };
  return {{"graph",
           {{"commits", std::move(commits)},
            {"parents", std::move(parents)},
            {"bad", view.bad},
            {"untestable", std::move(untestable)},
            {"prior", or_null(view.prior)},
            {"cost", or_null(view.cost)}}}};
}

json QuestionOf(const SearchView& view) {
  json observations = json::array();
  for (const Observation& seen : view.observations) {
    observations.push_back({{"commit", seen.commit}, {"bad", seen.bad}});
  }
  json skipped = json::array();
  for (Suspect s = 0; s < view.skipped.size(); ++s) {
    if (view.skipped[s] != 0) skipped.push_back(s);
  }
  return {{"observations", std::move(observations)},
          {"skipped", std::move(skipped)}};
}

/// Reads an answer field by field; keeps what is wrong first.
class StepReader {
 public:
  StepReader(const SearchView& view, const json& answer)
      : view_(view), answer_(answer) {}

  NextStep Read() {
    const auto test = answer_.find("test");
    const auto done = answer_.find("done");
    if ((test == answer_.end()) == (done == answer_.end()) ||
        answer_.size() != 2) {
      Fail("beside 'id' it has to hold 'test' or 'done', and nothing else");
      return DoneStep{};
    }
    if (test != answer_.end()) return ReadTest(*test);
    return ReadDone(*done);
  }

  [[nodiscard]] const std::string& fault() const { return fault_; }

 private:
  void Fail(const std::string& message) {
    if (fault_.empty()) fault_ = message;
  }

  Suspect ReadSuspect(const json& value) {
    const std::size_t count = view_.suspects.size();
    if (value.is_number_unsigned() && value.get<std::uint64_t>() < count) {
      return value.get<Suspect>();
    }
    Fail(JsonText(value) + " is no suspect; their numbers are 0 to " +
         std::to_string(count - 1));
    return 0;
  }

  NextStep ReadTest(const json& list) {
    TestStep step;
    if (!list.is_array() || list.empty()) {
      Fail("'test' has to be a list of one or more suspects");
      return step;
    }
    std::vector<std::uint8_t> named(view_.suspects.size());
    for (const json& value : list) {
      const Suspect s = ReadSuspect(value);
      if (!view_.skipped.empty() && view_.skipped[s] != 0) {
        Fail("suspect " + std::to_string(s) +
             " was skipped and cannot be tested");
      } else if (!view_.suspects.Counted(s)) {
        Fail("suspect " + std::to_string(s) +
             " touches none of the paths and cannot be tested");
      } else if (named[s]++ != 0) {
        Fail("suspect " + std::to_string(s) + " is named twice");
      }
      step.commits.push_back(s);
    }
    const auto counted =
        static_cast<std::int64_t>(view_.suspects.counted_total);
    step.revisions_left = counted - 1;
    step.steps_left = EstimateSteps(counted);
    return step;
  }

  NextStep ReadDone(const json& value) {
    DoneStep step;
    if (!value.is_object() || !value.contains("culprit")) {
      Fail("'done' has to be an object that holds 'culprit', null for none");
      return step;
    }
    for (const auto& [key, part] : value.items()) {
      if (key == "culprit") {
        step.no_culprit = part.is_null();
        if (!part.is_null()) step.culprit = ReadSuspect(part);
      } else if (key == "confidence") {
        step.confidence = part.is_number() ? part.get<double>() : -1;
        if (!(step.confidence >= 0 && step.confidence <= 1)) {
          Fail("'confidence' has to be a number from 0 to 1");
        }
      } else {
        Fail("'" + key +
             "' is no field of 'done'; known are culprit, "
             "confidence");
      }
    }
    if (step.culprit) step.candidates = {*step.culprit};
    return step;
  }

  const SearchView& view_;
  const json& answer_;
  std::string fault_;
};

class ExecSelection final : public SelectionPolicy {
 public:
  explicit ExecSelection(ProgramSpec spec)
      : program_(std::move(spec), "select") {}

  [[nodiscard]] std::string_view Name() const override {
    return kProgramPolicy;
  }

  [[nodiscard]] bool TrustsVerdicts() const override { return false; }

  [[nodiscard]] Result<NextStep> Next(const SearchView& view) override {
    if (view.suspects.counted_total == 0) {
      return Fail(ErrorCode::kNoTestable,
                  "none of the suspects can be tested; name other paths");
    }
    std::optional<json> graph;
    if (!known_.IsOf(view)) {
      known_.Take(view);
      graph = GraphStatement(view);
    }
    REBISECT_ASSIGN_OR_RETURN(
        const auto answer,
        program_.Ask(QuestionOf(view), graph ? &*graph : nullptr));
    StepReader reader(view, answer);
    NextStep step = reader.Read();
    if (!reader.fault().empty()) {
      return tl::unexpected(program_.Refuse(answer, reader.fault()));
    }
    return step;
  }

 private:
  PolicyProgram program_;
  KnownGraph known_;
};

Result<std::unique_ptr<SelectionPolicy>> MakeExecSelection(
    PolicyParameters& params, const Prng&) {
  REBISECT_ASSIGN_OR_RETURN(auto program, ReadProgramSpec(params.spec()));
  return std::make_unique<ExecSelection>(std::move(program));
}

}  // namespace

constinit const SelectionEntry kExecSelectionEntry{
    .info = kProgramPolicyInfo,
    .make = &MakeExecSelection,
};

}  // namespace rebisect
