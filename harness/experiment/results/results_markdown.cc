#include <algorithm>
#include <array>
#include <optional>

#include "harness/experiment/results/results_report.h"
#include "harness/experiment/results/results_words.h"
#include "harness/text/markdown.h"

namespace rebisect {
namespace {

constexpr std::array<ShareKind, 3> kKinds = {
    ShareKind::kRight, ShareKind::kWrong, ShareKind::kUndecided};
constexpr std::array<const char*, kQuantities> kHeadings = {"tests", "runs",
                                                            "builds", "hours"};

/// A table of the cells of a group; of costs those that were measured.
class CellTable {
 public:
  CellTable(const GroupInfo& info, const GroupTotal& total)
      : info_(info), total_(total) {
    for (std::size_t q = 0; q < kQuantities; ++q) {
      measured_[q] = std::any_of(total.cells.begin(), total.cells.end(),
                                 [q](const CellTotal& cell) {
                                   return !cell.quantities[q].empty() ||
                                          (cell.exact && cell.exact->costs[q]);
                                 });
    }
  }

  void AddTo(MarkdownLines& out) {
    for (std::size_t c = 0; c < info_.cells.size(); ++c) {
      if (TrialsOf(total_.cells[c].outcomes) > 0) Sampled(c);
      if (total_.cells[c].exact) Exact(c);
    }
    std::vector<MarkdownColumn> columns = {
        {"", true}, {"policy"}, {"right"}, {"wrong"}, {"undecided"}};
    for (std::size_t q = 0; q < kQuantities; ++q) {
      if (measured_[q]) columns.push_back({kHeadings[q], true});
    }
    out.Table(columns, rows_);
  }

 private:
  [[nodiscard]] std::vector<std::string>& Row(std::size_t c) {
    rows_.push_back(
        {std::to_string(c + 1), MarkdownCode(NameOf(info_.cells[c]))});
    return rows_.back();
  }

  void Sampled(std::size_t c) {
    const CellTotal& cell = total_.cells[c];
    std::vector<std::string>& row = Row(c);
    for (const ShareKind kind : kKinds) {
      row.push_back(SampledText(CountOf(cell.outcomes, kind),
                                TrialsOf(cell.outcomes), 0));
    }
    for (std::size_t q = 0; q < kQuantities; ++q) {
      if (!measured_[q]) continue;
      const ValueCounts& counts = cell.quantities[q];
      if (counts.empty()) {
        row.emplace_back();
        continue;
      }
      const MeanEstimate mean = MeanOf(counts);
      std::string text = FigureText(mean.mean / UnitOf(q));
      if (mean.standard_error) {
        text += " ± " + FigureText(*mean.standard_error / UnitOf(q));
      }
      row.push_back(std::move(text));
    }
  }

  void Exact(std::size_t c) {
    const ExactCell& exact = *total_.cells[c].exact;
    std::vector<std::string>& row = Row(c);
    for (const ShareKind kind : kKinds) {
      row.push_back(ShareText(ShareOf(exact, kind)) + " exactly");
    }
    for (std::size_t q = 0; q < kQuantities; ++q) {
      if (!measured_[q]) continue;
      row.push_back(exact.costs[q]
                        ? FigureText(exact.costs[q]->mean / UnitOf(q)) +
                              " exactly"
                        : "");
    }
  }

  static double UnitOf(std::size_t quantity) {
    return static_cast<Quantity>(quantity) == Quantity::kCostMs ? kMsPerHour
                                                                : 1;
  }

  const GroupInfo& info_;
  const GroupTotal& total_;
  std::array<bool, kQuantities> measured_{};
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace

std::string ResultsMarkdown(const ExperimentTotal& experiment) {
  const ExperimentInfo& info = experiment.info;
  MarkdownLines out;
  out.Heading("experiment " + MarkdownCode(info.Digest().substr(0, 12)) + ' ' +
              MarkdownCode(info.name));
  out.Field("seed", std::to_string(info.seed));
  out.Field("rebisect", info.version);
  out.Field("spec", info.SpecDigest().substr(0, 12));
  out.Field("parts", CountParts(experiment).Text());
  for (std::size_t g = 0; g < info.groups.size(); ++g) {
    out.Paragraph("**" + MarkdownText(TitleOf(info, g)) + "**");
    out.Field("trials", TrialsText(info.groups[g], experiment.groups[g]));
    CellTable(info.groups[g], experiment.groups[g]).AddTo(out);
  }
  out.Paragraph(
      "Shares of trials with 95% intervals; means with their standard errors.");
  return out.Take();
}

}  // namespace rebisect
