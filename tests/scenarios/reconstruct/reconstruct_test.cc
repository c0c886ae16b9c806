#include "scenarios/reconstruct/reconstruct.h"

#include <algorithm>
#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/scenarios/reconstruct/bisect_model.h"
#include "tests/scenarios/reconstruct/search_literal.h"
#include "tests/support/prng.h"

namespace rebisect {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing_support::Dag;
using testing_support::LiteralId;
using testing_support::Propose;
using testing_support::RandomSearch;
using testing_support::SearchRecording;
using testing_support::StepLiteral;
using testing_support::TestPrng;

using enum Verdict;

Dag DagOf(const CommitGraph& graph) {
  Dag dag(graph.size());
  for (Vertex v = 0; v < graph.size(); ++v) {
    const auto parents = graph.Parents(v);
    dag[v].assign(parents.begin(), parents.end());
    if (v > 0) {
      EXPECT_LT(graph.Date(v - 1), graph.Date(v));
    }
  }
  return dag;
}

std::string Describe(const std::vector<StepLiteral>& steps) {
  std::string text;
  for (const StepLiteral& step : steps) {
    text += std::to_string(step.revisions_left) + "(" +
            (step.steps_left ? std::to_string(*step.steps_left) : "?") + ")" +
            (step.verdict ? std::string(ToString(*step.verdict)) : "-") + " ";
  }
  return text;
}

/// Searches the rebuilt graph with the recorded verdicts; empty when every
/// proposal and the end are the recorded ones, else what differs.
std::string Replay(const std::vector<StepLiteral>& steps, bool ended,
                   const Reconstruction& rebuilt, bool near_half) {
  const Dag dag = DagOf(rebuilt.graph);
  std::uint32_t bad = rebuilt.recorded.at(std::string(40, 'b'));
  std::vector<std::uint32_t> goods{rebuilt.recorded.at(std::string(40, 'a'))};
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const auto proposal = Propose(dag, bad, goods, near_half);
    const std::string step = "step " + std::to_string(i) + ": ";
    if (!proposal) return step + "already at the end";
    if (proposal->revisions_left != steps[i].revisions_left) {
      return step + std::to_string(proposal->revisions_left) + " left";
    }
    if (steps[i].steps_left && proposal->steps_left != *steps[i].steps_left) {
      return step + "roughly " + std::to_string(proposal->steps_left);
    }
    if (proposal->commit != rebuilt.recorded.at(LiteralId(i))) {
      return step + "another commit";
    }
    if (steps[i].verdict == kBad) bad = proposal->commit;
    if (steps[i].verdict == kGood) goods.push_back(proposal->commit);
  }
  if (ended && Propose(dag, bad, goods, near_half)) return "not at the end";
  return {};
}

/// Rebuilds and replays under both families of git.
void ExpectReplays(const std::vector<StepLiteral>& steps, bool ended) {
  const auto rebuilt = Reconstruct(SearchRecording(steps, ended));
  ASSERT_TRUE(rebuilt) << Describe(steps) << FormatError(rebuilt.error());
  EXPECT_EQ(Replay(steps, ended, *rebuilt, false), "") << Describe(steps);
  EXPECT_EQ(Replay(steps, ended, *rebuilt, true), "") << Describe(steps);
}

std::string ErrorOf(const Recording& recording) {
  const auto rebuilt = Reconstruct(recording);
  return rebuilt ? "no error" : FormatError(rebuilt.error());
}

TEST(ReconstructTest, SmallestSearches) {
  ExpectReplays({}, true);
  ExpectReplays({}, false);
  ExpectReplays({{0, 0, kGood}}, true);
  ExpectReplays({{0, 0, kBad}}, true);
  ExpectReplays({{0, 1, kGood}}, true);
  ExpectReplays({{1, 1, kBad}}, true);
  ExpectReplays({{0, 1, kBad}, {0, 0, kBad}}, true);
  ExpectReplays({{0, 1, kBad}, {0, 0, kGood}}, true);
}

