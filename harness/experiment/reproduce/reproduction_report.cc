// Manifests and what came of them, for people and for programs.

#include <charconv>
#include <cmath>
#include <iterator>

#include <nlohmann/json.hpp>

#include "harness/experiment/reproduce/reproduction.h"
#include "harness/experiment/results/results_report.h"
#include "harness/text/json_text.h"
#include "harness/text/report_lines.h"
#include "scenarios/yaml/yaml_scalar.h"

namespace rebisect {
namespace {

using nlohmann::ordered_json;
using std::string_view;

constexpr int kLabelColumns = 21;
constexpr int kPublishedColumns = 17;
constexpr int kFigureColumns = 13;

string_view NameOf(Figure figure) {
  return kFigureNames[static_cast<std::size_t>(figure)];
}

/// The fewest digits that are read as the same number.
std::string NumberText(double number) {
  char buffer[32];
  const auto [end, error] =
      std::to_chars(std::begin(buffer), std::end(buffer), number);
  return error == std::errc() ? std::string(buffer, end) : "";
}

std::string RangeText(const Interval& range) {
  const std::string low = NumberText(range.low);
  return range.low == range.high ? low : low + " to " + NumberText(range.high);
}

std::string FigureText(Figure figure, double value) {
  switch (figure) {
    case Figure::kRight:
      return Fixed(value, 4);
    case Figure::kTestsMax:
      return Fixed(value, 0);
    case Figure::kTests:
    case Figure::kRuns:
      break;
  }
  return Fixed(value, 2);
}

string_view NameOf(Agreement agreement) {
  switch (agreement) {
    case Agreement::kNotRecorded:
      return "not recorded";
    case Agreement::kNotCompared:
      return "not compared";
    case Agreement::kIdentical:
      return "identical";
    case Agreement::kWithinError:
      return "within error";
    case Agreement::kDiffers:
      return "DIFFERS";
  }
  return "";
}

/// Everything that names the cell.
std::string CellText(const ManifestResult& result) {
  std::string text = result.select;
  const std::pair<const char*, const std::string*> parts[] = {
      {"retry", &result.retry}, {"verdict", &result.verdict},
      {"graph", &result.graph}, {"truth", &result.truth},
      {"noise", &result.noise}, {"budget", &result.budget}};
  for (const auto& [key, value] : parts) {
    if (value->empty()) continue;
    text.append(", ").append(key).append(" ").append(*value);
  }
  if (result.mean_of > 1) {
    text += ", mean of " + std::to_string(result.mean_of) + " cells";
  }
  return text;
}

/// What was neither published nor recorded is not shown beside what
/// somebody did.
std::vector<ReproducedFigure> Shown(const ReproducedResult& result) {
  std::vector<ReproducedFigure> shown;
  for (const ReproducedFigure& figure : result.figures) {
    if (figure.published || figure.recorded) shown.push_back(figure);
  }
  return shown.empty() ? result.figures : shown;
}

class ReproductionWriter {
 public:
  ReproductionWriter(const Reproduction& reproduction,
                     const TerminalStyle& style)
      : reproduction_(reproduction), style_(style), lines_(style, 9) {}

  std::string Write() {
    const Manifest& manifest = *reproduction_.manifest;
    lines_.Line(style_.Bold(Printable(manifest.file)));
    lines_.Field("from", manifest.source);
    lines_.Field("setting", manifest.setting);
    lines_.Field("again", Again());
    lines_.Line(style_.Dim("  " + PadRight("", kLabelColumns) +
                           PadLeft("published", kPublishedColumns) + ' ' +
                           PadLeft("recorded", kFigureColumns - 1) +
                           PadLeft("again", kFigureColumns)));
    for (const ReproducedResult& result : reproduction_.results) {
      lines_.Paragraph(CellText(*result.result), 2, 2);
      for (const ReproducedFigure& figure : Shown(result)) Row(figure);
      if (!result.result->why.empty()) {
        lines_.Paragraph("why: " + result.result->why, 4, 2);
      }
    }
    if (any_unlike_) {
      lines_.Paragraph(
          "* what is published differs by more than the errors explain "
          "(beyond 99.9%)",
          2);
    }
    return lines_.Take();
  }

