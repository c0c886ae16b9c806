#pragma once

#include <map>
#include <string>

#include "tests/differential/bisect_case.h"
#include "tests/differential/compare_case.h"

namespace rebisect::testing_support {

/// How many cases have what, by name: what a run of many cases has covered.
using FeatureCounts = std::map<std::string, std::uint64_t>;

/// Adds 1 for everything that the case has in its graph, its repository, its
/// commands and in what came of it.
void CountFeatures(const BisectCase& bisect_case, const CaseOutcome& outcome,
                   FeatureCounts& counts);

}  // namespace rebisect::testing_support
