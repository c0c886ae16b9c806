#include "harness/replay/replay_report.h"
#include "harness/replay/replay_words.h"
#include "harness/replay/run_summary.h"
#include "harness/text/markdown.h"
#include "harness/text/report_lines.h"

namespace rebisect {
namespace {

using Rows = std::vector<std::vector<std::string>>;

std::string VerdictText(const std::optional<Verdict>& verdict) {
  return verdict ? std::string(ToString(*verdict)) : "-";
}

void AddReleases(const ReplayResult& result, MarkdownLines& out) {
  Rows rows;
  for (const ReleaseStep& release : result.releases) {
    const Test& test = *release.test;
    rows.push_back(
        {MarkdownCode(Short(test.commit)), MarkdownText(NameOfRelease(release)),
         VerdictText(release.verdict), MarkdownText(SummariseRuns(test)),
         release.agrees ? "" : MarkdownText(release.explanation)});
  }
  out.Table({{"before the search"}, {""}, {"verdict"}, {"runs say"}, {""}},
            rows);
}

void AddSteps(const ReplayResult& result, MarkdownLines& out) {
  Rows rows;
  for (const ReplayStep& step : result.steps) {
    rows.push_back(
        {std::to_string(step.index), MarkdownCode(Short(step.recorded_commit)),
         step.merge_base
             ? "base"
             : CountText(step.recorded_revisions_left, step.revisions_left),
         step.merge_base ? ""
                         : CountText(step.recorded_steps_left, step.steps_left),
         VerdictText(step.verdict),
         step.test == nullptr ? "" : MarkdownText(SummariseRuns(*step.test)),
         step.agrees ? "yes" : "**no**: " + MarkdownText(step.explanation)});
  }
  out.Table({{"step", true},
             {"commit"},
             {"left", true},
             {"steps", true},
             {"verdict"},
             {"runs"},
             {"agrees"}},
            rows);
}

}  // namespace

std::string ReplayMarkdown(const ReplayReport& report) {
  const ReplayResult& result = report.result;
  const ReplayWords words = WordsOf(report);
  MarkdownLines out;
  out.Heading(MarkdownCode(report.recording->name) + ": " +
              MarkdownText(words.kind));
  out.Item("outcome: **" + MarkdownText(words.outcome) + "**");
  out.Field("steps", words.steps);
  out.Field("graph", words.graph);
  out.Field("git", words.git);
  for (const std::string& name : result.missing) {
    out.Field("missing", name + " is not in the graph");
  }
  if (result.inexact) out.Field("inexact", std::string(kInexactText));
  for (const std::string& note : result.notes) out.Field("note", note);
  for (const std::string& note : report.graph_notes) out.Field("note", note);
  if (!words.truth.empty()) out.Field("truth", words.truth);
  out.Field("holds", result.Holds() ? "yes" : "no");
  AddReleases(result, out);
  AddSteps(result, out);
  return out.Take();
}

}  // namespace rebisect
