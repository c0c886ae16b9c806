// Rules that look at the runs one after the other and stop when they have seen
// enough. Both keep a ratio of two probabilities, and only multiply and
// divide: the same on every machine, without a logarithm of the library's.
#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "oracle/verdict/verdict_rules.h"
#include "oracle/verdict/verdict_runs.h"

namespace rebisect {
namespace {

constexpr ParameterInfo kMax{"n", 20, "skip when this many do not decide it"};

constexpr std::array kSprtParameters = {
    ParameterInfo{"alpha", 0.05, "chance of bad where the bug is absent"},
    ParameterInfo{"beta", 0.05, "chance of good where the bug is present"},
    ParameterInfo{"p0", 0.01, "chance of a crash in a run, bug absent"},
    ParameterInfo{"p1", 0.5, "chance of a crash in a run, bug present"},
    kMax,
    kAlike};

constexpr std::array kConfidentParameters = {
    ParameterInfo{"c", 0.95, "the posterior that is enough"},
    kMax,
    ParameterInfo{"prior", 0.5, "chance that the bug is present"},
    ParameterInfo{"a0", 0.01, "crash rate where absent: Beta(a0, b0)"},
    ParameterInfo{"b0", 10, "(its mean is a0 / (a0 + b0))"},
    ParameterInfo{"a1", 1, "crash rate where present: Beta(a1, b1)"},
    ParameterInfo{"b1", 1, "(1, 1: any rate is as likely)"},
    kAlike};

/// How much likelier a sequence of runs is where the bug is present, as a
/// ratio, run by run.
class BadEvidence {
 public:
  virtual ~BadEvidence() = default;
  /// The factor that the next run brings, after `crashed` and `ok` before it.
  [[nodiscard]] virtual double Factor(bool crash, int crashed,
                                      int ok) const = 0;
};

/// Known rates on both sides.
class FixedRates final : public BadEvidence {
 public:
  FixedRates(double p0, double p1) : p0_(p0), p1_(p1) {}
  [[nodiscard]] double Factor(bool crash, int, int) const override {
    return crash ? p1_ / p0_ : (1 - p1_) / (1 - p0_);
  }

 private:
  double p0_;
  double p1_;
};

/// A rate drawn once for the commit from a Beta distribution: the chance that
/// the next run crashes is (a + crashed) / (a + b + runs).
struct BetaRate {
  double a = 1;
  double b = 1;
  [[nodiscard]] double Chance(bool crash, int crashed, int ok) const {
    return (crash ? a + crashed : b + ok) / (a + b + crashed + ok);
  }
};

class BetaRates final : public BadEvidence {
 public:
  BetaRates(const BetaRate& absent, const BetaRate& present)
      : absent_(absent), present_(present) {}
  [[nodiscard]] double Factor(bool crash, int crashed, int ok) const override {
    return present_.Chance(crash, crashed, ok) /
           absent_.Chance(crash, crashed, ok);
  }

 private:
  BetaRate absent_;
  BetaRate present_;
};

struct SequentialSettings {
  std::string_view name{};    ///< of the rule, for good
  bool by_posterior = false;  ///< else by likelihoods alone
  double start = 1;           ///< the ratio before any run
  double low = 0;             ///< at or under it: good
  double high = 0;            ///< at or over it: bad
  int n = 0;
  int alike = 0;
};

class SequentialRule final : public VerdictPolicy {
 public:
  SequentialRule(const SequentialSettings& settings,
                 std::unique_ptr<BadEvidence> evidence)
      : settings_(settings), evidence_(std::move(evidence)) {}

  [[nodiscard]] std::string Name() const override {
    return std::string(settings_.name);
  }

  [[nodiscard]] Ruling Decide(const Test& test,
                              const VerdictHistory&) const override {
    std::vector<RunOutcome> outcomes =
        OutcomesOf(test, settings_.alike, settings_.n);
    double ratio = settings_.start;
    int crashed = 0;
    int ok = 0;
    std::size_t used = 0;
    while (used < outcomes.size() && !Decided(ratio)) {
      const RunOutcome outcome = outcomes[used];
      ++used;
      if (outcome == RunOutcome::kCrashed) {
        ratio *= evidence_->Factor(true, crashed, ok);
        ++crashed;
      } else if (outcome == RunOutcome::kOk) {
        ratio *= evidence_->Factor(false, crashed, ok);
        ++ok;
      }
    }
    outcomes.resize(used);
    Ruling ruling;
    ruling.runs_used = static_cast<int>(used);
    ruling.reason = CountsText(test, CountOutcomes(outcomes)) + "; ";
    Conclude(ratio, ruling);
    return ruling;
  }

