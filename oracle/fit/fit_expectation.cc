#include "oracle/fit/fit_expectation.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <map>
#include <string>
#include <utility>

#include "oracle/diagnosis/posterior.h"
#include "sim/base/portable_math.h"

namespace rebisect {
namespace {

constexpr double kLightest = 1e-6;

std::size_t Index(Presence presence) {
  return static_cast<std::size_t>(presence);
}

/// Adds what one recording holds, under the priors of the model.
class FitExpectation {
 public:
  FitExpectation(RunModel& model, const PointFactors& factors,
                 const FitRecord& record, Expected* expected)
      : model_(model),
        factors_(factors),
        evidence_(record.evidence),
        hypotheses_(record.hypotheses),
        stepped_(record.stepped),
        truth_known_(record.truth_known),
        expected_(*expected) {}

  void Run() {
    Reweigh();
    posterior_ = ComputePosterior(model_, evidence_, hypotheses_,
                                  ReadTitles(model_, evidence_, hypotheses_));
    ApplyFactors();
    Besides();
    Points();
    for (std::size_t t = 0; t < Titles(); ++t) OtherTitle(t);
    for (std::size_t r = 0; r < posterior_.readings.size(); ++r) {
      if (posterior_.reading_mass[r] > kLightest) Commits(r);
    }
  }

 private:
  [[nodiscard]] std::size_t Titles() const {
    return std::min(kMaxTitles, evidence_.other_titles.size());
  }

  /// From the default priors of what lies besides the suspects to the present
  /// ones.
  void Reweigh() {
    const ModelPriors usual;
    const ModelPriors& now = model_.priors();
    const double suspects_usual =
        1 - usual.older - usual.unrelated - (stepped_ ? usual.newer : 0);
    const double suspects_now =
        1 - now.older - now.unrelated - (stepped_ ? now.newer : 0);
    for (Hypothesis& hypothesis : hypotheses_) {
      if (hypothesis.name == "older") {
        hypothesis.prior *= now.older / usual.older;
      } else if (hypothesis.name == "unrelated") {
        hypothesis.prior *= now.unrelated / usual.unrelated;
      } else if (hypothesis.name == "newer") {
        hypothesis.prior *= now.newer / usual.newer;
      } else {
        hypothesis.prior *= suspects_now / suspects_usual;
      }
    }
  }

  void ApplyFactors() {
    const std::size_t points = model_.grid().size();
    double sum = 0;
    for (std::size_t i = 0; i < posterior_.joint.size(); ++i) {
      for (double& mass : posterior_.joint[i]) {
        mass *= factors_[i % points];
        sum += mass;
      }
    }
    posterior_.Normalise(sum);
  }

  /// Runs tell little of an older bug that does not show (it looks like one
  /// that came in later): only a known truth counts for what lies besides.
  void Besides() {
    if (!truth_known_) return;
    double newer = 0;
    for (std::size_t h = 0; h < hypotheses_.size(); ++h) {
      const std::string& name = hypotheses_[h].name;
      if (name == "older") expected_.older.Add(posterior_.mass[h], 1);
      if (name == "unrelated") expected_.unrelated.Add(posterior_.mass[h], 1);
      if (name == "newer") newer += posterior_.mass[h];
    }
    if (stepped_) expected_.newer.Add(newer, 1);
  }

  void Points() {
    const auto& commits = evidence_.commits;
    if (std::none_of(commits.begin(), commits.end(),
                     [](const CommitEvidence& c) { return c.has_runs; })) {
      return;  // nothing of a reproducer
    }
    const std::size_t points = model_.grid().size();
    for (std::size_t i = 0; i < posterior_.joint.size(); ++i) {
      for (const double mass : posterior_.joint[i]) {
        expected_.points[i % points] += mass;
      }
    }
  }

  [[nodiscard]] bool Beside(std::size_t title) const {
    return std::any_of(evidence_.commits.begin(), evidence_.commits.end(),
                       [title](const CommitEvidence& commit) {
                         return commit.target > 0 && commit.others[title] > 0;
                       });
  }

  void OtherTitle(std::size_t title) {
    const double same = posterior_.SameTitle(title);
    if (Beside(title)) {
      expected_.other_if_beside.Add(1 - same, 1);
    } else {
      expected_.same_if_apart.Add(same, 1);
    }
    for (const TitleReading kind :
         {TitleReading::kBefore, TitleReading::kBehind}) {
      double mass = 0;
      for (std::size_t r = 0; r < posterior_.readings.size(); ++r) {
        if (posterior_.readings[r].titles[title] == kind) {
          mass += posterior_.reading_mass[r];
        }
      }
      if (mass > kLightest) Background(title, kind, mass);
    }
  }

