#include "harness/whatif/whatif_model.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "harness/search/search_space.h"
#include "oracle/diagnosis/posterior_world.h"
#include "scenarios/recording/crash_title.h"
#include "sim/base/result.h"

namespace rebisect {
namespace {

/// Of the titles that records write for one crash, the first.
std::string AsWritten(const Recording& recording, const std::string& normal) {
  for (const Event& event : recording.events) {
    const auto* const test = std::get_if<Test>(&event);
    if (test == nullptr) continue;
    for (const auto& run : test->runs) {
      if (run.outcome == RunOutcome::kCrashed &&
          NormalTitle(run.title) == normal) {
        return run.title;
      }
    }
  }
  return normal;
}

/// New runs in one world.
class WorldRuns final : public NewRuns {
 public:
  WorldRuns(const DrawnWorld& world, const CommitGraph& graph)
      : world_(world), graph_(graph) {}

  Run Next(const CommitId& commit) override {
    auto at = runs_.find(commit);
    if (at == runs_.end()) {
      const auto v = graph_.Find(commit);
      // A commit that was not there when the worlds were made is beyond the
      // ends of the search: nothing crashes.
      if (!v) return {};
      at = runs_.emplace(commit, world_.At(*v)).first;
    }
    return at->second.Next();
  }

  Verdict Stated(const CommitId& commit) override {
    const auto v = graph_.Find(commit);
    return v ? world_.StatedOf(*v) : Verdict::kGood;
  }

 private:
  const DrawnWorld& world_;
  const CommitGraph& graph_;
  std::map<CommitId, CommitRuns> runs_;
};

WhatifShare ShareOf(std::size_t count, std::size_t trials) {
  if (trials == 0) return {};
  const double share = static_cast<double>(count) / static_cast<double>(trials);
  return {share, std::sqrt(share * (1 - share) / static_cast<double>(trials))};
}

}  // namespace

struct ModelledWorlds::Parts {
  explicit Parts(const ModelPriors& priors) : model(priors) {}
  CommitGraph graph;
  LocatedSearch located;
  RunModel model;
  HypothesisSpace hypotheses;
  Posterior posterior;
  std::unique_ptr<PosteriorWorlds> worlds;
};

ModelledWorlds::ModelledWorlds(std::unique_ptr<Parts> parts)
    : parts_(std::move(parts)) {}
ModelledWorlds::~ModelledWorlds() = default;

Result<std::unique_ptr<ModelledWorlds>> ModelledWorlds::Make(
    const Recording& recording, const RecordedSearch& search,
    GraphSource& source, const ModelPriors& priors) {
  REBISECT_ASSIGN_OR_RETURN(auto located,
                            LocateSearch(recording, search, source));
  auto parts = std::make_unique<Parts>(priors);
  parts->graph = source.graph();
  parts->located = std::move(located);
  const Evidence& evidence = parts->located.evidence;
  SearchSpace& space = parts->located.space;
  space.graph = &parts->graph;
  parts->hypotheses = MakeHypotheses(evidence, space, priors);
  const std::vector<Hypothesis>& hypotheses = parts->hypotheses.hypotheses;
  parts->posterior =
      ComputePosterior(parts->model, evidence, hypotheses,
                       ReadTitles(parts->model, evidence, hypotheses));
  PosteriorWorlds::Input input{
      evidence, space, parts->hypotheses, parts->posterior, parts->model,
      {},       {}};
  if (!evidence.target_titles.empty()) {
    input.title = AsWritten(recording, evidence.target_titles.front());
  }
  for (const std::string& title : evidence.other_titles) {
    input.other_titles.push_back(AsWritten(recording, title));
  }
  parts->worlds = std::make_unique<PosteriorWorlds>(input);
  return std::unique_ptr<ModelledWorlds>(new ModelledWorlds(std::move(parts)));
}

Result<WhatifModel> SimulateRest(
    const OwnSearch& stopped, StopKind kind, ModelledWorlds& worlds,
    const WhatifModelOptions& options,
    const std::function<std::string(const CommitId&)>& label,
    const std::function<void()>& progress) {
  ModelledWorlds::Parts& parts = worlds.parts();
  std::size_t no_culprit = 0;
  std::size_t right = 0;
  std::size_t wrong = 0;
  std::size_t tests = 0;
  std::size_t runs = 0;
  std::map<CommitId, std::size_t> named;
  const bool goes_on = kind != StopKind::kAborted && kind != StopKind::kError &&
                       kind != StopKind::kTooLong;
  for (std::size_t trial = 0; trial < options.trials; ++trial) {
    if (progress) progress();
    const DrawnWorld world = parts.worlds->Draw(Prng(options.seed, 0, trial));
    if (!world.culprit()) ++no_culprit;
    if (!goes_on) continue;
    WorldRuns new_runs(world, parts.graph);
    OwnSearch search(stopped);
    REBISECT_ASSIGN_OR_RETURN(const auto stop, search.Run(&new_runs, nullptr));
    tests += stop.new_tests;
    runs += stop.new_runs;
    if (stop.kind != StopKind::kFound) continue;
    ++named[*stop.culprit];
    const bool is_it =
        world.culprit() && parts.graph.Id(*world.culprit()) == *stop.culprit;
    ++(is_it ? right : wrong);
  }
  WhatifModel model;
  model.trials = options.trials;
  model.no_culprit = ShareOf(no_culprit, options.trials);
  model.right = ShareOf(right, options.trials);
  model.wrong = ShareOf(wrong, options.trials);
  model.undecided = ShareOf(options.trials - right - wrong, options.trials);
  for (const auto& [commit, count] : named) {
    model.culprits.push_back({label(commit), ShareOf(count, options.trials)});
  }
  std::stable_sort(model.culprits.begin(), model.culprits.end(),
                   [](const WhatifNamed& a, const WhatifNamed& b) {
                     return a.share.share > b.share.share;
                   });
  if (options.trials > 0) {
    const auto trials = static_cast<double>(options.trials);
    model.further_tests = static_cast<double>(tests) / trials;
    model.further_runs = static_cast<double>(runs) / trials;
  }
  return model;
}

}  // namespace rebisect
