#include "oracle/diagnosis/posterior_world.h"

#include <cmath>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/graph_literal.h"

namespace rebisect {
namespace {

using testing_support::Arrays;
using testing_support::IdOf;

CommitEvidence Seen(const std::string& commit, int target, int ok,
                    int other = 0) {
  CommitEvidence evidence;
  evidence.commit = commit;
  evidence.has_runs = true;
  evidence.target = target;
  evidence.ok = ok;
  evidence.others = {other};
  return evidence;
}

CommitEvidence Stated(const std::string& commit, Verdict verdict) {
  CommitEvidence evidence;
  evidence.commit = commit;
  evidence.verdict = verdict;
  return evidence;
}

///   a - b - c - d - e - f
///        \         /
///         x - y ---
/// The good end is a, the bad one f.
class Drawn {
 public:
  explicit Drawn(std::vector<CommitEvidence> commits,
                 RecordingKind kind = RecordingKind::kCause,
                 const ModelPriors& priors = {})
      : graph_(Graph()), model_(priors) {
    evidence_.kind = kind;
    evidence_.target_titles = {"BUG"};
    bool others = false;
    for (const CommitEvidence& commit : commits) {
      space_.tested.push_back(graph_.Find(IdOf(commit.commit)));
      others = others || (commit.has_runs && commit.others.front() > 0);
    }
    if (others) evidence_.other_titles = {"WARNING"};
    evidence_.commits = std::move(commits);
    for (CommitEvidence& commit : evidence_.commits) {
      commit.others.resize(evidence_.other_titles.size());
    }
    space_.graph = &graph_;
    space_.goods = {At("a")};
    space_.suspects =
        SuspectsBetween(graph_, At("f"), space_.goods, /*first_parent=*/false);
    hypotheses_ = MakeHypotheses(evidence_, space_, priors);
    posterior_ =
        ComputePosterior(model_, evidence_, hypotheses_.hypotheses,
                         ReadTitles(model_, evidence_, hypotheses_.hypotheses));
    worlds_ = std::make_unique<PosteriorWorlds>(
        PosteriorWorlds::Input{evidence_,
                               space_,
                               hypotheses_,
                               posterior_,
                               model_,
                               "BUG",
                               {evidence_.other_titles}});
  }

  static CommitGraph Graph() {
    auto graph = CommitGraph::Build(Arrays({{"a", {}},
                                            {"b", {"a"}},
                                            {"c", {"b"}},
                                            {"x", {"b"}},
                                            {"d", {"c"}},
                                            {"y", {"x"}},
                                            {"e", {"d", "y"}},
                                            {"f", {"e"}}}));
    REBISECT_CHECK(graph.has_value());
    return *std::move(graph);
  }

  [[nodiscard]] Vertex At(const std::string& name) const {
    return *graph_.Find(IdOf(name));
  }
  DrawnWorld Draw(std::uint64_t trial) {
    return worlds_->Draw(Prng(11, 0, trial));
  }
  [[nodiscard]] const Posterior& posterior() const { return posterior_; }
  [[nodiscard]] const HypothesisSpace& hypotheses() const {
    return hypotheses_;
  }

  /// The chance that the next run of a tested commit crashes, from the
  /// likelihood of one crash more. REQUIRES: there is no other title.
  double NextCrash(std::size_t commit) {
    const Reading& reading = posterior_.readings.front();
    const int hits = reading.hits[commit];
    const int misses = reading.misses[commit];
    const auto now = model_.OfRuns(hits, misses);
    const auto then = model_.OfRuns(hits + 1, misses);
    double chance = 0;
    for (std::size_t g = 0; g < model_.grid().size(); ++g) {
      for (std::size_t h = 0; h < hypotheses_.hypotheses.size(); ++h) {
        const auto presence = static_cast<std::size_t>(
            hypotheses_.hypotheses[h].presence[commit]);
        chance += posterior_.joint[g][h] *
                  std::exp(then[g][presence] - now[g][presence]);
      }
    }
    return chance;
  }

