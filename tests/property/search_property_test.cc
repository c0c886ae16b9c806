#include <algorithm>
#include <cstdlib>
#include <numeric>
#include <string>
#include <utility>

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "sim/graph/weights.h"
#include "sim/session/bisect_session.h"
#include "sim/session/git_selection.h"
#include "tests/support/random_graph.h"

namespace rebisect {
namespace {

using testing_support::kDates;
using testing_support::kShapes;
using testing_support::MakeRandomGraph;
using testing_support::RandomGraph;
using testing_support::TestPrng;

/// The same cases at every run, unless the environment asks for others.
const bool kSeeded = setenv("RC_PARAMS", "seed=1", 0) == 0;

/// A random graph; rapidcheck shrinks its size. Never empty.
RandomGraph AnyGraph(std::size_t most) {
  const auto size = *rc::gen::inRange<std::size_t>(1, most);
  const auto shape = *rc::gen::inRange<std::size_t>(0, kShapes.size());
  const auto dates = *rc::gen::inRange<std::size_t>(0, kDates.size());
  TestPrng prng(*rc::gen::arbitrary<std::uint64_t>());
  return MakeRandomGraph(prng, kShapes[shape], kDates[dates], size);
}

std::size_t AnyNode(const RandomGraph& graph) {
  return *rc::gen::inRange<std::size_t>(0, graph.size());
}

/// By node: whether it reaches `node`.
std::vector<bool> Reaching(const RandomGraph& graph, std::size_t node) {
  std::vector<bool> reaching(graph.size(), false);
  reaching[node] = true;
  for (std::size_t v = node; v < graph.size(); ++v) {
    for (const std::uint32_t p : graph[v].parents) {
      if (reaching[p]) reaching[v] = true;
    }
  }
  return reaching;
}

/// The commits that a session proposes, and the culprit at last, when every
/// verdict is true. Nothing when it does not end with one.
std::vector<CommitId> Bisect(BisectSession& session, const StartCommand& start,
                             const RandomGraph& graph,
                             const std::vector<CommitId>& ids,
                             std::size_t culprit) {
  const std::vector<bool> is_bad = Reaching(graph, culprit);
  std::vector<CommitId> path;
  auto report = session.Start(start);
  for (std::size_t step = 0; step < graph.size() + 2; ++step) {
    if (!report) return {};
    if (report->culprit) {
      path.push_back(*report->culprit);
      return path;
    }
    if (!report->next) return {};
    path.push_back(*report->next);
    const auto at = std::find(ids.begin(), ids.end(), *report->next);
    const bool bad = is_bad[static_cast<std::size_t>(at - ids.begin())];
    report = session.Mark({bad ? "bad" : "good", {}});
  }
  return {};
}

/// A search in a graph for a culprit: bad is the last commit, the goods are
/// ancestors of it that the culprit does not reach.
struct Question {
  RandomGraph graph;
  std::vector<CommitId> ids;
  std::size_t culprit = 0;
  StartCommand start;
};

Question AnyQuestion() {
  Question question;
  question.graph = AnyGraph(80);
  const RandomGraph& graph = question.graph;
  question.ids = CommitIds(graph);
  const std::size_t last = graph.size() - 1;
  question.culprit = AnyNode(graph);
  RC_PRE(Reaching(graph, question.culprit)[last]);
  question.start.bad = question.ids[last];
  for (int i = 0; i < 3; ++i) {
    const std::size_t good = AnyNode(graph);
    if (Reaching(graph, good)[last] &&
        !Reaching(graph, question.culprit)[good]) {
      question.start.goods.push_back(question.ids[good]);
    }
  }
  RC_PRE(!question.start.goods.empty());
  return question;
}

std::string Show(const Question& question) {
  std::string text;
  for (std::size_t node = 0; node < question.graph.size(); ++node) {
    text += 'n' + std::to_string(node) + " <-";
    for (const std::uint32_t p : question.graph[node].parents) {
      text += " n" + std::to_string(p);
    }
    text += ", at " + std::to_string(question.graph[node].date);
    for (const CommitId& good : question.start.goods) {
      if (good == question.ids[node]) text += ", good";
    }
    text += node == question.culprit ? ", the culprit\n" : "\n";
  }
  return text;
}

/// Where dates are equal or run backwards, git before 2.3.0 looks for merge
/// bases without need, and the marks that this leaves can make it announce the
/// bad commit itself at once: the one way in which true verdicts mislead it.
CommitGraph WithRisingDates(const Question& question) {
  RandomGraph graph = question.graph;
  std::int64_t date = 1500000000;
  for (auto& commit : graph) commit.date = ++date;
  return BuildGraph(graph, question.ids);
}

TEST(SearchProperty, TrueVerdictsLeadToTheCulpritInEveryVersion) {
  EXPECT_TRUE(rc::check([] {
    const Question question = AnyQuestion();
    const CommitGraph graph = BuildGraph(question.graph, question.ids);
    const CommitGraph rising = WithRisingDates(question);
    for (const GitVersion& version : GitFamilies()) {
      RC_LOG() << "git " << version.ToString() << '\n' << Show(question);
      const GitRules rules = GitRules::Of(version);
      GitSelection selection(rules);
      SessionOptions options;
      options.version = version;
      BisectSession session(rules.merge_base_marks_leak ? rising : graph,
                            selection, options);
      const std::vector<CommitId> path =
          Bisect(session, question.start, question.graph, question.ids,
                 question.culprit);
      RC_ASSERT(!path.empty());
      RC_ASSERT(path.back() == question.ids[question.culprit]);
    }
  }));
}

/// The numbers that CommitGraph gives do not matter, nor does the order in
/// which the goods are named.
TEST(SearchProperty, DoesNotDependOnTheOrderOfItsInput) {
  EXPECT_TRUE(rc::check([] {
    Question question = AnyQuestion();
    const CommitGraph graph = BuildGraph(question.graph, question.ids);
    GitSelection selection(GitRules::Of(kNewestGit));
    BisectSession session(graph, selection, {});
    const std::vector<CommitId> path =
        Bisect(session, question.start, question.graph, question.ids,
               question.culprit);

    // The same commits with the last one first, and the goods reversed.
    const auto n = static_cast<std::uint32_t>(graph.size());
    CommitArrays arrays;
    arrays.rows.push_back(0);
    for (std::uint32_t node = n; node-- > 0;) {
      arrays.ids.push_back(question.ids[node]);
      arrays.dates.push_back(question.graph[node].date);
      for (const std::uint32_t p : question.graph[node].parents) {
        arrays.parents.push_back(n - 1 - p);
      }
      arrays.rows.push_back(static_cast<std::uint32_t>(arrays.parents.size()));
    }
    const auto turned = CommitGraph::Build(std::move(arrays));
    RC_ASSERT(turned.has_value());
    std::reverse(question.start.goods.begin(), question.start.goods.end());
    BisectSession other(*turned, selection, {});
    RC_ASSERT(Bisect(other, question.start, question.graph, question.ids,
                     question.culprit) == path);
  }));
}

TEST(WeightsProperty, SumToThePairsOfAnAncestorAndADescendant) {
  EXPECT_TRUE(rc::check([] {
    const RandomGraph random = AnyGraph(200);
    const CommitGraph graph = BuildGraph(random, CommitIds(random));
    const Weights weights = ComputeWeights(testing_support::AllSuspects(graph));
    std::size_t pairs = 0;
    for (std::size_t node = 0; node < random.size(); ++node) {
      const std::vector<bool> reaching = Reaching(random, node);
      pairs += static_cast<std::size_t>(
          std::count(reaching.begin(), reaching.end(), true));
    }
    RC_ASSERT(std::accumulate(weights.begin(), weights.end(), std::size_t{0}) ==
              pairs);
  }));
}

/// A commit weighs more than each of its parents, and no more than all of
/// them together and itself.
TEST(WeightsProperty, GrowFromParentsToChildren) {
  EXPECT_TRUE(rc::check([] {
    const RandomGraph random = AnyGraph(200);
    const CommitGraph graph = BuildGraph(random, CommitIds(random));
    const SuspectGraph suspects = testing_support::AllSuspects(graph);
    const Weights weights = ComputeWeights(suspects);
    for (Suspect s = 0; s < suspects.size(); ++s) {
      std::size_t sum = 1;
      for (const Suspect p : suspects.Parents(s)) {
        RC_ASSERT(weights[s] > weights[p]);
        sum += weights[p];
      }
      RC_ASSERT(weights[s] <= sum);
    }
  }));
}

}  // namespace
}  // namespace rebisect
