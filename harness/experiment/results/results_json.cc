#include <algorithm>
#include <array>

#include <nlohmann/json.hpp>

#include "harness/experiment/results/results_report.h"
#include "harness/text/json_text.h"
#include "harness/text/json_values.h"
#include "harness/text/rounded.h"

namespace rebisect {
namespace {

using nlohmann::ordered_json;

/// All digits: it does not fit into the numbers of JSON.
std::string Digits(Int128 number) {
  if (number == 0) return "0";
  std::string digits;
  for (Int128 rest = number < 0 ? -number : number; rest > 0; rest /= 10) {
    digits += static_cast<char>('0' + static_cast<int>(rest % 10));
  }
  if (number < 0) digits += '-';
  std::reverse(digits.begin(), digits.end());
  return digits;
}

constexpr std::array<std::pair<ShareKind, const char*>, 3> kShareNames = {
    {{ShareKind::kRight, "right"},
     {ShareKind::kWrong, "wrong"},
     {ShareKind::kUndecided, "undecided"}}};

class ResultsWriter {
 public:
  ResultsWriter(const ExperimentTotal& experiment, bool full)
      : experiment_(experiment), full_(full) {}

  std::string Write() {
    const ExperimentInfo& info = experiment_.info;
    ordered_json json;
    json["schema"] = full_ ? "rebisect.results-export/1" : "rebisect.results/1";
    json["experiment"] = info.Digest();
    json["name"] = info.name;
    json["spec_digest"] = info.SpecDigest();
    if (full_) json["spec"] = info.spec;
    json["seed"] = info.seed;
    json["version"] = info.version;
    json["complete"] = experiment_.Complete();
    json["block_trials"] = info.block_trials;
    json["graphs"] = ordered_json::array();
    for (const GraphInfo& graph : info.graphs) {
      json["graphs"].push_back({{"digest", graph.digest},
                                {"commits", graph.commits},
                                {"edges", graph.edges},
                                {"source", graph.source}});
    }
    json["groups"] = ordered_json::array();
    const std::vector<CellComparison> pairs = Compare(experiment_);
    std::size_t next = 0;
    for (std::size_t g = 0; g < experiment_.groups.size(); ++g) {
      ordered_json group = Group(g);
      group["comparisons"] = ordered_json::array();
      for (; next < pairs.size() && pairs[next].group == g; ++next) {
        group["comparisons"].push_back(Comparison(pairs[next]));
      }
      json["groups"].push_back(std::move(group));
    }
    return JsonText(json) + '\n';
  }

 private:
  ordered_json Group(std::size_t g) {
    const GroupInfo& info = experiment_.info.groups[g];
    const GroupTotal& total = experiment_.groups[g];
    ordered_json json = {
        {"group", g + 1},
        {"graph", info.graph + 1},
        {"truth", info.truth},
        {"noise", info.noise},
        {"budget", info.budget},
        {"trials", {{"done", total.trials}, {"of", info.trials}}},
        {"blocks",
         {{"done", total.blocks}, {"of", experiment_.info.BlocksOf(g)}}}};
    json["cells"] = ordered_json::array();
    for (std::size_t c = 0; c < info.cells.size(); ++c) {
      const CellInfo& cell = info.cells[c];
      json["cells"].push_back(
          {{"cell", c + 1},
           {"select", cell.select},
           {"retry", cell.retry},
           {"verdict", cell.verdict},
           {"sampled", Sampled(total.cells[c])},
           {"exact", total.cells[c].exact ? Exact(*total.cells[c].exact)
                                          : ordered_json(nullptr)}});
    }
    json["curves"] = ordered_json::object();
    for (const Quantity quantity : {Quantity::kTests, Quantity::kCostMs}) {
      ordered_json points = ordered_json::array();
      for (const CurvePoint& point : AccuracyCostCurve(total, quantity)) {
        points.push_back({{"cell", point.cell + 1},
                          {"right", Rounded(point.right)},
                          {"mean", Rounded(point.cost)}});
      }
      json["curves"][std::string(NameOf(quantity))] = std::move(points);
    }
    return json;
  }

  [[nodiscard]] ordered_json Sampled(const CellTotal& cell) const {
    const std::uint64_t trials = TrialsOf(cell.outcomes);
    if (trials == 0) return nullptr;
    ordered_json json;
    json["trials"] = trials;
    for (std::size_t i = 0; i < kTrialOutcomes; ++i) {
      json["outcomes"][std::string(NameOf(static_cast<TrialOutcome>(i)))] =
          cell.outcomes[i];
    }
    for (const auto& [kind, name] : kShareNames) {
      const std::uint64_t count = CountOf(cell.outcomes, kind);
      const Interval interval = WilsonInterval(count, trials);
      json[name] = {{"share", Rounded(static_cast<double>(count) /
                                      static_cast<double>(trials))},
                    {"low", Rounded(interval.low)},
                    {"high", Rounded(interval.high)}};
    }
    for (std::size_t q = 0; q < kQuantities; ++q) {
      json[std::string(NameOf(static_cast<Quantity>(q)))] =
          Counts(cell.quantities[q]);
    }
    json["calibration"] = Calibrated(cell.calibration);
    return json;
  }

