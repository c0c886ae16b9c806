#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "harness/replay/replay.h"
#include "harness/search/search.h"
#include "oracle/answers/recorded_oracle.h"
#include "oracle/verdict/verdict_policy.h"

namespace rebisect {

/// A record followed by one version of git.
struct Followed {
  SearchOptions options{};
  std::vector<ReplayStep> steps{};
  std::vector<Divergence> divergences{};  ///< not yet explained by versions
  StepReport end{};  ///< of the bisection that follows its own proposals
  std::string untested{};
  std::size_t suspects_left = 0;
  std::size_t own_steps = 0;  ///< tests that bisection made
  std::vector<std::string> missing{};
  bool inexact = false;

  [[nodiscard]] std::size_t Agreeing() const;
};

/// What is followed, by any version.
struct FollowInput {
  const Recording& recording;
  const RecordedSearch& search;
  GraphSource& source;
  const CommitOf& commit_of;
  Oracle& oracle;  ///< rewound by each search
  /// Judges the runs the oracle gives; null: the stated verdicts.
  const VerdictPolicy* policy = nullptr;
};

/// Drives a session of the given version through the record.
/// Errors: kNotFound for an end of the search that the graph lacks, and those
/// of the session.
[[nodiscard]] Result<Followed> FollowRecord(const FollowInput& input,
                                            const SearchOptions& options);

}  // namespace rebisect
