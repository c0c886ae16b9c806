#include "harness/experiment/results/results_words.h"

#include <array>
#include <cmath>
#include <cstdio>

#include "harness/stats/statistics.h"
#include "harness/text/terminal.h"

namespace rebisect {

std::string FormatNumber(const char* format, double value) {
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), format, value);
  return text.data();
}

std::string ShareText(double share) {
  return FormatNumber("%.2f%%", share * 100);
}

std::string RangeText(const std::string& low, const std::string& high) {
  return " (" + low + " to " + high + ")";
}

std::string SampledText(std::uint64_t count, std::uint64_t trials,
                        int columns) {
  const Interval interval = WilsonInterval(count, trials);
  return PadLeft(ShareText(static_cast<double>(count) /
                           static_cast<double>(trials)),
                 columns) +
         RangeText(FormatNumber("%.2f", interval.low * 100),
                   FormatNumber("%.2f", interval.high * 100));
}

std::string FigureText(double value) {
  const double size = std::abs(value);
  if (size >= 1e9) return FormatNumber("%.4g", value);
  if (size >= 1000) return FormatNumber("%.0f", value);
  if (size >= 100) return FormatNumber("%.1f", value);
  if (size >= .1 || value == 0) return FormatNumber("%.3f", value);
  return FormatNumber(size >= .001 ? "%.4f" : "%.2g", value);
}

std::string NameOf(const CellInfo& cell) {
  std::string name = cell.select;
  if (!cell.retry.empty()) name += ", retry " + cell.retry;
  if (!cell.verdict.empty()) name += ", verdict " + cell.verdict;
  return name;
}

std::string TitleOf(const ExperimentInfo& experiment, std::size_t group) {
  const GraphInfo& graph = experiment.graphs[experiment.groups[group].graph];
  return "group " + std::to_string(group + 1) + ": " + graph.source + " (" +
         std::to_string(graph.commits) + " commits)";
}

std::string TrialsText(const GroupInfo& info, const GroupTotal& total) {
  const bool bounded = !info.budget.empty() && info.budget != "{}";
  return "truth " + info.truth + "; noise " + info.noise +
         (bounded ? "; budget " + info.budget : "") + "; " +
         std::to_string(total.trials) + " of " + std::to_string(info.trials) +
         " trials";
}

}  // namespace rebisect
