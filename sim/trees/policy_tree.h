#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "sim/base/result.h"
#include "sim/graph/suspect_graph.h"
#include "sim/session/selection_policy.h"
#include "sim/trees/decision_tree.h"

namespace rebisect {

/// Builds the tree of a policy that trusts verdicts by asking it at every
/// node, on the graph of the suspects that are left.
class PolicyTreeBuilder {
 public:
  /// All borrowed. `prior` is by suspect, or empty.
  PolicyTreeBuilder(const SuspectGraph& suspects, std::span<const double> prior,
                    SelectionPolicy& policy);
  PolicyTreeBuilder(const PolicyTreeBuilder&) = delete;
  PolicyTreeBuilder& operator=(const PolicyTreeBuilder&) = delete;
  virtual ~PolicyTreeBuilder() = default;

  /// Errors: those of the policy. Call it once.
  [[nodiscard]] Result<DecisionTree> Run();

 protected:
  static constexpr std::uint32_t kNoNode = 0xffffffffU;

  /// What is known before a node is made.
  struct Step {
    SuspectGraph left;               ///< listing: as in the node above
    std::vector<Suspect> suspects;   ///< who they are, ascending
    std::uint32_t parent = kNoNode;  ///< the node above
    bool bad = false;                ///< the verdict that led here
  };

  /// Puts step.left.listing into the order in which the policy would see it.
  /// Called for single suspects too, but not for the root.
  virtual void Relist(Step& step);
  /// Told of every test, before its sides are taken apart: `contained` is by
  /// number in step.left.
  virtual void Divided(const Step& step, Suspect test,
                       std::span<const std::uint8_t> contained);

  [[nodiscard]] const SuspectGraph& all() const { return all_; }
  /// The tests that were judged good on the way to the step.
  [[nodiscard]] std::vector<Suspect> GoodsOf(const Step& step) const;

 private:
  struct Task {
    std::vector<Suspect> listing{};
    std::uint32_t parent = kNoNode;
    bool bad = false;
  };

  void Link(const Task& task, std::uint32_t target);
  void Induce(const Task& task);
  [[nodiscard]] Result<Suspect> Ask();
  void Divide(const Task& task, Suspect test, std::vector<Task>& tasks);

  const SuspectGraph& all_;
  std::span<const double> prior_;
  SelectionPolicy& policy_;
  std::vector<Suspect> number_;  // in step_.left, by suspect
  Step step_;
  std::vector<double> left_prior_;
  std::vector<std::uint8_t> contained_;
  std::vector<std::pair<std::uint32_t, bool>> parents_;  // by node
  DecisionTree tree_;
};

/// The tree of any policy that trusts verdicts and looks at nothing but the
/// suspects left (and their prior, by suspect, or empty). The listing of the
/// suspects is kept in their given order.
/// O(sum of the policy's cost over all nodes).
/// REQUIRES: suspects is not empty, and all of them count; the last one in
/// number descends from all others; the policy tests one commit at a time,
/// neither the last one nor one that contains all that are left.
/// Errors: those of the policy.
[[nodiscard]] Result<DecisionTree> BuildPolicyTree(
    const SuspectGraph& suspects, std::span<const double> prior,
    SelectionPolicy& policy);

}  // namespace rebisect
