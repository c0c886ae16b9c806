#include "harness/experiment/reproduce/reproduction.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "harness/experiment/results/results_report.h"
#include "sim/base/result.h"

namespace rebisect {
namespace {

/// What is exact may still be rounded in another way.
constexpr double kRounding = 1e-9;

std::size_t Index(Figure figure) { return static_cast<std::size_t>(figure); }

/// The figures of a result's cells, over all of them.
struct Measured {
  std::array<std::optional<double>, kFigures> values{};
  std::array<double, kFigures> errors{};  ///< standard errors of means
  std::uint64_t trials = 0;               ///< 0: exact
};

Measured OfExact(const ExactCell& cell) {
  Measured measured;
  const auto& tests = cell.costs[static_cast<std::size_t>(Quantity::kTests)];
  const auto& runs = cell.costs[static_cast<std::size_t>(Quantity::kRuns)];
  measured.values[Index(Figure::kRight)] = ShareOf(cell, ShareKind::kRight);
  if (tests) {
    measured.values[Index(Figure::kTests)] = tests->mean;
    measured.values[Index(Figure::kTestsMax)] = static_cast<double>(tests->max);
  }
  if (runs) measured.values[Index(Figure::kRuns)] = runs->mean;
  return measured;
}

Measured OfTrials(const CellTotal& cell) {
  Measured measured;
  measured.trials = TrialsOf(cell.outcomes);
  measured.values[Index(Figure::kRight)] =
      static_cast<double>(CountOf(cell.outcomes, ShareKind::kRight)) /
      static_cast<double>(measured.trials);
  const auto mean = [&](Figure figure, const ValueCounts& counts) {
    if (counts.empty()) return;
    const MeanEstimate estimate = MeanOf(counts);
    measured.values[Index(figure)] = estimate.mean;
    measured.errors[Index(figure)] = estimate.standard_error.value_or(0);
  };
  const auto& tests =
      cell.quantities[static_cast<std::size_t>(Quantity::kTests)];
  mean(Figure::kTests, tests);
  mean(Figure::kRuns,
       cell.quantities[static_cast<std::size_t>(Quantity::kRuns)]);
  if (!tests.empty()) {
    measured.values[Index(Figure::kTestsMax)] =
        static_cast<double>(tests.back().value);
  }
  return measured;
}

/// Exact figures are taken where there are some, unless sampled ones were
/// recorded.
Measured Measure(const ManifestResult& result, const CellPlaces& places,
                 const ExperimentTotal& total) {
  const bool sampled = result.recorded && result.recorded->trials > 0;
  Measured sum;
  const auto count = static_cast<double>(places.size());
  for (const auto& [group, cell] : places) {
    const CellTotal& made = total.groups[group].cells[cell];
    const bool exact =
        made.exact && (!sampled || total.info.groups[group].trials == 0);
    const Measured one = exact ? OfExact(*made.exact) : OfTrials(made);
    sum.trials += one.trials;
    for (std::size_t i = 0; i < kFigures; ++i) {
      if (!one.values[i]) continue;
      const double before = sum.values[i].value_or(0);
      sum.values[i] = i == Index(Figure::kTestsMax)
                          ? std::max(before, *one.values[i])
                          : before + *one.values[i] / count;
      sum.errors[i] = std::hypot(sum.errors[i], one.errors[i] / count);
    }
  }
  return sum;
}

/// A share and how far off it may be: no width for what is exact.
Interval ShareInterval(double share, std::uint64_t trials) {
  if (trials == 0) return {share, share};
  const double right =
      std::round(std::clamp(share, 0., 1.) * static_cast<double>(trials));
  return WilsonInterval(static_cast<std::uint64_t>(right), trials,
                        kReproductionZ);
}

bool SharesAgree(double first, std::uint64_t first_trials, double second,
                 std::uint64_t second_trials) {
  if (first > second) {
    std::swap(first, second);
    std::swap(first_trials, second_trials);
  }
  const double up = ShareInterval(first, first_trials).high - first;
  const double down = second - ShareInterval(second, second_trials).low;
  // Yates' correction: counts are whole.
  const auto half = [](std::uint64_t trials) {
    return trials == 0 ? 0 : .5 / static_cast<double>(trials);
  };
  const double apart =
      second - first - half(first_trials) - half(second_trials);
  return apart <= std::hypot(up, down) + kRounding;
}

/// Somebody else's figure.
struct Other {
  double value = 0;
  std::uint64_t trials = 0;  ///< 0: it is exact
  std::optional<double> spread{};
};

bool FiguresAgree(std::size_t figure, const Measured& measured,
                  const Other& other) {
  const double value = *measured.values[figure];
  if (figure == Index(Figure::kRight)) {
    return SharesAgree(value, measured.trials, other.value, other.trials);
  }
  double variance = 0;
  if (figure != Index(Figure::kTestsMax)) {
    const auto trials = static_cast<double>(measured.trials);
    const double own = measured.errors[figure] * std::sqrt(trials);
    // Few trials may all be alike by chance.
    const double spread = std::max(own, other.spread.value_or(own));
    if (trials > 0) variance += spread * spread / trials;
    if (other.trials > 0) {
      const double theirs = other.spread.value_or(own);
      variance += theirs * theirs / static_cast<double>(other.trials);
    }
  }
  return std::abs(value - other.value) <=
         kReproductionZ * std::sqrt(variance) +
             kRounding * std::max(value, other.value);
}

/// The worst of other trials says little, and so does the mean of a few.
bool Comparable(std::size_t figure, const Measured& measured,
                std::uint64_t other_trials) {
  if (figure == Index(Figure::kRight)) return true;
  if (figure == Index(Figure::kTestsMax)) {
    return measured.trials == 0 && other_trials == 0;
  }
  return measured.trials == 0 || measured.trials >= kMinForNormal;
}

Agreement AgreementOf(std::size_t figure, const Measured& measured,
                      const RecordedFigures& recorded, bool same) {
  const double value = *recorded.values[figure];
  if (same) {
    return *measured.values[figure] == value ? Agreement::kIdentical
                                             : Agreement::kDiffers;
  }
  if (!Comparable(figure, measured, recorded.trials)) {
    return Agreement::kNotCompared;
  }
  return FiguresAgree(figure, measured,
                      {value, recorded.trials, recorded.spreads[figure]})
             ? Agreement::kWithinError
             : Agreement::kDiffers;
}

/// Which cells a result names.
class CellFinder {
 public:
  CellFinder(const ExperimentSpec& spec, const ExperimentInfo& info)
      : spec_(spec), info_(info) {}

