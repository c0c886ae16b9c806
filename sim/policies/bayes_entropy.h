#pragma once

#include <optional>
#include <vector>

#include "sim/policies/posterior_selection.h"
#include "sim/policies/selection_entry.h"
#include "sim/policies/verdict_rates.h"

namespace rebisect {

/// A Beta distribution of a rate of bad verdicts.
struct BetaCounts {
  double bad = .5;
  double good = .5;
};

struct BayesEntropyOptions {
  double stop = .95;
  /// What is known beforehand of the rates of bad verdicts of commits that
  /// contain the culprit and of those that do not.
  BetaCounts if_bad{};
  BetaCounts if_good{};
  /// The rates themselves, when they are known; if_bad and if_good are unused.
  std::optional<VerdictRates> rates{};
};

/// Bayes' rule with two unknown rates of bad verdicts; what is tested next is
/// the commit whose verdict is expected to leave the least entropy of the
/// posterior. That is the mutual information of verdict and culprit, of which
/// each culprit's share depends on its group alone:
///   H(bad) - E[H(bad | culprit)], H(p) = -p ln p - (1 - p) ln(1 - p).
/// Of several with the same (within 1e-12) the one with nearest to half of the
/// posterior below it, then the one that IsOlder(). With view.cost it is the
/// information for the cost.
///
/// Without a known rate no verdict tells a culprit that all tested commits
/// contain from no change at all, and a search for the oldest suspect hardly
/// ends: a caller that knows good commits says so in if_good.
///
/// A step takes O(n + limbs + groups), and logarithms only for the few
/// candidates that a table of bounds does not rule out.
///
/// Sources: the rule (on a line, uniform counts) is that of git_bayesect,
/// https://github.com/hauntsaninja/git_bayesect; there the first of several
/// wins. Information for the cost: MacKay, Information-based objective
/// functions for active data selection (1992); its greedy use with costs:
/// Guillory, Bilmes, Average-case active learning with costs (ALT 2009).
class BayesEntropySelection final : public PosteriorSelection {
 public:
  /// REQUIRES: counts above 0; rates in [0, 1], not both the same.
  explicit BayesEntropySelection(const BayesEntropyOptions& options);

  [[nodiscard]] std::string_view Name() const override {
    return "bayes-entropy";
  }

 private:
  /// ln(a + i), and the sums of ln(a + 0) .. ln(a + i - 1).
  class Logs {
   public:
    explicit Logs(double a) : a_(a), sums_{0} {}
    [[nodiscard]] double Log(std::uint32_t i) {
      if (i >= logs_.size()) Reach(i);
      return logs_[i];
    }
    [[nodiscard]] double Sum(std::uint32_t i) {
      if (i >= logs_.size()) Reach(i);
      return sums_[i];
    }

   private:
    void Reach(std::uint32_t i);

    double a_;
    std::vector<double> logs_;
    std::vector<double> sums_;
  };

  /// A rate of bad verdicts, known or learned.
  class Rate {
   public:
    explicit Rate(const BetaCounts& counts);
    explicit Rate(double known);
    [[nodiscard]] double LogLikelihood(std::uint32_t bad, std::uint32_t good);
    /// What is expected of the next verdict: that it is bad, and how much it
    /// is not known (the entropy of that).
    struct Expected {
      double bad = 0;
      double entropy = 0;
    };
    [[nodiscard]] Expected Next(std::uint32_t bad, std::uint32_t good);

   private:
    std::optional<double> known_;
    BetaCounts counts_;
    Logs bads_;
    Logs goods_;
    Logs both_;
  };

  /// What the culprits below a candidate add, and what has to be known of it.
  struct Sums {
    double bad = 0;      ///< to the chance of a bad verdict
    double entropy = 0;  ///< to the entropy that knowing the culprit leaves

    Sums& operator+=(const Sums& other) {
      bad += other.bad;
      entropy += other.entropy;
      return *this;
    }
  };

  [[nodiscard]] double LogLikelihood(const Group& group) override;
  [[nodiscard]] std::vector<Suspect> Choose(const Posterior& p) override;
  /// REQUIRES: below_ is that of p; `none` is what a candidate has that
  /// contains no culprit at all.
  [[nodiscard]] Suspect MostInformative(const Posterior& p, const Sums& none);

  Rate if_bad_;
  Rate if_good_;
  // Of this call, by suspect; kept for their memory.
  std::vector<Sums> below_;
  // By candidate, and of this many candidates after one another the highest.
  std::vector<double> bounds_;
  std::vector<double> block_bounds_;
};

extern const SelectionEntry kBayesEntropyEntry;

}  // namespace rebisect
