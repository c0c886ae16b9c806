#include "harness/diagnose/diagnose_words.h"

#include "harness/text/report_lines.h"
#include "scenarios/reconstruct/reconstruct.h"

namespace rebisect {
namespace {

bool IsHypothetical(GraphKind kind) {
  return kind == GraphKind::kReconstructed || kind == GraphKind::kMixed;
}

std::string ResultText(const DiagnosisReport& report) {
  const Diagnosis& diagnosis = report.diagnosis;
  std::string result = PercentText(diagnosis.result);
  if (IsHypothetical(report.graph_kind)) {
    result += " (on any graph that fits the log: " +
              PercentText(diagnosis.result_low) + " to " +
              PercentText(diagnosis.result_high) + ")";
  }
  if (diagnosis.culprit) {
    return Short(report.recording->end.culprit) +
           ", as recorded: probability " + result;
  }
  const std::size_t left = diagnosis.result_size;
  return Counted(left, "commit") +
         (left == 1 ? " that agrees" : " that agree") +
         " with every verdict: probability " + result;
}

std::string PartText(const DiagnosisReport& report,
                     const CredibleSet::Part& part) {
  const HypothesisSpace& space = report.diagnosis.space;
  const Hypothesis& hypothesis = space.hypotheses[part.hypothesis];
  if (!hypothesis.name.empty()) return BesidesText(hypothesis.name);
  if (hypothesis.commits == 1) {
    return Short(
        report.graph->Label(space.groups[part.hypothesis].suspects.front()));
  }
  const std::string which =
      part.commits == hypothesis.commits
          ? "the "
          : "any " + std::to_string(part.commits) + " of the ";
  return which + std::to_string(hypothesis.commits) + " of " +
         RangeOf(report, part.hypothesis);
}

}  // namespace

DiagnosisWords WordsOf(const DiagnosisReport& report) {
  const Diagnosis& diagnosis = report.diagnosis;
  DiagnosisWords words;
  std::string graph = std::string(NameOf(report.graph_kind)) + ", " +
                      Counted(report.located.space.suspects.size(), "suspect");
  if (IsHypothetical(report.graph_kind)) {
    graph += ": ";
    graph += ReconstructedParts(*report.recording);
  }
  words.head.emplace_back("graph", graph);
  words.head.emplace_back(diagnosis.culprit ? "culprit" : "left",
                          ResultText(report));
  words.head.emplace_back("95% set", SetText(report, diagnosis.credible));
  if (report.gate) {
    std::string gate = std::string(NameOf(report.gate->action)) + " (" +
                       report.gate->code + ")";
    if (report.gate->claim) {
      gate += ", claim: " + std::string(NameOf(*report.gate->claim));
    }
    words.head.emplace_back("gate", gate);
  }
  const std::string advice = report.Advice();
  if (!advice.empty()) words.head.emplace_back("advice", advice);
  for (const std::string& missing : report.located.missing) {
    words.head.emplace_back("missing",
                            Short(missing) +
                                " was tested and is not in this graph: what it "
                                "showed of the culprit is left out");
  }
  for (const VerdictFinding& finding : diagnosis.verdicts) {
    if (!finding.changes_result) continue;
    const CommitEvidence& commit = report.EvidenceOf(finding);
    std::string text =
        "the result has " + PercentText(finding.result_without) + " without";
    if (!finding.if_wrong.parts.empty()) {
      text += "; if the verdict is wrong, " + SetText(report, finding.if_wrong);
    }
    words.carried.emplace_back(commit.step > 0
                                   ? "step " + std::to_string(commit.step)
                                   : Fit(Short(commit.commit), 8),
                               text);
  }
  return words;
}

std::string SetText(const DiagnosisReport& report, const CredibleSet& set) {
  std::string text;
  for (const CredibleSet::Part& part : set.parts) {
    if (!text.empty()) text += "; ";
    text += PartText(report, part);
  }
  return std::to_string(set.size) +
         (set.size == 1 ? " commit holds " : " commits hold ") +
         PercentText(set.mass) + ": " + text;
}

std::string RunsText(const CommitEvidence& commit) {
  if (!commit.has_runs) return "as stated";
  std::string text;
  const auto add = [&](int runs, const char* what) {
    if (runs == 0) return;
    if (!text.empty()) text += ", ";
    text += std::to_string(runs);
    text += what;
  };
  add(commit.target, " crashed");
  add(commit.Crashed() - commit.target, " other title");
  add(commit.ok, " OK");
  add(commit.unusable, " unusable");
  return text;
}

TitleWords WordsOf(const DiagnosisReport& report, const TitleFinding& finding) {
  const auto result = [&](const char* lead, double share,
                          const CredibleSet& set) {
    return lead + PercentText(share) + "; " + SetText(report, set);
  };
  return {"\"" + finding.title + "\": the same bug with " +
              PercentText(finding.same),
          result("if it is, the result has ", finding.result_if_same,
                 finding.if_same),
          result("if not, the result has ", finding.result_if_other,
                 finding.if_other)};
}

std::string NameOf(const DiagnosisReport& report, const NextTest& test) {
  const std::string label = report.graph->Label(test.commit);
  return IsMadeUp(label) ? "a commit" : Short(label);
}

std::string PlaceOf(const DiagnosisReport& report, const NextTest& test) {
  const HypothesisSpace& space = report.diagnosis.space;
  const auto group = GroupOf(space, test.commit);
  if (test.tested_before || !group) return "";
  const std::size_t commits = space.hypotheses[*group].commits;
  if (commits == 1) return "";
  return "in the middle of the " + std::to_string(commits) + " of " +
         RangeOf(report, *group);
}

}  // namespace rebisect
