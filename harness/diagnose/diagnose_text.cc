#include "harness/diagnose/diagnose_report.h"
#include "harness/diagnose/diagnose_words.h"
#include "harness/text/report_lines.h"

namespace rebisect {
namespace {

constexpr int kLabelColumns = 9;

class TextWriter {
 public:
  TextWriter(const DiagnosisReport& report, const TerminalStyle& style)
      : report_(report),
        diagnosis_(report.diagnosis),
        words_(WordsOf(report)),
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

  void Head() {
    out_.Line(style_.Bold(Printable(report_.recording->name)) + "  " +
              Conclusion() + (report_.InProgress() ? "  (in progress)" : ""));
    for (const auto& [label, text] : words_.head) out_.Field(label, text);
  }

  /// Start commit, releases: in one line where they say the same.
  void Verdicts() {
    if (diagnosis_.verdicts.empty()) return;
    out_.Heading("step  commit        verdict  log10 BF    wrong  runs");
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
                Fit(RunsText(commit), style_.width - 50));
    }
    if (words_.carried.empty()) return;
    out_.Field("", "* without these runs the result would be another:");
    for (const auto& [which, text] : words_.carried) out_.Field(which, text);
  }

  void Titles() {
    if (diagnosis_.titles.empty()) return;
    out_.Heading("other titles");
    for (const TitleFinding& finding : diagnosis_.titles) {
      const TitleWords words = WordsOf(report_, finding);
      out_.Field("", words.same);
      out_.Field("", words.if_same);
      out_.Field("", words.if_other);
    }
  }

  void Next() {
    if (diagnosis_.next.empty()) return;
    out_.Heading("what to test next: expected bits for 1, 3 and 10 runs");
    for (const NextTest& test : diagnosis_.next) {
      std::string line = "    " + PadRight(Fit(NameOf(report_, test), 24), 26);
      for (const double drop : test.entropy_drop) {
        line += PadLeft(Fixed(drop, 2), 6);
      }
      if (test.tested_before) line += "  again";
      out_.Line(line);
      out_.Paragraph(PlaceOf(report_, test), 6);
    }
  }

  const DiagnosisReport& report_;
  const Diagnosis& diagnosis_;
  DiagnosisWords words_;
  const TerminalStyle& style_;
  ReportLines out_;
};

}  // namespace

std::string DiagnosisText(const DiagnosisReport& report,
                          const TerminalStyle& style) {
  return TextWriter(report, style).Write();
}

}  // namespace rebisect
