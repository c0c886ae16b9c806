#pragma once

#include <compare>
#include <functional>
#include <optional>
#include <vector>

#include "harness/graph/graph_source.h"
#include "sim/session/bisect_session.h"
#include "sim/session/git_selection.h"

namespace rebisect {

/// Whether the session waits for a verdict on StepReport::next.
[[nodiscard]] bool Testing(const StepReport& report);

struct SearchOptions {
  GitVersion version = kNewestGit;
  bool commit_graph = false;  ///< as a git with a commit-graph file
  /// Marks of what was proposed are those of `git bisect run`.
  bool run = false;
  bool subjects = false;  ///< look subjects up, for git's own texts

  friend auto operator<=>(const SearchOptions&, const SearchOptions&) = default;
};

/// A session over a graph that is loaded as far as the session needs it: each
/// command first loads what it names, and runs again with more of the history
/// when it comes to the end of what was loaded. Copies share the source.
class Search {
 public:
  /// `source` is borrowed and must outlive the search and its copies.
  Search(GraphSource& source, const SearchOptions& options);
  Search(const Search& other);
  Search& operator=(const Search&) = delete;

  [[nodiscard]] Result<StepReport> Start(const StartCommand& command);
  [[nodiscard]] Result<StepReport> Mark(const MarkCommand& command);
  [[nodiscard]] Result<StepReport> Next();
  [[nodiscard]] Result<StepReport> Replay(
      const std::vector<ReplayCommand>& commands);

  [[nodiscard]] BisectSession& session() { return session_; }
  [[nodiscard]] const BisectSession& session() const { return session_; }
  [[nodiscard]] GraphSource& source() const { return source_; }

 private:
  using Action = std::function<Result<StepReport>()>;

  [[nodiscard]] GraphQuestion Known() const;
  [[nodiscard]] Result<StepReport> Run(const GraphQuestion& question,
                                       const Action& action);

  GraphSource& source_;
  GitSelection selection_;
  bool run_;
  BisectSession session_;
};

}  // namespace rebisect