TEST(ReconstructTest, MidpointAboveItsRival) {
  // 3 of 5 chosen, then 2 of these 3: both are at the half of 5, and the
  // second one is older, so only a merge is counted before it.
  ExpectReplays({{1, 1, kBad}, {0, 1, kBad}, {0, 0, kGood}}, true);
  ExpectReplays({{1, 1, kBad}, {0, 1, kGood}}, true);
}

TEST(ReconstructTest, HeavyMidpointAfterSmallGoodStep) {
  // 3 of 10 are removed, then 5 of the 7 left are chosen: in the first step
  // that commit must have at least 7 of the 10 below it.
  ExpectReplays({{6, 2, kGood}, {1, 2, kGood}, {0, 0, kGood}}, true);
}

// Every search on every graph of at most 5 suspects can be rebuilt, and on
// every seventh of 6. (Tried once: all graphs of 6 and 7 suspects.)
TEST(ReconstructTest, EverySearchOfSmallGraphs) {
  // Two graphs with the same tree of proposals tell the same searches.
  std::set<std::string> known;
  std::size_t chains = 0;
  for (std::uint32_t n = 1; n <= 6; ++n) {
    for (std::uint32_t edges = 0; edges < 1U << (n * (n - 1) / 2);
         edges += n == 6 ? 7 : 1) {
      Dag dag(n);
      std::uint32_t bit = 0;
      std::uint32_t has_child = 0;
      for (std::uint32_t v = 1; v < n; ++v) {
        for (std::uint32_t p = 0; p < v; ++p, ++bit) {
          if ((edges >> bit & 1) == 0) continue;
          dag[v].push_back(p);
          has_child |= 1U << p;
        }
      }
      if (has_child != (1U << (n - 1)) - 1) continue;
      for (std::uint32_t verdicts = 0; verdicts < 1U << (n - 1); ++verdicts) {
        std::vector<StepLiteral> steps;
        std::uint32_t bad = n - 1;
        std::vector<std::uint32_t> goods;
        while (const auto proposal = Propose(dag, bad, goods, false)) {
          const bool is_bad = (verdicts >> steps.size() & 1) != 0;
          if (is_bad) {
            bad = proposal->commit;
          } else {
            goods.push_back(proposal->commit);
          }
          steps.push_back({proposal->revisions_left, proposal->steps_left,
                           is_bad ? kBad : kGood});
        }
        // Unused bits: the same search again.
        if (verdicts >> steps.size() != 0) continue;
        if (!known.insert(Describe(steps)).second) continue;
        ++chains;
        ASSERT_NO_FATAL_FAILURE(ExpectReplays(steps, true));
      }
    }
  }
  EXPECT_GT(chains, 50U);
}

TEST(ReconstructTest, SearchesOfRandomGraphs) {
  for (std::uint64_t seed = 1; seed <= 700; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::vector<StepLiteral> steps = RandomSearch(seed);
    ASSERT_NO_FATAL_FAILURE(ExpectReplays(steps, true));
    // The same record, cut off: with and without the last verdict.
    if (steps.empty()) continue;
    steps.resize(1 + TestPrng(seed).Below(steps.size()));
    ASSERT_NO_FATAL_FAILURE(ExpectReplays(steps, false));
    steps.back().verdict.reset();
    ASSERT_NO_FATAL_FAILURE(ExpectReplays(steps, false));
  }
}

