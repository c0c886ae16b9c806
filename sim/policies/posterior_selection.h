#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "sim/policies/ancestor_sums.h"
#include "sim/policies/observation_groups.h"
#include "sim/session/selection_policy.h"

namespace rebisect {

/// Policies that take no verdict for right: from all that was observed, and
/// the prior, comes how likely each suspect is to be the culprit (its
/// posterior), and from that what to test next. They differ in how likely
/// verdicts are, and in whom they choose. A commit may be tested again, and so
/// may the bad end.
///
/// The search is over when a suspect, or the answer that there is none, has a
/// posterior of `stop` or more (the likeliest, if there are several); or
/// when a set of suspects has that no test can tell apart, since commits were
/// skipped. When nothing may be tested, or every suspect is ruled out, it is
/// over with all that can be said: the suspects left (all of them, when each
/// is ruled out), at the confidence that they have together.
///
/// A call that hears k verdicts more than the last one takes O((k + 1) * n +
/// limbs of the AncestorCover); one with another history starts over. Equal
/// on every machine.
class PosteriorSelection : public SelectionPolicy {
 public:
  [[nodiscard]] bool TrustsVerdicts() const final { return false; }

  /// Errors: kNoTestable when no suspect counts.
  [[nodiscard]] Result<NextStep> Next(const SearchView& view) final;

 protected:
  /// REQUIRES: 0 < stop <= 1.
  explicit PosteriorSelection(double stop);

  using Group = ObservationGroups::Group;

  /// What the choice is made from: some suspects are not ruled out, and some
  /// may be tested.
  struct Posterior {
    const SearchView& view;
    /// By group: the posterior of its members, to be multiplied by the prior.
    std::span<const double> scales;
    std::span<const std::uint32_t> group_of;
    double total = 1;  ///< of all suspects; the rest is that there is none
    std::span<const Suspect> candidates;  ///< may be tested; ascending

    [[nodiscard]] double Prior(Suspect s) const {
      if (!view.suspects.Counted(s)) return 0;
      return view.prior.empty() ? 1 : view.prior[s];
    }
    [[nodiscard]] double Of(Suspect s) const {
      return Prior(s) * scales[group_of[s]];
    }
  };

  [[nodiscard]] const ObservationGroups& observed() const { return observed_; }
  [[nodiscard]] AncestorSums& sums() { return *sums_; }

  /// By suspect: the posterior of its ancestors, itself included.
  [[nodiscard]] const std::vector<double>& MassesBelow(
      const Posterior& posterior);

  /// The log that an observation adds for culprits that its commit contains,
  /// and for others.
  struct LogFactors {
    double above = 0;
    double aside = 0;
  };

  /// How likely it is beforehand that there is no culprit, and the log of how
  /// likely all observations then are.
  struct NoCulprit {
    double prior = 0;
    double log_likelihood = 0;
  };

 private:
  /// How likely all observations are (its log, up to a constant) if a member
  /// of the group is the culprit; `group.log` has what Hear() gave.
  [[nodiscard]] virtual double LogLikelihood(const Group& group) = 0;
  /// The same if there is no culprit.
  [[nodiscard]] virtual NoCulprit NoCulpritHypothesis() { return {}; }
  /// One or more of the candidates.
  [[nodiscard]] virtual std::vector<Suspect> Choose(const Posterior& p) = 0;

  /// For policies that keep more of the past than counts: all is to be
  /// forgotten; an observation is new. `group` is that of its commit, as it
  /// was before.
  virtual void Forget(const SuspectGraph&) {}
  [[nodiscard]] virtual LogFactors Hear(const Observation&, const Group&,
                                        std::span<const Suspect> /*ancestors*/);

  void Prepare(const SearchView& view);
  void FindCandidates(const SearchView& view);
  void FindClasses(std::size_t suspects);
  [[nodiscard]] bool Weigh(const SearchView& view);
  [[nodiscard]] std::optional<DoneStep> Done(const Posterior& posterior);
  [[nodiscard]] DoneStep Left(const Posterior& posterior) const;

  double stop_;

  // Of the graph, the paths that count and the skips.
  std::optional<AncestorSums> sums_;
  std::vector<std::uint8_t> counted_;
  std::vector<std::uint8_t> skipped_;
  std::vector<Suspect> candidates_;
  std::vector<std::uint32_t> classes_;  // by suspect; empty: each on its own

  // Of the observations.
  std::vector<Observation> heard_;
  ObservationGroups observed_;

  // Of this call; kept for their memory.
  std::vector<double> scales_;
  double no_culprit_ = 0;
  std::vector<double> masses_;
  std::vector<Suspect> ancestors_;
};

/// Of the candidates the one whose mass comes nearest to half; of several
/// (closer than 1e-12) the one that IsOlder().
[[nodiscard]] Suspect NearestToHalf(const SuspectGraph& suspects,
                                    std::span<const Suspect> candidates,
                                    const std::vector<double>& masses);

}  // namespace rebisect
