#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "sim/base/verdict.h"
#include "sim/session/bisect_session.h"

namespace rebisect {

/// The searches of one start, each step computed once: verdicts lead from node
/// to node, and a search that comes the same way again finds it there. Memory:
/// that of a session for each different sequence of verdicts. For one thread.
class SessionCache {
 public:
  using Node = std::uint32_t;

  /// All borrowed. REQUIRES: the policy trusts verdicts and depends on nothing
  /// but the view.
  SessionCache(const CommitGraph& graph, SelectionPolicy& policy,
               const SessionOptions& options, const StartCommand& start);

  /// After the start. Errors: those of the session, here and below.
  [[nodiscard]] Result<Node> Root();
  /// After this verdict on a commit.
  [[nodiscard]] Result<Node> After(Node node, const CommitId& commit,
                                   Verdict verdict);

  [[nodiscard]] const StepReport& At(Node node) const {
    return steps_[node].report;
  }
  [[nodiscard]] std::size_t size() const { return steps_.size(); }

 private:
  struct Step {
    std::unique_ptr<BisectSession> session;
    StepReport report;
    std::map<std::pair<CommitId, Verdict>, Node> next{};
  };

  const CommitGraph& graph_;
  SelectionPolicy& policy_;
  const SessionOptions& options_;
  const StartCommand& start_;
  std::vector<Step> steps_;
};

}  // namespace rebisect