 private:
  CommitGraph graph_;
  Evidence evidence_;
  SearchSpace space_;
  RunModel model_;
  HypothesisSpace hypotheses_;
  Posterior posterior_;
  std::unique_ptr<PosteriorWorlds> worlds_;
};

constexpr std::uint64_t kTrials = 8000;

/// Four standard deviations of a share of kTrials.
double Slack(double share) {
  return 4 * std::sqrt(share * (1 - share) / kTrials) + 1e-9;
}

/// The search ended between c and d; the merge's other side was not tested.
std::vector<CommitEvidence> Usual() {
  return {Seen("f", 8, 2), Seen("a", 0, 10), Seen("d", 1, 9), Seen("c", 0, 10)};
}

TEST(PosteriorWorldTest, HypothesesComeUpAsTheirPosteriorSays) {
  Drawn drawn(Usual());
  std::map<std::size_t, double> shares;
  for (std::uint64_t i = 0; i < kTrials; ++i) {
    shares[drawn.Draw(i).hypothesis()] += 1. / kTrials;
  }
  const std::vector<double>& mass = drawn.posterior().mass;
  ASSERT_EQ(mass.size(), drawn.hypotheses().hypotheses.size());
  for (std::size_t h = 0; h < mass.size(); ++h) {
    EXPECT_NEAR(shares[h], mass[h], Slack(mass[h])) << h;
  }
}

TEST(PosteriorWorldTest, TheCommitsOfAGroupAreAlikeAndOthersHaveNoCulprit) {
  Drawn drawn(Usual());
  std::map<Vertex, double> culprits;
  double none = 0;
  for (std::uint64_t i = 0; i < kTrials; ++i) {
    const DrawnWorld world = drawn.Draw(i);
    const bool group = world.hypothesis() < drawn.hypotheses().groups.size();
    EXPECT_EQ(world.culprit().has_value(), group);
    if (world.culprit()) {
      culprits[*world.culprit()] += 1. / kTrials;
    } else {
      none += 1. / kTrials;
    }
  }
  EXPECT_GT(none, 0);
  const auto& groups = drawn.hypotheses().groups;
  for (std::size_t g = 0; g < groups.size(); ++g) {
    const double each = drawn.posterior().mass[g] /
                        static_cast<double>(groups[g].suspects.size());
    for (const Vertex suspect : groups[g].suspects) {
      EXPECT_NEAR(culprits[suspect], each, Slack(each));
    }
  }
}

/// How often the first new run of a commit crashes.
double CrashShare(Drawn& drawn, const std::string& commit) {
  double share = 0;
  for (std::uint64_t i = 0; i < kTrials; ++i) {
    const Run run = drawn.Draw(i).At(drawn.At(commit)).Next();
    if (run.outcome == RunOutcome::kCrashed) share += 1. / kTrials;
  }
  return share;
}

TEST(PosteriorWorldTest, NewRunsFollowTheRecordedOnes) {
  const std::vector<std::string> tested{"f", "a", "d", "c"};
  for (const RecordingKind kind :
       {RecordingKind::kCause, RecordingKind::kFix}) {
    Drawn drawn(Usual(), kind);
    for (std::size_t c = 0; c < tested.size(); ++c) {
      const double expected = drawn.NextCrash(c);
      EXPECT_NEAR(CrashShare(drawn, tested[c]), expected, Slack(expected))
          << tested[c] << (kind == RecordingKind::kFix ? " fix" : " cause");
    }
  }
}

TEST(PosteriorWorldTest, UntestedCommitsHaveTheBugIfTheyContainItsCulprit) {
  // Every run crashes or none does: what is drawn is then the graph's.
  ModelPriors priors;
  priors.hidden_share = priors.exposed_share = 1e-9;
  priors.false_crash_a = 1e-9;
  priors.older = priors.unrelated = 1e-9;
  Drawn drawn({Seen("f", 200, 0), Seen("e", 200, 0), Seen("a", 0, 200)},
              RecordingKind::kCause, priors);
  const std::map<std::string, std::set<std::string>> having{
      {"b", {"b", "c", "d", "x", "y"}},
      {"c", {"c", "d"}},
      {"d", {"d"}},
      {"x", {"x", "y"}},
      {"y", {"y"}},
      {"e", {}},
      {"f", {}}};
  int runs = 0;
  int as_expected = 0;
  for (std::uint64_t i = 0; i < 500; ++i) {
    const DrawnWorld world = drawn.Draw(i);
    if (!world.culprit()) continue;
    for (const auto& [culprit, has] : having) {
      if (drawn.At(culprit) != *world.culprit()) continue;
      for (const char* commit : {"b", "c", "d", "x", "y"}) {
        CommitRuns next = world.At(drawn.At(commit));
        for (int r = 0; r < 5; ++r) {
          const bool crashed = next.Next().outcome == RunOutcome::kCrashed;
          ++runs;
          if (crashed == (has.count(commit) > 0)) ++as_expected;
        }
      }
    }
  }
  EXPECT_GT(runs, 10000);
  // The rate of commits with the bug is not quite 1.
  EXPECT_GT(as_expected, runs * 97 / 100);
}

TEST(PosteriorWorldTest, AWorldDependsOnItsKeyAlone) {
  Drawn drawn(Usual());
  const auto text = [&](const std::vector<const char*>& order) {
    const DrawnWorld world = drawn.Draw(7);
    std::map<std::string, std::string> runs;
    for (const char* commit : order) {
      CommitRuns next = world.At(drawn.At(commit));
      for (int i = 0; i < 20; ++i) {
        runs[commit] += next.Next().outcome == RunOutcome::kCrashed ? 'c' : 'o';
      }
    }
    std::string all;
    for (const auto& [commit, line] : runs) all.append(line).append(" ");
    return all;
  };
  const std::string first = text({"b", "d", "y", "f"});
  drawn.Draw(8);
  EXPECT_EQ(text({"f", "y", "d", "b"}), first);
}

TEST(PosteriorWorldTest, OnlyRecordedTitlesComeUp) {
  // Two titles of one bug, and a crash of its own that hides it.
  Drawn drawn({Seen("f", 6, 0, 4), Seen("a", 0, 10), Seen("e", 5, 0, 5),
               Seen("d", 0, 10)});
  std::map<std::string, int> titles;
  for (std::uint64_t i = 0; i < 2000; ++i) {
    const auto run = drawn.Draw(i).At(drawn.At("e")).Next();
    if (run.outcome == RunOutcome::kCrashed) ++titles[run.title];
  }
  EXPECT_EQ(titles.size(), 2U);
  // About as often as they were seen there.
  EXPECT_NEAR(titles["BUG"], 1000, 200);
  EXPECT_NEAR(titles["WARNING"], 1000, 200);
}

TEST(PosteriorWorldTest, WithoutRunsVerdictsAreDrawn) {
  ModelPriors priors;
  priors.false_bad = .2;
  priors.false_good = .1;
  priors.older = priors.unrelated = 1e-9;
  Drawn drawn({Stated("f", Verdict::kBad), Stated("a", Verdict::kGood)},
              RecordingKind::kMarks, priors);
  int with = 0;
  int with_bad = 0;
  int without = 0;
  int without_bad = 0;
  for (std::uint64_t i = 0; i < kTrials; ++i) {
    const DrawnWorld world = drawn.Draw(i);
    if (!world.culprit()) continue;
    const bool bad = world.StatedOf(drawn.At("b")) == Verdict::kBad;
    if (*world.culprit() == drawn.At("b")) {
      ++with;
      if (bad) ++with_bad;
    } else {
      ++without;
      if (bad) ++without_bad;
    }
  }
  ASSERT_GT(with, 500);
  ASSERT_GT(without, 500);
  EXPECT_NEAR(static_cast<double>(with_bad) / with, .9, .05);
  EXPECT_NEAR(static_cast<double>(without_bad) / without, .2, .05);
}

}  // namespace
}  // namespace rebisect
