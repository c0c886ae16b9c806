#include "oracle/fit/fit.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "oracle/diagnosis/run_model.h"
#include "oracle/fit/fit_expectation.h"
#include "sim/base/check.h"
#include "sim/base/portable_math.h"

namespace rebisect {
namespace {

/// A field that changes by less than this share of itself has settled.
constexpr double kSettled = .02;
/// And the distribution over the grid when a smaller share of it moves.
constexpr double kGridSettled = .02;

double WeightOf(const WeightedRuns& runs) {
  double sum = 0;
  for (const auto& [counts, weight] : runs) sum += weight;
  return sum;
}

BetaGuess GuessOf(double a, double b) {
  const double spread = PortableLog(kRateFactorOfDefault);
  return {a / (a + b), a + b, spread, spread};
}

/// The tilt of the mean rates (run_model.h), over all recordings.
Estimate FitTilt(const RunModel& model, const std::vector<double>& points) {
  const double usual = ModelPriors().rate_tilt;
  const double spread = PortableLog(kTiltFactorOfDefault);
  constexpr int kCells = 401;
  constexpr double kReach = 4;
  std::vector<std::pair<double, double>> cells;
  double most = -1e300;
  for (int i = 0; i < kCells; ++i) {
    const double off = kReach * (2. * i / (kCells - 1) - 1);
    const double tilt = usual * PortableExp(off * spread);
    double sum = 0;
    for (const RunModel::Point& point : model.grid()) {
      sum += PortableExp(tilt * PortableLog(point.mean));
    }
    double log = -.5 * off * off;
    for (std::size_t g = 0; g < points.size(); ++g) {
      log += points[g] *
             (tilt * PortableLog(model.grid()[g].mean) - PortableLog(sum));
    }
    cells.emplace_back(tilt, log);
    most = std::max(most, log);
  }
  double all = 0;
  double log_tilt = 0;
  for (auto& [tilt, log] : cells) {
    log = PortableExp(log - most);
    all += log;
    log_tilt += log * PortableLog(tilt);
  }
  Estimate estimate;
  estimate.value = PortableExp(log_tilt / all);
  double passed = 0;
  for (const auto& [tilt, weight] : cells) {
    if (passed < .025 * all) estimate.low = tilt;
    if (passed < .975 * all) estimate.high = tilt;
    passed += weight;
  }
  return estimate;
}

/// From what is expected to the priors.
class Maximisation {
 public:
  Maximisation(const RunModel& model, const Expected& expected, ModelFit* fit)
      : model_(model), expected_(expected), fit_(*fit) {}

  void Run() {
    const ModelPriors usual;
    fit_.fields.clear();
    fit_.false_crash = FitBeta(
        expected_.absent, GuessOf(usual.false_crash_a, usual.false_crash_b));
    fit_.background = FitBeta(expected_.background,
                              GuessOf(usual.background_a, usual.background_b));
    fit_.absent_commits = WeightOf(expected_.absent);
    fit_.present_commits = WeightOf(expected_.present);
    for (const PriorField& field : PriorFields()) {
      FittedField fitted = Fitted(field, usual);
      fitted.name = field.name;
      fitted.usual = usual.*field.member;
      // Inside the limits of the field, whatever was seen.
      constexpr double kMargin = 1e-9;
      fitted.estimate.value = std::clamp(fitted.estimate.value, kMargin,
                                         field.most * (1 - kMargin));
      fit_.priors.*field.member = fitted.estimate.value;
      fit_.fields.push_back(fitted);
    }
    LeaveRoomForSuspects();
  }

 private:
  FittedField Fitted(const PriorField& field, const ModelPriors& usual) const {
    const struct {
      double ModelPriors::*member;
      const Share* share;
      double strength;
      std::string_view of;
    } shares[] = {
        {&ModelPriors::hidden_share, &expected_.hidden, kCommitsOfDefault,
         "commits"},
        {&ModelPriors::exposed_share, &expected_.exposed, kCommitsOfDefault,
         "commits"},
        {&ModelPriors::older, &expected_.older, kRecordsOfDefault,
         "recordings"},
        {&ModelPriors::unrelated, &expected_.unrelated, kRecordsOfDefault,
         "recordings"},
        {&ModelPriors::newer, &expected_.newer, kRecordsOfDefault,
         "recordings"},
        {&ModelPriors::other_if_beside, &expected_.other_if_beside,
         kTitlesOfDefault, "titles"},
        {&ModelPriors::same_if_apart, &expected_.same_if_apart,
         kTitlesOfDefault, "titles"},
        {&ModelPriors::background_share, &expected_.background_share,
         kTitlesOfDefault, "titles"},
        {&ModelPriors::false_bad, &expected_.false_bad, kVerdictsOfDefault,
         "verdicts"},
        {&ModelPriors::false_good, &expected_.false_good, kVerdictsOfDefault,
         "verdicts"},
    };
    FittedField fitted;
    for (const auto& share : shares) {
      if (share.member != field.member) continue;
      fitted.seen = share.share->of;
      fitted.seen_of = share.of;
      fitted.estimate = FitShare(share.share->count, share.share->of,
                                 usual.*field.member, share.strength);
      return fitted;
    }
    fitted.seen_of = "commits";
    const auto is = [&](double ModelPriors::*member) {
      return field.member == member;
    };
    if (is(&ModelPriors::rate_tilt)) {
      for (const double count : expected_.points) fitted.seen += count;
      fitted.seen_of = "recordings";
      fitted.estimate = FitTilt(model_, expected_.points);
    } else if (is(&ModelPriors::false_crash_a)) {
      fitted.seen = fit_.absent_commits;
      fitted.estimate = fit_.false_crash.a;
    } else if (is(&ModelPriors::false_crash_b)) {
      fitted.seen = fit_.absent_commits;
      fitted.estimate = fit_.false_crash.b;
    } else if (is(&ModelPriors::background_a)) {
      fitted.seen = WeightOf(expected_.background);
      fitted.estimate = fit_.background.a;
    } else if (is(&ModelPriors::background_b)) {
      fitted.seen = WeightOf(expected_.background);
      fitted.estimate = fit_.background.b;
    } else {
      const double value = usual.*field.member;
      fitted.estimate = {value, value, value};
      fitted.seen_of = {};
    }
    return fitted;
  }

