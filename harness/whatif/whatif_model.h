#pragma once

#include <functional>
#include <memory>
#include <string>

#include "harness/search/own_search.h"
#include "harness/whatif/whatif.h"
#include "scenarios/recording/steps.h"

namespace rebisect {

/// The posterior of one recording, to draw worlds from. Keeps a copy of the
/// graph, so that the source may load more.
class ModelledWorlds {
 public:
  /// Errors: those of LocateSearch().
  [[nodiscard]] static Result<std::unique_ptr<ModelledWorlds>> Make(
      const Recording& recording, const RecordedSearch& search,
      GraphSource& source, const ModelPriors& priors);
  ~ModelledWorlds();

  struct Parts;
  [[nodiscard]] Parts& parts() { return *parts_; }

 private:
  explicit ModelledWorlds(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

/// Lets the search go on from where it stopped in as many worlds; one that
/// was aborted, or refused by git, stays undecided. A trial depends on (seed,
/// trial) alone. `progress`, unless empty, is called after each of them.
/// Errors: those of OwnSearch::Run().
[[nodiscard]] Result<WhatifModel> SimulateRest(
    const OwnSearch& stopped, StopKind stop, ModelledWorlds& worlds,
    const WhatifModelOptions& options,
    const std::function<std::string(const CommitId&)>& label,
    const std::function<void()>& progress);

}  // namespace rebisect
