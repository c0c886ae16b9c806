#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "harness/search/policy_tester.h"
#include "harness/search/search_tree.h"

namespace rebisect {

/// How a search stopped.
enum class StopKind {
  kFound,
  kOnlySkipped,
  kError,    ///< git refuses to go on
  kAborted,  ///< by the verdict policy
  kLacking,  ///< the record does not hold what is asked for
  kTooLong,  ///< more tests than any search makes
};

/// What a search asks of a commit, when there is no answer.
struct Lack {
  CommitId commit;
  std::optional<int> runs{};  ///< how many (more)
  bool untested = false;      ///< the record has no run of it at all
};

struct SearchStop {
  StopKind kind = StopKind::kFound;
  std::optional<CommitId> culprit{};
  std::optional<Lack> lack{};
  bool confirming = false;    ///< kLacking: while the end was checked
  std::size_t new_tests = 0;  ///< of commits or builds the record lacks
  std::size_t new_runs = 0;
};

/// A search that follows its own proposals, from some node of the tree on. A
/// value: a copy goes on by itself.
class OwnSearch {
 public:
  using Node = SearchTree::Node;
  /// Told of every test that is not lacking.
  using Listener = std::function<void(const Node& before, const CommitId&,
                                      const TestedCommit&)>;

  /// `tree`, `start` (where confirming starts over) and `at` are borrowed.
  OwnSearch(SearchTree& tree, GraphSource& source, Node& start, Node& at,
            PolicyTester tester);

  /// A verdict that was reached elsewhere. The next node.
  [[nodiscard]] Result<Node*> Mark(const CommitId& commit, Verdict verdict);
  /// From here on at this node.
  void JumpTo(Node& node) { at_ = &node; }

  /// On to the end, or to what the record lacks (with `new_runs`, nothing is
  /// lacking). Errors: those of the session and of the tests.
  [[nodiscard]] Result<SearchStop> Run(NewRuns* new_runs,
                                       const Listener& listener);

  [[nodiscard]] Node& at() const { return *at_; }
  [[nodiscard]] PolicyTester& tester() { return tester_; }

  /// REQUIRES: the last stop was kLacking while confirming. Where the culprit
  /// can be, whatever the answers would be, oldest first.
  [[nodiscard]] Result<std::vector<CommitId>> UnconfirmedSuspects();

 private:
  /// The commits whose verdicts carry the end, and what each has to be.
  [[nodiscard]] std::vector<std::pair<CommitId, Verdict>> DecisiveCommits()
      const;
  [[nodiscard]] Result<Node*> Without(const CommitId& commit, Verdict verdict);
  [[nodiscard]] Result<bool> Confirm(NewRuns* new_runs,
                                     const Listener& listener,
                                     SearchStop& stop);

  SearchTree* tree_;
  GraphSource* source_;
  Node* start_;
  Node* at_;
  PolicyTester tester_;
  std::vector<std::pair<CommitId, Verdict>> marks_;
  std::set<CommitId> confirmed_;
};

}  // namespace rebisect