// Counts made up at random either have a graph or are refused.
TEST(ReconstructTest, RandomCounts) {
  int rebuilt = 0;
  for (std::uint64_t seed = 1; seed <= 700; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    TestPrng random(seed);
    std::uint64_t suspects = 2 + random.Below(120);
    std::vector<StepLiteral> steps;
    while (suspects > 1) {
      std::uint64_t reached = suspects / 2;
      if (random.Below(3) != 0) reached += random.Below(suspects / 6 + 1);
      if (random.Below(3) != 0) reached -= random.Below(suspects / 6 + 1);
      reached = std::clamp<std::uint64_t>(reached, 1, suspects - 1);
      const bool is_bad = random.Percent(50);
      steps.push_back({static_cast<int>(suspects - reached) - 1, std::nullopt,
                       is_bad ? kBad : kGood});
      suspects = is_bad ? reached : suspects - reached;
    }
    if (!Reconstruct(SearchRecording(steps))) continue;
    ++rebuilt;
    ASSERT_NO_FATAL_FAILURE(ExpectReplays(steps, true));
  }
  EXPECT_GT(rebuilt, 350);
}

TEST(ReconstructTest, NearHalfRuleOfManySuspects) {
  // 2561 of 5122, then 2559 of these 2561: in the first step that commit is
  // near enough to the half for git since 2.30, and met first.
  const std::vector<StepLiteral> steps{
      {5121, {}, kGood}, {2560, {}, kBad}, {1, {}, kGood}};
  const auto rebuilt = Reconstruct(SearchRecording(steps, false));
  ASSERT_TRUE(rebuilt) << FormatError(rebuilt.error());
  EXPECT_THAT(rebuilt->notes,
              Contains(HasSubstr("line 2: only git before 2.30")));
  EXPECT_EQ(Replay(steps, false, *rebuilt, false), "");
  EXPECT_EQ(Replay(steps, false, *rebuilt, true), "step 1: 2562 left");
}

TEST(ReconstructTest, NoNoteWhereEveryGitAgrees) {
  const std::vector<StepLiteral> steps{
      {5121, {}, kGood}, {2560, {}, kBad}, {1280, {}, kGood}};
  const auto rebuilt = Reconstruct(SearchRecording(steps, false));
  ASSERT_TRUE(rebuilt) << FormatError(rebuilt.error());
  EXPECT_THAT(rebuilt->notes, Not(Contains(HasSubstr("2.30"))));
}

TEST(ReconstructTest, AnUndeterminedStartFitsTheEstimates) {
  const auto rebuilt = Reconstruct(SearchRecording({{40, 6, kGood}}, false));
  ASSERT_TRUE(rebuilt) << FormatError(rebuilt.error());
  ExpectReplays({{40, 6, kGood}}, false);
  EXPECT_THAT(rebuilt->notes, Contains(HasSubstr("does not say how many")));
}

TEST(ReconstructTest, CountsThatContradictEachOtherNameTheLine) {
  EXPECT_THAT(ErrorOf(SearchRecording({{5, 3, kGood}, {6, 2, kGood}})),
              HasSubstr("x.log:2:1: error: the counts contradict"));
  EXPECT_THAT(ErrorOf(SearchRecording({{5, 3, kGood}, {2, 3, kGood}})),
              HasSubstr("x.log:2:1: error: the counts contradict"));
  EXPECT_THAT(ErrorOf(SearchRecording({{5, 9, kBad}, {0, 0, kGood}})),
              HasSubstr("x.log:1:1: error: the counts contradict"));
  EXPECT_THAT(ErrorOf(SearchRecording({{5, 3, kGood}})),
              HasSubstr("x.log:2:1: error: the counts do not close"));
}

TEST(ReconstructTest, CountsThatNoGraphHasAreRefused) {
  // 9 of 10, and one of the 9 (a first commit) is as near to the half.
  EXPECT_THAT(
      ErrorOf(SearchRecording(
          {{19, {}, kGood}, {9, {}, kGood}, {0, {}, kGood}, {0, {}, kGood}})),
      HasSubstr("error: the counts contradict"));
  EXPECT_THAT(ErrorOf(SearchRecording({{9, {}, kGood}, {0, {}, kBad}}, false)),
              HasSubstr("x.log:2:1: error: no commit graph has these counts"));
  // 1 of 50, then 24 of the 49 left: git would have taken the latter first.
  EXPECT_THAT(ErrorOf(SearchRecording(
                  {{49, {}, kGood}, {48, {}, kGood}, {24, {}, kGood}}, false)),
              HasSubstr("x.log:2:1: error: no commit graph has these counts"));
}