  void LeaveRoomForSuspects() {
    constexpr double kMax = .9;
    ModelPriors& priors = fit_.priors;
    const double sum = priors.older + priors.unrelated + priors.newer;
    if (sum <= kMax) return;
    for (double* const share :
         {&priors.older, &priors.unrelated, &priors.newer}) {
      *share *= kMax / sum;
    }
  }

  const RunModel& model_;
  const Expected& expected_;
  ModelFit& fit_;
};

/// From the recordings at each point of the grid in the last round; empty: all
/// factors are 1.
PointFactors FactorsOf(const RunModel& model,
                       const std::vector<double>& points) {
  double recordings = 0;
  for (const double count : points) recordings += count;
  PointFactors factors(model.grid().size(), 1);
  for (std::size_t g = 0; g < points.size(); ++g) {
    const double by_tilt = PortableExp(model.grid()[g].log_weight);
    factors[g] =
        (kGridOfDefault + points[g] / by_tilt) / (kGridOfDefault + recordings);
  }
  return factors;
}

bool Settled(const ModelPriors& before, const ModelPriors& after) {
  const auto fields = PriorFields();
  return std::all_of(fields.begin(), fields.end(),
                     [&](const PriorField& field) {
                       const double old_value = before.*field.member;
                       return std::abs(after.*field.member - old_value) <=
                              kSettled * old_value;
                     });
}

/// How many recordings moved from one point of the grid to another.
double Moved(const std::vector<double>& before,
             const std::vector<double>& after) {
  double moved = 0;
  for (std::size_t g = 0; g < before.size(); ++g) {
    moved += std::abs(after[g] - before[g]) / 2;
  }
  return moved;
}

WeightedRuns CountAll(std::span<const FitRecord> records, ModelFit* fit) {
  WeightedRuns unusable;
  for (const FitRecord& record : records) {
    if (record.truth_known) ++fit->with_truth;
    for (const CommitEvidence& commit : record.evidence.commits) {
      if (!commit.has_runs) continue;
      const int told = commit.ok + commit.Crashed();
      ++fit->commits;
      fit->runs += static_cast<std::size_t>(told + commit.unusable);
      unusable[{commit.unusable, told}] += 1;
    }
  }
  return unusable;
}

}  // namespace

ModelFit FitModel(std::span<const FitRecord> records) {
  REBISECT_CHECK(!records.empty());
  ModelFit fit;
  fit.recordings = records.size();
  // A guess that any hundred runs overrule.
  const WeightedRuns unusable = CountAll(records, &fit);
  fit.unusable = FitBeta(unusable, BetaGuess{.05, 2, 2, 2});
  std::vector<double> points;  // expected at the last round
  while (fit.rounds < kMaxFitRounds && !fit.settled) {
    RunModel model(fit.priors);
    const PointFactors factors = FactorsOf(model, points);
    Expected expected;
    expected.points.assign(model.grid().size(), 0);
    for (const FitRecord& record : records) {
      AddExpected(model, factors, record, &expected);
    }
    const double moved = points.empty() ? static_cast<double>(records.size())
                                        : Moved(points, expected.points);
    points = expected.points;
    const ModelPriors before = fit.priors;
    Maximisation(model, expected, &fit).Run();
    ++fit.rounds;
    fit.settled = Settled(before, fit.priors) &&
                  moved <= kGridSettled * static_cast<double>(records.size());
    if (fit.settled || fit.rounds == kMaxFitRounds) {
      fit.crash_if_present = FitBeta(expected.present, BetaGuess{});
    }
  }
  return fit;
}

}  // namespace rebisect
