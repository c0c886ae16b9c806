#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "oracle/answers/noise_model.h"
#include "oracle/answers/oracle.h"
#include "sim/graph/commit_graph.h"

namespace rebisect {

/// Something that commits bring into the history and others take out again.
///
/// It is there at a commit c exactly when
///   - its culprit is c or an ancestor of c (without a culprit: always), and
///   - none of its fixes is c or an ancestor of c.
/// So it is not there yet on side branches that forked before the culprit,
/// until they merge it; a merge that brings the culprit and a fix is free of
/// it; and one that comes back after its fix is a second Origin.
struct Origin {
  std::optional<CommitId> culprit{};
  std::vector<CommitId> fixes{};
};

/// A bug: runs crash with its title where it is there.
struct Bug {
  Origin origin{};
  std::string title{};  ///< empty: the title that is looked for
  CrashRate rate{};
};

/// A range of commits that cannot be judged.
struct Breakage {
  Origin origin{};
  RunOutcome outcome = RunOutcome::kBuildFailed;  ///< of every run
  std::string title{};
};

/// What is true of a history. No bug, one, several of one title (the crash is
/// there where any of them is) and unrelated ones with titles of their own.
struct World {
  std::string title = "crash";  ///< the one that is looked for
  std::vector<Bug> bugs{};
  std::vector<Breakage> breakages{};
};

/// Answers from the truth, through noise.
class TruthOracle final : public Oracle {
 public:
  /// The graph is borrowed and must outlive the oracle.
  /// O((n + e) * (bugs + breakages)); n / 8 bytes for each of them.
  /// Errors: kNotFound for a culprit or fix that the graph lacks; kUsage for
  /// a rate out of its range, and for more than 10,000 bugs.
  [[nodiscard]] static Result<TruthOracle> Make(const CommitGraph& graph,
                                                World world, NoiseModel noise);

  /// At most 10,000 runs an answer. A commit that does not build has one run,
  /// which says so. Never states a verdict.
  /// Errors: kNotFound for a commit that the graph lacks.
  [[nodiscard]] Result<Answer> Ask(const Question& question) override;
  void Rewind() override { given_.clear(); }

  /// Whether the crash that is looked for is there: some bug of its title is.
  /// The noise changes nothing of that. REQUIRES: commit < graph.size().
  [[nodiscard]] bool Present(Vertex commit) const;

 private:
  struct Given {
    bool any = false;
    std::uint32_t build = 0;
    std::uint32_t run = 0;
  };

  TruthOracle(const CommitGraph& graph, World world, NoiseModel noise)
      : graph_(&graph), world_(std::move(world)), noise_(std::move(noise)) {}

  [[nodiscard]] std::vector<Hazard> HazardsAt(Vertex commit) const;

  const CommitGraph* graph_;
  World world_;
  NoiseModel noise_;
  std::vector<std::vector<bool>> bug_at_;       // by bug, then by commit
  std::vector<std::vector<bool>> breakage_at_;  // the same
  std::map<CommitId, Given> given_;
};

/// Where it is there, by commit. O(n + e).
/// Errors: kNotFound for a culprit or fix that the graph lacks.
[[nodiscard]] Result<std::vector<bool>> WhereThere(const CommitGraph& graph,
                                                   const Origin& origin);

}  // namespace rebisect
