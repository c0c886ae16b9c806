#include <algorithm>
#include <array>

#include "harness/experiment/results/results_report.h"
#include "harness/experiment/results/results_words.h"
#include "harness/text/report_lines.h"

namespace rebisect {
namespace {

/// Where the figures of a policy begin.
constexpr int kFirstColumn = 5;
constexpr int kShareColumns = 25;
constexpr int kMeanColumns = 12;
/// More comparisons than this in a group are cut down to those with the best.
constexpr std::size_t kMaxCompared = 45;

std::string Signed(std::string figure) {
  if (figure.front() != '-') figure.insert(figure.begin(), '+');
  return figure;
}

std::string ProbabilityText(double p) {
  if (p < 1e-4) return "<0.0001";
  return FormatNumber(p < .1 ? "%.2g" : "%.2f", p);
}

/// The adjusted p, and whether it says anything.
std::string Judged(const std::optional<double>& p_adjusted) {
  if (!p_adjusted) return "too few trials";
  std::string text = ProbabilityText(*p_adjusted);
  if (*p_adjusted >= kSignificance) text += ", not significant";
  return text;
}

std::string Number(std::size_t index) {
  return PadLeft(std::to_string(index + 1), 4) + ' ';
}

class ResultsTextWriter {
 public:
  ResultsTextWriter(const ExperimentTotal& experiment,
                    const TerminalStyle& style)
      : experiment_(experiment),
        style_(style),
        pairs_(Compare(experiment)),
        lines_(style, 0) {}

  std::string Write() {
    for (std::size_t g = 0; g < experiment_.groups.size(); ++g) Group(g);
    return ResultsListText(experiment_.info, CountParts(experiment_), style_) +
           lines_.Take();
  }

 private:
  void Line(const std::string& line) { lines_.Line(line); }
  void Paragraph(const std::string& text, int indent, int hanging) {
    lines_.Paragraph(text, indent, hanging);
  }

  void Group(std::size_t g) {
    const GroupInfo& info = experiment_.info.groups[g];
    const GroupTotal& total = experiment_.groups[g];
    Line("");
    Paragraph(TitleOf(experiment_.info, g), 0, 2);
    Paragraph(TrialsText(info, total), 2, 2);
    for (std::size_t c = 0; c < info.cells.size(); ++c) {
      const CellInfo& cell = info.cells[c];
      std::string lead = Number(c);
      for (const std::string& line :
           Wrap(Printable(NameOf(cell)), style_.width - kFirstColumn - 2)) {
        Line(lead + line);
        lead = std::string(kFirstColumn + 2, ' ');
      }
    }
    Shares(total);
    for (std::size_t q = 0; q < kQuantities; ++q) {
      Means(total, static_cast<Quantity>(q));
    }
    Curve(total, Quantity::kTests);
    Curve(total, Quantity::kCostMs);
    Confidences(total);
    Comparisons(g);
  }

  void Shares(const GroupTotal& group) {
    Heading("share of trials, with 95% intervals");
    Line(style_.Dim(std::string(kFirstColumn, ' ') +
                    PadRight("  right", kShareColumns) +
                    PadRight("  wrong", kShareColumns) + "  undecided"));
    for (std::size_t c = 0; c < group.cells.size(); ++c) {
      const CellTotal& cell = group.cells[c];
      const std::uint64_t trials = TrialsOf(cell.outcomes);
      if (trials > 0) {
        std::string line = Number(c);
        for (const ShareKind kind : kKinds) {
          line += PadRight(SampledText(CountOf(cell.outcomes, kind), trials, 7),
                           kShareColumns);
        }
        Row(std::move(line));
      }
      if (cell.exact) {
        std::string line = Number(c);
        for (const ShareKind kind : kKinds) {
          line += PadRight(
              PadLeft(ShareText(ShareOf(*cell.exact, kind)), 7) + " exactly",
              kShareColumns);
        }
        Row(std::move(line));
      }
    }
    for (std::size_t c = 0; c < group.cells.size(); ++c) {
      Undecided(c, group.cells[c].outcomes);
    }
  }

  /// Without the blanks at the end.
  void Row(std::string line) {
    line.erase(line.find_last_not_of(' ') + 1);
    Line(line);
  }

  void Heading(const std::string& text) { Line(style_.Dim("  " + text)); }