  [[nodiscard]] Result<CellPlaces> Find(const ManifestResult& result) const {
    CellPlaces places;
    for (std::size_t g = 0; g < info_.groups.size(); ++g) {
      if (!IsGroup(result, info_.groups[g])) continue;
      const auto& cells = info_.groups[g].cells;
      for (std::size_t c = 0; c < cells.size(); ++c) {
        if (cells[c].select == result.select &&
            Fits(result.retry, cells[c].retry) &&
            Fits(result.verdict, cells[c].verdict)) {
          places.emplace_back(g, c);
        }
      }
    }
    if (places.size() == result.mean_of) return places;
    if (places.empty()) {
      return Fail(ErrorCode::kInput,
                  "the experiment has no such cell; write policies, graph, "
                  "truth, noise and budget as `rebisect simulate` prints them",
                  result.where);
    }
    return Fail(ErrorCode::kInput,
                "the experiment has " + std::to_string(places.size()) +
                    " such cells; say which by retry, verdict, graph, truth, "
                    "noise or budget, or give 'mean-of: " +
                    std::to_string(places.size()) + "'",
                result.where);
  }

 private:
  static bool Fits(const std::string& wanted, const std::string& name) {
    return wanted.empty() || wanted == name;
  }

  [[nodiscard]] bool IsGroup(const ManifestResult& result,
                             const GroupInfo& group) const {
    return Fits(result.graph, info_.graphs[group.graph].source) &&
           Fits(result.truth, group.truth) &&
           Fits(result.budget, group.budget) &&
           (Fits(result.noise, group.noise) ||
            std::any_of(spec_.noises.begin(), spec_.noises.end(),
                        [&](const ExperimentNoise& noise) {
                          return noise.name == result.noise &&
                                 TextOf(noise) == group.noise;
                        }));
  }

  const ExperimentSpec& spec_;
  const ExperimentInfo& info_;
};

}  // namespace

bool Reproduction::Agrees() const {
  for (const ReproducedResult& result : results) {
    for (const ReproducedFigure& figure : result.figures) {
      if (figure.agreement == Agreement::kDiffers) return false;
    }
  }
  return true;
}

Result<std::vector<CellPlaces>> FindCells(const Manifest& manifest,
                                          const ExperimentInfo& info) {
  const CellFinder finder(manifest.experiment, info);
  std::vector<CellPlaces> cells;
  for (const ManifestResult& result : manifest.results) {
    REBISECT_ASSIGN_OR_RETURN(auto places, finder.Find(result));
    cells.push_back(std::move(places));
  }
  return cells;
}

Reproduction Reproduce(const Manifest& manifest,
                       const std::vector<CellPlaces>& cells,
                       const ExperimentTotal& total) {
  Reproduction reproduction;
  reproduction.manifest = &manifest;
  reproduction.digest = total.info.Digest();
  reproduction.version = total.info.version;
  reproduction.same = reproduction.digest == manifest.made_digest;
  for (std::size_t r = 0; r < manifest.results.size(); ++r) {
    const ManifestResult& result = manifest.results[r];
    const Measured measured = Measure(result, cells[r], total);
    ReproducedResult reproduced{&result, measured.trials, {}};
    for (std::size_t i = 0; i < kFigures; ++i) {
      if (!measured.values[i]) continue;
      ReproducedFigure figure;
      figure.figure = static_cast<Figure>(i);
      figure.again = *measured.values[i];
      figure.published = result.published.values[i];
      if (measured.trials > 0 && !kSpreadNames[i].empty()) {
        figure.spread = measured.errors[i] *
                        std::sqrt(static_cast<double>(measured.trials));
      }
      if (result.recorded && result.recorded->values[i]) {
        figure.recorded = result.recorded->values[i];
        figure.agreement =
            AgreementOf(i, measured, *result.recorded, reproduction.same);
      }
      const std::uint64_t trials = result.published.trials.value_or(0);
      if (figure.published && Comparable(i, measured, trials)) {
        const double nearest = std::clamp(figure.again, figure.published->low,
                                          figure.published->high);
        figure.as_published = FiguresAgree(
            i, measured, {nearest, trials, result.published.spreads[i]});
      }
      reproduced.figures.push_back(figure);
    }
    reproduction.results.push_back(std::move(reproduced));
  }
  return reproduction;
}

}  // namespace rebisect
