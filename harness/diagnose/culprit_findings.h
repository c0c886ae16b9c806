#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "harness/diagnose/path_rules.h"
#include "harness/graph/graph_source.h"
#include "scenarios/recording/recording.h"
#include "sim/graph/commit_id.h"

namespace rebisect {

/// CulpritFinding::code; these are stable.
inline constexpr std::array<std::string_view, 10> kFindingCodes = {
    "comments-only", "documentation-only", "equal-signature",    "merge",
    "no-change",     "not-built",          "other-architecture", "release-tag",
    "tests-only",    "trees-missing"};

/// Something about a recorded culprit that speaks against it, or that limits
/// what could be said; the codes are in scenarios/README.md. No finding
/// decides anything by itself.
struct CulpritFinding {
  std::string code{};
  std::string message{};
};

/// Looks at the culprit of a recording: builds that are the same as its
/// parent's, the files that it changes, whether it is a merge or a release.
/// Files need a repository with trees; what it lacks, or what is damaged
/// there, is a finding (trees-missing). The graph of the source has to hold
/// the culprit and, as far as they are known, its parents.
[[nodiscard]] std::vector<CulpritFinding> FindOnCulprit(
    const Recording& recording, const GraphSource& source,
    const CommitId& culprit, const PathRules& rules);

}  // namespace rebisect