  [[nodiscard]] ordered_json Counts(const ValueCounts& counts) const {
    if (counts.empty()) return nullptr;
    const MeanEstimate mean = MeanOf(counts);
    ordered_json json = {{"mean", Rounded(mean.mean)},
                         {"standard_error", RoundedOrNull(mean.standard_error)},
                         {"p50", QuantileOf(counts, 50)},
                         {"p95", QuantileOf(counts, 95)},
                         {"max", counts.back().value}};
    if (!full_) return json;
    json["counts"] = ordered_json::array();
    for (const ValueCount& entry : counts) {
      json["counts"].push_back({entry.value, entry.count});
    }
    return json;
  }

  [[nodiscard]] static ordered_json Calibrated(const Calibration& calibration) {
    const auto summary = Summarise(calibration);
    if (!summary) return nullptr;
    ordered_json json = {{"named", summary->named},
                         {"mean_confidence", Rounded(summary->confidence)},
                         {"share_right", Rounded(summary->right)},
                         {"expected_error", Rounded(summary->error)}};
    json["bins"] = ordered_json::array();
    for (std::size_t i = 0; i < Calibration::kBins; ++i) {
      const Calibration::Bin& bin = calibration.bins[i];
      if (bin.count == 0) continue;
      json["bins"].push_back({{"bin", i},
                              {"count", bin.count},
                              {"right", bin.right},
                              {"confidence_e9", bin.confidence}});
    }
    return json;
  }

  /// Not rounded: nothing of it is estimated.
  [[nodiscard]] static ordered_json Exact(const ExactCell& exact) {
    ordered_json json;
    for (std::size_t i = 0; i < kTrialOutcomes; ++i) {
      json["outcomes"][std::string(NameOf(static_cast<TrialOutcome>(i)))] =
          exact.shares[i];
    }
    for (std::size_t q = 0; q < kQuantities; ++q) {
      const std::string name(NameOf(static_cast<Quantity>(q)));
      const auto& cost = exact.costs[q];
      json[name] = nullptr;
      if (!cost) continue;
      json[name] = {{"mean", cost->mean},
                    {"p50", cost->p50},
                    {"p95", cost->p95},
                    {"max", cost->max}};
    }
    return json;
  }

  [[nodiscard]] ordered_json Mean(const std::optional<MeanComparison>& mean,
                                  const DifferenceSums& sums) const {
    if (!mean) return nullptr;
    const MeanEstimate& estimate = mean->difference;
    std::optional<double> low;
    std::optional<double> high;
    if (estimate.interval) {
      low = estimate.interval->low;
      high = estimate.interval->high;
    }
    ordered_json json = {
        {"difference", Rounded(estimate.mean)},
        {"standard_error", RoundedOrNull(estimate.standard_error)},
        {"low", RoundedOrNull(low)},
        {"high", RoundedOrNull(high)},
        {"p", RoundedOrNull(estimate.p)},
        {"p_adjusted", RoundedOrNull(mean->p_adjusted)},
        {"significant", mean->Significant()}};
    if (full_) {
      json["sum"] = Digits(sums.sum);
      json["squares"] = Digits(sums.squares);
    }
    return json;
  }

  [[nodiscard]] ordered_json Comparison(const CellComparison& pair) const {
    const GroupTotal& group = experiment_.groups[pair.group];
    const PairBlock& sums =
        group.pairs[PairIndex(pair.first, pair.second, group.cells.size())];
    return {{"first", pair.first + 1},
            {"second", pair.second + 1},
            {"both_right", pair.right.both},
            {"only_first", pair.right.only_first},
            {"only_second", pair.right.only_second},
            {"neither", pair.right.neither},
            {"difference", Rounded(pair.difference)},
            {"low", Rounded(pair.interval.low)},
            {"high", Rounded(pair.interval.high)},
            {"p", Rounded(pair.p)},
            {"p_adjusted", Rounded(pair.p_adjusted)},
            {"significant", pair.Significant()},
            {"tests", Mean(pair.tests, sums.tests)},
            {"cost_ms", Mean(pair.cost_ms, sums.cost_ms)}};
  }

  const ExperimentTotal& experiment_;
  bool full_;
};

}  // namespace

std::string ResultsJson(const ExperimentTotal& experiment) {
  return ResultsWriter(experiment, false).Write();
}

std::string ResultsExport(const ExperimentTotal& experiment) {
  return ResultsWriter(experiment, true).Write();
}

std::string ResultsListJson(const ExperimentInfo& experiment,
                            const PartCounts& parts) {
  std::size_t cells = 0;
  for (const GroupInfo& group : experiment.groups) cells += group.cells.size();
  const ordered_json json = {
      {"schema", "rebisect.results-list/1"},
      {"experiment", experiment.Digest()},
      {"name", experiment.name},
      {"seed", experiment.seed},
      {"version", experiment.version},
      {"graphs", experiment.graphs.size()},
      {"groups", experiment.groups.size()},
      {"cells", cells},
      {"complete", parts.Complete()},
      {"blocks", {{"done", parts.blocks}, {"of", parts.of_blocks}}},
      {"exact", {{"done", parts.exact}, {"of", parts.of_exact}}}};
  return JsonText(json) + '\n';
}

}  // namespace rebisect
