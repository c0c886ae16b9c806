#include <nlohmann/json.hpp>

#include "harness/diagnose/evaluation.h"
#include "harness/text/json_text.h"
#include "harness/text/report_lines.h"
#include "harness/text/rounded.h"

namespace rebisect {
namespace {

using nlohmann::ordered_json;

ordered_json ShareJson(const EvaluatedShare& share) {
  if (share.of == 0) return nullptr;
  const Interval bounds = share.Bounds();
  return {{"count", share.count},
          {"of", share.of},
          {"share", Rounded(share.Share())},
          {"low", Rounded(bounds.low)},
          {"high", Rounded(bounds.high)}};
}

/// "12 of 13 = 92.3% (66.7% to 98.6%)"
std::string ShareText(const EvaluatedShare& share) {
  if (share.of == 0) return "none";
  const Interval bounds = share.Bounds();
  return std::to_string(share.count) + " of " + std::to_string(share.of) +
         " = " + PercentText(share.Share()) + " (" + PercentText(bounds.low) +
         " to " + PercentText(bounds.high) + ")";
}

ordered_json ConclusionJson(const EvaluatedConclusion& one,
                            std::size_t conclusion) {
  return {{"conclusion", NameOf(static_cast<Conclusion>(conclusion))},
          {"right", one.right},
          {"wrong", one.wrong},
          {"unknown", one.unknown},
          {"precision", ShareJson(one.precision)},
          {"recall", ShareJson(one.recall)}};
}

}  // namespace

std::string EvaluationJson(const Evaluation& evaluation,
                           const std::vector<EvaluatedRecording>& recordings) {
  ordered_json json;
  json["schema"] = "rebisect.evaluate/1";
  json["recordings"] = evaluation.recordings;
  json["failed"] = evaluation.failed;
  json["judged"] = evaluation.judged;
  json["conclusions"] = ordered_json::array();
  for (std::size_t c = 0; c < evaluation.conclusions.size(); ++c) {
    json["conclusions"].push_back(ConclusionJson(evaluation.conclusions[c], c));
  }
  json["wrong_trustworthy"] = ShareJson(evaluation.wrong_trustworthy);
  json["reliability"] = ordered_json::array();
  for (const ReliabilityBin& bin : evaluation.bins) {
    json["reliability"].push_back({{"low", Rounded(bin.low)},
                                   {"high", Rounded(bin.high)},
                                   {"mean_posterior", Rounded(bin.mean)},
                                   {"right", ShareJson(bin.right)}});
  }
  json["brier"] = evaluation.brier ? ordered_json(Rounded(*evaluation.brier))
                                   : ordered_json(nullptr);
  json["results"] = ordered_json::array();
  for (const EvaluatedRecording& one : recordings) {
    json["results"].push_back({{"recording", one.name},
                               {"conclusion", NameOf(one.conclusion)},
                               {"posterior", Rounded(one.posterior)},
                               {"right", one.right ? ordered_json(*one.right)
                                                   : ordered_json(nullptr)}});
  }
  return JsonText(json) + '\n';
}

std::string EvaluationText(const Evaluation& evaluation,
                           const TerminalStyle& style) {
  constexpr int kLabelColumns = 18;
  ReportLines out(style, kLabelColumns);
  out.Field(
      "recordings",
      std::to_string(evaluation.recordings) + ", of which " +
          std::to_string(evaluation.judged) +
          " name a culprit and have a known truth" +
          (evaluation.failed == 0 ? ""
                                  : "; " + std::to_string(evaluation.failed) +
                                        " more could not be diagnosed"));
  out.Field("wrong trustworthy", ShareText(evaluation.wrong_trustworthy) +
                                     " of those called trustworthy");
  if (evaluation.brier) {
    out.Field("Brier score", Fixed(*evaluation.brier, 4));
  }
  out.Heading("conclusion     right  wrong  unknown");
  for (std::size_t c = 0; c < evaluation.conclusions.size(); ++c) {
    const EvaluatedConclusion& one = evaluation.conclusions[c];
    out.Line("  " +
             PadRight(std::string(NameOf(static_cast<Conclusion>(c))), 13) +
             PadLeft(std::to_string(one.right), 7) +
             PadLeft(std::to_string(one.wrong), 7) +
             PadLeft(std::to_string(one.unknown), 9));
    out.Line("    precision " + ShareText(one.precision));
    out.Line("    recall    " + ShareText(one.recall));
  }
  out.Heading("posterior    mean   right, with its 95% interval");
  for (const ReliabilityBin& bin : evaluation.bins) {
    out.Line("  " + Fixed(bin.low, 1) + " to " + Fixed(bin.high, 1) +
             PadLeft(Fixed(bin.mean, 3), 8) + "   " + ShareText(bin.right));
  }
  return out.Take();
}

}  // namespace rebisect
