#include "oracle/diagnosis/posterior.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <limits>
#include <utility>

#include "sim/base/check.h"
#include "sim/base/portable_math.h"

namespace rebisect {
namespace {

constexpr double kNever = -std::numeric_limits<double>::infinity();
/// What is this much less likely than the likeliest adds nothing to a sum.
constexpr double kNegligible = -300;
/// The same where it is the only sum that counts.
constexpr double kTooLittle = -40;

std::size_t Index(Presence presence) {
  return static_cast<std::size_t>(presence);
}

class TitleReader {
 public:
  TitleReader(RunModel& model, const Evidence& evidence,
              const std::vector<Hypothesis>& hypotheses)
      : model_(model), evidence_(evidence), hypotheses_(hypotheses) {}

  std::vector<Reading> Run() {
    const std::size_t titles =
        std::min(kMaxTitles, evidence_.other_titles.size());
    std::vector<Reading> readings(1);
    for (std::size_t title = 0; title < titles; ++title) {
      const std::array<double, 3> weights = Weights(title);
      std::vector<Reading> longer;
      for (const Reading& reading : readings) {
        for (std::size_t kind = 0; kind < weights.size(); ++kind) {
          longer.push_back(reading);
          longer.back().titles.push_back(static_cast<TitleReading>(kind));
          longer.back().log_weight += weights[kind];
        }
      }
      readings = std::move(longer);
    }
    for (Reading& reading : readings) Count(reading);
    return readings;
  }

 private:
  /// Log weights of the three readings of one title.
  [[nodiscard]] std::array<double, 3> Weights(std::size_t title) {
    const ModelPriors& priors = model_.priors();
    bool beside = false;
    for (const CommitEvidence& commit : evidence_.commits) {
      if (commit.target > 0 && commit.others[title] > 0) beside = true;
    }
    const double same =
        beside ? 1 - priors.other_if_beside : priors.same_if_apart;
    const double another = PortableLog(1 - same) - PortableLog(2.);
    return {PortableLog(same) + LogSplit(title),
            another + LogOther(title, true), another + LogOther(title, false)};
  }

  /// The title's share of the crashes of one bug.
  [[nodiscard]] double LogSplit(std::size_t title) const {
    double sum = kNever;
    for (const double mean : kSplitMeans) {
      for (const double concentration : kSplitConcentrations) {
        double log = 0;
        for (const CommitEvidence& commit : evidence_.commits) {
          log += LogBetaRuns(mean * concentration, (1 - mean) * concentration,
                             commit.others[title], commit.target);
        }
        sum = LogAdd(sum, log);
      }
    }
    return sum - PortableLog(static_cast<double>(
                     std::size(kSplitMeans) * std::size(kSplitConcentrations)));
  }

  [[nodiscard]] int Misses(const CommitEvidence& commit, std::size_t title,
                           bool first) const {
    int misses = commit.ok;
    for (std::size_t i = 0; i < commit.others.size(); ++i) {
      if (i != title) misses += commit.others[i];
    }
    return first ? misses + commit.target : misses;
  }

  /// The title as another bug, whose crash comes first or not.
  [[nodiscard]] double LogOther(std::size_t title, bool first) {
    const ModelPriors& priors = model_.priors();
    double background = 0;
    std::vector<const std::vector<RunModel::Terms>*> terms;
    for (const CommitEvidence& commit : evidence_.commits) {
      const int hits = commit.others[title];
      const int misses = Misses(commit, title, first);
      background +=
          LogBetaRuns(priors.background_a, priors.background_b, hits, misses);
      terms.push_back(&model_.OfRuns(hits, misses));
    }
    double own = kNever;
    double priors_sum = 0;
    for (const Hypothesis& hypothesis : hypotheses_) {
      priors_sum += hypothesis.prior;
      for (std::size_t g = 0; g < model_.grid().size(); ++g) {
        double log =
            PortableLog(hypothesis.prior) + model_.grid()[g].log_weight;
        for (std::size_t c = 0; c < terms.size(); ++c) {
          log += (*terms[c])[g][Index(hypothesis.presence[c])];
        }
        own = LogAdd(own, log);
      }
    }
    return LogAdd(PortableLog(priors.background_share) + background,
                  PortableLog(1 - priors.background_share) + own -
                      PortableLog(priors_sum));
  }

