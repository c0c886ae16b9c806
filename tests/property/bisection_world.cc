#include "tests/property/bisection_world.h"

#include <algorithm>
#include <string>
#include <tuple>
#include <utility>

#include "oracle/diagnosis/diagnosis.h"
#include "sim/base/check.h"
#include "sim/base/portable_math.h"
#include "sim/session/bisect_session.h"
#include "sim/session/git_selection.h"
#include "tests/support/random_graph.h"

namespace rebisect::property {
namespace {

namespace ts = testing_support;

constexpr int kRuns = 10;

/// One bug: where it is and how often it shows.
struct Bug {
  enum class Where { kSuspect, kEverywhere, kNowhere, kApart, kBackground };
  Where where = Where::kSuspect;
  Vertex culprit = 0;
  double mean = .5;
  double concentration = 16;
};

struct OneRun {
  bool target = false;
  bool other = false;
};

class Simulation {
 public:
  Simulation(const WorldKind& kind, const ModelPriors& priors,
             std::size_t commits, std::uint64_t seed, std::uint64_t trial)
      : kind_(kind),
        priors_(priors),
        model_(priors),
        commits_(commits),
        base_(seed, 0, trial) {}

  SimulatedSearch Run() {
    // A way to draw a title is taken with the prior that the model gives it
    // after having seen whether the two titles show beside each other: what
    // comes out is drawn from the very distribution that it assumes.
    for (std::uint64_t attempt = 0;; ++attempt) {
      prng_ = base_.Stream(attempt);
      result_ = SimulatedSearch();
      MakeGraph();
      DrawTruth();
      Search();
      if (!has_title_ || Accept()) break;
    }
    TakeTitleAway();
    return std::move(result_);
  }

 private:
  void MakeGraph() {
    ts::TestPrng graph_prng(prng_.Next());
    constexpr ts::Shape kShapes[] = {ts::Shape::kKernel, ts::Shape::kCrissCross,
                                     ts::Shape::kWide, ts::Shape::kLadder};
    const auto made = ts::MakeRandomGraph(graph_prng, kShapes[prng_.Below(4)],
                                          ts::Dates::kDistinct, commits_);
    result_.graph = ts::BuildGraph(made, ts::CommitIds(made));
    const CommitGraph& graph = result_.graph;
    // From the last commit down to the first one below it.
    bad_ = static_cast<Vertex>(graph.size() - 1);
    good_ = bad_;
    while (!graph.Parents(good_).empty()) good_ = graph.Parents(good_)[0];
    result_.space.suspects = SuspectsBetween(graph, bad_, {good_}, false);
    result_.space.goods = {good_};
  }

  Bug DrawBug() {
    Bug bug;
    const double u = prng_.Uniform();
    const double older = kind_.older < 0 ? priors_.older : kind_.older;
    const double unrelated =
        kind_.unrelated < 0 ? priors_.unrelated : kind_.unrelated;
    if (u < older) {
      bug.where = Bug::Where::kEverywhere;
    } else if (u < older + unrelated) {
      bug.where = Bug::Where::kApart;
    } else {
      const auto& suspects = result_.space.suspects;
      bug.culprit =
          suspects[prng_.Below(static_cast<std::uint32_t>(suspects.size()))];
    }
    DrawPoint(bug);
    return bug;
  }

  void DrawPoint(Bug& bug) {
    double u = prng_.Uniform();
    for (const RunModel::Point& point : model_.grid()) {
      bug.mean = point.mean;
      bug.concentration = point.concentration;
      u -= PortableExp(point.log_weight);
      if (u < 0) break;
    }
  }

  void DrawTruth() {
    bug_ = DrawBug();
    if (kind_.mean) bug_.mean = *kind_.mean;
    if (kind_.concentration) bug_.concentration = *kind_.concentration;
    if (bug_.where == Bug::Where::kEverywhere) result_.besides = "older";
    if (bug_.where == Bug::Where::kApart) result_.besides = "unrelated";
    if (bug_.where == Bug::Where::kSuspect) result_.true_culprit = bug_.culprit;
    others_.clear();
    for (int i = 0; i < kind_.other_bugs; ++i) {
      Bug other = DrawBug();
      if (prng_.Chance(.5)) other.where = Bug::Where::kEverywhere;
      other.mean = kind_.other_rate;
      other.concentration = 8;
      others_.push_back(other);
    }
    has_title_ = prng_.Chance(kind_.model_title);
    if (!has_title_) return;
    same_ = prng_.Chance(.5);
    before_ = prng_.Chance(.5);
    if (same_) {
      constexpr double kMeans[] = {.05, .2, .5, .8, .95};
      constexpr double kConcentrations[] = {.5, 2., 8., 64.};
      split_mean_ = kMeans[prng_.Below(5)];
      split_concentration_ = kConcentrations[prng_.Below(4)];
      return;
    }
    Bug other = DrawBug();
    if (prng_.Chance(priors_.background_share)) {
      other.where = Bug::Where::kBackground;
    }
    others_.push_back(other);
  }