  void Undecided(std::size_t cell, const OutcomeCounts& outcomes) {
    std::string reasons;
    for (std::size_t i = 2; i < kTrialOutcomes; ++i) {
      if (outcomes[i] == 0) continue;
      std::string name(NameOf(static_cast<TrialOutcome>(i)));
      std::replace(name.begin(), name.end(), '_', ' ');
      reasons += reasons.empty() ? "" : ", ";
      reasons += std::to_string(outcomes[i]) + ' ' + name;
    }
    if (reasons.empty()) return;
    Paragraph("undecided of " + std::to_string(cell + 1) + ": " + reasons,
              kFirstColumn, 2);
  }

  void Means(const GroupTotal& group, Quantity quantity) {
    const auto q = static_cast<std::size_t>(quantity);
    const bool hours = quantity == Quantity::kCostMs;
    const double unit = hours ? kMsPerHour : 1;
    const auto figure = [unit](double value) {
      return PadLeft(FigureText(value / unit), kMeanColumns);
    };
    const auto whole = [&](std::int64_t value) {
      return hours ? figure(static_cast<double>(value))
                   : PadLeft(std::to_string(value), kMeanColumns);
    };
    bool headed = false;
    const auto head = [&] {
      if (headed) return;
      headed = true;
      std::string line = "  ";
      line += hours ? "hours" : NameOf(quantity);
      line = PadRight(line, kFirstColumn + 4);
      for (const char* name : {"mean", "std error", "median", "p95", "most"}) {
        line += PadLeft(name, kMeanColumns);
      }
      Line(style_.Dim(line));
    };
    for (std::size_t c = 0; c < group.cells.size(); ++c) {
      const CellTotal& cell = group.cells[c];
      const std::string lead = Number(c) + std::string(4, ' ');
      if (const ValueCounts& counts = cell.quantities[q]; !counts.empty()) {
        head();
        const MeanEstimate mean = MeanOf(counts);
        Row(lead + figure(mean.mean) +
            (mean.standard_error ? figure(*mean.standard_error)
                                 : std::string(kMeanColumns, ' ')) +
            whole(QuantileOf(counts, 50)) + whole(QuantileOf(counts, 95)) +
            whole(counts.back().value));
      }
      if (cell.exact && cell.exact->costs[q]) {
        head();
        const ExactCell::Cost& cost = *cell.exact->costs[q];
        Row(lead + figure(cost.mean) + PadLeft("exactly", kMeanColumns) +
            whole(cost.p50) + whole(cost.p95) + whole(cost.max));
      }
    }
  }

  void Curve(const GroupTotal& group, Quantity quantity) {
    const std::vector<CurvePoint> curve = AccuracyCostCurve(group, quantity);
    if (curve.empty() || group.cells.size() == 1) return;
    const bool hours = quantity == Quantity::kCostMs;
    Heading(std::string("accuracy for cost: no other is as often right in so "
                        "few ") +
            (hours ? "hours" : "tests"));
    for (const CurvePoint& point : curve) {
      Row(Number(point.cell) + PadLeft(ShareText(point.right), 8) + " right, " +
          FigureText(point.cost / (hours ? kMsPerHour : 1)) +
          (hours ? " hours" : " tests"));
    }
  }

  void Confidences(const GroupTotal& group) {
    bool headed = false;
    for (std::size_t c = 0; c < group.cells.size(); ++c) {
      const auto summary = Summarise(group.cells[c].calibration);
      if (!summary) continue;
      if (!headed) {
        Heading("how sure the policy was, and how often it was right");
        headed = true;
      }
      Line(Number(c) + ' ' + ShareText(summary->confidence) + " sure, " +
           ShareText(summary->right) + " right, of " +
           std::to_string(summary->named) + " trials; calibration error " +
           FormatNumber("%.4f", summary->error));
    }
  }

  /// Of those in a group, or of those with its best policy.
  std::vector<CellComparison> Shown(std::size_t g) {
    std::vector<CellComparison> shown;
    for (const CellComparison& pair : pairs_) {
      if (pair.group == g) shown.push_back(pair);
    }
    if (shown.size() <= kMaxCompared) return shown;
    const auto& cells = experiment_.groups[g].cells;
    const auto best = static_cast<std::size_t>(
        std::max_element(cells.begin(), cells.end(),
                         [](const CellTotal& a, const CellTotal& b) {
                           return a.outcomes[0] < b.outcomes[0];
                         }) -
        cells.begin());
    const std::size_t all = shown.size();
    shown.erase(std::remove_if(shown.begin(), shown.end(),
                               [best](const CellComparison& pair) {
                                 return pair.first != best &&
                                        pair.second != best;
                               }),
                shown.end());
    Paragraph("shown are the comparisons with " + std::to_string(best + 1) +
                  ", which was right most often; --format json has all " +
                  std::to_string(all),
              2, 2);
    return shown;
  }