  void Count(Reading& reading) const {
    for (const CommitEvidence& commit : evidence_.commits) {
      int hits = commit.target;
      int misses = commit.ok;
      for (std::size_t i = 0; i < reading.titles.size(); ++i) {
        if (reading.titles[i] == TitleReading::kSame) hits += commit.others[i];
        if (reading.titles[i] == TitleReading::kBehind) {
          misses += commit.others[i];
        }
      }
      reading.hits.push_back(hits);
      reading.misses.push_back(misses);
    }
  }

  RunModel& model_;
  const Evidence& evidence_;
  const std::vector<Hypothesis>& hypotheses_;
};

class Inference {
 public:
  Inference(RunModel& model, const Evidence& evidence,
            const std::vector<Hypothesis>& hypotheses,
            std::vector<Reading> readings)
      : model_(model), evidence_(evidence), hypotheses_(hypotheses) {
    posterior_.readings = std::move(readings);
  }

  Posterior Run() {
    Joint();
    Normalise();
    return std::move(posterior_);
  }

  LeftOut RunLeftOut() {
    Joint();
    LeaveOut();
    return std::move(left_out_);
  }

 private:
  using Rows = std::vector<std::vector<double>>;

  [[nodiscard]] std::size_t commits() const { return evidence_.commits.size(); }

  /// The terms of a commit in a reading, by point of the grid; stated
  /// verdicts have the same at every point.
  [[nodiscard]] const RunModel::Terms& TermsOf(std::size_t reading,
                                               std::size_t commit,
                                               std::size_t point) const {
    const auto& terms = *terms_[reading * commits() + commit];
    return terms.size() == 1 ? terms[0] : terms[point];
  }

  void FindTerms() {
    stated_.resize(commits());
    for (const Reading& reading : posterior_.readings) {
      for (std::size_t c = 0; c < commits(); ++c) {
        const CommitEvidence& commit = evidence_.commits[c];
        if (commit.has_runs || !commit.Tells()) {
          terms_.push_back(&model_.OfRuns(reading.hits[c], reading.misses[c]));
          continue;
        }
        stated_[c] = {model_.OfVerdict(*commit.verdict)};
        terms_.push_back(&stated_[c]);
      }
    }
  }

  /// Logarithms, not yet normalised.
  void Joint() {
    FindTerms();
    const std::size_t points = model_.grid().size();
    Rows& joint = posterior_.joint;
    joint.reserve(posterior_.readings.size() * points);
    for (std::size_t r = 0; r < posterior_.readings.size(); ++r) {
      for (std::size_t g = 0; g < points; ++g) {
        const double log_weight =
            posterior_.readings[r].log_weight + model_.grid()[g].log_weight;
        std::vector<double>& row = joint.emplace_back(hypotheses_.size());
        for (std::size_t h = 0; h < row.size(); ++h) {
          row[h] = log_weight + PortableLog(hypotheses_[h].prior);
        }
        for (std::size_t c = 0; c < commits(); ++c) {
          const RunModel::Terms& terms = TermsOf(r, c, g);
          for (std::size_t h = 0; h < row.size(); ++h) {
            row[h] += terms[Index(hypotheses_[h].presence[c])];
          }
        }
      }
    }
    most_ = kNever;
    for (const auto& row : joint) {
      for (const double log : row) most_ = std::max(most_, log);
    }
  }

  /// Masses without each commit, and what each tells of its own presence.
  void LeaveOut() {
    std::vector<double> with(hypotheses_.size(), 0);
    for (const auto& row : posterior_.joint) {
      for (std::size_t h = 0; h < row.size(); ++h) {
        if (row[h] - most_ > kNegligible)
          with[h] += PortableExp(row[h] - most_);
      }
    }
    for (std::size_t c = 0; c < commits(); ++c) {
      std::vector<double> without = Without(c);
      left_out_.log10_present.push_back(Evident(c, with, without));
      double sum = 0;
      for (const double mass : without) sum += mass;
      for (double& mass : without) mass /= sum;
      left_out_.mass.push_back(std::move(without));
    }
  }