 private:
  [[nodiscard]] std::string Again() const {
    const Manifest& manifest = *reproduction_.manifest;
    std::string text = "seed " + std::to_string(manifest.experiment.seed);
    text += ", rebisect " + reproduction_.version;
    if (manifest.made_digest.empty()) return text;
    if (reproduction_.same) return text + ": the recorded experiment";
    text +=
        ": not the recorded experiment (" + manifest.made_digest.substr(0, 12);
    if (!manifest.made_version.empty()) {
      text += ", rebisect " + manifest.made_version;
    }
    return text + "), so figures agree within error";
  }

  void Row(const ReproducedFigure& figure) {
    const bool unlike = figure.as_published && !*figure.as_published;
    any_unlike_ = any_unlike_ || unlike;
    const std::string recorded =
        figure.recorded ? FigureText(figure.figure, *figure.recorded) : "-";
    const std::string published =
        figure.published ? RangeText(*figure.published) : "-";
    const auto agreement = std::string(NameOf(figure.agreement));
    lines_.Line(
        "    " +
        PadRight(std::string(NameOf(figure.figure)), kLabelColumns - 2) +
        PadLeft(published, kPublishedColumns) + (unlike ? '*' : ' ') +
        PadLeft(recorded, kFigureColumns - 1) +
        PadLeft(FigureText(figure.figure, figure.again), kFigureColumns) +
        "  " +
        (figure.agreement == Agreement::kDiffers ? style_.Bad(agreement)
                                                 : agreement));
  }

