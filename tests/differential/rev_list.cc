#include "tests/differential/rev_list.h"

#include <algorithm>
#include <filesystem>
#include <memory>
#include <numeric>
#include <utility>
#include <variant>

#include "sim/check.h"
#include "sim/git_objects.h"
#include "sim/git_selection.h"
#include "sim/weights.h"
#include "tests/differential/git_repository.h"

namespace rebisect::testing_support {
namespace {

/// A graph with the question put to it: bad, the goods, how to walk.
struct StepCase {
  explicit StepCase(std::uint64_t from_seed) : seed(from_seed) {
    Prng prng(seed);
    const Shape shape = kShapes[prng.Below(kShapes.size())];
    const Dates dates =
        prng.Percent(40) ? Dates::kDistinct : kDates[prng.Below(kDates.size())];
    // Above 3,071 suspects git takes what is nearly the half for it.
    const std::uint64_t size =
        seed % 50 == 0 ? prng.Between(3000, 9000) : prng.Between(1, 300);
    random =
        MakeRandomGraph(prng, shape, dates, static_cast<std::size_t>(size));
    ids = CommitIds(random);
    graph = BuildGraph(random, ids);
    bad = prng.Percent(80) ? ids.back() : prng.Pick(ids);
    for (std::uint64_t i = prng.Below(4); i > 0; --i) {
      const std::uint64_t reach =
          prng.Percent(50) ? ids.size() : ids.size() / 4 + 1;
      goods.push_back(ids[prng.Below(reach)]);
    }
    std::sort(goods.begin(), goods.end());
    goods.erase(std::unique(goods.begin(), goods.end()), goods.end());
    first_parent = prng.Percent(20);
  }

  std::uint64_t seed;
  RandomGraph random;
  std::vector<CommitId> ids;
  CommitGraph graph;
  CommitId bad;
  std::vector<CommitId> goods;
  bool first_parent = false;
};

/// The suspects as a search finds them.
SuspectGraph SuspectsOf(const StepCase& step, const GitRules& rules) {
  GitObjects objects(step.graph, rules);
  std::vector<WalkInput> inputs = {{*step.graph.Find(step.bad), false}};
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
std::string BisectAll(const StepCase& step, const SuspectGraph& suspects) {
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
std::string BisectVars(const StepCase& step, const SuspectGraph& suspects,
                       const GitRules& rules) {
  const auto bad = std::find(suspects.vertices.begin(), suspects.vertices.end(),
                             *step.graph.Find(step.bad));
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

std::vector<std::string> RevListWords(const StepCase& step, const char* what) {
  std::vector<std::string> words = {"rev-list", what};
  if (step.first_parent) words.emplace_back("--first-parent");
  words.push_back(step.bad.Hex());
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

std::string CompareStep(const StepCase& step, const GitRepository& repository,
                        const GitRules& rules) {
  const SuspectGraph suspects = SuspectsOf(step, rules);
  if (suspects.size() == 0) return "";
  std::string text;
  const auto expect = [&](const char* what, const std::string& here) {
    const ProcessResult said = repository.Run(RevListWords(step, what));
    if (said.exit_code == 0 && WithoutRefs(said.out) == here) return;
    text += std::string("seed ") + std::to_string(step.seed) +
            ", git rev-list " + what + ": git\n" + said.out + said.err +
            "here\n" + here;
  };
  expect("--bisect-all", BisectAll(step, suspects));
  expect("--bisect-vars", BisectVars(step, suspects, rules));
  return text;
}

}  // namespace

std::vector<std::string> CompareRevLists(std::uint64_t seed, std::size_t count,
                                         const GitBinary& git,
                                         const std::string& folder) {
  const std::string path = folder + "/steps.git";
  std::filesystem::remove_all(path);
  GitRepository repository(git.path, path);
  const GitRules rules = GitRules::Of(git.version);
  std::vector<std::string> differences;
  for (std::size_t i = 0; i < count; ++i) {
    StepCase step(seed + i);
    step.first_parent = step.first_parent && rules.first_parent;
    repository.Import(step.random, false);
    std::string text = CompareStep(step, repository, rules);
    if (!text.empty()) differences.push_back(std::move(text));
  }
  return differences;
}

}  // namespace rebisect::testing_support
