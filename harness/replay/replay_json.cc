#include <algorithm>
#include <map>

#include <nlohmann/json.hpp>

#include "harness/replay/replay_report.h"
#include "harness/replay/run_summary.h"
#include "harness/text/json_text.h"
#include "harness/text/json_values.h"
#include "oracle/diagnosis/evidence.h"
#include "scenarios/recording/crash_title.h"
#include "scenarios/recording/recording_names.h"
#include "scenarios/recording/steps.h"

namespace rebisect {
namespace {

using nlohmann::ordered_json;

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

/// The suspects, folded; see SearchGraph.
ordered_json Json(const SearchGraph& graph) {
  ordered_json json;
  json["left_out"] = OrNull(graph.left_out);
  json["classes"] = ordered_json::array();
  for (const SearchGraph::Class& part : graph.classes) {
    json["classes"].push_back({{"commit", OrNull(part.commit)},
                               {"subject", OrNull(part.subject)},
                               {"verdict", OrNull(part.verdict)},
                               {"step", part.step},
                               {"culprit", part.culprit},
                               {"size", part.size},
                               {"left_at", OrNull(part.left_at)},
                               {"parents", part.parents}});
  }
  return json;
}

/// The runs of a test, equal neighbours as one.
ordered_json RunsJson(const Test& test, const Evidence& evidence) {
  ordered_json runs = ordered_json::array();
  const Run* last = nullptr;
  for (const Run& run : test.runs) {
    if (last != nullptr && last->outcome == run.outcome &&
        last->title == run.title) {
      runs.back()["count"] = runs.back()["count"].get<std::size_t>() + 1;
      continue;
    }
    last = &run;
    const std::vector<std::string>& titles = evidence.target_titles;
    const bool searched =
        run.outcome == RunOutcome::kCrashed &&
        (titles.empty() || std::find(titles.begin(), titles.end(),
                                     NormalTitle(run.title)) != titles.end());
    runs.push_back({{"outcome", NameOf(run.outcome)},
                    {"title", OrNull(run.title)},
                    {"searched", searched},
                    {"count", 1}});
  }
  return runs;
}

/// All tests of the record that have runs, in its order.
ordered_json TestsJson(const ReplayReport& report) {
  const Recording& recording = *report.recording;
  const RecordedSearch search = FindSteps(recording);
  const Evidence evidence = CollectEvidence(recording, search);
  std::map<std::size_t, std::size_t> step_of_event;
  for (const ReplayStep& step : report.result.steps) {
    for (const std::size_t event : search.moves[step.move].tests) {
      step_of_event[event] = step.index;
    }
  }
  ordered_json tests = ordered_json::array();
  for (std::size_t i = 0; i < recording.events.size(); ++i) {
    const auto* const test = std::get_if<Test>(&recording.events[i]);
    if (test == nullptr || test->runs.empty()) continue;
    const auto step = step_of_event.find(i);
    tests.push_back(
        {{"step", step == step_of_event.end() ? ordered_json(nullptr)
                                              : ordered_json(step->second)},
         {"commit", test->commit},
         {"purpose", NameOf(test->purpose)},
         {"release", OrNull(test->release)},
         {"all_alike", test->runs_alike},
         {"runs", RunsJson(*test, evidence)},
         {"line", test->line}});
  }
  return tests;
}

}  // namespace

std::string ReplayJson(const ReplayReport& report) {
  const ReplayResult& result = report.result;
  ordered_json json;
  json["schema"] = "rebisect.replay/1";
  json["recording"] = report.recording->name;
  json["file"] = report.recording->file;
  json["kind"] = NameOf(report.recording->kind);
  json["git_version"] = result.git.version.ToString();
  json["git_versions"] = FamilyRange(result.git.version, result.git.run);
  json["git_commit_graph"] = result.git.commit_graph;
  json["git_run"] = result.git.run;
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
  json["tests"] = TestsJson(report);
  json["truth"] = nullptr;
  if (const auto& truth = report.recording->truth) {
    json["truth"] = {{"judgement", OrNull(truth->judgement)},
                     {"culprit", OrNull(truth->culprit)},
                     {"note", OrNull(truth->note)}};
  }
  json["search_graph"] =
      result.search_graph ? Json(*result.search_graph) : ordered_json(nullptr);
  return JsonText(json) + '\n';
}

}  // namespace rebisect
