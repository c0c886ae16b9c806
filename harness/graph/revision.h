#pragma once

#include <string>
#include <string_view>

#include "sim/base/result.h"
#include "sim/graph/commit_graph.h"

namespace rebisect {

/// The commit that a revision stands for in a graph: a full or abbreviated
/// id, a name (`v2.50.0`, `HEAD`, `@`, `refs/heads/x`; short names are looked
/// up as git does: refs/, refs/tags/, refs/heads/, refs/remotes/), a label of
/// a reconstructed graph; each followed by any number of `~N`, `^N`, `^{}`,
/// `^{commit}`. Source: gitrevisions(7).
/// Errors: kNotFound; kInput when an abbreviation fits several commits;
/// kBoundary when `~` or `^` leads past the end of the graph.
[[nodiscard]] Result<Vertex> ResolveInGraph(const CommitGraph& graph,
                                            std::string_view text);

}  // namespace rebisect
