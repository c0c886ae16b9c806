#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "scenarios/cases/scenario.h"
#include "sim/base/result.h"
#include "sim/git/write_repository.h"
#include "sim/graph/commit_graph.h"
#include "sim/session/bisect_session.h"

namespace rebisect {

/// git's exit codes for a test program, which all test programs use here.
inline constexpr int kGoodCode = 0;
inline constexpr int kBadCode = 1;
inline constexpr int kSkipCode = 125;
inline constexpr int kAbortCode = 128;

/// A scenario made ready: its history as commits of a real repository, and
/// what is true of them. Immutable, for any number of threads.
struct ScenarioCase {
  const Scenario* scenario = nullptr;  ///< borrowed
  /// As git sees it, with the ids that the repository has; labels are the
  /// scenario's names.
  CommitGraph graph{};
  /// What WriteRepository() makes it of. The same as `graph` unless something
  /// is shallow or replaced; then its vertices are numbered by themselves.
  CommitGraph written{};
  /// By vertex of `written`: files and what is left out; the branches
  /// refs/heads/main, for which HEAD stands, at the bad end, and one for every
  /// other commit without children.
  WriteOptions layout{};
  std::vector<CommitId> shallow{};
  std::vector<std::pair<CommitId, CommitId>> replace{};

  StartCommand start{};              ///< words are left empty
  std::vector<MarkCommand> marks{};  ///< after the start

  /// By vertex of `graph`: what the test program answers, without noise.
  std::vector<int> codes{};
  std::vector<bool> sure{};            ///< by vertex: noise changes nothing
  std::vector<CommitId> culprits{};    ///< as expected
  std::vector<CommitId> candidates{};  ///< as expected; sorted

  std::size_t suspects = 0;  ///< reachable from bad and from no good
  int optimum = 0;           ///< log2 of that, rounded up
  /// What a tool needs to be able to do: `needs`, and what the rest shows.
  std::set<std::string, std::less<>> needs{};

  /// The exit code of the test program at a commit, when it is asked the
  /// `visit`-th time (from 0) in the `search`-th search. Noise is drawn by
  /// (seed, search, commit, visit) and nothing else: two tools meet the same
  /// luck.
  [[nodiscard]] int CodeAt(Vertex commit, std::uint32_t visit,
                           std::uint32_t search) const;
  /// What the scenario calls the commit; an id that is not there, itself.
  [[nodiscard]] std::string NameOf(const CommitId& id) const;
};

/// Makes a scenario ready. O(commits), and more where a history is loaded or
/// reconstructed. `scenario` must outlive the case.
/// Errors, with the place in the suite: kInput for names that there are not or
/// that mean several commits, and for a drawing whose ends are not clear;
/// those of LoadHistory().
[[nodiscard]] Result<ScenarioCase> PrepareScenario(const Scenario& scenario);

}  // namespace rebisect
