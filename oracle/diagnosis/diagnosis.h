#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "oracle/diagnosis/evidence.h"
#include "oracle/diagnosis/hypotheses.h"
#include "oracle/diagnosis/model_priors.h"
#include "oracle/diagnosis/next_tests.h"
#include "oracle/diagnosis/posterior.h"

namespace rebisect {

/// How far a result can be trusted.
enum class Conclusion { kTrustworthy, kDoubtful, kContradicted };

/// "trustworthy", "doubtful", "contradicted".
[[nodiscard]] std::string_view NameOf(Conclusion conclusion);

/// A probability for people: "91.2%", and at the ends of the scale two digits
/// that mean something.
[[nodiscard]] std::string PercentText(double share);

// The limits between them, chosen by calibration on simulated searches (see
// scenarios/README.md), not by any record.
/// A result of at least this posterior is trustworthy, unless the record looks
/// like a world in which the model is too sure.
inline constexpr double kTrustworthyFrom = .8;
/// One below this is contradicted by its own runs.
inline constexpr double kContradictedBelow = .05;
/// A commit that shows the bug at all passes ten runs more often than this: the
/// reproducer may be uneven.
inline constexpr double kMaxFalseNegative = .008;
/// So may one that shows the crash on some commit in fewer of its runs.
inline constexpr double kMinRate = .7;
/// On fewer commits with the crash nothing can be said of how even it is.
inline constexpr int kMinCrashing = 4;
/// What "older" and "unrelated" may hold together in a trustworthy result.
inline constexpr double kMaxBesides = .15;

/// The smallest set of commits that holds `wanted` of the mass: the densest
/// groups whole, and as many commits of the last as are needed (which ones,
/// nothing tells).
struct CredibleSet {
  struct Part {
    std::size_t hypothesis = 0;
    std::size_t commits = 0;  ///< of those that the hypothesis has
  };
  double mass = 0;       ///< reached
  std::size_t size = 0;  ///< commits; what lies beside the suspects has none
  std::vector<Part> parts{};
};
inline constexpr double kCredibleMass = .95;

/// What one tested commit carries.
struct VerdictFinding {
  std::size_t commit = 0;         ///< of the evidence
  double log10_bayes_factor = 0;  ///< of its runs for its verdict
  double probability_wrong = 0;
  double result_without = 0;    ///< the result's posterior without its runs
  bool changes_result = false;  ///< they decide whether that is over one half
  CredibleSet without{};
  /// If the verdict is wrong: where the culprit then is. Empty where nothing
  /// would be left.
  CredibleSet if_wrong{};
};

/// Another title, and both ways to take it.
struct TitleFinding {
  std::string title{};
  double same = 0;  ///< probability that it is the same bug
  double result_if_same = 0;
  double result_if_other = 0;
  CredibleSet if_same{};
  CredibleSet if_other{};
};

/// What Diagnosis::reasons can begin with; these codes are stable.
inline constexpr std::array<std::string_view, 7> kReasonCodes = {
    "few-crashing-commits",     "not-a-suspect",
    "not-one-culprit-in-range", "posterior",
    "rests-on-title",           "uneven-reproducer",
    "verdict-likely-wrong"};

struct Diagnosis {
  HypothesisSpace space{};
  Posterior posterior{};
  /// The commits that agree with every verdict: the recorded culprit where
  /// there is one; what is left to search where there is none.
  std::optional<Vertex> culprit{};
  std::size_t result_size = 0;
  double result = 0;  ///< their posterior
  /// Over all graphs that fit the counts in the log; equal to `result` when
  /// the graph is the real one.
  double result_low = 0;
  double result_high = 0;
  CredibleSet credible{};
  std::vector<VerdictFinding> verdicts{};  ///< of those that tell anything
  std::vector<TitleFinding> titles{};
  /// Chance that a commit that has the bug, and shows it, passes ten runs;
  /// under the default priors, whatever others were given.
  double false_negative = 0;
  std::vector<NextTest> next{};
  Conclusion conclusion = Conclusion::kDoubtful;
  /// `code: sentence`, codes in kebab-case.
  std::vector<std::string> reasons{};
  std::vector<std::string> limits{};
};

struct DiagnosisRequest {
  const Evidence* evidence = nullptr;
  const SearchSpace* space = nullptr;
  ModelPriors priors{};
  std::optional<Vertex> culprit{};  ///< recorded
  bool hypothetical_graph = false;
  /// What each verdict carries, and what to test next: most of the cost.
  bool details = true;
};

/// What is to be believed of a recorded search. Pure.
/// O(suspects * (commits + groups) + the cost of ComputePosterior()).
/// REQUIRES: space->suspects is not empty.
[[nodiscard]] Diagnosis Diagnose(const DiagnosisRequest& request);

/// `masses` by hypothesis; adds up to 1.
[[nodiscard]] CredibleSet CredibleSetOf(
    const std::vector<Hypothesis>& hypotheses,
    const std::vector<double>& masses, double wanted);

}  // namespace rebisect