TEST(ReconstructTest, TooManySuspectsAreRefused) {
  EXPECT_THAT(ErrorOf(SearchRecording({{2147483647, {}, kGood}}, false)),
              HasSubstr("more suspects than a reconstruction holds"));
  EXPECT_THAT(ErrorOf(SearchRecording({{750000, {}, kBad}, {750000, {}, kGood}},
                                      false)),
              HasSubstr("more suspects than a reconstruction holds"));
}

TEST(ReconstructTest, ManySuspectsAndSteps) {
  const auto large = Reconstruct(
      SearchRecording({{49999, 16, kGood}, {24999, 15, kBad}}, false));
  ASSERT_TRUE(large) << FormatError(large.error());
  EXPECT_EQ(large->graph.size(), 100001U);
  // A star: one commit a step.
  std::vector<StepLiteral> steps;
  for (int left = 20000; left-- > 0;) steps.push_back({left, {}, kGood});
  const auto star = Reconstruct(SearchRecording(steps));
  ASSERT_TRUE(star) << FormatError(star.error());
}

TEST(ReconstructTest, SkipsAreRefused) {
  Recording recording = SearchRecording({{3, 2, Verdict::kSkip}}, false);
  EXPECT_THAT(ErrorOf(recording), HasSubstr("x.log:1:1: error: a skipped"));
}

TEST(ReconstructTest, AnotherCommitThanTheProposedOneIsRefused) {
  Recording recording = SearchRecording({{3, 2, {}}}, false);
  Mark mark;
  mark.commits = {LiteralId(7)};
  mark.line = 9;
  recording.events.emplace_back(mark);
  EXPECT_THAT(ErrorOf(recording), HasSubstr("x.log:9:1: error: commit"));
}

TEST(ReconstructTest, ACommitMarkedTwiceCountsOnce) {
  Recording recording = SearchRecording({{1, 1, kGood}, {0, 0, kGood}}, true);
  // After the first mark git proposes the second commit; the first is marked
  // again, and git repeats itself.
  const Event again = recording.events[2];
  const Event proposal = recording.events[3];
  recording.events.insert(recording.events.begin() + 4, {again, proposal});
  const auto rebuilt = Reconstruct(recording);
  ASSERT_TRUE(rebuilt) << FormatError(rebuilt.error());
  EXPECT_EQ(Replay({{1, 1, kGood}, {0, 0, kGood}}, true, *rebuilt, true), "");
}

TEST(ReconstructTest, GoodAndBadOfOneCommitIsAnError) {
  Recording recording = SearchRecording({{1, 1, kGood}, {0, 0, {}}}, false);
  Mark mark;
  mark.verdict = kBad;
  mark.commits = {LiteralId(0)};
  mark.line = 9;
  recording.events.emplace_back(mark);
  EXPECT_THAT(ErrorOf(recording), HasSubstr("x.log:9:1: error: commit"));
}

TEST(ReconstructTest, AnotherCulpritThanTheVerdictsGiveIsAnError) {
  Recording recording = SearchRecording({{0, 0, kGood}});
  recording.end.culprit = LiteralId(0);
  EXPECT_THAT(ErrorOf(recording), HasSubstr("by its verdicts it is"));
}

TEST(ReconstructTest, AnEmptyRecordingIsAnError) {
  EXPECT_THAT(ErrorOf(Recording{}), HasSubstr("no search to reconstruct"));
}

