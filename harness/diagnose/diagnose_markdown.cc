#include "harness/diagnose/diagnose_report.h"
#include "harness/diagnose/diagnose_words.h"
#include "harness/text/markdown.h"
#include "harness/text/report_lines.h"

namespace rebisect {
namespace {

using Rows = std::vector<std::vector<std::string>>;

void AddList(const std::string& label, const std::vector<std::string>& all,
             MarkdownLines& out) {
  if (all.empty()) return;
  out.Paragraph(label + ":");
  for (const std::string& one : all) out.Item(MarkdownText(one));
}

void AddVerdicts(const DiagnosisReport& report, const DiagnosisWords& words,
                 MarkdownLines& out) {
  Rows rows;
  for (const VerdictFinding& finding : report.diagnosis.verdicts) {
    const CommitEvidence& commit = report.EvidenceOf(finding);
    rows.push_back({commit.step > 0 ? std::to_string(commit.step) : "",
                    MarkdownCode(Short(commit.commit)),
                    std::string(ToString(*commit.verdict)),
                    Fixed(finding.log10_bayes_factor, 2),
                    MarkdownText(PercentText(finding.probability_wrong)),
                    RunsText(commit),
                    finding.changes_result ? "carries the result" : ""});
  }
  out.Table({{"step", true},
             {"commit"},
             {"verdict"},
             {"log10 BF", true},
             {"wrong", true},
             {"runs"},
             {""}},
            rows);
  if (words.carried.empty()) return;
  out.Paragraph("Without the runs that carry it:");
  for (const auto& [which, text] : words.carried) {
    out.Item(MarkdownText(which) + ": " + MarkdownText(text));
  }
}

void AddTitles(const DiagnosisReport& report, MarkdownLines& out) {
  if (report.diagnosis.titles.empty()) return;
  out.Paragraph("Other titles:");
  for (const TitleFinding& finding : report.diagnosis.titles) {
    const TitleWords words = WordsOf(report, finding);
    out.Item(MarkdownText(words.same + "; " + words.if_same + "; " +
                          words.if_other));
  }
}

void AddNext(const DiagnosisReport& report, MarkdownLines& out) {
  Rows rows;
  for (const NextTest& test : report.diagnosis.next) {
    std::vector<std::string> row = {MarkdownText(NameOf(report, test))};
    for (const double drop : test.entropy_drop) row.push_back(Fixed(drop, 2));
    row.push_back(test.tested_before ? "again"
                                     : MarkdownText(PlaceOf(report, test)));
    rows.push_back(std::move(row));
  }
  out.Table({{"what to test next"},
             {"bits expected: 1 run", true},
             {"3 runs", true},
             {"10 runs", true},
             {""}},
            rows);
}

}  // namespace

std::string DiagnosisMarkdown(const DiagnosisReport& report) {
  const DiagnosisWords words = WordsOf(report);
  MarkdownLines out;
  out.Heading(MarkdownCode(report.recording->name) + ": " +
              std::string(NameOf(report.diagnosis.conclusion)) +
              (report.InProgress() ? " (in progress)" : ""));
  for (const auto& [label, text] : words.head) out.Field(label, text);
  AddList("Why", report.diagnosis.reasons, out);
  std::vector<std::string> findings;
  for (const CulpritFinding& finding : report.culprit_findings) {
    findings.push_back(finding.code + ": " + finding.message);
  }
  AddList("Culprit", findings, out);
  AddVerdicts(report, words, out);
  AddTitles(report, out);
  AddNext(report, out);
  AddList("Limits", report.diagnosis.limits, out);
  return out.Take();
}

}  // namespace rebisect
