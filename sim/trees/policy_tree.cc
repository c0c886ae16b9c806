#include "sim/trees/policy_tree.h"

#include <algorithm>
#include <tuple>
#include <utility>
#include <variant>

#include "sim/base/check.h"
#include "sim/base/result.h"

namespace rebisect {

PolicyTreeBuilder::PolicyTreeBuilder(const SuspectGraph& suspects,
                                     std::span<const double> prior,
                                     SelectionPolicy& policy)
    : all_(suspects),
      prior_(prior),
      policy_(policy),
      number_(suspects.size(), kNoSuspect) {
  REBISECT_CHECK(suspects.size() > 0 && suspects.counted.empty());
  REBISECT_CHECK(policy.TrustsVerdicts());
  tree_.nodes.reserve(suspects.size());
  parents_.reserve(suspects.size());
  tree_.leaves.reserve(suspects.size());
}

Result<DecisionTree> PolicyTreeBuilder::Run() {
  std::vector<Task> tasks(1);
  tasks[0].listing = all_.listing;
  while (!tasks.empty()) {
    const Task task = std::move(tasks.back());
    tasks.pop_back();
    Induce(task);
    if (task.parent != kNoNode) Relist(step_);
    if (task.listing.size() == 1) {
      Link(task, DecisionTree::kLeaf |
                     static_cast<std::uint32_t>(tree_.leaves.size()));
      tree_.leaves.push_back(task.listing.front());
      continue;
    }
    REBISECT_ASSIGN_OR_RETURN(const auto test, Ask());
    Divide(task, test, tasks);
  }
  return std::move(tree_);
}

void PolicyTreeBuilder::Relist(Step& /*step*/) {}

void PolicyTreeBuilder::Divided(const Step& /*step*/, Suspect /*test*/,
                                std::span<const std::uint8_t> /*contained*/) {}

std::vector<Suspect> PolicyTreeBuilder::GoodsOf(const Step& step) const {
  std::vector<Suspect> goods;
  bool bad = step.bad;
  for (std::uint32_t node = step.parent; node != kNoNode;) {
    if (!bad) goods.push_back(tree_.nodes[node].test);
    std::tie(node, bad) = parents_[node];
  }
  return goods;
}

void PolicyTreeBuilder::Link(const Task& task, std::uint32_t target) {
  if (task.parent == kNoNode) return;
  DecisionTree::Node& parent = tree_.nodes[task.parent];
  (task.bad ? parent.bad : parent.good) = target;
}

/// O(size * log(size) + edges).
void PolicyTreeBuilder::Induce(const Task& task) {
  step_.parent = task.parent;
  step_.bad = task.bad;
  step_.suspects = task.listing;
  std::sort(step_.suspects.begin(), step_.suspects.end());
  for (Suspect i = 0; i < step_.suspects.size(); ++i) {
    number_[step_.suspects[i]] = i;
  }
  SuspectGraph& left = step_.left;
  left.graph = all_.graph;
  left.vertices.clear();
  left.rows.clear();
  left.parents.clear();
  left.listing.clear();
  left_prior_.clear();
  for (const Suspect v : step_.suspects) {
    left.vertices.push_back(all_.vertices[v]);
    left.rows.push_back(static_cast<std::uint32_t>(left.parents.size()));
    for (const Suspect parent : all_.Parents(v)) {
      if (number_[parent] != kNoSuspect) {
        left.parents.push_back(number_[parent]);
      }
    }
    if (!prior_.empty()) left_prior_.push_back(prior_[v]);
  }
  left.rows.push_back(static_cast<std::uint32_t>(left.parents.size()));
  for (const Suspect v : task.listing) left.listing.push_back(number_[v]);
  left.counted_total = static_cast<std::uint32_t>(left.size());
  for (const Suspect v : step_.suspects) number_[v] = kNoSuspect;
}

Result<Suspect> PolicyTreeBuilder::Ask() {
  const SearchView view{
      step_.left, static_cast<Suspect>(step_.left.size() - 1), {}, left_prior_};
  REBISECT_ASSIGN_OR_RETURN(const auto next, policy_.Next(view));
  const TestStep* const test = std::get_if<TestStep>(&next);
  REBISECT_CHECK(test != nullptr && test->commits.size() == 1);
  return test->commits.front();
}

void PolicyTreeBuilder::Divide(const Task& task, Suspect test,
                               std::vector<Task>& tasks) {
  const SuspectGraph& left = step_.left;
  contained_.assign(left.size(), 0);
  contained_[test] = 1;
  for (Suspect v = test + 1; v-- > 0;) {
    if (contained_[v] == 0) continue;
    for (const Suspect parent : left.Parents(v)) contained_[parent] = 1;
  }
  Divided(step_, test, contained_);
  const auto node = static_cast<std::uint32_t>(tree_.nodes.size());
  Task bad{{}, node, true};
  Task good{{}, node, false};
  for (const Suspect v : left.listing) {
    (contained_[v] != 0 ? bad : good).listing.push_back(step_.suspects[v]);
  }
  REBISECT_CHECK(!bad.listing.empty() && !good.listing.empty());
  Link(task, node);
  tree_.nodes.push_back(
      {step_.suspects[test], 0, 0,
       static_cast<std::uint32_t>(tree_.leaves.size() + bad.listing.size())});
  parents_.emplace_back(task.parent, task.bad);
  tasks.push_back(std::move(good));
  tasks.push_back(std::move(bad));
}

Result<DecisionTree> BuildPolicyTree(const SuspectGraph& suspects,
                                     std::span<const double> prior,
                                     SelectionPolicy& policy) {
  return PolicyTreeBuilder(suspects, prior, policy).Run();
}

}  // namespace rebisect