TEST(ReconstructTest, ALogWithoutCountsGetsSmallOnes) {
  Recording recording = SearchRecording(
      {{0, 0, kGood}, {0, 0, kBad}, {0, 0, kBad}, {0, 0, kGood}});
  EXPECT_EQ(ReconstructedParts(recording),
            "counts exact, topology hypothetical");
  std::vector<Event> marks;
  for (const Event& event : recording.events) {
    if (!std::holds_alternative<Proposal>(event)) marks.push_back(event);
  }
  recording.events = marks;
  EXPECT_EQ(ReconstructedParts(recording), "counts and topology hypothetical");
  const auto rebuilt = Reconstruct(recording);
  ASSERT_TRUE(rebuilt) << FormatError(rebuilt.error());
  EXPECT_LT(rebuilt->graph.size(), 40U);
  EXPECT_THAT(rebuilt->notes, Contains(HasSubstr("the log states none")));
  const Dag dag = DagOf(rebuilt->graph);
  std::uint32_t bad = rebuilt->recorded.at(std::string(40, 'b'));
  std::vector<std::uint32_t> goods{rebuilt->recorded.at(std::string(40, 'a'))};
  for (std::size_t i = 0; i < 4; ++i) {
    const auto proposal = Propose(dag, bad, goods, true);
    ASSERT_TRUE(proposal);
    EXPECT_EQ(proposal->commit, rebuilt->recorded.at(LiteralId(i)));
    if (i == 1 || i == 2) {
      bad = proposal->commit;
    } else {
      goods.push_back(proposal->commit);
    }
  }
  EXPECT_FALSE(Propose(dag, bad, goods, true));
}

TEST(ReconstructTest, NamesShortIdsAndMadeUpIds) {
  Recording recording = SearchRecording({{1, 1, kGood}, {0, 0, kGood}});
  rebisect::Test release;
  release.purpose = TestPurpose::kRelease;
  release.commit = std::string(40, 'a');
  release.release = "v1.0";
  recording.events.insert(recording.events.begin(), release);
  std::get<Start>(recording.events[1]).goods = {"v1.0"};
  std::get<Start>(recording.events[1]).bad = "bbbbbbbb";
  recording.end.culprit = "bbbbbbbb";
  const auto rebuilt = Reconstruct(recording);
  ASSERT_TRUE(rebuilt) << FormatError(rebuilt.error());
  const CommitGraph& graph = rebuilt->graph;
  EXPECT_EQ(rebuilt->recorded.at("v1.0"),
            rebuilt->recorded.at(std::string(40, 'a')));
  EXPECT_EQ(graph.Names().at("refs/recorded/v1.0"),
            rebuilt->recorded.at("v1.0"));
  EXPECT_EQ(graph.Label(rebuilt->recorded.at("v1.0")), std::string(40, 'a'));
  // No full id is known for the bad commit: a number, labelled as written.
  const Vertex bad = rebuilt->recorded.at("bbbbbbbb");
  EXPECT_EQ(graph.Label(bad), "bbbbbbbb");
  EXPECT_EQ(graph.Id(bad).Hex(), std::string(39, '0') + "5");
  EXPECT_EQ(graph.FindLabel("hypothetical-2"), Vertex{1});
}

TEST(ReconstructTest, RecordedIdsThatLookMadeUpDoNotCollide) {
  Recording recording = SearchRecording({{1, 1, kGood}, {0, 0, kGood}});
  for (Event& event : recording.events) {
    if (auto* start = std::get_if<Start>(&event)) {
      start->bad = std::string(39, '0') + "2";
      start->goods = {"hypothetical-2"};
    }
  }
  recording.end.culprit = std::string(39, '0') + "2";
  const auto rebuilt = Reconstruct(recording);
  ASSERT_TRUE(rebuilt) << FormatError(rebuilt.error());
}

