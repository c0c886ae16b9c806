#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sim/bisect_session.h"
#include "tests/support/random_graph.h"

namespace rebisect::testing_support {

using Node = std::uint32_t;

/// One `git bisect` command of a case; revisions are nodes of its graph.
struct CaseCommand {
  enum class Kind : std::uint8_t {
    kStart,
    kMark,
    kNext,
    kReplay,  ///< of the session's own log
    kReset,
    kTerms,
  };
  Kind kind = Kind::kNext;
  std::string term{};  ///< of a mark
  /// start: bad, then goods; a mark: what is marked, none for the commit that
  /// is checked out.
  std::vector<Node> commits{};
  std::optional<std::pair<Node, Node>> range{};  ///< `skip A..B`
  // Options of start.
  std::optional<std::string> term_bad{};
  std::optional<std::string> term_good{};
  bool first_parent = false;
  std::vector<std::size_t> paths{};  ///< k stands for the file f<k>
};

/// All that a bisection with git depends on.
struct BisectCase {
  std::uint64_t seed = 0;
  RandomGraph graph{};
  /// A commit-graph file covers all commits.
  bool commit_graph = false;
  std::vector<CaseCommand> commands{};
};

/// What the cases drawn from seeds are like.
struct CaseOptions {
  enum class Paths : std::uint8_t { kSome, kNone, kAlways };
  Paths paths = Paths::kSome;
  std::size_t max_commits = 400;
};

/// The case of a seed: which commands come depends on what BisectSession
/// answers to those before, so that it goes somewhere.
[[nodiscard]] BisectCase MakeBisectCase(std::uint64_t seed,
                                        const GitVersion& version,
                                        const CaseOptions& options);

/// Our side of a case: the session, with the trees of the graph.
class CaseSession {
 public:
  CaseSession(const BisectCase& bisect_case, const GitVersion& version);
  CaseSession(const CaseSession&) = delete;
  CaseSession& operator=(const CaseSession&) = delete;
  ~CaseSession();

  [[nodiscard]] Result<StepReport> Run(const CaseCommand& command);
  [[nodiscard]] const BisectSession& session() const;
  [[nodiscard]] const std::vector<CommitId>& ids() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

/// The words after `git bisect`. `names` by node. REQUIRES: not kReplay,
/// which needs a file.
[[nodiscard]] std::vector<std::string> Words(
    const CaseCommand& command, const std::vector<std::string>& names);

/// The case as a graph literal (name, parents, date) and the commands, for a
/// test or for hand.
[[nodiscard]] std::string Describe(const BisectCase& bisect_case);

}  // namespace rebisect::testing_support
