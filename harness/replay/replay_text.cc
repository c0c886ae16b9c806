#include "harness/replay/replay_report.h"
#include "harness/replay/replay_words.h"
#include "harness/replay/run_summary.h"
#include "harness/text/report_lines.h"

namespace rebisect {
namespace {

constexpr int kLabelColumns = 9;

class ReplayWriter {
 public:
  ReplayWriter(const ReplayReport& report, const TerminalStyle& style)
      : report_(report),
        result_(report.result),
        words_(WordsOf(report)),
        style_(style),
        out_(style, kLabelColumns) {}

  std::string Write() {
    Head();
    Releases();
    Steps();
    Others();
    Ending();
    return out_.Take();
  }

 private:
  [[nodiscard]] std::string Coloured(const std::optional<Verdict>& verdict,
                                     int columns) const {
    if (!verdict) return PadRight("-", columns);
    const std::string text = PadRight(std::string(ToString(*verdict)), columns);
    if (*verdict == Verdict::kBad) return style_.Bad(text);
    if (*verdict == Verdict::kGood) return style_.Good(text);
    return style_.Notice(text);
  }

  void Head() {
    out_.Line(style_.Bold(Printable(report_.recording->name)) + "  " +
              words_.kind);
    out_.Field("graph", words_.graph);
    out_.Field("git", words_.git);
  }

  void Releases() {
    if (result_.releases.empty()) return;
    out_.Heading("before the search" + std::string(10, ' ') + "runs say");
    for (const ReleaseStep& release : result_.releases) {
      const Test& test = *release.test;
      const std::string left =
          "  " + PadRight(Fit(Short(test.commit), 12), 14) +
          PadRight(Fit(Printable(NameOfRelease(release)), 12), 13);
      out_.Line(left + Coloured(release.verdict, 10) +
                Fit(Printable(SummariseRuns(test)), style_.width - 40));
      if (!release.agrees) Explain(release.explanation);
    }
  }

  void Explain(const std::string& why) {
    for (const std::string& line : Wrap(Printable(why), style_.width - 8)) {
      out_.Line("        " + style_.Notice(line));
    }
  }

  void Steps() {
    if (result_.steps.empty()) return;
    out_.Heading("step  commit          left  steps  verdict  runs");
    for (const ReplayStep& step : result_.steps) {
      std::string line = PadLeft(std::to_string(step.index), 6) + "  " +
                         PadRight(Fit(Short(step.recorded_commit), 12), 12);
      line += PadLeft(step.merge_base ? "base"
                                      : CountText(step.recorded_revisions_left,
                                                  step.revisions_left),
                      8);
      line += PadLeft(step.merge_base ? ""
                                      : CountText(step.recorded_steps_left,
                                                  step.steps_left),
                      7) +
              "  ";
      // In a search for a fix the crash's side is what the runs show.
      line += Coloured(step.verdict, 9);
      const std::string runs =
          step.test == nullptr ? "" : SummariseRuns(*step.test);
      line +=
          PadRight(Fit(Printable(runs), style_.width - 49), style_.width - 48);
      line += step.agrees ? style_.Good("=") : style_.Bad("≠");
      out_.Line(line);
      if (!step.agrees) Explain(step.explanation);
    }
  }

  void Others() {
    for (const std::string& name : result_.missing) {
      out_.Field("missing", name + " is not in the graph");
    }
    if (result_.inexact) {
      out_.Field("inexact", std::string(kInexactText));
    }
  }

  void Ending() {
    out_.Line("");
    out_.Field("outcome", words_.outcome);
    out_.Field("steps", words_.steps);
    for (const std::string& note : result_.notes) out_.Field("note", note);
    for (const std::string& note : report_.graph_notes) {
      out_.Field("note", note);
    }
    if (!words_.truth.empty()) out_.Field("truth", words_.truth);
    out_.Field("holds", result_.Holds() ? "yes" : "no");
  }

  const ReplayReport& report_;
  const ReplayResult& result_;
  ReplayWords words_;
  const TerminalStyle& style_;
  ReportLines out_;
};

}  // namespace

std::string ReplayText(const ReplayReport& report, const TerminalStyle& style) {
  return ReplayWriter(report, style).Write();
}

void ReplayTotals::Add(const ReplayResult& result) {
  ++recordings;
  if (result.Holds()) ++held;
  for (const ReplayStep& step : result.steps) {
    ++steps;
    if (step.agrees) ++agreeing;
  }
  if (!result.recorded.culprit.empty()) {
    ++culprits;
    if (result.outcome == ReplayOutcome::kSameCulprit) ++same_culprits;
  }
}

void ReplayTotals::Add(const ReplayTotals& other) {
  recordings += other.recordings;
  held += other.held;
  failed += other.failed;
  steps += other.steps;
  agreeing += other.agreeing;
  culprits += other.culprits;
  same_culprits += other.same_culprits;
}

std::string TotalsText(const ReplayTotals& totals, const TerminalStyle& style) {
  const auto of = [](std::size_t part, std::size_t all) {
    return std::to_string(part) + " of " + std::to_string(all);
  };
  std::string text = of(totals.held, totals.recordings + totals.failed) +
                     " recordings hold: " + of(totals.agreeing, totals.steps) +
                     " steps agree, " +
                     of(totals.same_culprits, totals.culprits) +
                     " recorded culprits are reached";
  if (totals.failed > 0) {
    text += ", " + std::to_string(totals.failed) + " could not be replayed";
  }
  const bool all = totals.held == totals.recordings && totals.failed == 0;
  std::string lines;
  for (const std::string& line : Wrap(text, style.width)) {
    lines += (all ? style.Good(line) : style.Bad(line)) + '\n';
  }
  return lines;
}

}  // namespace rebisect