  /// Another bug: how likely it is a background, and the runs it then had.
  void Background(std::size_t title, TitleReading kind, double mass) {
    const ModelPriors& priors = model_.priors();
    std::vector<std::pair<int, int>> runs;
    double background = PortableLog(priors.background_share);
    for (const CommitEvidence& commit : evidence_.commits) {
      int misses = commit.ok;
      for (std::size_t i = 0; i < commit.others.size(); ++i) {
        if (i != title) misses += commit.others[i];
      }
      if (kind == TitleReading::kBefore) misses += commit.target;
      runs.emplace_back(commit.others[title], misses);
      background += LogBetaRuns(priors.background_a, priors.background_b,
                                runs.back().first, misses);
    }
    const double own =
        PortableLog(1 - priors.background_share) + LogOwnCulprit(runs);
    const double share =
        PortableExp(background - LogAdd(background, own)) * mass;
    expected_.background_share.Add(share, mass);
    for (const auto& counts : runs) {
      if (counts.first + counts.second > 0) {
        expected_.background[counts] += share;
      }
    }
  }

  /// The runs of a title if it has a culprit of its own in the range.
  [[nodiscard]] double LogOwnCulprit(
      const std::vector<std::pair<int, int>>& runs) {
    std::vector<const std::vector<RunModel::Terms>*> terms;
    terms.reserve(runs.size());
    for (const auto& [hits, misses] : runs) {
      terms.push_back(&model_.OfRuns(hits, misses));
    }
    double own = -1e300;
    double sum = 0;
    for (const Hypothesis& hypothesis : hypotheses_) {
      sum += hypothesis.prior;
      for (std::size_t g = 0; g < model_.grid().size(); ++g) {
        double log =
            PortableLog(hypothesis.prior) + model_.grid()[g].log_weight;
        for (std::size_t c = 0; c < terms.size(); ++c) {
          log += (*terms[c])[g][Index(hypothesis.presence[c])];
        }
        own = LogAdd(own, log);
      }
    }
    return own - PortableLog(sum);
  }

  /// Every tested commit in one reading.
  void Commits(std::size_t reading) {
    const std::size_t points = model_.grid().size();
    for (std::size_t c = 0; c < evidence_.commits.size(); ++c) {
      const CommitEvidence& commit = evidence_.commits[c];
      if (!commit.Tells()) continue;
      for (std::size_t g = 0; g < points; ++g) {
        std::array<double, kPresences> mass{};
        const auto& row = posterior_.joint[reading * points + g];
        for (std::size_t h = 0; h < hypotheses_.size(); ++h) {
          mass[Index(hypotheses_[h].presence[c])] += row[h];
        }
        if (commit.has_runs) {
          Runs(posterior_.readings[reading].hits[c],
               posterior_.readings[reading].misses[c], g, mass);
        } else if (commit.step > 0) {  // the ends are assumed, not judged
          const bool bad = commit.verdict == Verdict::kBad;
          const double absent = mass[Index(Presence::kAbsent)];
          const double present = mass[Index(Presence::kPresent)];
          expected_.false_bad.Add(bad ? absent : 0, absent);
          expected_.false_good.Add(bad ? 0 : present, present);
        }
      }
    }
  }

  /// One commit at one point of the grid: which of the two kinds of rate its
  /// runs came from.
  void Runs(int hits, int misses, std::size_t point,
            const std::array<double, kPresences>& mass) {
    const ModelPriors& priors = model_.priors();
    const RunModel::Terms& terms = model_.OfRuns(hits, misses)[point];
    const double log_absent = terms[Index(Presence::kAbsent)];
    const double log_present = terms[Index(Presence::kPresent)];
    const double either = mass[Index(Presence::kEither)];
    const double is_present =
        PortableExp(log_present - LogAdd(log_present, log_absent));
    const double absent =
        mass[Index(Presence::kAbsent)] + either * (1 - is_present);
    const double present =
        mass[Index(Presence::kPresent)] + either * is_present;
    if (absent + present < kLightest) return;
    const double never = NeverLog(hits, misses);
    const double exposed =
        absent * (1 - PortableExp(PortableLog(1 - priors.exposed_share) +
                                  never - log_absent));
    const double hidden =
        present *
        PortableExp(PortableLog(priors.hidden_share) + never - log_present);
    expected_.exposed.Add(exposed, absent);
    expected_.hidden.Add(hidden, present);
    expected_.absent[{hits, misses}] += absent - exposed + hidden;
    expected_.present[{hits, misses}] += present - hidden + exposed;
  }

  [[nodiscard]] double NeverLog(int hits, int misses) {
    const auto [at, is_new] = never_.try_emplace({hits, misses}, 0.);
    if (is_new) {
      at->second = LogBetaRuns(model_.priors().false_crash_a,
                               model_.priors().false_crash_b, hits, misses);
    }
    return at->second;
  }

  RunModel& model_;
  const PointFactors& factors_;
  const Evidence& evidence_;
  std::vector<Hypothesis> hypotheses_;
  bool stepped_;
  bool truth_known_;
  Expected& expected_;
  Posterior posterior_;
  std::map<std::pair<int, int>, double> never_;
};

}  // namespace

void AddExpected(RunModel& model, const PointFactors& factors,
                 const FitRecord& record, Expected* expected) {
  FitExpectation(model, factors, record, expected).Run();
}

}  // namespace rebisect
