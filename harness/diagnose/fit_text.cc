#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include "harness/diagnose/fit_report.h"
#include "harness/text/report_lines.h"
#include "oracle/diagnosis/diagnosis.h"

namespace rebisect {
namespace {

/// More titles or culprits than this are only counted.
constexpr std::size_t kMaxShown = 12;
/// How far a field has to lie from its default to be marked.
constexpr double kMarkedFactor = 2;

std::string FigureText(double value) {
  std::array<char, 32> text{};
  const bool whole = value >= 1000 && value < 1e6;
  std::snprintf(text.data(), text.size(), whole ? "%.0f" : "%.3g", value);
  return text.data();
}

class FitTextWriter {
 public:
  FitTextWriter(const FitReport& report, const TerminalStyle& style)
      : report_(report), fit_(report.fit), style_(style), out_(style, 0) {}

  std::string Write() {
    Head();
    Rates();
    Fields();
    Titles();
    Culprits();
    RestsOn();
    return out_.Take();
  }

 private:
  void Head() {
    out_.Line(style_.Bold("noise of " + Counted(fit_.recordings, "recording")) +
              "  (" + Counted(fit_.commits, "commit") + ", " +
              Counted(fit_.runs, "run") + ")");
    if (report_.output.empty()) {
      out_.Paragraph(
          "nothing written; -o FILE writes it for `diagnose --prior FILE`", 2,
          0);
    } else {
      out_.Paragraph("written to " + report_.output, 2, 0);
    }
  }

  static std::string Percents(const Estimate& share) {
    return PercentText(share.value) + " (" + PercentText(share.low) + " to " +
           PercentText(share.high) + ")";
  }

  void Rate(const std::string& what, const BetaFit& rate, double seen) {
    std::string text = what;
    text += ": ";
    if (seen < .5) {
      text += "not seen here";
    } else {
      text += Percents(rate.mean);
      text += "; concentration ";
      text += FigureText(rate.concentration.value);
      text += " (" + FigureText(rate.concentration.low) + " to " +
              FigureText(rate.concentration.high) + ")";
    }
    out_.Paragraph(text, 4, 2);
  }

  void Rates() {
    out_.Heading("how often runs do so, and how alike the commits are in it");
    const auto runs = static_cast<double>(fit_.runs);
    if (fit_.runs == 0) {
      out_.Line("    no runs here: only error rates of verdicts are estimated");
      return;
    }
    Rate("crash on a commit that has the bug", fit_.crash_if_present,
         fit_.present_commits);
    Rate("crash on one that has it not", fit_.false_crash, fit_.absent_commits);
    Rate("crash of another, unrelated title", fit_.background,
         SeenOf("background_a"));
    Rate("unusable", fit_.unusable, runs);
  }

  [[nodiscard]] double SeenOf(std::string_view name) const {
    for (const FittedField& field : fit_.fields) {
      if (field.name == name) return field.seen;
    }
    return 0;
  }

  /// "1 title", "2 titles".
  static std::string Seen(const FittedField& field) {
    const double seen = std::round(field.seen);
    std::string_view noun = field.seen_of;
    if (seen == 1) noun.remove_suffix(1);
    return FigureText(seen) + ' ' + std::string(noun);
  }

  void Row(const std::string& name, const std::string& value,
           const std::string& interval, const std::string& usual,
           const std::string& seen) {
    std::string line = "    " + PadRight(name, 17) + PadLeft(value, 9) + "  " +
                       PadRight(interval, 20) + PadLeft(usual, 8);
    if (!seen.empty()) line += "  " + seen;
    out_.Line(line);
  }

  void Fields() {
    out_.Heading("priors");
    Row("field", "estimate", "95% interval", "default", "seen");
    for (const FittedField& field : fit_.fields) {
      const std::string name(field.name);
      if (field.seen_of.empty()) {
        Row(name, FigureText(field.estimate.value), "not estimated",
            FigureText(field.usual), "");
        continue;
      }
      const double off = field.estimate.value / field.usual;
      const bool moved = off > kMarkedFactor || off < 1 / kMarkedFactor;
      Row(name, FigureText(field.estimate.value),
          FigureText(field.estimate.low) + " to " +
              FigureText(field.estimate.high),
          FigureText(field.usual), Seen(field) + (moved ? " *" : ""));
      any_moved_ = any_moved_ || moved;
    }
    if (any_moved_)
      out_.Line("    * more than twice the default, or less than half");
  }

