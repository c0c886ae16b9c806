#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "harness/experiment/spec/commit_table.h"
#include "oracle/answers/noise_model.h"
#include "oracle/verdict/verdict_expression.h"
#include "scenarios/cases/history_source.h"
#include "sim/base/result.h"
#include "sim/policies/policy_spec.h"

namespace rebisect {

struct ExperimentGraph {
  HistorySource source{};
  Position where{};
};

/// Who is guilty.
struct ExperimentTruth {
  enum class Kind {
    kEvery,     ///< any suspect, each as likely
    kSample,    ///< one of `count` that were drawn once, each as likely
    kWeighted,  ///< by a table of weights
    kNone,      ///< no culprit: the bad end was judged wrongly
    kMaybe,     ///< no culprit in the share `none` of trials, else as kEvery
  };
  Kind kind = Kind::kEvery;
  std::uint32_t count = 0;
  double none = 0;      ///< above 0 and below 1, of kMaybe
  CommitTable table{};  ///< of weights
  Position where{};
};

/// What a selection policy may believe beforehand of who is guilty: the
/// parameter `prior` of a policy names it. A table, or paths.
struct ExperimentPrior {
  /// A commit weighs as much as the heaviest pattern that fits a path which it
  /// changes; `others` if none does, and merges.
  struct Paths {
    std::vector<std::pair<std::string, double>> patterns{};
    double others = 1;
  };
  std::string name{};
  std::variant<CommitTable, Paths> source{};
  Position where{};
};

/// Verdicts that are wrong by chance, without runs: retry and verdict policies
/// do not come into it.
struct VerdictNoise {
  double false_bad = 0;
  double false_good = 0;
};

/// Runs, drawn from a model; NoiseModel::noise_seed is set for each trial.
struct RunNoise {
  CrashRate crash{};  ///< where the bug is
  NoiseModel model{};
};

struct ExperimentNoise {
  std::variant<VerdictNoise, RunNoise> noise{};
  std::string name{};  ///< its label in results; from the file, or its fields
  Position where{};
};

/// What one bisection may spend; absent: as much as it likes.
struct ExperimentBudget {
  std::optional<std::int64_t> tests{};
  std::optional<std::int64_t> runs{};
  std::optional<std::int64_t> cost_ms{};
  Position where{};

  [[nodiscard]] bool Unbounded() const { return !tests && !runs && !cost_ms; }
};

/// What things cost; absent: cost is not measured.
struct ExperimentCost {
  std::int64_t build_ms = 0;
  std::int64_t run_ms = 0;
  /// Of the builds of some commits what they cost instead.
  std::optional<CommitTable> builds{};
};

/// How graphs, truths, noise and budgets are called in results, and written in
/// the canonical text: as in an experiment file, on one line, without folders.
/// Noise is called by its name.
[[nodiscard]] std::string TextOf(const ExperimentGraph& graph);
[[nodiscard]] std::string TextOf(const ExperimentTruth& truth);
[[nodiscard]] std::string TextOf(const ExperimentNoise& noise);
[[nodiscard]] std::string TextOf(const ExperimentBudget& budget);
[[nodiscard]] std::string TextOf(const ExperimentPrior& prior);

/// The most cells that one group, and a whole experiment, may have.
inline constexpr std::size_t kMaxCellsOfGroup = 256;
inline constexpr std::size_t kMaxCellsOfExperiment = 16384;

/// An experiment as its file says, checked as far as that goes without its
/// graphs: every combination of graph, truth, noise and budget is a group,
/// every selection, retry and verdict policy in it a cell.
struct ExperimentSpec {
  std::string name{};
  /// The canonical text, an experiment file itself: the same for files that
  /// mean the same, with every parameter of every policy, and without paths'
  /// folders.
  std::string canonical{};
  std::uint64_t seed = 1;
  std::uint64_t trials = 0;  ///< of each cell; 0: exact results alone
  Position trials_where{};
  bool exact = false;  ///< cells that can be, are evaluated exactly
  std::optional<std::uint64_t> block_trials{};
  std::vector<ExperimentGraph> graphs{};
  std::vector<ExperimentTruth> truths{};
  std::vector<ExperimentNoise> noises{};
  std::vector<ExperimentPrior> priors{};  ///< by name; selections name them
  /// Policies without the parameters that are at their fallbacks: the same
  /// text for the same policy.
  std::vector<PolicySpec> selections{};
  VerdictRules rules{};                     ///< that `verdicts` may name
  std::vector<PolicyChain> retries{};       ///< empty with VerdictNoise alone
  std::vector<PolicyChain> verdicts{};      ///< the same
  std::vector<ExperimentBudget> budgets{};  ///< at least one
  std::optional<ExperimentCost> cost{};
};

/// Reads an experiment file; scenarios/README.md describes it ("The
/// experiment file"). `path` names it in errors and is what relative paths
/// start from. Tables of weights and the recordings that a cost comes from are
/// read, graphs are not.
/// Errors, with file, line and column: kInput and kUsage for what is not
/// known (with the nearest name), impossible, missing, given twice or too
/// much; those of the files that are read.
[[nodiscard]] Result<ExperimentSpec> ReadExperiment(const std::string& text,
                                                    const std::string& path);

/// Gives the experiment another seed than its file's, in its canonical text,
/// too.
void Reseed(ExperimentSpec& spec, std::uint64_t seed);

}  // namespace rebisect
