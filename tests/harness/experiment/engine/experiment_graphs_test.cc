#include "harness/experiment/engine/experiment_graphs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "sim/io/dag_text.h"
#include "tests/harness/graph/line_dag.h"
#include "tests/support/temp_folder.h"

namespace rebisect {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing_support::LineDag;
using testing_support::LineId;
using testing_support::PutFile;
using testing_support::TempFolder;

const Position kPlace{"e.yaml", 4, 5};

/// A commit of a DAG file: its number tells its id and its date.
std::string Line(int n, const std::vector<int>& parents) {
  std::string line = LineId(n) + ' ' + std::to_string(1500000000 + 60 * n);
  for (const int p : parents) line += ' ' + LineId(p);
  return line + '\n';
}

class PrepareGraphTest : public ::testing::Test {
 protected:
  /// The DAG text as a graph of an experiment.
  ExperimentGraph Dag(const std::string& text, const std::string& bad,
                      const std::vector<std::string>& goods) {
    PutFile(folder_ / "g.dag", text);
    return {DagRange{folder_ / "g.dag", bad, goods}, kPlace};
  }

  static std::string Refusal(const ExperimentGraph& graph) {
    const auto prepared = PrepareGraph(graph, false);
    return prepared ? "taken" : FormatError(prepared.error());
  }

  /// The suspects by the numbers of their ids.
  static std::vector<int> Numbers(const SuspectGraph& suspects) {
    std::vector<int> numbers;
    for (const Vertex v : suspects.vertices) {
      for (int n = 1; n < 100; ++n) {
        if (suspects.graph->Id(v).Hex() == LineId(n)) numbers.push_back(n);
      }
    }
    return numbers;
  }