  /// The chance that a run of this commit shows the bug.
  double RateOf(const Bug& bug, Vertex commit) {
    if (bug.where == Bug::Where::kBackground) {
      return prng_.Beta(priors_.background_a, priors_.background_b);
    }
    if (bug.where == Bug::Where::kApart) {
      return prng_.Beta(priors_.unrelated_a, priors_.unrelated_a);
    }
    bool present =
        bug.where == Bug::Where::kEverywhere ||
        (bug.where == Bug::Where::kSuspect && Contains(commit, bug.culprit));
    if (prng_.Chance(present ? priors_.hidden_share : priors_.exposed_share)) {
      present = !present;
    }
    if (!present) {
      return prng_.Beta(priors_.false_crash_a, priors_.false_crash_b);
    }
    return prng_.Beta(bug.mean * bug.concentration,
                      (1 - bug.mean) * bug.concentration);
  }

  bool Contains(Vertex commit, Vertex culprit) {
    std::vector<bool> seen(commit + 1, false);
    seen[commit] = true;
    for (Vertex v = commit + 1; v-- > culprit;) {
      if (!seen[v]) continue;
      if (v == culprit) return true;
      for (const Vertex p : result_.graph.Parents(v)) seen[p] = true;
    }
    return false;
  }

  void Test(Vertex commit, CommitEvidence& evidence) {
    const double rate = RateOf(bug_, commit);
    std::vector<double> other_rates;
    for (const Bug& other : others_) {
      other_rates.push_back(RateOf(other, commit));
    }
    const double split =
        has_title_ && same_
            ? prng_.Beta(split_mean_ * split_concentration_,
                         (1 - split_mean_) * split_concentration_)
            : 0;
    const bool dead = prng_.Chance(kind_.dead_machine);
    const bool cursed = prng_.Chance(kind_.cursed_machine);
    evidence.has_runs = true;
    evidence.others.assign(1, 0);
    for (int i = 0; i < kRuns; ++i) {
      OneRun run;
      run.target = (prng_.Chance(rate) && !dead) || cursed;
      for (const double other : other_rates) {
        if (prng_.Chance(other) && !dead) run.other = true;
      }
      if (run.target && run.other) (before_ ? run.target : run.other) = false;
      if (run.target && prng_.Chance(split)) {
        run.target = false;
        run.other = true;
      }
      evidence.target += run.target ? 1 : 0;
      evidence.others[0] += run.other ? 1 : 0;
      evidence.ok += run.target || run.other ? 0 : 1;
    }
  }

  /// What a recorder makes of the runs.
  Verdict Add(Vertex commit, int step) {
    CommitEvidence evidence;
    evidence.commit = result_.graph.Id(commit).Hex();
    evidence.step = step;
    Test(commit, evidence);
    evidence.verdict = evidence.Crashed() > 0 ? Verdict::kBad : Verdict::kGood;
    result_.evidence.commits.push_back(evidence);
    result_.space.tested.emplace_back(commit);
    return *evidence.verdict;
  }

  void Search() {
    result_.evidence.kind = RecordingKind::kCause;
    result_.evidence.target_titles = {"the crash"};
    result_.evidence.other_titles = {"another"};
    Add(bad_, 0);
    Add(good_, 0);
    const CommitGraph& graph = result_.graph;
    GitSelection selection(GitRules::Of(kNewestGit));
    BisectSession session(graph, selection, SessionOptions{});
    StartCommand start;
    start.bad = graph.Id(bad_);
    start.goods = {graph.Id(good_)};
    auto report = session.Start(start);
    for (int step = 1; report && report->next; ++step) {
      const Vertex commit = *graph.Find(*report->next);
      const Verdict verdict = Add(commit, step);
      report = session.Mark({std::string(ToString(verdict)), {}});
    }
    REBISECT_CHECK(report.has_value());
    if (report->culprit) result_.culprit = graph.Find(*report->culprit);
  }

  /// With the prior chance of what was drawn, given what it shows.
  bool Accept() {
    bool beside = false;
    for (const CommitEvidence& commit : result_.evidence.commits) {
      if (commit.target > 0 && commit.others[0] > 0) beside = true;
    }
    const double same =
        beside ? 1 - priors_.other_if_beside : priors_.same_if_apart;
    return prng_.Chance(same_ ? same : 1 - same);
  }

  /// A title that never showed is not known of.
  void TakeTitleAway() {
    auto& commits = result_.evidence.commits;
    const bool shown =
        std::any_of(commits.begin(), commits.end(),
                    [](const CommitEvidence& c) { return c.others[0] > 0; });
    if (shown) return;
    result_.evidence.other_titles.clear();
    for (CommitEvidence& commit : commits) commit.others.clear();
  }

