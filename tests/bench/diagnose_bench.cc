// What a diagnosis costs: 20,000 suspects, thirty tested commits with ten runs
// each, the graph loaded already.

#include <string>
#include <utility>
#include <vector>

#include <benchmark/benchmark.h>

#include "oracle/diagnosis/diagnosis.h"
#include "sim/base/check.h"
#include "sim/session/bisect_session.h"
#include "sim/session/git_selection.h"
#include "tests/support/random_graph.h"

namespace rebisect {
namespace {

constexpr std::size_t kCommits = 20001;
constexpr std::size_t kTested = 30;

struct Search {
  CommitGraph graph;
  Evidence evidence;
  SearchSpace space;
  Vertex culprit = 0;
};

CommitGraph MakeGraph() {
  testing_support::TestPrng prng(1);
  const auto made = testing_support::MakeRandomGraph(
      prng, testing_support::Shape::kKernel, testing_support::Dates::kJitter,
      kCommits);
  return testing_support::BuildGraph(made, testing_support::CommitIds(made));
}

/// Git's own tests, then any others, up to thirty; `titles` other titles turn
/// up in one run of some commits with the bug.
class SearchMaker {
 public:
  explicit SearchMaker(std::size_t titles) : titles_(titles) {
    search_.graph = MakeGraph();
    bad_ = static_cast<Vertex>(search_.graph.size() - 1);
    good_ = 0;
    search_.space.graph = &search_.graph;
    search_.space.goods = {good_};
    search_.space.suspects =
        SuspectsBetween(search_.graph, bad_, {good_}, false);
    const auto& suspects = search_.space.suspects;
    search_.culprit = suspects[suspects.size() / 3];
    has_bug_.assign(search_.graph.size(), false);
    for (Vertex v = search_.culprit; v < search_.graph.size(); ++v) {
      has_bug_[v] = v == search_.culprit;
      for (const Vertex parent : search_.graph.Parents(v)) {
        if (has_bug_[parent]) has_bug_[v] = true;
      }
    }
    for (std::size_t i = 0; i < titles; ++i) {
      search_.evidence.other_titles.push_back("title " + std::to_string(i));
    }
    search_.evidence.kind = RecordingKind::kCause;
  }

  Search Make() {
    Add(bad_, 0);
    Add(good_, 0);
    GitSelection selection(GitRules::Of(kNewestGit));
    BisectSession session(search_.graph, selection, {});
    StartCommand command;
    command.bad = search_.graph.Id(bad_);
    command.goods = {search_.graph.Id(good_)};
    auto report = session.Start(command);
    for (int step = 1; report && report->next; ++step) {
      const Vertex next = *search_.graph.Find(*report->next);
      Add(next, step);
      report = session.Mark({has_bug_[next] ? "bad" : "good", {}});
    }
    REBISECT_CHECK(report.has_value());
    testing_support::TestPrng prng(2);
    while (search_.evidence.commits.size() < kTested) {
      Add(prng.Pick(search_.space.suspects), 0);
    }
    return std::move(search_);
  }

 private:
  void Add(Vertex v, int step) {
    CommitEvidence commit;
    commit.commit = search_.graph.Id(v).Hex();
    commit.step = step;
    commit.has_runs = true;
    commit.verdict = has_bug_[v] ? Verdict::kBad : Verdict::kGood;
    commit.others.assign(titles_, 0);
    const std::size_t at = search_.evidence.commits.size();
    if (!has_bug_[v]) {
      commit.ok = 10;
    } else if (titles_ > 0 && at % 3 == 0) {
      commit.target = 8;
      commit.ok = 1;
      commit.others[at / 3 % titles_] = 1;
    } else {
      commit.target = 9;
      commit.ok = 1;
    }
    search_.evidence.commits.push_back(std::move(commit));
    search_.space.tested.push_back(v);
  }

  std::size_t titles_;
  Search search_;
  std::vector<bool> has_bug_;
  Vertex bad_ = 0;
  Vertex good_ = 0;
};

void Diagnose20000(benchmark::State& state) {
  Search search = SearchMaker(static_cast<std::size_t>(state.range(0))).Make();
  search.space.graph = &search.graph;
  DiagnosisRequest request;
  request.evidence = &search.evidence;
  request.space = &search.space;
  request.culprit = search.culprit;
  request.details = state.range(1) != 0;
  for (auto _ : state) benchmark::DoNotOptimize(Diagnose(request));
  state.counters["suspects"] =
      static_cast<double>(search.space.suspects.size());
  state.counters["tested"] =
      static_cast<double>(search.evidence.commits.size());
}
BENCHMARK(Diagnose20000)
    ->ArgNames({"titles", "details"})
    ->ArgsProduct({{0, 1, 2, 4}, {0, 1}})
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace rebisect
