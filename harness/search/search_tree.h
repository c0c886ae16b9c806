#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "harness/search/record_commands.h"
#include "harness/search/search.h"
#include "oracle/answers/recorded_oracle.h"
#include "scenarios/recording/recording.h"
#include "scenarios/recording/steps.h"
#include "sim/base/result.h"
#include "sim/base/verdict.h"
#include "sim/graph/commit_id.h"
#include "sim/session/selection_policy.h"

namespace rebisect {

/// All searches that begin as a record does, each step computed once: the
/// verdicts so far lead to a node, and a search that comes the same way again
/// finds it there. Memory: that of a session for each different sequence.
class SearchTree {
 public:
  class Node {
   public:
    [[nodiscard]] const StepReport& report() const { return report_; }
    /// Where a policy trusts no verdict, as it was when that began to choose.
    [[nodiscard]] const BisectSession& session() const {
      return search_->session();
    }

   private:
    friend class SearchTree;
    struct Watched;
    explicit Node(std::shared_ptr<Search> search)
        : search_(std::move(search)) {}

    std::shared_ptr<Search> search_;
    StepReport report_;
    /// What a policy has seen that trusts no verdict. Null before it chooses.
    std::shared_ptr<const Watched> watched_;
    std::vector<Observation> observations_;
    std::vector<std::uint8_t> skipped_;  ///< by suspect; empty: none

    void Hear(const CommitId& commit, Verdict verdict);

    std::map<std::pair<CommitId, Verdict>, std::unique_ptr<Node>> by_verdict_;
    std::map<std::size_t, std::unique_ptr<Node>> by_move_;
  };

  /// All borrowed. `selection` chooses in git's place, but for merge bases;
  /// null: git does. Several tests side by side are made one by one.
  SearchTree(const Recording& recording, const RecordedSearch& search,
             GraphSource& source, const CommitOf& commit_of,
             const SearchOptions& options, SelectionPolicy* selection);

  /// After the recorded move, a start (`from` is then not used), or a mark
  /// that is taken as it is. Valid as long as the tree.
  /// Errors: kNotFound for a commit that the graph lacks, and those of the
  /// session and of the selection policy.
  [[nodiscard]] Result<Node*> Follow(Node* from, std::size_t move);

  /// After this verdict on this commit, which is taken to have been proposed.
  [[nodiscard]] Result<Node*> Mark(Node& from, const CommitId& commit,
                                   Verdict verdict);

  /// Where the culprit can still be: the suspects of the session, skipped
  /// ones too. O(graph).
  [[nodiscard]] std::vector<CommitId> SuspectsAt(const Node& node) const;

  [[nodiscard]] const SearchOptions& options() const { return options_; }
  [[nodiscard]] std::size_t size() const { return size_; }

 private:
  /// Finds what a line of the record names.
  [[nodiscard]] FindRecorded FindAt(int line) const;
  /// Puts the policy's choice in the place of git's.
  [[nodiscard]] Result<void> Choose(Node& node);
  [[nodiscard]] Result<void> ChooseAmongLeft(Node& node);
  [[nodiscard]] Result<void> ChooseAmongAll(Node& node);

  const Recording& recording_;
  const RecordedSearch& moves_;
  GraphSource& source_;
  const CommitOf& commit_of_;
  SearchOptions options_;
  SelectionPolicy* selection_;
  const Start* start_ = nullptr;  ///< the last one followed
  std::map<std::size_t, std::unique_ptr<Node>> roots_;
  std::size_t size_ = 0;
};

}  // namespace rebisect