  const WorldKind& kind_;
  const ModelPriors& priors_;
  RunModel model_;
  std::size_t commits_;
  Prng base_;
  Prng prng_{0, 0, 0};
  SimulatedSearch result_;
  Vertex bad_ = 0;
  Vertex good_ = 0;
  Bug bug_;
  std::vector<Bug> others_;
  bool has_title_ = false;
  bool same_ = false;
  bool before_ = false;
  double split_mean_ = .5;
  double split_concentration_ = 8;
};

}  // namespace

SimulatedSearch Simulate(const WorldKind& kind, const ModelPriors& priors,
                         std::size_t commits, std::uint64_t seed,
                         std::uint64_t trial) {
  return Simulation(kind, priors, commits, seed, trial).Run();
}

std::size_t TrueHypothesis(const SimulatedSearch& search,
                           const HypothesisSpace& space) {
  if (search.true_culprit) return *GroupOf(space, *search.true_culprit);
  for (std::size_t h = 0; h < space.hypotheses.size(); ++h) {
    if (space.hypotheses[h].name == search.besides) return h;
  }
  REBISECT_CHECK(false);
  return 0;
}

WorldKind PriorWorld() {
  WorldKind kind;
  kind.name = "prior";
  kind.model_title = .5;
  return kind;
}

std::vector<WorldKind> MisspecifiedWorlds() {
  std::vector<WorldKind> kinds;
  const auto add = [&kinds](const std::string& name) -> WorldKind& {
    kinds.emplace_back();
    kinds.back().name = name;
    return kinds.back();
  };
  for (const auto& [mean, text] :
       {std::pair{.1, ".1"}, std::pair{.3, ".3"}, std::pair{.6, ".6"}}) {
    for (const auto& [concentration, how] :
         {std::pair{.5, "very"}, std::pair{1.5, "quite"},
          std::pair{4., "somewhat"}}) {
      WorldKind& kind = add(std::string(how) + " uneven, mean " + text);
      kind.mean = mean;
      kind.concentration = concentration;
    }
  }
  // The others with rates as the model draws them, and with a steady one.
  for (const bool steady : {false, true}) {
    const std::size_t first = kinds.size();
    add("1% of tests on dead machines").dead_machine = .01;
    add("0.5% of tests on cursed machines").cursed_machine = .005;
    for (const auto& [bugs, rate, text] :
         {std::tuple{1, .05, "5%"}, std::tuple{3, .02, "2%"},
          std::tuple{3, .05, "5%"}, std::tuple{3, .2, "20%"}}) {
      WorldKind& kind = add(std::to_string(bugs) + " other bugs of " + text);
      kind.other_bugs = bugs;
      kind.other_rate = rate;
    }
    add("older, half of them").older = .5;
    if (!steady) continue;
    for (std::size_t i = first; i < kinds.size(); ++i) {
      kinds[i].mean = .9;
      kinds[i].concentration = 16;
      kinds[i].name += ", steady";
    }
  }
  add("older, all").older = .999;
  WorldKind& older = add("older and uneven, all");
  older.older = .999;
  older.mean = .3;
  older.concentration = 1;
  return kinds;
}

std::vector<WorldKind> HeavyWorlds() {
  std::vector<WorldKind> kinds(4);
  kinds[0].name = "5% of tests on dead machines";
  kinds[0].dead_machine = .05;
  kinds[1].name = "20% of tests on dead machines";
  kinds[1].dead_machine = .2;
  kinds[2].name = "2% of tests on cursed machines";
  kinds[2].cursed_machine = .02;
  kinds[3].name = "10% of tests on cursed machines";
  kinds[3].cursed_machine = .1;
  return kinds;
}

Tally Calibrate(const WorldKind& kind, int searches, std::size_t commits,
                std::uint64_t seed) {
  Tally tally;
  tally.searches = searches;
  const ModelPriors priors;
  for (int i = 0; i < searches; ++i) {
    SimulatedSearch search =
        Simulate(kind, priors, commits, seed, static_cast<std::uint64_t>(i));
    search.UseGraph();
    DiagnosisRequest request;
    request.evidence = &search.evidence;
    request.space = &search.space;
    request.culprit = search.culprit;
    request.details = false;
    const Diagnosis diagnosis = Diagnose(request);
    const std::size_t truth = TrueHypothesis(search, diagnosis.space);
    for (const CredibleSet::Part& part : diagnosis.credible.parts) {
      if (part.hypothesis != truth) continue;
      tally.covered +=
          static_cast<double>(part.commits) /
          static_cast<double>(diagnosis.space.hypotheses[truth].commits);
    }
    tally.mass += diagnosis.credible.mass;
    if (!search.culprit) continue;
    const bool right = search.true_culprit == search.culprit;
    const auto bin = static_cast<std::size_t>(diagnosis.result * 10);
    Tally::Bin& in = tally.bins[std::min(bin, tally.bins.size() - 1)];
    ++in.searches;
    in.posterior += diagnosis.result;
    if (right) ++in.right;
    if (diagnosis.conclusion == Conclusion::kTrustworthy) {
      ++tally.trusted;
      if (!right) ++tally.trusted_wrong;
    } else if (diagnosis.conclusion == Conclusion::kContradicted) {
      ++tally.contradicted;
      if (right) ++tally.contradicted_right;
    }
  }
  return tally;
}

}  // namespace rebisect::property