 private:
  [[nodiscard]] bool Decided(double ratio) const {
    return ratio <= settings_.low || ratio >= settings_.high;
  }

  void Conclude(double ratio, Ruling& ruling) const {
    const bool confident = settings_.by_posterior;
    if (Decided(ratio)) {
      const bool bad = ratio >= settings_.high;
      ruling.kind = bad ? RulingKind::kBad : RulingKind::kGood;
      ruling.reason += confident ? "the posterior is enough"
                                 : "that decides between the two crash rates";
      if (confident) {
        const double present = ratio / (1 + ratio);
        ruling.confidence = bad ? present : 1 / (1 + ratio);
      }
    } else if (ruling.runs_used < settings_.n) {
      ruling.kind = RulingKind::kMoreRuns;
      ruling.runs_wanted = settings_.n - ruling.runs_used;
      ruling.reason += "not yet decided, up to " +
                       std::to_string(ruling.runs_wanted) + " runs more";
    } else {
      ruling.kind = RulingKind::kSkip;
      ruling.reason += "not decided after " + std::to_string(settings_.n);
    }
  }

  SequentialSettings settings_;
  std::unique_ptr<BadEvidence> evidence_;
};

/// Error rates as limits of the ratio of likelihoods (Wald, 1945).
std::unique_ptr<BadEvidence> ReadSprt(PolicyParameters& params,
                                      SequentialSettings& settings) {
  const double alpha = params.Probability("alpha");
  const double beta = params.Probability("beta");
  const double p0 = params.Probability("p0");
  const double p1 = params.Probability("p1");
  if (p1 <= p0) params.Reject("p1", "give more than p0");
  if (alpha + beta >= 1) params.Reject("beta", "give less than 1 - alpha");
  settings.high = (1 - beta) / alpha;
  settings.low = beta / (1 - alpha);
  return std::make_unique<FixedRates>(p0, p1);
}

std::unique_ptr<BadEvidence> ReadConfident(PolicyParameters& params,
                                           SequentialSettings& settings) {
  const double enough = params.Probability("c");
  const double prior = params.Probability("prior");
  const auto shape = [&](std::string_view name) {
    return params.Number(name, 1e-6, 1e6);
  };
  const BetaRate absent{shape("a0"), shape("b0")};
  const BetaRate present{shape("a1"), shape("b1")};
  if (enough <= 0.5) params.Reject("c", "give more than 0.5");
  if (present.a * absent.b <= absent.a * present.b) {
    params.Reject("a1",
                  "let crashes be likelier where the bug is present: a1 / b1 "
                  "over a0 / b0");
  }
  settings.by_posterior = true;
  settings.start = prior / (1 - prior);
  settings.high = enough / (1 - enough);
  settings.low = (1 - enough) / enough;
  if (settings.start >= settings.high || settings.start <= settings.low) {
    params.Reject("prior", "give one that does not reach c by itself");
  }
  return std::make_unique<BetaRates>(absent, present);
}

using ReadEvidence = std::unique_ptr<BadEvidence> (*)(PolicyParameters&,
                                                      SequentialSettings&);

template <ReadEvidence kRead>
Result<std::unique_ptr<VerdictPolicy>> MakeSequential(
    PolicyParameters& params) {
  SequentialSettings settings;
  settings.name = params.policy();
  settings.n = params.Int("n", 1, kMaxRuns);
  settings.alike = params.Int("alike", 1, kMaxRuns);
  auto evidence = kRead(params, settings);
  return std::make_unique<SequentialRule>(settings, std::move(evidence));
}

}  // namespace

constinit const VerdictEntry kSprtEntry{
    .info = {"sprt",
             "Wald's sequential test: more runs until one of two crash rates "
             "is clear, with errors alpha and beta",
             kSprtParameters},
    .make = &MakeSequential<&ReadSprt>,
};

constinit const VerdictEntry kUntilConfidentEntry{
    .info = {"until-confident",
             "more runs until the posterior of bad or good reaches c, with an "
             "unknown crash rate on either side",
             kConfidentParameters},
    .make = &MakeSequential<&ReadConfident>,
};

}  // namespace rebisect
