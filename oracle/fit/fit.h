#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "oracle/diagnosis/model_priors.h"
#include "oracle/fit/beta_fit.h"
#include "oracle/fit/fit_record.h"

namespace rebisect {

// How much the defaults count, so that few recordings change little of them:
// as if this many recordings, titles, commits or verdicts had been seen that
// were just as the defaults say.
inline constexpr double kRecordsOfDefault = 20;  ///< older, unrelated, newer
/// For the distribution of reproducers that the fit itself works with.
inline constexpr double kGridOfDefault = 2;
inline constexpr double kTitlesOfDefault = 10;     ///< readings of other titles
inline constexpr double kCommitsOfDefault = 500;   ///< hidden, exposed
inline constexpr double kVerdictsOfDefault = 200;  ///< false_bad, false_good
/// Rates of false crashes and of backgrounds lie within this factor of the
/// default, up or down, with two thirds (one standard deviation).
inline constexpr double kRateFactorOfDefault = 3;
/// The same of rate_tilt.
inline constexpr double kTiltFactorOfDefault = 2;

inline constexpr int kMaxFitRounds = 30;

/// One field of ModelPriors, estimated.
struct FittedField {
  std::string_view name{};
  Estimate estimate{};
  double usual = 0;  ///< the default, towards which it is drawn
  double seen = 0;   ///< this many of `seen_of`
  /// "recordings", "titles", "commits", "verdicts"; empty: it is no estimate.
  std::string_view seen_of{};
};

struct ModelFit {
  ModelPriors priors{};
  std::vector<FittedField> fields{};  ///< in the order of PriorFields()
  // The same in plain terms; each over commits.
  BetaFit crash_if_present{};  ///< drawn to nothing in particular
  double present_commits = 0;
  BetaFit false_crash{};
  double absent_commits = 0;
  BetaFit background{};  ///< of other titles that are no bug of the range
  BetaFit unusable{};    ///< runs that say nothing
  std::size_t recordings = 0;
  std::size_t with_truth = 0;  ///< of them: the truth is known
  std::size_t commits = 0;
  std::size_t runs = 0;
  int rounds = 0;
  bool settled = false;  ///< another round would have changed nothing more
};

/// The noise of a corpus, by expectation and maximisation over the run model
/// (Dempster, Laird, Rubin 1977): what is certain of each recording, and how
/// certain, comes from its posterior under the present rates; the rates then
/// from all of them. Every field is drawn to its default. `unrelated_a` is not
/// estimated; older, unrelated and newer only from recordings of known truth
/// (runs cannot tell an older bug that does not show from a newer one), and
/// false_bad and false_good only from steps without runs. The intervals take
/// the posteriors of the recordings for known, so they are too narrow where
/// many tests could be of either kind. Pure. REQUIRES: records not empty. While
/// fitting, the rates of the reproducers may be distributed over the grid in
/// any way (drawn to rate_tilt's by kGridOfDefault recordings); only what
/// rate_tilt can say of that goes into the priors.
/// Time: at most kMaxFitRounds posteriors a recording (ComputePosterior()).
[[nodiscard]] ModelFit FitModel(std::span<const FitRecord> records);

}  // namespace rebisect
