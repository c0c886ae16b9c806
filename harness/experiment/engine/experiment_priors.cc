#include "harness/experiment/engine/experiment_priors.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "sim/base/result.h"
#include "sim/git/changed_paths.h"
#include "sim/git/pathspec.h"
#include "sim/git/repository.h"

namespace rebisect {
namespace {

/// Of what a suspect weighs on average.
constexpr double kMinShare = 1e-6;

struct WeighedPattern {
  Pathspec paths;
  double weight = 0;
};

double WeightOf(const CommitChanges& changes,
                const std::vector<WeighedPattern>& patterns, double others) {
  if (changes.parents > 1) return others;
  double weight = 0;
  bool fits = false;
  for (const ChangedPath& changed : changes.paths) {
    for (const WeighedPattern& pattern : patterns) {
      if (pattern.paths.Matches(changed.path, false) != Pathspec::Match::kYes) {
        continue;
      }
      weight = fits ? std::max(weight, pattern.weight) : pattern.weight;
      fits = true;
    }
  }
  return fits ? weight : others;
}

Result<std::vector<double>> ByPaths(const ExperimentPrior::Paths& paths,
                                    const ExperimentGraph& graph,
                                    const SuspectGraph& suspects) {
  const auto* const range = std::get_if<RepositoryRange>(&graph.source);
  if (range == nullptr) {
    return Fail(ErrorCode::kInput,
                "a prior by paths needs a repository, where commits have "
                "files; this graph is " +
                    TextOf(graph) + "; give a table of weights");
  }
  REBISECT_ASSIGN_OR_RETURN(auto repository, Repository::Open(range->path));
  std::vector<WeighedPattern> patterns;
  for (const auto& [pattern, weight] : paths.patterns) {
    REBISECT_ASSIGN_OR_RETURN(auto parsed, Pathspec::Parse({pattern}));
    patterns.push_back({std::move(parsed), weight});
  }
  const Repository* const asked = &repository;
  std::vector<double> weights;
  weights.reserve(suspects.size());
  for (const Vertex v : suspects.vertices) {
    REBISECT_ASSIGN_OR_RETURN(const auto changes,
                              ChangesOf({&asked, 1}, suspects.graph->Id(v)));
    weights.push_back(WeightOf(changes, patterns, paths.others));
  }
  return weights;
}

}  // namespace

Result<std::vector<double>> PriorBySuspect(const ExperimentPrior& prior,
                                           const ExperimentGraph& graph,
                                           const SuspectGraph& suspects) {
  const auto* const table = std::get_if<CommitTable>(&prior.source);
  auto weights = table != nullptr
                     ? NumbersBySuspect(*table, suspects, 0)
                     : ByPaths(std::get<ExperimentPrior::Paths>(prior.source),
                               graph, suspects);
  if (weights) {
    const double total = std::accumulate(weights->begin(), weights->end(), 0.0);
    if (total > 0) {
      const double least =
          kMinShare * total / static_cast<double>(weights->size());
      for (double& weight : *weights) weight = std::max(weight, least);
      return weights;
    }
    weights = Fail(ErrorCode::kInput,
                   "by the prior '" + prior.name +
                       "' no suspect can be guilty; give one a weight above 0");
  }
  if (!weights && weights.error().where.file.empty()) {
    weights.error().where = prior.where;
  }
  return weights;
}

}  // namespace rebisect
