// What git itself makes of reconstructed graphs.

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scenarios/reconstruct/reconstruct.h"
#include "tests/scenarios/logs/real_git.h"
#include "tests/scenarios/reconstruct/bisect_model.h"
#include "tests/scenarios/reconstruct/search_literal.h"

namespace rebisect {
namespace {

using testing::ElementsAre;
using testing_support::HasGit;
using testing_support::LiteralId;
using testing_support::RandomSearch;
using testing_support::RealRepository;
using testing_support::SearchRecording;
using testing_support::StepLiteral;

using enum Verdict;

class ReconstructGitTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!HasGit()) GTEST_SKIP() << "git is not installed";
  }
};

/// Rebuilds the search, repeats it with git, and compares every line.
void ExpectGitRepeats(const std::vector<StepLiteral>& steps) {
  const Recording recording = SearchRecording(steps);
  const auto rebuilt = Reconstruct(recording);
  ASSERT_TRUE(rebuilt) << FormatError(rebuilt.error());
  std::vector<std::string> recorded;
  std::string verdicts;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    recorded.push_back(std::to_string(steps[i].revisions_left) + " " +
                       std::to_string(*steps[i].steps_left) + " " +
                       LiteralId(i));
    verdicts += *steps[i].verdict == kBad ? 'b' : 'g';
  }
  recorded.push_back("found " + recording.end.culprit);
  const RealRepository repository(*rebuilt);
  EXPECT_EQ(repository.Search("refs/recorded/" + std::string(40, 'b') +
                                  " refs/recorded/" + std::string(40, 'a'),
                              verdicts),
            recorded);
}

// The five recordings that the project ships: their counts and verdicts.
TEST_F(ReconstructGitTest, Recording000) {
  ExpectGitRepeats({{6207, 13, kGood},
                    {3154, 12, kGood},
                    {1577, 11, kBad},
                    {776, 10, kBad},
                    {392, 9, kGood},
                    {171, 8, kBad},
                    {107, 7, kGood},
                    {53, 6, kBad},
                    {26, 5, kBad},
                    {10, 4, kGood},
                    {5, 3, kGood},
                    {2, 2, kGood},
                    {0, 1, kGood}});
}

TEST_F(ReconstructGitTest, Recording001) {
  ExpectGitRepeats({{13326, 14, kGood},
                    {6630, 13, kGood},
                    {3403, 12, kGood},
                    {1934, 11, kBad},
                    {781, 10, kGood},
                    {409, 9, kBad},
                    {186, 8, kBad},
                    {92, 7, kBad},
                    {45, 6, kGood},
                    {22, 5, kBad},
                    {11, 4, kBad},
                    {5, 3, kGood},
                    {2, 2, kBad},
                    {0, 1, kGood}});
}

TEST_F(ReconstructGitTest, Recording002) {
  ExpectGitRepeats({{3620, 12, kGood},
                    {1818, 11, kGood},
                    {909, 10, kGood},
                    {526, 9, kGood},
                    {264, 8, kBad},
                    {130, 7, kBad},
                    {65, 6, kBad},
                    {32, 5, kBad},
                    {15, 4, kGood},
                    {7, 3, kBad},
                    {3, 2, kGood},
                    {1, 1, kBad},
                    {0, 0, kBad}});
}

TEST_F(ReconstructGitTest, Recording003) {
  ExpectGitRepeats({{7074, 13, kGood},
                    {3573, 12, kGood},
                    {1796, 11, kGood},
                    {898, 10, kGood},
                    {443, 9, kBad},
                    {227, 8, kGood},
                    {100, 7, kBad},
                    {71, 6, kGood},
                    {35, 5, kBad},
                    {17, 4, kBad},
                    {8, 3, kGood},
                    {4, 2, kBad},
                    {1, 1, kGood},
                    {0, 0, kGood}});
}

