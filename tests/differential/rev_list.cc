#include "tests/differential/rev_list.h"

#include <algorithm>
#include <numeric>
#include <optional>
#include <utility>
#include <variant>

#include "sim/base/check.h"
#include "sim/graph/weights.h"
#include "sim/session/git_objects.h"
#include "sim/session/git_selection.h"
#include "tests/differential/git_repository.h"

namespace rebisect::testing_support {
namespace {

/// A graph with the question put to it: bad, the goods, how to walk.
struct StepQuestion {
  explicit StepQuestion(const BisectCase& bisect_case)
      : ids(CommitIds(StoredGraph(bisect_case))),
        graph(BuildGraph(AsRead(bisect_case.graph), ids)) {
    if (bisect_case.commands.empty()) return;
    const CaseCommand& start = bisect_case.commands.front();
    first_parent = start.first_parent;
    for (const Node node : start.commits) {
      if (bad) {
        goods.push_back(ids[node]);
      } else {
        bad = ids[node];
      }
    }
  }

  std::vector<CommitId> ids;
  CommitGraph graph;
  std::optional<CommitId> bad;
  std::vector<CommitId> goods;
  bool first_parent = false;
};

/// The suspects as a search finds them.
SuspectGraph SuspectsOf(const StepQuestion& step, const GitRules& rules) {
  GitObjects objects(step.graph, rules);
  std::vector<WalkInput> inputs = {{*step.graph.Find(*step.bad), false}};
  for (const CommitId& good : step.goods) {
    inputs.push_back({*step.graph.Find(good), true});
  }
  WalkOptions options;
  options.first_parent = step.first_parent;
  const auto emitted = objects.Walk(inputs, options);
  REBISECT_CHECK(emitted.has_value());
  std::vector<Vertex> listing;
  for (auto it = emitted->rbegin(); it != emitted->rend(); ++it) {
    if (!objects.Uninteresting(*it)) listing.push_back(*it);
  }
  return BuildSuspectGraph(step.graph, listing, [&](Vertex v) {
    const std::span<const Vertex> parents = step.graph.Parents(v);
    return step.first_parent && !parents.empty() ? parents.first(1) : parents;
  });
}

/// All suspects and their distances, the greatest first, as --bisect-all
/// prints them.
std::string BisectAll(const StepQuestion& step, const SuspectGraph& suspects) {
  const Weights weights = ComputeWeights(suspects);
  const auto id = [&](Suspect s) {
    return step.graph.Id(suspects.vertices[s]);
  };
  const auto distance = [&](Suspect s) {
    return std::min(weights[s], suspects.counted_total - weights[s]);
  };
  std::vector<Suspect> sorted(suspects.size());
  std::iota(sorted.begin(), sorted.end(), 0U);
  std::sort(sorted.begin(), sorted.end(), [&](Suspect a, Suspect b) {
    return distance(a) != distance(b) ? distance(a) > distance(b)
                                      : id(a) < id(b);
  });
  std::string text;
  for (const Suspect s : sorted) {
    text += id(s).Hex() + " (dist=" + std::to_string(distance(s)) + ")\n";
  }
  return text;
}

/// The choice as --bisect-vars prints it.
std::string BisectVars(const StepQuestion& step, const SuspectGraph& suspects,
                       const GitRules& rules) {
  const auto bad = std::find(suspects.vertices.begin(), suspects.vertices.end(),
                             *step.graph.Find(*step.bad));
  const SearchView view{
      suspects, static_cast<Suspect>(bad - suspects.vertices.begin()), {}};
  const auto next = GitSelection(rules).Next(view);
  REBISECT_CHECK(next.has_value());
  Suspect chosen = view.bad;
  std::int64_t left = std::int64_t{suspects.counted_total} -
                      ComputeWeights(suspects)[chosen] - 1;
  if (const auto* test = std::get_if<TestStep>(&*next)) {
    chosen = test->commits.front();
    left = test->revisions_left;
  }
  const std::int64_t all = suspects.counted_total;
  const std::int64_t reaches = all - left - 1;
  const auto line = [](const char* name, std::int64_t value) {
    return name + std::to_string(value) + '\n';
  };
  return "bisect_rev='" + step.graph.Id(suspects.vertices[chosen]).Hex() +
         "'\n" + line("bisect_nr=", std::max(left, reaches - 1)) +
         line("bisect_good=", all - reaches - 1) +
         line("bisect_bad=", reaches - 1) + line("bisect_all=", all) +
         line("bisect_steps=", EstimateSteps(all));
}

std::vector<std::string> RevListWords(const StepQuestion& step,
                                      const char* what) {
  std::vector<std::string> words = {"rev-list", what};
  if (step.first_parent) words.emplace_back("--first-parent");
  words.push_back(step.bad->Hex());
  for (const CommitId& good : step.goods) words.push_back('^' + good.Hex());
  return words;
}

/// --bisect-all also shows the refs of a commit, before its distance.
std::string WithoutRefs(const std::string& out) {
  std::string text;
  bool in_refs = false;
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (in_refs && out.compare(i, 5, "dist=") == 0) in_refs = false;
    if (!in_refs) text += out[i];
    if (out[i] == '(') in_refs = true;
  }
  return text;
}

}  // namespace

std::string CompareStep(const BisectCase& bisect_case,
                        const GitVersion& version, GitRepository& repository) {
  const StepQuestion step(bisect_case);
  // Comes up while a case is shrunk: there is nothing to ask.
  if (!step.bad) return "";
  const GitRules rules = GitRules::Of(version);
  const SuspectGraph suspects = SuspectsOf(step, rules);
  if (suspects.size() == 0) return "";
  repository.Import(bisect_case, step.ids);
  std::string text;
  const auto expect = [&](const char* what, const std::string& here) {
    const ProcessResult said = repository.Run(RevListWords(step, what));
    if (said.exit_code == 0 && WithoutRefs(said.out) == here) return;
    text += std::string("git rev-list ") + what + ": git\n" + said.out +
            said.err + "here\n" + here;
  };
  expect("--bisect-all", BisectAll(step, suspects));
  expect("--bisect-vars", BisectVars(step, suspects, rules));
  return text;
}

}  // namespace rebisect::testing_support
