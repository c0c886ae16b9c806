#include "harness/diagnose/diagnose_report.h"
#include "harness/text/report_lines.h"
#include "scenarios/reconstruct.h"

namespace rebisect {
namespace {

constexpr int kLabelColumns = 9;

class TextWriter {
 public:
  TextWriter(const DiagnosisReport& report, const TerminalStyle& style)
      : report_(report),
        diagnosis_(report.diagnosis),
        style_(style),
        out_(style, kLabelColumns) {}

  std::string Write() {
    Head();
    Listed("why", diagnosis_.reasons);
    Culprit();
    Verdicts();
    Titles();
    Next();
    Listed("limits", diagnosis_.limits);
    return out_.Take();
  }

 private:
  void Listed(const std::string& label, const std::vector<std::string>& all) {
    if (all.empty()) return;
    out_.Heading(label);
    for (const std::string& one : all) out_.Paragraph(one, 4, 2);
  }

  /// The code stands out, the sentence follows.
  void Culprit() {
    std::vector<std::string> all;
    for (const CulpritFinding& finding : report_.culprit_findings) {
      all.push_back(finding.code + ": " + finding.message);
    }
    Listed("culprit", all);
  }

  [[nodiscard]] std::string Conclusion() const {
    std::string name(NameOf(diagnosis_.conclusion));
    switch (diagnosis_.conclusion) {
      case Conclusion::kTrustworthy:
        return style_.Good(name);
      case Conclusion::kDoubtful:
        return style_.Notice(name);
      case Conclusion::kContradicted:
        return style_.Bad(name);
    }
    return name;
  }

  [[nodiscard]] bool MadeUp() const {
    return report_.graph_kind == GraphKind::kReconstructed ||
           report_.graph_kind == GraphKind::kMixed;
  }

  void Head() {
    out_.Line(style_.Bold(Printable(report_.recording->name)) + "  " +
              Conclusion() + (report_.InProgress() ? "  (in progress)" : ""));
    std::string graph =
        std::string(NameOf(report_.graph_kind)) + ", " +
        Counted(report_.located.space.suspects.size(), "suspect");
    if (MadeUp()) graph += ": counts exact, topology hypothetical";
    out_.Field("graph", graph);
    std::string result = PercentText(diagnosis_.result);
    if (MadeUp()) {
      result += " (on any graph that fits the log: " +
                PercentText(diagnosis_.result_low) + " to " +
                PercentText(diagnosis_.result_high) + ")";
    }
    if (diagnosis_.culprit) {
      out_.Field("culprit", Short(report_.recording->end.culprit) +
                                ", as recorded: probability " + result);
    } else {
      const std::size_t left = diagnosis_.result_size;
      out_.Field("left", Counted(left, "commit") +
                             (left == 1 ? " that agrees" : " that agree") +
                             " with every verdict: probability " + result);
    }
    out_.Field("95% set", SetText(diagnosis_.credible));
    if (report_.gate) {
      out_.Field(
          "gate",
          std::string(NameOf(report_.gate->action)) + " (" +
              report_.gate->code + ")" +
              (report_.gate->claim
                   ? ", claim: " + std::string(NameOf(*report_.gate->claim))
                   : ""));
    }
    const std::string advice = report_.Advice();
    if (!advice.empty()) out_.Field("advice", advice);
    for (const std::string& missing : report_.located.missing) {
      out_.Field("missing", Short(missing) +
                                " was tested and is not in this graph: what it "
                                "showed of the culprit is left out");
    }
  }

  [[nodiscard]] std::string SetText(const CredibleSet& set) const {
    std::string text;
    for (const CredibleSet::Part& part : set.parts) {
      const Hypothesis& hypothesis =
          diagnosis_.space.hypotheses[part.hypothesis];
      std::string one;
      if (!hypothesis.name.empty()) {
        one = BesidesText(hypothesis.name);
      } else if (hypothesis.commits == 1) {
        one = Short(report_.graph->Label(
            diagnosis_.space.groups[part.hypothesis].suspects.front()));
      } else {
        one = part.commits == hypothesis.commits
                  ? "the "
                  : "any " + std::to_string(part.commits) + " of the ";
        one += std::to_string(hypothesis.commits) + " of " +
               RangeOf(report_, part.hypothesis);
      }
      if (!text.empty()) text += "; ";
      text += one;
    }
    return std::to_string(set.size) +
           (set.size == 1 ? " commit holds " : " commits hold ") +
           PercentText(set.mass) + ": " + text;
  }

