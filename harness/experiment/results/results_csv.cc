// The tables of an export. Their figures are those of the JSON.

#include <array>
#include <utility>

#include <nlohmann/json.hpp>

#include "harness/experiment/results/results_report.h"
#include "harness/text/csv.h"

namespace rebisect {
namespace {

using nlohmann::ordered_json;

constexpr std::array<const char*, 3> kShares = {"right", "wrong", "undecided"};

/// What every row begins with; the digest takes as long as there are cells.
class CsvKey {
 public:
  explicit CsvKey(const ExperimentInfo& info)
      : digest_(info.Digest()), name_(info.name) {}
  [[nodiscard]] std::vector<ordered_json> Row(std::size_t group) const {
    return {digest_, name_, group + 1};
  }

 private:
  std::string digest_;
  std::string name_;
};

/// The figures of a cell, sampled or exact.
void CsvFigures(const ordered_json& figures, bool exact,
                std::vector<ordered_json>& row) {
  const auto value = [&figures](const std::string& of, const char* what) {
    const auto found = figures.find(of);
    if (found == figures.end() || found->is_null()) return ordered_json();
    return found->value(what, ordered_json());
  };
  row.emplace_back(exact ? "exact" : "sampled");
  row.push_back(exact ? ordered_json() : figures["trials"]);
  for (const auto& outcome : figures["outcomes"]) row.push_back(outcome);
  for (const char* name : kShares) {
    for (const char* what : {"share", "low", "high"}) {
      row.push_back(value(name, what));
    }
  }
  for (std::size_t q = 0; q < kQuantities; ++q) {
    const std::string name(NameOf(static_cast<Quantity>(q)));
    for (const char* what : {"mean", "standard_error", "p50", "p95", "max"}) {
      row.push_back(value(name, what));
    }
  }
}

std::string CsvCells(const ExperimentTotal& experiment,
                     const ordered_json& json) {
  std::string rows;
  const CsvKey key(experiment.info);
  const std::string spec = experiment.info.SpecDigest();
  for (std::size_t g = 0; g < experiment.groups.size(); ++g) {
    const GroupInfo& info = experiment.info.groups[g];
    const GraphInfo& graph = experiment.info.graphs[info.graph];
    for (const ordered_json& cell : json["groups"][g]["cells"]) {
      for (const bool exact : {false, true}) {
        const ordered_json& figures = cell[exact ? "exact" : "sampled"];
        if (figures.is_null()) continue;
        std::vector<ordered_json> row = key.Row(g);
        row.insert(
            row.end(),
            {spec, experiment.info.seed, experiment.info.version, graph.digest,
             info.truth, info.noise, info.budget, cell["cell"], cell["select"],
             cell["retry"], cell["verdict"]});
        CsvFigures(figures, exact, row);
        rows += CsvLine(row);
      }
    }
  }
  return rows;
}

std::string CsvComparisons(const ExperimentTotal& experiment,
                           const ordered_json& json) {
  std::string rows;
  const CsvKey key(experiment.info);
  for (std::size_t g = 0; g < experiment.groups.size(); ++g) {
    for (const ordered_json& pair : json["groups"][g]["comparisons"]) {
      std::vector<ordered_json> row = key.Row(g);
      for (const auto& [name, value] : pair.items()) {
        if (name == "tests" || name == "cost_ms") {
          for (const char* what : {"difference", "standard_error", "low",
                                   "high", "p", "p_adjusted", "significant"}) {
            row.push_back(value.is_null() ? ordered_json() : value[what]);
          }
        } else {
          row.push_back(value);
        }
      }
      rows += CsvLine(row);
    }
  }
  return rows;
}

std::string CsvCounts(const ExperimentTotal& experiment) {
  std::string rows;
  const CsvKey key(experiment.info);
  for (std::size_t g = 0; g < experiment.groups.size(); ++g) {
    for (std::size_t c = 0; c < experiment.groups[g].cells.size(); ++c) {
      for (std::size_t q = 0; q < kQuantities; ++q) {
        std::vector<ordered_json> row = key.Row(g);
        row.emplace_back(c + 1);
        row.emplace_back(std::string(NameOf(static_cast<Quantity>(q))));
        row.resize(row.size() + 2);
        for (const ValueCount& entry :
             experiment.groups[g].cells[c].quantities[q]) {
          row[row.size() - 2] = entry.value;
          row[row.size() - 1] = entry.count;
          rows += CsvLine(row);
        }
      }
    }
  }
  return rows;
}

std::string CsvCalibration(const ExperimentTotal& experiment) {
  std::string rows;
  const CsvKey key(experiment.info);
  for (std::size_t g = 0; g < experiment.groups.size(); ++g) {
    for (std::size_t c = 0; c < experiment.groups[g].cells.size(); ++c) {
      const auto& bins = experiment.groups[g].cells[c].calibration.bins;
      for (std::size_t i = 0; i < bins.size(); ++i) {
        if (bins[i].count == 0) continue;
        std::vector<ordered_json> row = key.Row(g);
        row.insert(row.end(), {c + 1, i, bins[i].count, bins[i].right,
                               bins[i].confidence});
        rows += CsvLine(row);
      }
    }
  }
  return rows;
}

}  // namespace

std::string CsvHeader(ResultsTable table) {
  std::vector<ordered_json> names = {"experiment", "name", "group"};
  const auto add = [&names](std::initializer_list<const char*> more) {
    names.insert(names.end(), more.begin(), more.end());
  };
  switch (table) {
    case ResultsTable::kCells:
      add({"spec_digest", "seed", "version", "graph_digest", "truth", "noise",
           "budget", "cell", "select", "retry", "verdict", "kind", "trials"});
      for (std::size_t i = 0; i < kTrialOutcomes; ++i) {
        names.emplace_back(std::string(NameOf(static_cast<TrialOutcome>(i))));
      }
      for (const char* name : kShares) {
        for (const char* what : {"_share", "_low", "_high"}) {
          names.emplace_back(std::string(name) + what);
        }
      }
      for (std::size_t q = 0; q < kQuantities; ++q) {
        for (const char* what :
             {"_mean", "_standard_error", "_p50", "_p95", "_max"}) {
          names.emplace_back(std::string(NameOf(static_cast<Quantity>(q))) +
                             what);
        }
      }
      break;
    case ResultsTable::kComparisons:
      add({"first", "second", "both_right", "only_first", "only_second",
           "neither", "difference", "low", "high", "p", "p_adjusted",
           "significant"});
      for (const char* figure : {"tests", "cost_ms"}) {
        for (const char* what :
             {"_difference", "_standard_error", "_low", "_high", "_p",
              "_p_adjusted", "_significant"}) {
          names.emplace_back(std::string(figure) + what);
        }
      }
      break;
    case ResultsTable::kCounts:
      add({"cell", "quantity", "value", "count"});
      break;
    case ResultsTable::kCalibration:
      add({"cell", "bin", "count", "right", "confidence_e9"});
      break;
  }
  return CsvLine(names);
}

std::string CsvRows(ResultsTable table, const ExperimentTotal& experiment) {
  if (table == ResultsTable::kCounts) return CsvCounts(experiment);
  if (table == ResultsTable::kCalibration) return CsvCalibration(experiment);
  const ordered_json json = ordered_json::parse(ResultsJson(experiment));
  return table == ResultsTable::kCells ? CsvCells(experiment, json)
                                       : CsvComparisons(experiment, json);
}

}  // namespace rebisect
