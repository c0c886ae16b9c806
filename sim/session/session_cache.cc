#include "sim/session/session_cache.h"

#include "sim/base/result.h"

namespace rebisect {

SessionCache::SessionCache(const CommitGraph& graph, SelectionPolicy& policy,
                           const SessionOptions& options,
                           const StartCommand& start)
    : graph_(graph), policy_(policy), options_(options), start_(start) {}

Result<SessionCache::Node> SessionCache::Root() {
  if (!steps_.empty()) return Node{0};
  auto session = std::make_unique<BisectSession>(graph_, policy_, options_);
  REBISECT_ASSIGN_OR_RETURN(auto report, session->Start(start_));
  steps_.push_back({std::move(session), std::move(report)});
  return Node{0};
}

Result<SessionCache::Node> SessionCache::After(Node node,
                                               const CommitId& commit,
                                               Verdict verdict) {
  const auto found = steps_[node].next.find({commit, verdict});
  if (found != steps_[node].next.end()) return found->second;
  auto session =
      std::make_unique<BisectSession>(*steps_[node].session, policy_);
  const std::string& term = verdict == Verdict::kSkip  ? std::string("skip")
                            : verdict == Verdict::kBad ? session->term_bad()
                                                       : session->term_good();
  REBISECT_ASSIGN_OR_RETURN(auto report, session->Mark({term, {commit}}));
  const auto next = static_cast<Node>(steps_.size());
  steps_[node].next.emplace(std::pair(commit, verdict), next);
  steps_.push_back({std::move(session), std::move(report)});
  return next;
}

}  // namespace rebisect