  const Reproduction& reproduction_;
  const TerminalStyle& style_;
  ReportLines lines_;
  bool any_unlike_ = false;
};

ordered_json JsonOf(const ReproducedFigure& figure) {
  ordered_json json;
  json["figure"] = NameOf(figure.figure);
  json["published"] = nullptr;
  if (figure.published) {
    json["published"] = {{"low", figure.published->low},
                         {"high", figure.published->high}};
  }
  json["as_published"] = nullptr;
  if (figure.as_published) json["as_published"] = *figure.as_published;
  json["recorded"] = nullptr;
  if (figure.recorded) json["recorded"] = *figure.recorded;
  json["again"] = figure.again;
  json["sd"] = nullptr;
  if (figure.spread) json["sd"] = *figure.spread;
  json["agreement"] = NameOf(figure.agreement);
  return json;
}

/// A key of a result, if there is something to say.
void PutKey(std::string& text, string_view key, const std::string& value) {
  if (value.empty()) return;
  text.append("    ").append(key).append(": ");
  text.append(YamlScalar(value, false)).append("\n");
}

void PutFigure(std::string& list, Figure figure, double value) {
  list.append(list.empty() ? "" : ", ").append(NameOf(figure));
  list.append(": ").append(NumberText(value));
}

/// The mean with its spread; four digits of that do.
void PutMean(std::string& list, Figure figure, const ValueCounts& counts) {
  if (counts.empty()) return;
  const MeanEstimate mean = MeanOf(counts);
  PutFigure(list, figure, mean.mean);
  if (!mean.standard_error) return;
  const double spread =
      *mean.standard_error * std::sqrt(static_cast<double>(CountOf(counts)));
  list.append(", ").append(kSpreadNames[static_cast<std::size_t>(figure)]);
  list.append(": ").append(Fixed(spread, 4));
}

/// `right: 0.5, tests: 10.2, ...`
std::string FiguresOf(const CellTotal& cell, std::uint64_t trials) {
  std::string list;
  const auto at = [](Quantity quantity) {
    return static_cast<std::size_t>(quantity);
  };
  if (cell.exact) {
    PutFigure(list, Figure::kRight, ShareOf(*cell.exact, ShareKind::kRight));
    if (const auto& tests = cell.exact->costs[at(Quantity::kTests)]) {
      PutFigure(list, Figure::kTests, tests->mean);
      PutFigure(list, Figure::kTestsMax, static_cast<double>(tests->max));
    }
    if (const auto& runs = cell.exact->costs[at(Quantity::kRuns)]) {
      PutFigure(list, Figure::kRuns, runs->mean);
    }
    return list;
  }
  const std::uint64_t right = CountOf(cell.outcomes, ShareKind::kRight);
  PutFigure(list, Figure::kRight,
            static_cast<double>(right) / static_cast<double>(trials));
  PutMean(list, Figure::kTests, cell.quantities[at(Quantity::kTests)]);
  PutMean(list, Figure::kRuns, cell.quantities[at(Quantity::kRuns)]);
  return list + ", trials: " + std::to_string(trials);
}

}  // namespace

std::string ReproductionText(const Reproduction& reproduction,
                             const TerminalStyle& style) {
  return ReproductionWriter(reproduction, style).Write();
}

std::string ReproductionJson(const Reproduction& reproduction) {
  const Manifest& manifest = *reproduction.manifest;
  ordered_json json;
  json["schema"] = "rebisect.reproduce/1";
  json["manifest"] = manifest.file;
  json["source"] = manifest.source;
  json["setting"] = manifest.setting;
  json["seed"] = manifest.experiment.seed;
  json["version"] = reproduction.version;
  json["digest"] = reproduction.digest;
  json["same_experiment"] = reproduction.same;
  json["agrees"] = reproduction.Agrees();
  json["results"] = ordered_json::array();
  for (const ReproducedResult& reproduced : reproduction.results) {
    const ManifestResult& result = *reproduced.result;
    ordered_json row = {{"select", result.select},
                        {"retry", result.retry},
                        {"verdict", result.verdict},
                        {"graph", result.graph},
                        {"truth", result.truth},
                        {"noise", result.noise},
                        {"budget", result.budget},
                        {"cells", result.mean_of},
                        {"trials", reproduced.trials},
                        {"figures", ordered_json::array()},
                        {"why", result.why}};
    for (const ReproducedFigure& figure : reproduced.figures) {
      row["figures"].push_back(JsonOf(figure));
    }
    json["results"].push_back(std::move(row));
  }
  return JsonText(json) + '\n';
}

std::string WriteManifest(const ExperimentTotal& experiment) {
  const ExperimentInfo& info = experiment.info;
  std::string text =
      "rebisect: manifest/1\n"
      "source: (to be written) which paper or program, and where\n"
      "setting: (to be written) what was simulated, in a sentence\n"
      "made: {version: " +
      YamlScalar(info.version, true) +
      ", digest: " + YamlScalar(info.Digest(), true) + "}\nexperiment:\n";
  for (std::size_t at = 0; at < info.spec.size();) {
    const std::size_t end =
        std::min(info.spec.find('\n', at), info.spec.size());
    text.append("  ").append(info.spec, at, end - at).append("\n");
    at = end + 1;
  }
  text += "results:\n";
  const bool one_group = info.groups.size() == 1;
  for (std::size_t g = 0; g < info.groups.size(); ++g) {
    const GroupInfo& group = info.groups[g];
    for (std::size_t c = 0; c < group.cells.size(); ++c) {
      const CellInfo& cell = group.cells[c];
      text.append("  - select: ").append(YamlScalar(cell.select, false));
      text += '\n';
      PutKey(text, "retry", cell.retry);
      PutKey(text, "verdict", cell.verdict);
      if (!one_group) {
        PutKey(text, "graph", info.graphs[group.graph].source);
        PutKey(text, "truth", group.truth);
        PutKey(text, "noise", group.noise);
        PutKey(text, "budget", group.budget);
      }
      text.append("    ours: {");
      text.append(FiguresOf(experiment.groups[g].cells[c], group.trials));
      text.append("}\n");
    }
  }
  return text;
}

}  // namespace rebisect
