#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "scenarios/recording/recording.h"
#include "sim/base/result.h"
#include "sim/git/repository.h"
#include "sim/graph/commit_graph.h"
#include "sim/graph/tree_comparison.h"

namespace rebisect {

/// The graph options of the command line.
struct GraphOptions {
  std::vector<std::string> repositories{};  ///< --repo, in order
  std::vector<std::string> dags{};          ///< --dag, joined
  bool reconstruct = false;                 ///< --reconstruct
  bool allow_missing = false;               ///< --allow-missing
  bool fill_missing = false;                ///< --fill-missing
  /// Told now and then how many commits were read, and 0 when that is done.
  /// May be empty; forks of a source do not call it.
  std::function<void(std::size_t)> progress{};

  [[nodiscard]] bool Given() const {
    return reconstruct || !repositories.empty() || !dags.empty();
  }
};

enum class GraphKind { kRepository, kDag, kReconstructed, kMixed };

/// "repository", "dag", "reconstructed", "mixed".
[[nodiscard]] std::string_view NameOf(GraphKind kind);

/// What is asked of a graph: the ends of a search and what else it names.
struct GraphQuestion {
  std::vector<CommitId> bad{};
  std::vector<CommitId> goods{};
  std::vector<CommitId> others{};
};

/// Where the commits come from: repositories, of which the part is loaded
/// that the question at hand needs; DAG text; or a recording itself.
class GraphSource {
 public:
  /// Opens the repositories or reads the DAG files of the options.
  /// Errors: kUsage when several kinds are given or none; those of Repository,
  /// StreamedInput and ReadDag.
  [[nodiscard]] static Result<std::unique_ptr<GraphSource>> FromOptions(
      const GraphOptions& options);
  /// A graph that is whole, as of DAG text; HEAD is the name HEAD.
  [[nodiscard]] static std::unique_ptr<GraphSource> FromGraph(
      CommitGraph graph);
  /// Errors: those of Reconstruct().
  [[nodiscard]] static Result<std::unique_ptr<GraphSource>> FromRecording(
      const Recording& recording);
  /// Another source of the same commits, for another thread: what is loaded
  /// is shared and copied by none, what either loads later is its own.
  /// Errors: those of Repository::Open(); repositories are opened anew.
  [[nodiscard]] Result<std::unique_ptr<GraphSource>> Fork() const;

  /// Adds the recorded commits that the graph lacks, from a reconstruction
  /// (JoinGraphs). Nothing happens when none is missing; else the kind is
  /// kMixed from then on, and the whole history of the others is loaded.
  /// Errors: those of Reconstruct(), Load() and JoinGraphs().
  [[nodiscard]] Result<void> FillMissing(const Recording& recording);

  [[nodiscard]] GraphKind kind() const { return kind_; }
  /// Valid until the next Load() or LoadMore().
  [[nodiscard]] const CommitGraph& graph() const { return *graph_; }
  /// What is to be said about the graph, for people.
  [[nodiscard]] const std::vector<std::string>& notes() const { return notes_; }
  /// Parents without a line that --allow-missing let pass.
  [[nodiscard]] std::size_t missing_parents() const { return missing_parents_; }

  /// Makes sure that the graph holds what the question needs; nothing to do
  /// for kinds that are whole from the start. Returns whether it changed.
  [[nodiscard]] Result<bool> Load(const GraphQuestion& question);
  /// Loads more of the history, after kBoundary. False: there is no more.
  [[nodiscard]] Result<bool> LoadMore();

  /// A revision, or what a record calls a commit that the graph has under
  /// refs/recorded/. Errors: kNotFound, kInput.
  [[nodiscard]] Result<CommitId> Resolve(const std::string& revision) const;
  [[nodiscard]] std::optional<CommitId> Head() const;
  /// CommitGraph::Label(), also of a commit that the graph lacks: its id.
  [[nodiscard]] std::string Label(const CommitId& id) const;
  /// Empty when it is not known.
  [[nodiscard]] std::string Subject(const CommitId& id) const;
  /// Errors: kUnsupported where there are no trees to ask.
  [[nodiscard]] Result<std::unique_ptr<TreeComparison>> Trees(
      const CommitGraph& graph, const std::vector<std::string>& paths) const;
  /// Those of --repo, in order; borrowed from this.
  [[nodiscard]] std::vector<const Repository*> Repositories() const;

 private:
  explicit GraphSource(GraphKind kind) : kind_(kind) {}
  void Take(CommitGraph graph) {
    graph_ = std::make_shared<const CommitGraph>(std::move(graph));
  }
  [[nodiscard]] Result<void> Reload();

  GraphKind kind_;
  std::function<void(std::size_t)> progress_;
  std::shared_ptr<const CommitGraph> graph_ =
      std::make_shared<const CommitGraph>();
  std::vector<std::string> notes_;
  std::size_t missing_parents_ = 0;
  std::map<std::string, CommitId, std::less<>> recorded_;
  std::vector<std::unique_ptr<Repository>> repositories_;
  GraphQuestion question_;  ///< all that was asked
  std::vector<CommitId> loaded_bad_;
  std::vector<CommitId> loaded_goods_;
  std::size_t slack_ = 0;
};

}  // namespace rebisect