  static std::string Between(const CellComparison& pair) {
    return PadLeft(std::to_string(pair.first + 1), 4) + " to " +
           PadRight(std::to_string(pair.second + 1), 5);
  }

  void Comparisons(std::size_t g) {
    if (std::none_of(
            pairs_.begin(), pairs_.end(),
            [g](const CellComparison& pair) { return pair.group == g; })) {
      return;
    }
    Paragraph(
        "what changes from one policy to another, on the same trials, "
        "with 95% intervals; p as Holm corrects it for " +
            std::to_string(pairs_.size()) +
            (pairs_.size() == 1 ? " comparison" : " comparisons") +
            " in this experiment",
        2, 2);
    const std::vector<CellComparison> shown = Shown(g);
    Line(style_.Dim("  right      only 1st only 2nd" + std::string(14, ' ') +
                    "difference          p (McNemar)"));
    for (const CellComparison& pair : shown) {
      const auto points = [](double share) {
        return Signed(FormatNumber("%.2f", share * 100));
      };
      Row(Between(pair) + PadLeft(std::to_string(pair.right.only_first), 8) +
          PadLeft(std::to_string(pair.right.only_second), 9) +
          PadLeft(points(pair.difference) + '%' +
                      RangeText(points(pair.interval.low),
                                points(pair.interval.high)),
                  27) +
          "  " + Judged(pair.p_adjusted));
    }
    MeanDifferences(shown, &CellComparison::tests, "tests", 1);
    MeanDifferences(shown, &CellComparison::cost_ms, "hours", kMsPerHour);
  }

  void MeanDifferences(const std::vector<CellComparison>& pairs,
                       std::optional<MeanComparison> CellComparison::*figure,
                       const char* name, double unit) {
    bool headed = false;
    for (const CellComparison& pair : pairs) {
      const std::optional<MeanComparison>& mean = pair.*figure;
      if (!mean) continue;
      if (!headed) {
        Line(style_.Dim(PadRight(std::string("  ") + name, 40) +
                        "difference          p (normal)"));
        headed = true;
      }
      const auto text = [unit](double value) {
        return Signed(FigureText(value / unit));
      };
      const MeanEstimate& estimate = mean->difference;
      std::string difference = text(estimate.mean);
      if (estimate.interval) {
        difference += RangeText(text(estimate.interval->low),
                                text(estimate.interval->high));
      }
      Row(Between(pair) + PadLeft(difference, 44) + "  " +
          Judged(mean->p_adjusted));
    }
  }

  static constexpr std::array<ShareKind, 3> kKinds = {
      ShareKind::kRight, ShareKind::kWrong, ShareKind::kUndecided};

  const ExperimentTotal& experiment_;
  const TerminalStyle& style_;
  std::vector<CellComparison> pairs_;
  ReportLines lines_;
};

}  // namespace

std::string ResultsListText(const ExperimentInfo& experiment,
                            const PartCounts& parts,
                            const TerminalStyle& style) {
  std::size_t cells = 0;
  for (const GroupInfo& group : experiment.groups) cells += group.cells.size();
  std::string text =
      style.Bold("experiment " + experiment.Digest().substr(0, 12)) + "  " +
      Printable(Fit(experiment.name, style.width - 25)) + '\n';
  text += Fit("  seed " + std::to_string(experiment.seed) + ", rebisect " +
                  Printable(experiment.version) + ", spec " +
                  experiment.SpecDigest().substr(0, 12) + ", " +
                  Counted(cells, "cell") + " in " +
                  Counted(experiment.groups.size(), "group"),
              style.width) +
          '\n';
  text += "  ";
  text += parts.Complete() ? parts.Text() : style.Notice(parts.Text());
  text += '\n';
  return text;
}

std::string ResultsText(const ExperimentTotal& experiment,
                        const TerminalStyle& style) {
  return ResultsTextWriter(experiment, style).Write();
}

}  // namespace rebisect
