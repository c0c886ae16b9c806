#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "harness/graph/graph_source.h"
#include "scenarios/recording/recording.h"
#include "scenarios/recording/steps.h"
#include "sim/base/verdict.h"

namespace rebisect {

/// The suspects of a search's start, folded to what the search can tell apart
/// (FoldedClass), with the names of commits.
struct SearchGraph {
  struct Class {
    std::string commit{};   ///< the head, as labelled; empty: none is marked
    std::string subject{};  ///< of the head; empty: not known
    /// git's, the last one of the head; absent: none.
    std::optional<Verdict> verdict{};
    std::size_t step = 0;  ///< of that verdict; 0: given at the start
    bool culprit = false;  ///< the head is the recorded culprit
    std::size_t size = 0;
    std::optional<std::size_t> left_at{};
    std::vector<std::size_t> parents{};
  };
  std::vector<Class> classes{};  ///< children before their parents
  std::string left_out{};        ///< why there are none; empty: there are
};

/// Of the last search that the record starts. `step_of_move` numbers the moves
/// of `search` that are steps of a replay, from 1; 0: no step.
[[nodiscard]] SearchGraph GraphOfSearch(
    const Recording& recording, const RecordedSearch& search,
    const std::vector<std::size_t>& step_of_move, GraphSource& source);

}  // namespace rebisect
