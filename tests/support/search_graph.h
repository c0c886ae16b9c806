#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/base/check.h"
#include "sim/graph/commit_graph.h"

namespace rebisect::testing_support {

/// A commit of a ListedGraph: its parents by number, and its date.
struct NumberedCommit {
  std::vector<std::uint32_t> parents;
  std::int64_t date = 0;
};

/// The id of commit n<number>: ids rise with the numbers, so that a test can
/// say by hand which of two commits comes first.
inline CommitId IdOf(std::uint32_t number) {
  CommitId id;
  for (std::size_t i = 0; i < 4; ++i) {
    id.bytes[i] = static_cast<std::uint8_t>(number >> (8 * (3 - i)));
  }
  return id;
}

/// Commits n0, n1, ... whose ids rise with the numbers.
inline CommitGraph ListedGraph(
    const std::vector<NumberedCommit>& commits,
    const std::vector<std::uint32_t>& boundary = {}) {
  CommitArrays arrays;
  arrays.rows.push_back(0);
  for (std::uint32_t i = 0; i < commits.size(); ++i) {
    arrays.ids.push_back(IdOf(i));
    arrays.dates.push_back(commits[i].date);
    arrays.parents.insert(arrays.parents.end(), commits[i].parents.begin(),
                          commits[i].parents.end());
    arrays.rows.push_back(static_cast<std::uint32_t>(arrays.parents.size()));
  }
  arrays.boundary = boundary;
  auto graph = CommitGraph::Build(std::move(arrays));
  REBISECT_CHECK(graph.has_value());
  return *std::move(graph);
}

/// n0 <- n1 <- ... <- n<count - 1>, a minute apart.
inline std::vector<NumberedCommit> Line(std::uint32_t count) {
  std::vector<NumberedCommit> commits(count);
  for (std::uint32_t i = 0; i < count; ++i) {
    if (i > 0) commits[i].parents = {i - 1};
    commits[i].date = 1500000000 + 60 * std::int64_t{i};
  }
  return commits;
}

}  // namespace rebisect::testing_support