  /// Masses without one commit, up to a common factor. Summed up hypothesis by
  /// hypothesis from its own greatest term on, so that unlikely ones are as
  /// exact as others.
  [[nodiscard]] std::vector<double> Without(std::size_t c) const {
    const std::size_t points = model_.grid().size();
    const std::size_t count = hypotheses_.size();
    std::vector<double> most(count, kNever);
    std::vector<double> sums(count, 0);
    for (const bool summing : {false, true}) {
      for (std::size_t i = 0; i < posterior_.joint.size(); ++i) {
        const RunModel::Terms& terms = TermsOf(i / points, c, i % points);
        const std::vector<double>& row = posterior_.joint[i];
        for (std::size_t h = 0; h < count; ++h) {
          const double log = row[h] - terms[Index(hypotheses_[h].presence[c])];
          if (!summing) {
            most[h] = std::max(most[h], log);
          } else if (log - most[h] > kTooLittle) {
            sums[h] += PortableExp(log - most[h]);
          }
        }
      }
    }
    const double greatest = *std::max_element(most.begin(), most.end());
    for (std::size_t h = 0; h < count; ++h) {
      sums[h] *= PortableExp(most[h] - greatest);
    }
    return sums;
  }

  [[nodiscard]] double Evident(std::size_t c, const std::vector<double>& with,
                               const std::vector<double>& without) const {
    std::array<double, 2> before{};
    std::array<double, 2> after{};
    for (std::size_t h = 0; h < hypotheses_.size(); ++h) {
      const Presence presence = hypotheses_[h].presence[c];
      if (presence != Presence::kPresent && presence != Presence::kAbsent) {
        continue;
      }
      const std::size_t side = presence == Presence::kPresent ? 1 : 0;
      before[side] += without[h];
      after[side] += with[h];
    }
    for (std::size_t side = 0; side < 2; ++side) {
      if (before[side] <= 0 || after[side] <= 0) return 0;
    }
    return (PortableLog(after[1] / before[1]) -
            PortableLog(after[0] / before[0])) /
           PortableLog(10);
  }

  void Normalise() {
    double sum = 0;
    for (auto& row : posterior_.joint) {
      for (double& log : row) {
        log = log - most_ > kNegligible ? PortableExp(log - most_) : 0;
        sum += log;
      }
    }
    posterior_.Normalise(sum);
  }

  RunModel& model_;
  const Evidence& evidence_;
  const std::vector<Hypothesis>& hypotheses_;
  Posterior posterior_;
  LeftOut left_out_;
  std::vector<const std::vector<RunModel::Terms>*> terms_;
  std::vector<std::vector<RunModel::Terms>> stated_;
  double most_ = kNever;
};

}  // namespace

void Posterior::Normalise(double sum) {
  REBISECT_CHECK(!joint.empty() && !readings.empty());
  const std::size_t points = joint.size() / readings.size();
  mass.assign(joint.front().size(), 0);
  reading_mass.assign(readings.size(), 0);
  for (std::size_t i = 0; i < joint.size(); ++i) {
    for (std::size_t h = 0; h < mass.size(); ++h) {
      joint[i][h] /= sum;
      mass[h] += joint[i][h];
      reading_mass[i / points] += joint[i][h];
    }
  }
}

double Posterior::SameTitle(std::size_t title) const {
  double mass_of_same = 0;
  for (std::size_t r = 0; r < readings.size(); ++r) {
    if (readings[r].titles[title] == TitleReading::kSame) {
      mass_of_same += reading_mass[r];
    }
  }
  return mass_of_same;
}

std::vector<double> Posterior::MassIf(std::size_t title, bool same,
                                      std::size_t grid) const {
  std::vector<double> masses(mass.size(), 0);
  double sum = 0;
  for (std::size_t i = 0; i < joint.size(); ++i) {
    const bool is_same =
        readings[i / grid].titles[title] == TitleReading::kSame;
    if (is_same != same) continue;
    for (std::size_t h = 0; h < masses.size(); ++h) {
      masses[h] += joint[i][h];
      sum += joint[i][h];
    }
  }
  if (sum <= 0) return {};
  for (double& value : masses) value /= sum;
  return masses;
}

std::vector<Reading> ReadTitles(RunModel& model, const Evidence& evidence,
                                const std::vector<Hypothesis>& hypotheses) {
  return TitleReader(model, evidence, hypotheses).Run();
}

Posterior ComputePosterior(RunModel& model, const Evidence& evidence,
                           const std::vector<Hypothesis>& hypotheses,
                           std::vector<Reading> readings) {
  REBISECT_CHECK(!hypotheses.empty() && !readings.empty());
  return Inference(model, evidence, hypotheses, std::move(readings)).Run();
}

LeftOut LeaveEachOut(RunModel& model, const Evidence& evidence,
                     const std::vector<Hypothesis>& hypotheses,
                     std::vector<Reading> readings) {
  REBISECT_CHECK(!hypotheses.empty() && !readings.empty());
  return Inference(model, evidence, hypotheses, std::move(readings))
      .RunLeftOut();
}

}  // namespace rebisect
