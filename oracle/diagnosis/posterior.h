#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "oracle/diagnosis/evidence.h"
#include "oracle/diagnosis/run_model.h"

namespace rebisect {

/// Where the culprit may be: one commit of a group that no test tells apart,
/// or something besides the suspects.
struct Hypothesis {
  std::string name{};                ///< empty for a group of suspects
  double prior = 0;                  ///< of all its commits together
  std::size_t commits = 1;           ///< how many share it alike
  std::vector<Presence> presence{};  ///< by commit of the evidence
};

/// What another title is taken to be.
enum class TitleReading : std::uint8_t {
  kSame,    ///< another face of the bug searched for
  kBefore,  ///< another bug, whose crash comes first and hides this one
  kBehind,  ///< another bug, which this one's crash hides
};

/// One way to read all the other titles at once.
struct Reading {
  std::vector<TitleReading> titles{};  ///< by Evidence::other_titles, the first
                                       ///< kMaxTitles of them
  double log_weight = 0;  ///< prior times what the titles themselves say
  /// Runs with and without the crash searched for, by commit.
  std::vector<int> hits{};
  std::vector<int> misses{};
};

/// Titles beyond this many are taken for crashes that come first.
inline constexpr std::size_t kMaxTitles = 4;

/// How crashes of one bug split between two titles: Beta(m k, (1 - m) k), each
/// of these m and k as likely.
inline constexpr double kSplitMeans[] = {.05, .2, .5, .8, .95};
inline constexpr double kSplitConcentrations[] = {.5, 2., 8., 64.};

/// Everything the evidence says of the hypotheses.
struct Posterior {
  std::vector<double> mass{};  ///< by hypothesis; adds up to 1
  std::vector<Reading> readings{};
  std::vector<double> reading_mass{};
  /// [reading * grid + point][hypothesis]: the joint posterior.
  std::vector<std::vector<double>> joint{};

  /// Divides the values of `joint` by `sum`, which they add up to, and has
  /// `mass` and `reading_mass` say what they then add up to. O(joint).
  /// REQUIRES: as many rows for each reading.
  void Normalise(double sum);

  /// That the title (of the first kMaxTitles) is the same bug.
  [[nodiscard]] double SameTitle(std::size_t title) const;
  /// Masses of the hypotheses if it is, or is not; empty when that has no
  /// mass at all.
  [[nodiscard]] std::vector<double> MassIf(std::size_t title, bool same,
                                           std::size_t grid) const;
};

/// All ways to read the other titles, with their weights. A title is the same
/// bug with the prior chance of `same_if_apart`, or 1 - other_if_beside where
/// it was seen beside the crash on one commit; the crashes then split between
/// the titles by a share common to all commits. Else it is another bug, which
/// comes before or behind with even odds, and whose crashes have a constant
/// background rate or a culprit of their own among the hypotheses.
[[nodiscard]] std::vector<Reading> ReadTitles(
    RunModel& model, const Evidence& evidence,
    const std::vector<Hypothesis>& hypotheses);

/// Bayes' rule over hypotheses, readings and the grid of rates, in closed
/// form. The priors of `hypotheses` need not add up to 1.
/// Time O(readings * grid * hypotheses * commits); 3^titles <= 81 readings.
/// REQUIRES: hypotheses and readings not empty, presences as many as commits.
[[nodiscard]] Posterior ComputePosterior(
    RunModel& model, const Evidence& evidence,
    const std::vector<Hypothesis>& hypotheses, std::vector<Reading> readings);

/// What is left of a posterior when the runs of one commit are not looked at.
struct LeftOut {
  /// Masses by [commit][hypothesis]; what its other titles say of them stays.
  std::vector<std::vector<double>> mass{};
  /// By commit: log10 of how much likelier its runs are if it has the bug than
  /// if not, given all the others; 0 where no hypothesis parts the two.
  std::vector<double> log10_present{};
};

/// Leaves out each commit in turn. `readings` as for ComputePosterior(), and
/// the time that it takes, twice.
[[nodiscard]] LeftOut LeaveEachOut(RunModel& model, const Evidence& evidence,
                                   const std::vector<Hypothesis>& hypotheses,
                                   std::vector<Reading> readings);

}  // namespace rebisect
