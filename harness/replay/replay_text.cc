#include <algorithm>

#include "harness/replay/replay_report.h"
#include "harness/replay/run_summary.h"
#include "harness/text/report_lines.h"

namespace rebisect {
namespace {

constexpr int kLabelColumns = 9;

std::string_view KindText(RecordingKind kind) {
  switch (kind) {
    case RecordingKind::kCause:
      return "search for the cause of a crash";
    case RecordingKind::kFix:
      return "search for a fix (git's good and bad are swapped)";
    case RecordingKind::kMarks:
      return "marks without runs";
  }
  return "";
}

class ReplayWriter {
 public:
  ReplayWriter(const ReplayReport& report, const TerminalStyle& style)
      : report_(report),
        result_(report.result),
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
    const Recording& recording = *report_.recording;
    out_.Line(style_.Bold(Printable(recording.name)) + "  " +
              std::string(KindText(recording.kind)));
    out_.Field("graph", GraphText());
    std::string git = "as git " + FamilyRange(result_.version);
    if (result_.commit_graph) git += " with a commit-graph file";
    if (result_.version_was_chosen) {
      const bool first = result_.version == GitFamilies().front();
      git += result_.agrees && first ? " (tried first, and every step agrees)"
                                     : " (fits the record best)";
    }
    out_.Field("git", git);
  }

  [[nodiscard]] std::string GraphText() const {
    const std::string commits = Counted(report_.graph_commits, "commit");
    switch (report_.graph_kind) {
      case GraphKind::kReconstructed:
        return "reconstructed from the record, " + commits +
               ": counts exact, topology hypothetical";
      case GraphKind::kDag:
        return "real, from " +
               (report_.graph_file.empty() ? "DAG text" : report_.graph_file) +
               ", " + commits;
      case GraphKind::kMixed:
        return "real where it is known, reconstructed where it is not, " +
               commits;
      case GraphKind::kRepository:
        return "real, from the repository, " + commits + " loaded";
    }
    return "";
  }

  void Releases() {
    if (result_.releases.empty()) return;
    out_.Heading("before the search" + std::string(10, ' ') + "runs say");
    for (const ReleaseStep& release : result_.releases) {
      const Test& test = *release.test;
      const std::string what =
          test.purpose == TestPurpose::kRelease ? test.release
          : test.purpose == TestPurpose::kHead  ? "HEAD"
                                                : "start commit";
      const std::string left = "  " +
                               PadRight(Fit(Short(test.commit), 12), 14) +
                               PadRight(Fit(Printable(what), 12), 13);
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

  template <class Recorded, class Here>
  static std::string Count(const Recorded& recorded, const Here& here) {
    if (!recorded && !here) return "-";
    if (!recorded) return std::to_string(*here);
    if (here && *here == *recorded) return std::to_string(*here);
    return std::to_string(*recorded) + "!" +
           (here ? std::to_string(*here) : "-");
  }

  void Steps() {
    if (result_.steps.empty()) return;
    out_.Heading("step  commit          left  steps  verdict  runs");
    for (const ReplayStep& step : result_.steps) {
      std::string line = PadLeft(std::to_string(step.index), 6) + "  " +
                         PadRight(Fit(Short(step.recorded_commit), 12), 12);
      line += PadLeft(step.merge_base ? "base"
                                      : Count(step.recorded_revisions_left,
                                              step.revisions_left),
                      8);
      line += PadLeft(step.merge_base
                          ? ""
                          : Count(step.recorded_steps_left, step.steps_left),
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
      out_.Field("inexact",
                 "the graph ends before a step did; what lies beyond "
                 "was taken as not there");
    }
  }

  [[nodiscard]] std::string OutcomeText() const {
    const ReplayEnd& recorded = result_.recorded;
    const ReplayEnd& replayed = result_.replayed;
    switch (result_.outcome) {
      case ReplayOutcome::kSameCulprit:
        return "the same culprit: " + replayed.culprit;
      case ReplayOutcome::kDifferentCulprit:
        return "another culprit: " + replayed.culprit +
               " (recorded: " + recorded.culprit + ')';
      case ReplayOutcome::kSameEnd:
        return "the same end: " + recorded.end +
               (replayed.culprit.empty() ? "" : ", at " + replayed.culprit);
      case ReplayOutcome::kDifferentEnd:
        return "another end: " + replayed.end + " (recorded: " + recorded.end +
               ')';
      case ReplayOutcome::kNeedsUntested:
        return "open: the record has no answer for " + result_.untested +
               (result_.suspects_left > 0
                    ? ", with " + Counted(result_.suspects_left, "suspect") +
                          " left"
                    : "");
    }
    return "";
  }

  void Ending() {
    out_.Line("");
    const std::size_t agreeing = static_cast<std::size_t>(
        std::count_if(result_.steps.begin(), result_.steps.end(),
                      [](const ReplayStep& step) { return step.agrees; }));
    out_.Field("outcome", OutcomeText());
    out_.Field("steps", std::to_string(agreeing) + " of " +
                            std::to_string(result_.steps.size()) + " agree");
    for (const std::string& note : result_.notes) out_.Field("note", note);
    for (const std::string& note : report_.graph_notes) {
      out_.Field("note", note);
    }
    if (report_.recording->truth) {
      const Truth& truth = *report_.recording->truth;
      out_.Field("truth", truth.judgement +
                              (truth.note.empty() ? "" : ": " + truth.note));
    }
    out_.Field("holds", result_.Holds() ? "yes" : "no");
  }

  const ReplayReport& report_;
  const ReplayResult& result_;
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
  return (totals.held == totals.recordings && totals.failed == 0
              ? style.Good(text)
              : style.Bad(text)) +
         '\n';
}

}  // namespace rebisect
