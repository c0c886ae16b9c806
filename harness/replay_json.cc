#include <nlohmann/json.hpp>

#include "harness/replay_report.h"
#include "harness/run_summary.h"
#include "scenarios/recording_names.h"

namespace rebisect {
namespace {

using nlohmann::ordered_json;

template <class T>
ordered_json OrNull(const std::optional<T>& value) {
  return value ? ordered_json(*value) : ordered_json(nullptr);
}

ordered_json OrNull(const std::optional<Verdict>& verdict) {
  return verdict ? ordered_json(ToString(*verdict)) : ordered_json(nullptr);
}

ordered_json OrNull(const std::string& text) {
  return text.empty() ? ordered_json(nullptr) : ordered_json(text);
}

ordered_json Json(const ReplayEnd& end) {
  return {
      {"culprit", OrNull(end.culprit)}, {"end", end.end}, {"steps", end.steps}};
}

ordered_json Json(const ReplayStep& step) {
  ordered_json json;
  json["index"] = step.index;
  json["commit"] = OrNull(step.commit);
  json["recorded_commit"] = step.recorded_commit;
  json["merge_base"] = step.merge_base;
  json["verdict"] = OrNull(step.verdict);
  json["crash_verdict"] = OrNull(step.crash_verdict);
  json["revisions_left"] = OrNull(step.revisions_left);
  json["steps_left"] = OrNull(step.steps_left);
  json["recorded_revisions_left"] = OrNull(step.recorded_revisions_left);
  json["recorded_steps_left"] = OrNull(step.recorded_steps_left);
  json["runs"] = OrNull(step.test == nullptr ? "" : SummariseRuns(*step.test));
  json["agrees"] = step.agrees;
  json["explanation"] = OrNull(step.explanation);
  json["line"] = step.line;
  return json;
}

ordered_json Json(const ReleaseStep& release) {
  ordered_json json;
  json["commit"] = release.test->commit;
  json["release"] = OrNull(release.test->release);
  json["crash_verdict"] = ToString(release.verdict);
  json["runs"] = OrNull(SummariseRuns(*release.test));
  json["agrees"] = release.agrees;
  json["explanation"] = OrNull(release.explanation);
  return json;
}

ordered_json Json(const Divergence& divergence) {
  ordered_json json;
  json["kind"] = NameOf(divergence.kind);
  json["step"] = divergence.step;
  json["line"] = divergence.line;
  json["explained"] = divergence.explained;
  json["explanation"] = divergence.explanation;
  return json;
}

template <class T>
ordered_json List(const std::vector<T>& items) {
  ordered_json list = ordered_json::array();
  for (const T& item : items) list.push_back(Json(item));
  return list;
}

}  // namespace

std::string ReplayJson(const ReplayReport& report) {
  const ReplayResult& result = report.result;
  ordered_json json;
  json["schema"] = "rebisect.replay/1";
  json["recording"] = report.recording->name;
  json["file"] = report.recording->file;
  json["kind"] = NameOf(report.recording->kind);
  json["git_version"] = result.version.ToString();
  json["git_versions"] = FamilyRange(result.version);
  json["git_commit_graph"] = result.commit_graph;
  json["git_version_chosen_by_fit"] = result.version_was_chosen;
  json["graph"] = {{"source", NameOf(report.graph_kind)},
                   {"commits", report.graph_commits},
                   {"missing", result.missing},
                   {"inexact", result.inexact},
                   {"notes", report.graph_notes}};
  json["outcome"] = NameOf(result.outcome);
  json["agrees"] = result.agrees;
  json["holds"] = result.Holds();
  json["recorded"] = Json(result.recorded);
  json["replayed"] = Json(result.replayed);
  json["untested"] = OrNull(result.untested);
  json["suspects_left"] = result.suspects_left;
  json["releases"] = List(result.releases);
  json["steps"] = List(result.steps);
  json["divergences"] = List(result.divergences);
  json["notes"] = result.notes;
  return json.dump(-1, ' ', false, ordered_json::error_handler_t::replace) +
         '\n';
}

}  // namespace rebisect