TEST(ReconstructTest, ReleasesStandAroundTheSearch) {
  Recording recording = SearchRecording({{1, 1, kGood}, {0, 0, kGood}});
  recording.start_commit = "start";
  std::vector<Event> tests;
  for (const std::string commit :
       {"start", "v9", "v8", "b", "skipped", "a", "v1"}) {
    rebisect::Test test;
    test.commit = commit.size() == 1 ? std::string(40, commit[0]) : commit;
    tests.emplace_back(test);
  }
  recording.events.insert(recording.events.begin(), tests.begin(), tests.end());
  const auto rebuilt = Reconstruct(recording);
  ASSERT_TRUE(rebuilt) << FormatError(rebuilt.error());
  const auto vertex = [&](const char* name) {
    return rebuilt->recorded.at(name);
  };
  const CommitGraph& graph = rebuilt->graph;
  EXPECT_EQ(graph.Parents(vertex("start"))[0], vertex("v9"));
  EXPECT_EQ(graph.Parents(vertex("v9"))[0], vertex("v8"));
  EXPECT_EQ(graph.Parents(vertex("v8"))[0],
            rebuilt->recorded.at(std::string(40, 'b')));
  EXPECT_EQ(graph.Parents(rebuilt->recorded.at(std::string(40, 'a')))[0],
            vertex("v1"));
  EXPECT_NE(rebuilt->recorded.count("skipped"), 0U);
  EXPECT_EQ(Replay({{1, 1, kGood}, {0, 0, kGood}}, true, *rebuilt, true), "");
}

TEST(ReconstructTest, AlongFirstParents) {
  Recording recording =
      SearchRecording({{4, 2, kGood}, {2, 1, kBad}, {0, 0, kGood}});
  std::get<Start>(recording.events[0]).first_parent = true;
  const auto rebuilt = Reconstruct(recording);
  ASSERT_TRUE(rebuilt) << FormatError(rebuilt.error());
  for (Vertex v = 1; v < rebuilt->graph.size(); ++v) {
    EXPECT_EQ(rebuilt->graph.Parents(v).size(), 1U);
  }
  EXPECT_EQ(Replay({{4, 2, kGood}, {2, 1, kBad}, {0, 0, kGood}}, true, *rebuilt,
                   true),
            "");
  recording = SearchRecording({{4, 2, kGood}, {1, 1, kBad}}, false);
  std::get<Start>(recording.events[0]).first_parent = true;
  EXPECT_THAT(ErrorOf(recording), HasSubstr("no line of commits"));
}

TEST(ReconstructTest, AlongFirstParentsWithoutCounts) {
  Recording recording;
  Start start;
  start.bad = std::string(40, 'b');
  start.goods = {std::string(40, 'a')};
  start.first_parent = true;
  recording.events.emplace_back(start);
  for (std::size_t i = 0; i < 13; ++i) {
    Mark mark;
    mark.verdict = i % 3 == 0 ? kBad : kGood;
    mark.commits = {LiteralId(i)};
    recording.events.emplace_back(mark);
  }
  const auto rebuilt = Reconstruct(recording);
  ASSERT_TRUE(rebuilt) << FormatError(rebuilt.error());
  const Dag dag = DagOf(rebuilt->graph);
  std::uint32_t bad = rebuilt->recorded.at(std::string(40, 'b'));
  std::uint32_t good = rebuilt->recorded.at(std::string(40, 'a'));
  EXPECT_GT(bad - good, 4096U);
  for (std::size_t i = 0; i < 13; ++i) {
    const std::uint32_t midpoint = rebuilt->recorded.at(LiteralId(i));
    // The first commit at the half or, of many, less than 1/1024 from it.
    const std::uint32_t all = bad - good;
    const std::uint32_t off = all < 3072 ? 1 : all / 1024 - 1;
    // Of 3, the second: git does not look at a first commit.
    EXPECT_EQ(midpoint - good, all == 3 ? 2 : (all - off + 1) / 2) << i;
    (i % 3 == 0 ? bad : good) = midpoint;
  }
}

}  // namespace
}  // namespace rebisect
