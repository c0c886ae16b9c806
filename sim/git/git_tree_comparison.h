#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "sim/base/result.h"
#include "sim/git/repository.h"
#include "sim/graph/commit_graph.h"
#include "sim/graph/tree_comparison.h"

namespace rebisect {

/// Compares the trees of commits under paths, reading only folders that
/// differ; see Pathspec for the paths. The repositories (each asked in turn)
/// and the graph are borrowed and must outlive it. Replacements are honoured.
/// Same and Empty fail with kMissingObject where commits or trees are not
/// there, as in a partial clone, and with kInput where they are damaged.
/// Errors: kUnsupported and kInput for paths, as Pathspec::Parse.
/// REQUIRES: at least one repository.
[[nodiscard]] Result<std::unique_ptr<TreeComparison>> MakeGitTreeComparison(
    std::span<const Repository* const> repositories, const CommitGraph& graph,
    const std::vector<std::string>& paths);

}  // namespace rebisect