  [[nodiscard]] static std::string Runs(const CommitEvidence& commit) {
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

  /// Start commit, releases: in one line where they say the same.
  void Verdicts() {
    if (diagnosis_.verdicts.empty()) return;
    out_.Heading("step  commit        verdict  log10 BF    wrong  runs");
    bool carried = false;
    for (const VerdictFinding& finding : diagnosis_.verdicts) {
      const CommitEvidence& commit = report_.EvidenceOf(finding);
      const std::string verdict =
          PadRight(std::string(ToString(*commit.verdict)), 7);
      std::string wrong = PadLeft(PercentText(finding.probability_wrong), 7);
      if (finding.probability_wrong > .5) wrong = style_.Bad(wrong);
      out_.Line("  " +
                PadLeft(commit.step > 0 ? std::to_string(commit.step) : "", 4) +
                "  " + PadRight(Fit(Printable(Short(commit.commit)), 12), 14) +
                (commit.verdict == Verdict::kBad ? style_.Bad(verdict)
                                                 : style_.Good(verdict)) +
                PadLeft(Fixed(finding.log10_bayes_factor, 2), 10) + "  " +
                wrong + (finding.changes_result ? "* " : "  ") +
                Fit(Runs(commit), style_.width - 50));
      carried = carried || finding.changes_result;
    }
    if (carried) {
      out_.Field("", "* without these runs the result would be another:");
      for (const VerdictFinding& finding : diagnosis_.verdicts) {
        if (!finding.changes_result) continue;
        const CommitEvidence& commit = report_.EvidenceOf(finding);
        std::string text = "the result has " +
                           PercentText(finding.result_without) + " without";
        if (!finding.if_wrong.parts.empty()) {
          text += "; if the verdict is wrong, " + SetText(finding.if_wrong);
        }
        out_.Field(commit.step > 0 ? "step " + std::to_string(commit.step)
                                   : Fit(Short(commit.commit), 8),
                   text);
      }
    }
  }

  void Titles() {
    if (diagnosis_.titles.empty()) return;
    out_.Heading("other titles");
    for (const TitleFinding& finding : diagnosis_.titles) {
      out_.Field("", "\"" + finding.title + "\": the same bug with " +
                         PercentText(finding.same));
      out_.Field("", "  if it is, the result has " +
                         PercentText(finding.result_if_same) + "; " +
                         SetText(finding.if_same));
      out_.Field("", "  if not, the result has " +
                         PercentText(finding.result_if_other) + "; " +
                         SetText(finding.if_other));
    }
  }

  void Next() {
    if (diagnosis_.next.empty()) return;
    out_.Heading("what to test next: expected bits for 1, 3 and 10 runs");
    for (const NextTest& test : diagnosis_.next) {
      const std::string label = report_.graph->Label(test.commit);
      std::string line =
          "    " +
          PadRight(IsMadeUp(label) ? "a commit" : Fit(Short(label), 24), 26);
      for (const double drop : test.entropy_drop) {
        line += PadLeft(Fixed(drop, 2), 6);
      }
      if (test.tested_before) line += "  again";
      out_.Line(line);
      const auto group = GroupOf(diagnosis_.space, test.commit);
      if (test.tested_before || !group) continue;
      const std::size_t commits = diagnosis_.space.hypotheses[*group].commits;
      if (commits == 1) continue;
      out_.Paragraph("in the middle of the " + std::to_string(commits) +
                         " of " + RangeOf(report_, *group),
                     6);
    }
  }

  const DiagnosisReport& report_;
  const Diagnosis& diagnosis_;
  const TerminalStyle& style_;
  ReportLines out_;
};

}  // namespace

std::string DiagnosisText(const DiagnosisReport& report,
                          const TerminalStyle& style) {
  return TextWriter(report, style).Write();
}

}  // namespace rebisect