  TempFolder folder_;
};

TEST_F(PrepareGraphTest, ListsWhatLiesBetween) {
  const auto prepared =
      PrepareGraph(Dag(LineDag(9), "HEAD", {LineId(5), "v1.0"}), false);
  ASSERT_TRUE(prepared.has_value()) << FormatError(prepared.error());
  EXPECT_THAT(Numbers(prepared->suspects), ElementsAre(6, 7, 8, 9));
  EXPECT_EQ(prepared->suspects.listing.size(), 4U);
  EXPECT_EQ(prepared->suspects.graph, prepared->graph.get());
  EXPECT_EQ(prepared->suspects.vertices.back(), prepared->bad);
  EXPECT_EQ(prepared->goods.size(), 2U);
  EXPECT_EQ(prepared->info.commits, 4U);
  EXPECT_EQ(prepared->info.edges, 3U);
  EXPECT_EQ(prepared->info.source,
            "DAG file g.dag, " + LineId(5) + ", v1.0..HEAD");
  EXPECT_EQ(prepared->first_parent_suspects.size(), 0U);
}

TEST_F(PrepareGraphTest, DoesNotDependOnWhatElseThereIs) {
  const std::string range =
      Line(3, {2}) + Line(4, {2}) + Line(5, {3, 4}) + Line(6, {5});
  const auto one = PrepareGraph(
      Dag(Line(1, {}) + Line(2, {1}) + range, LineId(6), {LineId(2)}), false);
  // In another order, with another tip, and cut off below the good end.
  const auto other = PrepareGraph(
      Dag(Line(9, {4, 3}) + Line(6, {5}) + Line(5, {3, 4}) + Line(4, {2}) +
              Line(3, {2}) + Line(2, {1}) + Line(1, {}),
          LineId(6), {LineId(2)}),
      false);
  ASSERT_TRUE(one.has_value() && other.has_value());
  EXPECT_EQ(one->info.digest, other->info.digest);
  EXPECT_EQ(Numbers(one->suspects), Numbers(other->suspects));
  EXPECT_EQ(one->suspects.listing, other->suspects.listing);
  // Parents in another order are another history.
  const auto turned =
      PrepareGraph(Dag(Line(1, {}) + Line(2, {1}) + Line(3, {2}) +
                           Line(4, {2}) + Line(5, {4, 3}) + Line(6, {5}),
                       LineId(6), {LineId(2)}),
                   false);
  EXPECT_NE(one->info.digest, turned->info.digest);
  const auto shorter = PrepareGraph(
      Dag(Line(1, {}) + Line(2, {1}) + range, LineId(6), {LineId(3)}), false);
  EXPECT_NE(one->info.digest, shorter->info.digest);
}

TEST_F(PrepareGraphTest, FindsFirstParentsAndWhatTheyBrought) {
  //  1 - 2 ----- 5 - 7       3 and 4 came with 5, 6 came with 7
  //   \ 3 - 4 - /   /
  //    6 ----------/
  const auto prepared = PrepareGraph(
      Dag(Line(1, {}) + Line(2, {1}) + Line(3, {1}) + Line(4, {3}) +
              Line(5, {2, 4}) + Line(6, {1}) + Line(7, {5, 6}),
          LineId(7), {LineId(1)}),
      true);
  ASSERT_TRUE(prepared.has_value()) << FormatError(prepared.error());
  EXPECT_THAT(Numbers(prepared->first_parent_suspects), ElementsAre(2, 5, 7));
  const std::vector<int> numbers = Numbers(prepared->suspects);
  const std::vector<int> chain = Numbers(prepared->first_parent_suspects);
  ASSERT_EQ(prepared->brought_by.size(), 6U);
  for (Suspect s = 0; s < 6; ++s) {
    const int n = numbers[s];
    const int by = n == 2 ? 2 : n == 6 || n == 7 ? 7 : 5;
    EXPECT_EQ(chain[prepared->brought_by[s]], by) << n;
  }
}

TEST_F(PrepareGraphTest, MakesHistories) {
  const ExperimentGraph graph{GeneratedHistory{HistoryShape::kKernel, 300, 7},
                              kPlace};
  const auto prepared = PrepareGraph(graph, true);
  ASSERT_TRUE(prepared.has_value()) << FormatError(prepared.error());
  EXPECT_EQ(prepared->info.commits, 300U);
  EXPECT_EQ(prepared->info.source, "generated: kernel, 300 commits, seed 7");
  EXPECT_LT(prepared->first_parent_suspects.size(), 200U);
  // The same from a file of it.
  const MadeHistory made = MakeHistory(HistoryShape::kKernel, 300, 7);
  const auto read =
      PrepareGraph(Dag(WriteDag(made.graph), "bad", {"good"}), true);
  ASSERT_TRUE(read.has_value()) << FormatError(read.error());
  EXPECT_EQ(read->info.digest, prepared->info.digest);
}

TEST_F(PrepareGraphTest, ReconstructsRecordings) {
  PutFile(folder_ / "b.log",
          "git bisect start '" + LineId(8) + "' '" + LineId(1) +
              "'\nBisecting: 3 revisions left to test after this (roughly 2 "
              "steps)\n[" +
              LineId(4) + "] x\ngit bisect bad " + LineId(4) + '\n');
  const ExperimentGraph graph{ReconstructedRecording{folder_ / "b.log"},
                              kPlace};
  const auto prepared = PrepareGraph(graph, false);
  ASSERT_TRUE(prepared.has_value()) << FormatError(prepared.error());
  EXPECT_GE(prepared->info.commits, 7U);
  EXPECT_EQ(prepared->info.source, "reconstructed from b.log");
  EXPECT_EQ(prepared->graph->Id(prepared->bad).Hex(), LineId(8));
  PutFile(folder_ / "b.log", "git bisect start '" + LineId(8) + "'\n");
  EXPECT_THAT(Refusal(graph), HasSubstr("the record has no good end"));
}

TEST_F(PrepareGraphTest, SaysWhatCannotBe) {
  EXPECT_EQ(Refusal(Dag(LineDag(9), LineId(5), {LineId(5)})),
            "e.yaml:4:5: error: a graph without suspects: between the good end "
            "and the bad end there is nothing to test; give a longer range");
  EXPECT_THAT(Refusal(Dag(LineDag(9), LineId(5), {LineId(4)})),
              HasSubstr("a graph without suspects"));
  EXPECT_THAT(Refusal(Dag(LineDag(9), LineId(5), {LineId(6)})),
              HasSubstr("e.yaml:4:5: error: the good end " + LineId(6) +
                        " is no ancestor of the bad end " + LineId(5)));
  EXPECT_THAT(Refusal(Dag(LineDag(9), "v9", {"v1.0"})), HasSubstr("v9"));
  EXPECT_THAT(Refusal({DagRange{"/nowhere.dag", "a", {"b"}}, kPlace}),
              HasSubstr("/nowhere.dag"));
  EXPECT_THAT(Refusal({RepositoryRange{"/nowhere", "a", {"b"}}, kPlace}),
              HasSubstr("/nowhere"));
}

TEST_F(PrepareGraphTest, WeightsAreForSuspects) {
  const auto prepared =
      PrepareGraph(Dag(LineDag(9), "HEAD", {LineId(5)}), false);
  ASSERT_TRUE(prepared.has_value());
  const auto weights = [&](const std::vector<CommitNumber>& rows) {
    return NumbersBySuspect({"w.csv", "", rows}, prepared->suspects, 0);
  };
  const Position place{"w.csv", 3, 1};
  const auto some =
      weights({{LineId(7), 2, place}, {LineId(9).substr(0, 8), .5, place}});
  ASSERT_TRUE(some.has_value()) << FormatError(some.error());
  EXPECT_THAT(*some, ElementsAre(0, 2, 0, .5));
  const auto refusal = [&](const std::vector<CommitNumber>& rows) {
    const auto got = weights(rows);
    return got ? "taken" : FormatError(got.error());
  };
  EXPECT_THAT(refusal({{LineId(4), 1, place}}),
              HasSubstr("w.csv:3:1: error: '" + LineId(4) +
                        "' is no commit of the range"));
  EXPECT_THAT(refusal({{"HEAD", 1, place}}), HasSubstr("no commit of"));
  EXPECT_THAT(refusal({{LineId(7), 1, {}}, {LineId(7).substr(0, 7), 1, place}}),
              HasSubstr("w.csv:3:1: error: '" + LineId(7).substr(0, 7) +
                        "' has a row already"));
}

TEST_F(PrepareGraphTest, AnAbbreviationHasToBeEnough) {
  std::string text = LineDag(2);
  const std::string tail(32, '1');
  const std::string twin = LineId(2).substr(0, 8) + tail;
  text += twin + " 1600000000 " + LineId(2) + '\n';
  const auto prepared = PrepareGraph(Dag(text, twin, {LineId(1)}), false);
  ASSERT_TRUE(prepared.has_value()) << FormatError(prepared.error());
  const CommitTable table{"w.csv", "", {{twin.substr(0, 8), 1, kPlace}}};
  EXPECT_THAT(
      FormatError(NumbersBySuspect(table, prepared->suspects, 0).error()),
      HasSubstr("could be several commits"));
}

}  // namespace
}  // namespace rebisect
