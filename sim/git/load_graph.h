#pragma once

#include <cstddef>
#include <functional>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "sim/base/result.h"
#include "sim/git/repository.h"
#include "sim/graph/commit_graph.h"

namespace rebisect {

/// Slack that leaves nothing out.
inline constexpr std::size_t kAllAncestors =
    std::numeric_limits<std::size_t>::max();

/// LoadRequest::slack unless given.
inline constexpr std::size_t kUsualSlack = 512;

/// What a graph is wanted for.
struct LoadRequest {
  std::vector<CommitId> bad;
  std::vector<CommitId> goods;
  /// Further commits that have to be there: skipped ones, those of a record.
  std::vector<CommitId> others;
  /// How many commits are loaded beyond the point where nothing is left that
  /// only one side reaches; for clocks that were wrong.
  std::size_t slack = kUsualSlack;
  bool use_commit_graph = true;
  bool with_names = false;  ///< refs and HEAD, where they are loaded
  /// Told now and then how many commits were read. May be empty.
  std::function<void(std::size_t)> progress{};
};

struct LoadedGraph {
  CommitGraph graph;
  std::vector<std::string> notes;     ///< for people: what was passed over
  std::size_t from_commit_graph = 0;  ///< commits that a file told of
};

/// Loads what git's walk and its search for merge bases can reach: from the
/// commits of the request, newest first by committer date, until all that is
/// left to visit is reachable both from a bad and from a good commit, and
/// `slack` commits more. With no good (or no bad) commit: all ancestors. A
/// commit that was reached and not visited is a boundary commit, unless it is
/// a root; who runs into the boundary asks again with more slack.
///
/// Several repositories are joined: a commit is looked for in each in turn.
/// Topology and dates come from a repository's commit-graph files where git
/// itself would use them (no replacements, no grafts, not shallow,
/// core.commitGraph not false), else from the objects; the graph is the same
/// either way, but for dates past the 34 bits that those files hold. A
/// damaged file is passed over with a note.
///
/// O((n + e) log n). Measured on v1.0.0..v2.50.0 of git (76,464 commits), on a
/// busy machine: 30 ms from the commit-graph, 0.7 s from the objects.
/// Errors: kMissingObject, naming the commit, its child and what to do;
/// kInput for damaged objects and cyclic replacements or grafts.
/// REQUIRES: at least one repository.
[[nodiscard]] Result<LoadedGraph> LoadGraph(
    std::span<const Repository* const> repositories,
    const LoadRequest& request);
[[nodiscard]] Result<LoadedGraph> LoadGraph(const Repository& repository,
                                            const LoadRequest& request);

}  // namespace rebisect
