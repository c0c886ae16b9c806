#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "oracle/diagnosis/evidence.h"
#include "oracle/diagnosis/hypotheses.h"
#include "oracle/diagnosis/run_model.h"
#include "sim/base/prng.h"
#include "sim/graph/commit_graph.h"

namespace rebisect::property {

/// How crashes come about in a simulated world: the distributions that the
/// run model assumes, or others.
struct WorldKind {
  std::string name{};
  /// Of the bug's rate; absent: drawn from the grid of the model.
  std::optional<double> mean{};
  std::optional<double> concentration{};
  double older = -1;  ///< chances; -1: those of the priors
  double unrelated = -1;
  /// A chance per test that the machine shows nothing in any run, or the
  /// crash searched for in every one.
  double dead_machine = 0;
  double cursed_machine = 0;
  /// Other bugs, each with a culprit of its own or older than the range, that
  /// crash with this rate.
  int other_bugs = 0;
  double other_rate = 0;
  /// One other title as the model draws it, with this chance.
  double model_title = 0;
};

/// A search that somebody ran in such a world: git's choice, ten runs a test,
/// bad after any crash, as syzkaller searches.
struct SimulatedSearch {
  CommitGraph graph{};
  Evidence evidence{};
  SearchSpace space{};              ///< of `graph` once UseGraph() was called
  std::optional<Vertex> culprit{};  ///< that the search names
  /// The truth: a suspect, or a lump by name.
  std::optional<Vertex> true_culprit{};
  std::string besides{};

  void UseGraph() { space.graph = &graph; }
};

/// A merge-heavy graph of about `commits` commits, a world on it, a search in
/// it. Depends on (seed, trial) alone.
[[nodiscard]] SimulatedSearch Simulate(const WorldKind& kind,
                                       const ModelPriors& priors,
                                       std::size_t commits, std::uint64_t seed,
                                       std::uint64_t trial);

/// Worlds that the run model does not think of: very uneven reproducers;
/// machines that spoil one test in a hundred or two hundred; several other
/// bugs; bugs older than the range. Worse machines than these make wrong
/// results that nothing in a record shows; HeavyWorlds() has some.
[[nodiscard]] std::vector<WorldKind> MisspecifiedWorlds();
[[nodiscard]] std::vector<WorldKind> HeavyWorlds();
/// The world of the model itself, other titles included.
[[nodiscard]] WorldKind PriorWorld();

/// What diagnoses of many searches came to.
struct Tally {
  int searches = 0;
  double covered = 0;  ///< sets that hold the truth; a part of a group counts
                       ///< for its share
  double mass = 0;     ///< posterior mass of the sets
  int trusted = 0;
  int trusted_wrong = 0;
  int contradicted = 0;
  int contradicted_right = 0;
  struct Bin {
    int searches = 0;
    double posterior = 0;  ///< of the named culprits, added up
    int right = 0;
  };
  std::array<Bin, 10> bins{};
};

/// Diagnoses `searches` simulated ones of one kind.
[[nodiscard]] Tally Calibrate(const WorldKind& kind, int searches,
                              std::size_t commits, std::uint64_t seed);

/// Which hypothesis is the truth.
[[nodiscard]] std::size_t TrueHypothesis(const SimulatedSearch& search,
                                         const HypothesisSpace& space);

}  // namespace rebisect::property
