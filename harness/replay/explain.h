#pragma once

#include <string>

#include "harness/search/search.h"
#include "scenarios/recording/recording.h"
#include "scenarios/recording/steps.h"
#include "sim/session/git_version.h"

namespace rebisect {

/// In words, why the session proposes what it does (`here`, its last report)
/// and how the recorded commit compares: whether it was a suspect at all, how
/// many suspects each of the two reaches, and whether the record's own counts
/// speak of another number of suspects.
[[nodiscard]] std::string ExplainChoice(const Search& search,
                                        const StepReport& here,
                                        const CommitId& recorded,
                                        const Move& move);

/// What a recorded search does, as far as versions of git treat it in
/// different ways.
struct SearchTraits {
  bool skips = false;
  bool skip_ranges = false;
  bool paths = false;
  bool first_parent = false;
};
[[nodiscard]] SearchTraits TraitsOf(const Recording& recording);

/// In words, what the other git does differently in such a search; empty when
/// nothing.
[[nodiscard]] std::string ExplainRules(const SearchOptions& here,
                                       const SearchOptions& other,
                                       const SearchTraits& traits);

/// "git 2.55.0 with a commit-graph file", "`git bisect run` of git 2.55.0".
[[nodiscard]] std::string GitName(const SearchOptions& options);
/// The same of all versions that behave alike: "git 2.31.0 to 2.55.0".
[[nodiscard]] std::string GitNames(const SearchOptions& options);

}  // namespace rebisect