TEST_F(ReconstructGitTest, Recording004) {
  ExpectGitRepeats({{7032, 13, kBad},
                    {3644, 12, kGood},
                    {1830, 11, kBad},
                    {901, 10, kGood},
                    {450, 9, kBad},
                    {280, 8, kGood},
                    {142, 7, kGood},
                    {71, 6, kGood},
                    {35, 5, kGood},
                    {17, 4, kGood},
                    {8, 3, kGood},
                    {4, 2, kGood},
                    {2, 1, kGood},
                    {0, 1, kGood}});
}

TEST_F(ReconstructGitTest, SearchesOfRandomGraphs) {
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    ASSERT_NO_FATAL_FAILURE(ExpectGitRepeats(RandomSearch(seed)));
  }
}

TEST_F(ReconstructGitTest, AlongFirstParents) {
  Recording recording =
      SearchRecording({{4, 2, kGood}, {2, 1, kBad}, {0, 0, kGood}});
  std::get<Start>(recording.events[0]).first_parent = true;
  const auto rebuilt = Reconstruct(recording);
  ASSERT_TRUE(rebuilt) << FormatError(rebuilt.error());
  const RealRepository repository(*rebuilt);
  EXPECT_THAT(
      repository.Search("--first-parent refs/recorded/" + std::string(40, 'b') +
                            " refs/recorded/" + std::string(40, 'a'),
                        "gbg"),
      ElementsAre("4 2 " + LiteralId(0), "2 1 " + LiteralId(1),
                  "0 0 " + LiteralId(2), "found " + LiteralId(1)));
}

/// Merge bases m1 and m2 tested, several good commits, names in the record.
Recording WithMergeBases(Verdict last) {
  Recording recording;
  Start start;
  start.bad = "bad";
  start.goods = {"good", "older", "oldest"};
  recording.events.emplace_back(start);
  const auto answer = [&](const std::string& commit, Verdict verdict) {
    Mark mark;
    mark.verdict = verdict;
    mark.commits = {commit};
    recording.events.emplace_back(mark);
  };
  recording.events.emplace_back(Proposal{"m1", true, {}, {}, 2});
  answer("m1", kGood);
  recording.events.emplace_back(Proposal{"m2", true, {}, {}, 3});
  answer("m2", last);
  if (last == kBad) {
    recording.end.kind = EndKind::kMergeBaseBad;
    return recording;
  }
  recording.events.emplace_back(Proposal{"x", false, 2, 1, 4});
  answer("x", kGood);
  recording.events.emplace_back(Proposal{"y", false, 0, 1, 5});
  answer("y", kBad);
  return recording;
}

TEST_F(ReconstructGitTest, MergeBasesAreTestedFirst) {
  const auto rebuilt = Reconstruct(WithMergeBases(kGood));
  ASSERT_TRUE(rebuilt) << FormatError(rebuilt.error());
  const RealRepository repository(*rebuilt);
  EXPECT_THAT(repository.Read(repository.Shell(
                  "git bisect start --no-checkout recorded/bad recorded/good "
                  "recorded/older recorded/oldest\n"
                  "git bisect good; git bisect good; git bisect good\n"
                  "git bisect bad\n")),
              ElementsAre("merge base m1", "merge base m2", "2 1 x", "0 1 y",
                          "0 0 another commit"));
}

TEST_F(ReconstructGitTest, ABadMergeBaseEndsTheSearch) {
  const auto rebuilt = Reconstruct(WithMergeBases(kBad));
  ASSERT_TRUE(rebuilt) << FormatError(rebuilt.error());
  const RealRepository repository(*rebuilt);
  EXPECT_THAT(
      repository.Read(repository.Shell(
          "git bisect start --no-checkout recorded/bad recorded/good "
          "recorded/older recorded/oldest\n"
          "git bisect good; git bisect bad\n")),
      ElementsAre("merge base m1", "merge base m2", "The merge base is bad"));
}

}  // namespace
}  // namespace rebisect