  template <class Items, class Show>
  void Some(const std::string& heading, const Items& items, Show show) {
    out_.Heading(heading);
    if (items.empty()) out_.Line("    none");
    for (std::size_t i = 0; i < std::min(items.size(), kMaxShown); ++i) {
      show(items[i]);
    }
    if (items.size() > kMaxShown) {
      out_.Line("    and " + std::to_string(items.size() - kMaxShown) +
                " more: in the YAML and JSON");
    }
  }

  void Titles() {
    Some("titles that come again in searches for other crashes", report_.titles,
         [&](const RecurringTitle& title) {
           out_.Paragraph(
               '"' + title.title + "\" (" + title.outcome +
                   "): " + std::to_string(title.runs) + " of " +
                   Counted(title.of_runs, "run") + ", on " +
                   Counted(title.commits, "commit") + ", in " +
                   Counted(title.recordings, "recording") +
                   (title.AcrossBugs()
                        ? " of " + std::to_string(title.bugs) + " bugs"
                        : "") +
                   (title.searched_for > 0
                        ? "; itself searched for in " +
                              std::to_string(title.searched_for)
                        : ""),
               4, 2);
         });
  }

  void Culprits() {
    Some("culprits named again", report_.culprits,
         [&](const RepeatedCulprit& culprit) {
           std::string text = Short(culprit.commit) + ": " +
                              Counted(culprit.recordings.size(), "recording");
           for (std::size_t i = 0;
                i < std::min(culprit.crashes.size(), kMaxShown); ++i) {
             text += (i == 0 ? ", for \"" : ", \"") + culprit.crashes[i] + '"';
           }
           out_.Paragraph(text, 4, 2);
         });
  }

  void RestsOn() {
    out_.Heading("what it rests on");
    out_.Paragraph(
        "The truth is known for " + std::to_string(fit_.with_truth) + " of " +
            Counted(fit_.recordings, "recording") +
            "; older, unrelated and newer are estimated from those alone.",
        4, 2);
    if (fit_.runs > 0) {
      out_.Paragraph(
          "Which commits have the bug is known only as far as the record "
          "says: " +
              FigureText(std::round(fit_.present_commits)) +
              " are expected to have it, " +
              FigureText(std::round(fit_.absent_commits)) +
              " not. The intervals take that for certain, so they are "
              "rather too narrow.",
          4, 2);
    }
    out_.Paragraph(
        "Every field is drawn to its default, which counts as much as " +
            FigureText(kRecordsOfDefault) + " recordings, " +
            FigureText(kTitlesOfDefault) + " titles, " +
            FigureText(kCommitsOfDefault) + " commits or " +
            FigureText(kVerdictsOfDefault) + " verdicts.",
        4, 2);
    if (!fit_.settled) {
      out_.Paragraph(
          "The estimate had not settled after " +
              Counted(static_cast<std::size_t>(fit_.rounds), "round") + ".",
          4, 2);
    }
    for (std::size_t i = 0; i < std::min(report_.skipped.size(), kMaxShown);
         ++i) {
      const SkippedRecording& skipped = report_.skipped[i];
      out_.Paragraph("not used: " + skipped.file + ": " + skipped.reason, 4, 2);
    }
    if (report_.skipped.size() > kMaxShown) {
      out_.Line("    and " +
                std::to_string(report_.skipped.size() - kMaxShown) +
                " more not used");
    }
  }

  const FitReport& report_;
  const ModelFit& fit_;
  const TerminalStyle& style_;
  ReportLines out_;
  bool any_moved_ = false;
};

}  // namespace

std::string FitText(const FitReport& report, const TerminalStyle& style) {
  return FitTextWriter(report, style).Write();
}

}  // namespace rebisect
