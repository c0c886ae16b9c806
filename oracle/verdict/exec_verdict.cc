#include "oracle/verdict/exec_verdict.h"

#include <array>
#include <utility>

#include <nlohmann/json.hpp>

#include "oracle/process/exec_protocol.h"
#include "oracle/verdict/verdict_learning.h"
#include "oracle/verdict/verdict_runs.h"
#include "scenarios/recording/recording_names.h"
#include "sim/base/result.h"
#include "sim/base/text.h"

namespace rebisect {
namespace {

using nlohmann::json;

constexpr std::array kKinds = {RulingKind::kGood, RulingKind::kBad,
                               RulingKind::kSkip, RulingKind::kAbort,
                               RulingKind::kMoreRuns};

json OrNull(const std::string& text) {
  return text.empty() ? json() : json(text);
}

json QuestionOf(const Test& test, const VerdictHistory& history) {
  json runs = json::array();
  for (const Run& run : test.runs) {
    json one = {{"outcome", NameOf(run.outcome)}};
    if (!run.title.empty()) one["title"] = run.title;
    if (run.seconds) one["seconds"] = *run.seconds;
    runs.push_back(std::move(one));
  }
  const json chance =
      history.crash_chance ? json(*history.crash_chance) : json();
  return {{"commit", test.commit},
          {"purpose", NameOf(test.purpose)},
          {"release", OrNull(test.release)},
          {"signature", OrNull(test.signature)},
          {"runs", std::move(runs)},
          {"runs_alike", test.runs_alike},
          {"history",
           {{"original_titles", history.original_titles},
            {"related_titles", history.related_titles},
            {"flaky", history.flaky},
            {"crash_chance", chance}}}};
}

/// Reads an answer field by field; keeps what is wrong first.
class AnswerReader {
 public:
  explicit AnswerReader(const json& answer) : answer_(answer) {}

  Ruling Read() {
    Ruling ruling;
    ReadKind(ruling);
    for (const auto& [key, value] : answer_.items()) {
      if (key == "id" || key == "verdict") continue;
      if (key == "reason") {
        if (!value.is_string()) Fail("'reason' has to be a text");
        if (value.is_string()) ruling.reason = value.get<std::string>();
      } else if (key == "confidence") {
        ReadConfidence(value, ruling);
      } else if (key == "runs") {
        ReadRuns(value, ruling);
      } else {
        Fail("'" + key + "' is no field of an answer" +
             SuggestWord(key,
                         {"id", "verdict", "reason", "confidence", "runs"}));
      }
    }
    if (ruling.kind == RulingKind::kMoreRuns && ruling.runs_wanted == 0) {
      Fail("'more-runs' needs 'runs', how many more");
    }
    return ruling;
  }

  [[nodiscard]] const std::string& fault() const { return fault_; }

 private:
  void Fail(const std::string& message) {
    if (fault_.empty()) fault_ = message;
  }

  void ReadKind(Ruling& ruling) {
    const auto verdict = answer_.find("verdict");
    if (verdict != answer_.end() && verdict->is_string()) {
      for (const RulingKind kind : kKinds) {
        if (*verdict != ToString(kind)) continue;
        ruling.kind = kind;
        return;
      }
    }
    Fail("'verdict' has to be good, bad, skip, abort or more-runs");
  }

  void ReadConfidence(const json& value, Ruling& ruling) {
    if (value.is_null()) return;
    if (value.is_number()) {
      const auto confidence = value.get<double>();
      if (confidence >= 0 && confidence <= 1) {
        ruling.confidence = confidence;
        return;
      }
    }
    Fail("'confidence' has to be a number from 0 to 1");
  }

  void ReadRuns(const json& value, Ruling& ruling) {
    if (ruling.kind != RulingKind::kMoreRuns) {
      return Fail("'runs' goes with the verdict more-runs alone");
    }
    if (value.is_number_integer() && value >= 1 && value <= kMaxRuns) {
      ruling.runs_wanted = value.get<int>();
      return;
    }
    Fail("'runs' has to be a whole number from 1 to " +
         std::to_string(kMaxRuns));
  }

  const json& answer_;
  std::string fault_;
};

class ExecVerdict final : public VerdictPolicy {
 public:
  explicit ExecVerdict(ProgramSpec spec)
      : program_(std::make_unique<PolicyProgram>(std::move(spec), "verdict")) {}

  [[nodiscard]] std::string Name() const override {
    return std::string(kProgramPolicy);
  }

  [[nodiscard]] Ruling Decide(const Test& test,
                              const VerdictHistory& history) const override {
    const auto answer = program_->Ask(QuestionOf(test, history), nullptr);
    if (!answer) return Aborted(answer.error());
    AnswerReader reader(*answer);
    Ruling ruling = reader.Read();
    if (!reader.fault().empty()) {
      return Aborted(program_->Refuse(*answer, reader.fault()));
    }
    const RunCounts counts = CountRuns(test.runs);
    ruling.runs_used = counts.runs;
    ruling.reason = CountsText(test, counts) +
                    (ruling.reason.empty() ? "" : "; " + ruling.reason);
    return ruling;
  }

  void Learn(const Test& test, const Ruling& ruling,
             VerdictHistory& history) const override {
    VerdictPolicy::Learn(test, ruling, history);
    LearnOfReproducer(test, CountRuns(test.runs), ruling, history);
  }

  [[nodiscard]] std::optional<Error> Failure() const override {
    return program_->failure();
  }

 private:
  static Ruling Aborted(const Error& error) {
    Ruling ruling;
    ruling.kind = RulingKind::kAbort;
    ruling.reason = error.message;
    return ruling;
  }

  std::unique_ptr<PolicyProgram> program_;
};

Result<std::unique_ptr<VerdictPolicy>> MakeExecVerdict(
    PolicyParameters& params) {
  REBISECT_ASSIGN_OR_RETURN(auto program, ReadProgramSpec(params.spec()));
  return std::make_unique<ExecVerdict>(std::move(program));
}

}  // namespace

constinit const VerdictEntry kExecVerdictEntry{
    .info = kProgramPolicyInfo,
    .make = &MakeExecVerdict,
};

}  // namespace rebisect
