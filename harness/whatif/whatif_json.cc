#include <nlohmann/json.hpp>

#include "harness/text/json_text.h"
#include "harness/text/json_values.h"
#include "harness/text/rounded.h"
#include "harness/whatif/whatif_report.h"

namespace rebisect {
namespace {

using nlohmann::ordered_json;

/// The commits that models name most; the rest is in the shares.
constexpr std::size_t kMaxNamed = 10;

ordered_json Json(const std::optional<WhatifDivergence>& divergence) {
  if (!divergence) return nullptr;
  return {{"step", divergence->step},
          {"commit", OrNull(divergence->commit)},
          {"recorded_commit", divergence->recorded_commit},
          {"recorded_verdict", OrNull(divergence->recorded_verdict)},
          {"verdict", OrNull(divergence->verdict)},
          {"reason", divergence->reason}};
}

ordered_json Json(const std::optional<WhatifNeed>& need) {
  if (!need) return nullptr;
  return {{"commit", need->commit},
          {"runs", need->runs ? ordered_json(*need->runs) : nullptr},
          {"untested", need->untested}};
}

ordered_json Json(const WhatifStep& step) {
  return {{"index", step.index},
          {"commit", step.commit},
          {"verdict", step.verdict},
          {"reason", step.reason},
          {"recorded_verdict", OrNull(step.recorded_verdict)},
          {"on_record", step.on_record},
          {"merge_base", step.merge_base},
          {"confirms", step.confirms}};
}

ordered_json Json(const WhatifRecord& record,
                  const std::optional<std::string>& truth) {
  ordered_json json;
  json["first_divergence"] = Json(record.first_divergence);
  json["outcome"] = NameOf(record.outcome);
  json["culprit"] = OrNull(record.culprit);
  json["judgement"] = truth ? ordered_json(NameOf(JudgeOutcome(record, *truth)))
                            : ordered_json(nullptr);
  json["suspects_left"] = record.suspects.size();
  json["suspects"] = record.suspects.size() <= kMaxSuspectsListed
                         ? ordered_json(record.suspects)
                         : ordered_json(nullptr);
  json["needs"] = Json(record.needs);
  json["steps"] = ordered_json::array();
  for (const WhatifStep& step : record.steps) {
    json["steps"].push_back(Json(step));
  }
  json["notes"] = record.notes;
  return json;
}

ordered_json Json(const std::optional<WhatifModel>& model) {
  if (!model) return nullptr;
  ordered_json json;
  json["trials"] = model->trials;
  json["worlds_without_culprit"] = Rounded(model->no_culprit.share);
  json["right"] = Rounded(model->right.share);
  json["wrong"] = Rounded(model->wrong.share);
  json["undecided"] = Rounded(model->undecided.share);
  json["standard_errors"] = {
      {"right", Rounded(model->right.standard_error)},
      {"wrong", Rounded(model->wrong.standard_error)},
      {"undecided", Rounded(model->undecided.standard_error)}};
  json["culprits"] = ordered_json::array();
  for (std::size_t i = 0; i < model->culprits.size() && i < kMaxNamed; ++i) {
    const WhatifNamed& named = model->culprits[i];
    json["culprits"].push_back(
        {{"commit", named.commit},
         {"share", Rounded(named.share.share)},
         {"standard_error", Rounded(named.share.standard_error)}});
  }
  json["culprits_named"] = model->culprits.size();
  json["further_tests"] = Rounded(model->further_tests);
  json["further_runs"] = Rounded(model->further_runs);
  return json;
}

ordered_json Names(const WhatifPolicy& policy) {
  return {{"policy", policy.policy},
          {"retry", OrNull(policy.retry)},
          {"select", policy.select}};
}

ordered_json Json(const PairedDifference& difference) {
  return {{"recordings", difference.recordings},
          {"difference_right", Rounded(difference.difference)},
          {"low", RoundedOrNull(difference.low)},
          {"high", RoundedOrNull(difference.high)}};
}

ordered_json Json(const CorpusSummary& summary, std::size_t at) {
  const CorpusPolicy& policy = summary.policies[at];
  ordered_json json = Names(summary.names[at]);
  json["recordings"] = summary.recordings;
  json["diverging"] = policy.diverging;
  json["record"] = {{"truths", summary.truths},
                    {"right", policy.right},
                    {"wrong", policy.wrong},
                    {"undecided", policy.undecided}};
  if (!summary.modelled) {
    json["model"] = nullptr;
    return json;
  }
  ordered_json model;
  model["right"] = Rounded(policy.modelled_right.share);
  model["wrong"] = Rounded(policy.modelled_wrong.share);
  model["undecided"] = Rounded(policy.modelled_undecided.share);
  model["standard_errors"] = {
      {"right", Rounded(policy.modelled_right.standard_error)},
      {"wrong", Rounded(policy.modelled_wrong.standard_error)},
      {"undecided", Rounded(policy.modelled_undecided.standard_error)}};
  model["names_known_truth"] = OrNull(policy.names_truth);
  model["extra_tests"] = Rounded(policy.extra_tests);
  model["extra_runs"] = Rounded(policy.extra_runs);
  model["timed_recordings"] = summary.timed;
  model["extra_machine_hours"] =
      summary.timed > 0 ? ordered_json(Rounded(policy.machine_hours))
                        : ordered_json(nullptr);
  json["model"] = std::move(model);
  return json;
}

std::string Line(const ordered_json& json) { return JsonText(json) + '\n'; }

}  // namespace

std::string WhatifJson(const WhatifReport& report) {
  ordered_json json;
  json["schema"] = "rebisect.whatif/1";
  json["recording"] = report.recording->name;
  json["graph"] = {{"source", NameOf(report.graph_kind)},
                   {"commits", report.graph_commits}};
  json["git_version"] = report.git.version.ToString();
  json["git_run"] = report.git.run;
  json["recorded_culprit"] = OrNull(report.culprit);
  json["truth"] = OrNull(report.truth.value_or(""));
  json["policies"] = ordered_json::array();
  for (const WhatifResult& result : report.results) {
    ordered_json policy = Names(result.policy);
    policy["record"] = Json(result.record, report.truth);
    policy["model"] = Json(result.model);
    json["policies"].push_back(std::move(policy));
  }
  return Line(json);
}

std::string WhatifCorpusJson(const CorpusSummary& summary) {
  ordered_json json;
  json["schema"] = "rebisect.whatif-corpus/1";
  json["recordings"] = summary.recordings;
  json["failed"] = summary.failed;
  json["without_runs"] = summary.without_runs;
  json["truths"] = summary.truths;
  json["policies"] = ordered_json::array();
  for (std::size_t p = 0; p < summary.policies.size(); ++p) {
    json["policies"].push_back(Json(summary, p));
  }
  json["intervals"] = {{"record", "Newcombe's paired score interval, 95%"},
                       {"model", "paired bootstrap over recordings, 95%"}};
  json["resamples"] = kResamples;
  json["differences"] = ordered_json::array();
  for (const CorpusPair& pair : summary.pairs) {
    ordered_json by_record = Json(pair.by_record);
    by_record["only_first_right"] = pair.by_record.only_first;
    by_record["only_second_right"] = pair.by_record.only_second;
    json["differences"].push_back(
        {{"first", Names(summary.names[pair.first])},
         {"second", Names(summary.names[pair.second])},
         {"record", std::move(by_record)},
         {"model", pair.modelled ? Json(*pair.modelled) : nullptr}});
  }
  return Line(json);
}

}  // namespace rebisect
