#include "sim/session/git_selection.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "tests/support/search_graph.h"

namespace rebisect {
namespace {

using testing_support::IdOf;
using testing_support::Line;
using testing_support::ListedGraph;
using testing_support::NumberedCommit;

/// The suspects n<first> and up, listed in the order of their numbers; the
/// last one is bad.
class Question {
 public:
  Question(const std::vector<NumberedCommit>& commits, std::uint32_t first)
      : graph_(ListedGraph(commits)) {
    std::vector<Vertex> listing;
    for (std::uint32_t n = first; n < commits.size(); ++n) {
      listing.push_back(*graph_.Find(IdOf(n)));
    }
    suspects_ = BuildSuspectGraph(graph_, listing,
                                  [&](Vertex v) { return graph_.Parents(v); });
    bad_ = Find(static_cast<std::uint32_t>(commits.size() - 1));
  }

  void Skip(std::uint32_t n) {
    skipped_.resize(suspects_.size());
    skipped_[Find(n)] = 1;
  }
  /// A commit that is no suspect was skipped.
  void SkipElsewhere() { skipped_.resize(suspects_.size()); }
  void Uncount(std::uint32_t n) {
    if (suspects_.counted.empty()) {
      suspects_.counted.assign(suspects_.size(), 1);
    }
    suspects_.counted[Find(n)] = 0;
    --suspects_.counted_total;
  }

  Result<NextStep> Ask(const char* version) {
    GitSelection selection(GitRules::Of(*GitVersion::Parse(version)));
    return selection.Next({suspects_, bad_, skipped_});
  }
  /// The number of the commit to test.
  std::uint32_t Next(const char* version = "2.39.5") {
    const auto next = Ask(version);
    const auto* test = next ? std::get_if<TestStep>(&*next) : nullptr;
    if (test == nullptr) return 9999;
    left_ = test->revisions_left;
    steps_ = test->steps_left;
    return Number(test->commits.at(0));
  }
  [[nodiscard]] std::uint32_t Number(Suspect s) const {
    std::uint32_t n = 0;
    while (IdOf(n) != graph_.Id(suspects_.vertices[s])) ++n;
    return n;
  }
  [[nodiscard]] std::int64_t left() const { return left_; }
  [[nodiscard]] std::int64_t steps() const { return steps_; }

 private:
  [[nodiscard]] Suspect Find(std::uint32_t n) const {
    const auto at = std::find(suspects_.vertices.begin(),
                              suspects_.vertices.end(), *graph_.Find(IdOf(n)));
    return static_cast<Suspect>(at - suspects_.vertices.begin());
  }

  CommitGraph graph_;
  SuspectGraph suspects_;
  Suspect bad_ = 0;
  std::vector<std::uint8_t> skipped_;
  std::int64_t left_ = 0;
  std::int64_t steps_ = 0;
};

TEST(GitSelection, EstimatesStepsAsGitDoes) {
  EXPECT_EQ(EstimateSteps(0), 0);
  EXPECT_EQ(EstimateSteps(2), 0);
  EXPECT_EQ(EstimateSteps(3), 1);
  EXPECT_EQ(EstimateSteps(5), 1);
  EXPECT_EQ(EstimateSteps(6), 2);
  EXPECT_EQ(EstimateSteps(16), 3);
}

TEST(GitSelection, TakesTheFirstHalfwayInALine) {
  Question question(Line(17), 1);
  EXPECT_EQ(question.Next(), 8U);
  EXPECT_EQ(question.left(), 7);
  EXPECT_EQ(question.steps(), 3);
}

TEST(GitSelection, PrefersAMergeAboutHalfway) {
  // n1 and n2 on n0, n3 merges them, n4 to n7 in a line: n4 would be exactly
  // half, the merge n3 is only one off, and is looked at first.
  Question question(
      {{{}, 1}, {{0}, 2}, {{0}, 3}, {{1, 2}, 4}, {{3}, 5}, {{4}, 6}, {{5}, 7}},
      0);
  EXPECT_EQ(question.Next(), 3U);
}

TEST(GitSelection, TookTheNewestOfTheBestBefore151) {
  // Of 15 suspects in a line n7 and n8 are equally good.
  Question question(Line(16), 1);
  EXPECT_EQ(question.Next("1.5.1"), 7U);
  EXPECT_EQ(question.Next("1.5.0.7"), 8U);
}

TEST(GitSelection, TakesNearlyHalfForHalfSince230) {
  // The first root is never halfway; with 3072 suspects two off will do.
  Question large(Line(3072), 0);
  EXPECT_EQ(large.Next("2.29.3"), 1535U);
  EXPECT_EQ(large.Next("2.30.0"), 1534U);
  Question smaller(Line(3070), 0);
  EXPECT_EQ(smaller.Next("2.29.3"), 1534U);
  EXPECT_EQ(smaller.Next("2.30.0"), 1534U);
}

TEST(GitSelection, BreaksTiesByIdOnceAnythingWasSkipped) {
  // n2 (4 of 8) is listed after n1 here, with no line between them.
  Question question({{{}, 1}, {{}, 2}, {{0}, 3}, {{1}, 4}, {{2, 3}, 5}}, 0);
  EXPECT_EQ(question.Next(), 2U);
  question.SkipElsewhere();
  EXPECT_EQ(question.Next(), 2U);
  Question line(Line(16), 1);
  line.SkipElsewhere();
  EXPECT_EQ(line.Next(), 7U);
}

TEST(GitSelection, JumpsAwayFromASkippedCommit) {
  Question question(Line(17), 1);
  question.Skip(8);
  // Fifteen are left: entry 8 of n7 n9 n6 n10 n5 n11 n4 n12 n3 ...
  EXPECT_EQ(question.Next(), 3U);
  EXPECT_EQ(question.left(), 7) << "counted from the best, not from the chosen";
  EXPECT_EQ(question.steps(), 3);
  EXPECT_EQ(question.Next("1.6.3.4"), 7U) << "no jump yet";
}

TEST(GitSelection, EndsWithTheSkippedOnesAndTheBadOne) {
  Question question(Line(4), 1);
  question.Skip(1);
  question.Skip(2);
  const auto next = question.Ask("2.39.5");
  ASSERT_TRUE(next.has_value());
  const auto* done = std::get_if<DoneStep>(&*next);
  ASSERT_NE(done, nullptr);
  EXPECT_FALSE(done->culprit.has_value());
  ASSERT_EQ(done->candidates.size(), 3U);
  EXPECT_EQ(question.Number(done->candidates[0]), 1U);
  EXPECT_EQ(question.Number(done->candidates[2]), 3U);
}

TEST(GitSelection, NeverChoosesWhatDoesNotCount) {
  Question question(Line(9), 1);
  EXPECT_EQ(question.Next(), 4U);
  question.Uncount(4);
  EXPECT_EQ(question.Next(), 3U);
  EXPECT_EQ(question.left(), 3);
}

TEST(GitSelection, FailsWhereNothingCounts) {
  Question question(Line(3), 1);
  question.Uncount(1);
  question.Uncount(2);
  const auto next = question.Ask("2.39.5");
  ASSERT_FALSE(next.has_value());
  EXPECT_EQ(next.error().code, ErrorCode::kNoTestable);
}

TEST(GitSelection, FindsTheLastSuspect) {
  Question question(Line(2), 1);
  const auto next = question.Ask("2.39.5");
  ASSERT_TRUE(next.has_value());
  const auto* done = std::get_if<DoneStep>(&*next);
  ASSERT_NE(done, nullptr);
  EXPECT_EQ(question.Number(*done->culprit), 1U);
}

}  // namespace
}  // namespace rebisect
