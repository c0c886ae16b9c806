#include "oracle/answers/truth_oracle.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/graph_literal.h"

namespace rebisect {
namespace {

using testing_support::Arrays;
using testing_support::CommitLiteral;
using testing_support::IdOf;

CommitGraph GraphOf(const std::vector<CommitLiteral>& commits) {
  auto graph = CommitGraph::Build(Arrays(commits));
  REBISECT_CHECK(graph.has_value());
  return *std::move(graph);
}

///   base - bug - fix - tip
///     \      \         /
///     side - both ----
const CommitGraph& Forked() {
  static const CommitGraph kGraph = GraphOf({{"base", {}},
                                             {"bug", {"base"}},
                                             {"side", {"base"}},
                                             {"both", {"side", "bug"}},
                                             {"fix", {"bug"}},
                                             {"tip", {"fix", "both"}}});
  return kGraph;
}

/// The names of the commits where it is there.
std::string There(const CommitGraph& graph, const Origin& origin) {
  const auto there = WhereThere(graph, origin);
  if (!there) return there.error().message;
  std::string names;
  for (const char* name : {"base", "bug", "side", "both", "fix", "tip"}) {
    if ((*there)[*graph.Find(IdOf(name))]) names.append(name).append(" ");
  }
  return names;
}

TruthOracle MakeOracle(const CommitGraph& graph, World world,
                       NoiseModel noise = {}) {
  auto oracle = TruthOracle::Make(graph, std::move(world), std::move(noise));
  REBISECT_CHECK(oracle.has_value());
  return *std::move(oracle);
}

/// The outcomes of the runs, a letter each: o, c (the title that is looked
/// for), u (another title), i, b (boot), n (no build), t.
std::string Letters(const rebisect::Test& test) {
  std::string letters;
  for (const Run& run : test.runs) {
    switch (run.outcome) {
      case RunOutcome::kOk:
        letters += 'o';
        break;
      case RunOutcome::kCrashed:
        letters += run.title == "crash" ? 'c' : 'u';
        break;
      case RunOutcome::kBootFailed:
        letters += 'b';
        break;
      case RunOutcome::kBuildFailed:
        letters += 'n';
        break;
      case RunOutcome::kTestFailed:
        letters += 't';
        break;
      default:
        letters += 'i';
    }
  }
  return letters;
}

std::string TruthAnswer(Oracle& oracle, const std::string& name, int runs,
                        bool rebuild = false) {
  const auto answer = oracle.Ask({IdOf(name), runs, rebuild});
  return answer ? Letters(answer->test) : answer.error().message;
}

std::size_t Count(const std::string& letters, char letter) {
  return static_cast<std::size_t>(
      std::count(letters.begin(), letters.end(), letter));
}

Bug BugAt(const std::string& culprit, std::vector<std::string> fixes = {}) {
  Bug bug;
  bug.origin.culprit = IdOf(culprit);
  for (const std::string& fix : fixes) bug.origin.fixes.push_back(IdOf(fix));
  return bug;
}

TEST(WhereThereTest, FollowsAncestryAndNotDates) {
  EXPECT_EQ(There(Forked(), BugAt("bug").origin), "bug both fix tip ")
      << "not on the side branch until it merges the bug";
  EXPECT_EQ(There(Forked(), BugAt("bug", {"fix"}).origin), "bug both ")
      << "a merge that brings the fix is free of it";
  EXPECT_EQ(There(Forked(), BugAt("tip").origin), "tip ");
  EXPECT_EQ(There(Forked(), {}), "base bug side both fix tip ");
  EXPECT_EQ(There(Forked(), {std::nullopt, {IdOf("side"), IdOf("fix")}}),
            "base bug ");
  EXPECT_EQ(There(Forked(), BugAt("bug", {"bug"}).origin), "");
}

TEST(WhereThereTest, NamesWhatTheGraphLacks) {
  EXPECT_EQ(There(Forked(), BugAt("gone").origin),
            "the graph lacks the culprit " + IdOf("gone").Hex());
  EXPECT_EQ(There(Forked(), BugAt("bug", {"gone"}).origin),
            "the graph lacks the fix " + IdOf("gone").Hex());
}

TEST(TruthOracleTest, WithoutNoiseEveryRunTellsTheTruth) {
  World world;
  world.bugs = {BugAt("bug", {"fix"})};
  TruthOracle oracle = MakeOracle(Forked(), world);
  EXPECT_EQ(TruthAnswer(oracle, "bug", 3), "ccc");
  EXPECT_EQ(TruthAnswer(oracle, "side", 3), "ooo");
  EXPECT_EQ(TruthAnswer(oracle, "tip", 0), "oooooooooo");
  EXPECT_EQ(TruthAnswer(oracle, "gone", 1),
            "the graph lacks the commit " + IdOf("gone").Hex());
}

TEST(TruthOracleTest, SeveralBugsOneOrNone) {
  World world;
  TruthOracle none = MakeOracle(Forked(), world);
  EXPECT_EQ(TruthAnswer(none, "tip", 2), "oo");
  world.bugs = {BugAt("side"), BugAt("fix"), BugAt("base")};
  world.bugs.back().title = "another";
  TruthOracle several = MakeOracle(Forked(), world);
  const auto present = [&](const char* name) {
    return several.Present(*Forked().Find(IdOf(name)));
  };
  EXPECT_TRUE(present("side"));
  EXPECT_TRUE(present("fix"));
  EXPECT_TRUE(present("tip"));
  EXPECT_FALSE(present("bug"));
  EXPECT_EQ(TruthAnswer(several, "bug", 2), "uu");
}

TEST(TruthOracleTest, UnrelatedCrashesHideTheOneLookedForHalfOfTheTime) {
  World world;
  world.bugs = {BugAt("bug"), BugAt("base")};
  world.bugs[1].title = "another";
  TruthOracle oracle = MakeOracle(Forked(), world);
  const std::string runs = TruthAnswer(oracle, "bug", 2000);
  EXPECT_EQ(Count(runs, 'c') + Count(runs, 'u'), 2000U);
  EXPECT_NEAR(static_cast<double>(Count(runs, 'c')), 1000, 120);
}

TEST(TruthOracleTest, BrokenRangesCannotBeJudged) {
  World world;
  world.bugs = {BugAt("base")};
  world.breakages.resize(2);
  world.breakages[0].origin = BugAt("bug", {"fix"}).origin;
  world.breakages[1].origin = BugAt("side").origin;
  world.breakages[1].outcome = RunOutcome::kBootFailed;
  TruthOracle oracle = MakeOracle(Forked(), world);
  EXPECT_EQ(TruthAnswer(oracle, "bug", 5), "n") << "there is nothing to run";
  EXPECT_EQ(TruthAnswer(oracle, "side", 3), "bbb");
  EXPECT_EQ(TruthAnswer(oracle, "both", 3), "n");
  EXPECT_EQ(TruthAnswer(oracle, "fix", 3), "ccc");
}

/// Noise of every kind, none of it rare.
NoiseModel Noisy(std::uint64_t noise_seed) {
  NoiseModel noise;
  noise.noise_seed = noise_seed;
  noise.false_crash = {0.1, 2.0};
  noise.infra_rate = 0.05;
  noise.boot_failure_rate = 0.05;
  noise.test_failure_rate = 0.05;
  noise.bad_machine = {0.2, 0.5, RunOutcome::kInfra, ""};
  noise.bad_build = {0.3, 0.5, RunOutcome::kOk, ""};
  noise.bad_commit = {0.3, 0.5, RunOutcome::kCrashed, ""};
  return noise;
}

World Uneven() {
  World world;
  world.bugs = {BugAt("bug"), BugAt("side")};
  world.bugs[0].rate = {0.4, 3.0};
  world.bugs[1].rate = {0.2, std::nullopt};
  world.bugs[1].title = "another";
  return world;
}

TEST(TruthOracleTest, TheOrderAndSizeOfQuestionsChangeNothing) {
  TruthOracle whole = MakeOracle(Forked(), Uneven(), Noisy(5));
  TruthOracle pieces = MakeOracle(Forked(), Uneven(), Noisy(5));
  const std::string tip = TruthAnswer(whole, "tip", 12);
  const std::string both = TruthAnswer(whole, "both", 4);
  std::string tip_pieces;
  std::string both_pieces;
  for (int i = 0; i < 4; ++i) {
    both_pieces += TruthAnswer(pieces, "both", 1);
    tip_pieces += TruthAnswer(pieces, "tip", 3);
  }
  EXPECT_EQ(tip_pieces, tip);
  EXPECT_EQ(both_pieces, both);
  whole.Rewind();
  EXPECT_EQ(TruthAnswer(whole, "tip", 12), tip);
  EXPECT_NE(TruthAnswer(whole, "tip", 12), tip);
}

TEST(TruthOracleTest, AnotherSeedIsOtherLuck) {
  TruthOracle a = MakeOracle(Forked(), Uneven(), Noisy(1));
  TruthOracle b = MakeOracle(Forked(), Uneven(), Noisy(2));
  EXPECT_NE(TruthAnswer(a, "tip", 100), TruthAnswer(b, "tip", 100));
}

TEST(TruthOracleTest, TheLuckOfASeedNeverChanges) {
  TruthOracle oracle = MakeOracle(Forked(), Uneven(), Noisy(42));
  EXPECT_EQ(TruthAnswer(oracle, "tip", 20), "otocciuccociccoboocc");
  EXPECT_EQ(TruthAnswer(oracle, "base", 20, true), "toooooooooooooooioit");
}

TEST(TruthOracleTest, ABadBuildSpoilsItsRunsUntilTheRebuild) {
  World world;
  world.bugs = {BugAt("base")};
  NoiseModel noise;
  noise.bad_build = {0.5, 1, RunOutcome::kOk, ""};
  TruthOracle oracle = MakeOracle(Forked(), world, noise);
  int bad = 0;
  for (int i = 0; i < 400; ++i) {
    const std::string runs = TruthAnswer(oracle, "tip", 3, true);
    ASSERT_TRUE(runs == "ccc" || runs == "ooo") << runs;
    bad += runs == "ooo" ? 1 : 0;
    EXPECT_EQ(TruthAnswer(oracle, "tip", 1), runs.substr(0, 1))
        << "the same build";
  }
  EXPECT_NEAR(bad, 200, 50);
}

TEST(TruthOracleTest, ABadCommitStaysBadInEveryBuild) {
  NoiseModel noise;
  noise.bad_commit = {1, 1, RunOutcome::kCrashed, "oops"};
  TruthOracle oracle = MakeOracle(Forked(), {}, noise);
  EXPECT_EQ(TruthAnswer(oracle, "tip", 2), "uu");
  EXPECT_EQ(TruthAnswer(oracle, "tip", 2, true), "uu");
}

TEST(TruthOracleTest, ABadMachineSpoilsItsShareOfTheRuns) {
  NoiseModel noise;
  noise.machines = 4;
  noise.bad_machine = {0.25, 1, RunOutcome::kInfra, ""};
  double mean = 0;
  std::set<std::size_t> shares;
  for (noise.noise_seed = 0; noise.noise_seed < 100; ++noise.noise_seed) {
    TruthOracle oracle = MakeOracle(Forked(), {}, noise);
    const std::size_t failed = Count(TruthAnswer(oracle, "tip", 400), 'i');
    mean += static_cast<double>(failed) / 400 / 100;
    shares.insert((failed + 50) / 100);
  }
  EXPECT_NEAR(mean, 0.25, 0.08);
  EXPECT_GE(shares.size(), 3U) << "0, 1 or 2 of 4 machines, seed by seed";
  noise.noise_seed = 1;
  noise.one_machine_per_build = true;
  TruthOracle oracle = MakeOracle(Forked(), {}, noise);
  for (int i = 0; i < 50; ++i) {
    const std::string runs = TruthAnswer(oracle, "tip", 3, true);
    EXPECT_TRUE(runs == "ooo" || runs == "iii") << runs;
  }
}

TEST(TruthOracleTest, RatesAreMetOnAverage) {
  World world;
  world.bugs = {BugAt("bug")};
  world.bugs[0].rate.mean = 0.3;
  NoiseModel noise;
  noise.false_crash.mean = 0.02;
  noise.infra_rate = 0.1;
  TruthOracle oracle = MakeOracle(Forked(), world, noise);
  const std::string present = TruthAnswer(oracle, "tip", 10000);
  EXPECT_NEAR(static_cast<double>(Count(present, 'i')), 1000, 150);
  EXPECT_NEAR(static_cast<double>(Count(present, 'c')), 2700, 230);
  const std::string absent = TruthAnswer(oracle, "base", 10000);
  EXPECT_NEAR(static_cast<double>(Count(absent, 'c')), 180, 65);
}

TEST(TruthOracleTest, UnevenRatesDifferBetweenCommitsAndKeepTheirMean) {
  const CrashRate rate{0.3, 2.0};
  double sum = 0;
  double squares = 0;
  constexpr int kCommits = 2000;
  for (int i = 0; i < kCommits; ++i) {
    const CommitId id = IdOf(std::to_string(i));
    const double at = RateAt(rate, 1, 1, id);
    EXPECT_EQ(RateAt(rate, 1, 1, id), at);
    sum += at;
    squares += (at - 0.3) * (at - 0.3);
  }
  EXPECT_NEAR(sum / kCommits, 0.3, 0.03);
  EXPECT_NEAR(squares / kCommits, 0.3 * 0.7 / 3, 0.01);
}

TEST(TruthOracleTest, RefusesWhatIsNoRate) {
  const auto message = [](World world, NoiseModel noise) {
    const auto oracle =
        TruthOracle::Make(Forked(), std::move(world), std::move(noise));
    return oracle ? std::string() : oracle.error().message;
  };
  NoiseModel noise;
  noise.bad_build.share = 1.5;
  EXPECT_EQ(message({}, noise),
            "bad_build.share is out of range; give a number from 0 to 1");
  noise = {};
  noise.false_crash.concentration = 0;
  EXPECT_NE(message({}, noise).find("false_crash.concentration"),
            std::string::npos);
  noise = {};
  noise.machines = 0;
  EXPECT_NE(message({}, noise).find("machines"), std::string::npos);
  World world;
  world.bugs = {BugAt("bug")};
  world.bugs[0].rate.mean = std::numeric_limits<double>::quiet_NaN();
  EXPECT_NE(message(world, {}).find("rate.mean"), std::string::npos);
}

}  // namespace
}  // namespace rebisect
