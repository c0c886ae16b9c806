#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/graph/graph_source.h"
#include "oracle/diagnosis/evidence.h"
#include "oracle/diagnosis/hypotheses.h"
#include "scenarios/recording/steps.h"

namespace rebisect {

/// A recorded search on a graph, with what it showed.
struct LocatedSearch {
  Evidence evidence{};
  SearchSpace space{};  ///< borrows the graph of the source
  std::optional<Vertex> culprit{};
  std::vector<std::string> missing{};  ///< tested commits the graph lacks
};

/// Finds the suspects of a recorded search and its tested commits, and loads
/// the graph as far as they need it.
/// Errors: kInput when the record has no good or no bad end; kNotFound when
/// the graph lacks one of them or the culprit, or there are no suspects;
/// those of the graph and, for a search limited to paths, of its trees.
[[nodiscard]] Result<LocatedSearch> LocateSearch(const Recording& recording,
                                                 const RecordedSearch& search,
                                                 GraphSource& source);

}  // namespace rebisect
