#include "scenarios/recording/log_arithmetic.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "scenarios/recording/steps.h"
#include "sim/session/selection_policy.h"

namespace rebisect {
namespace {

struct Step {
  int left;
  std::optional<int> steps;
  std::optional<Verdict> verdict;
};

constexpr Verdict kGood = Verdict::kGood;
constexpr Verdict kBad = Verdict::kBad;
constexpr Verdict kSkip = Verdict::kSkip;

// A record of these steps; line 1 is the start, step i stands at line i + 2.
Recording Record(const std::vector<Step>& steps, bool culprit) {
  Recording recording;
  recording.events.emplace_back(Start{"bad", {"good"}});
  int line = 2;
  for (const Step& step : steps) {
    Proposal proposal;
    proposal.commit = "c" + std::to_string(line);
    proposal.revisions_left = step.left;
    proposal.steps_left = step.steps;
    proposal.line = line;
    recording.events.emplace_back(proposal);
    if (step.verdict.has_value()) {
      recording.events.emplace_back(
          Mark{*step.verdict, {proposal.commit}, {}, line});
    }
    ++line;
  }
  if (culprit) {
    recording.end.kind = EndKind::kCulprit;
    recording.end.line = line;
  }
  return recording;
}

LogArithmetic Check(const std::vector<Step>& steps, bool culprit) {
  const Recording recording = Record(steps, culprit);
  return CheckArithmetic(recording, FindSteps(recording));
}

std::string Suspects(const LogArithmetic& arithmetic) {
  std::string text;
  for (const StepNumbers& step : arithmetic.steps) {
    if (!text.empty()) text += " ";
    text += step.suspects.has_value() ? std::to_string(*step.suspects) + "/" +
                                            std::to_string(*step.reached)
                                      : "?";
  }
  return text;
}

TEST(EstimateSteps, AsGitPrintsThem) {
  const std::vector<int> expected = {0, 0, 0, 1, 1, 1, 2, 2, 2, 2, 2, 3, 3};
  for (std::size_t a = 0; a < expected.size(); ++a) {
    EXPECT_EQ(EstimateSteps(static_cast<std::int64_t>(a)), expected[a]) << a;
  }
  EXPECT_EQ(EstimateSteps(12415), 13);
}

TEST(LogArithmetic, FollowsForwardsAndBackwards) {
  // 11 -bad-> 5 -good-> 3 -bad-> 1
  const LogArithmetic found =
      Check({{5, 3, kBad}, {2, 1, kGood}, {1, 1, kBad}}, true);
  EXPECT_EQ(Suspects(found), "? ? 3/1");
  EXPECT_EQ(found.closes, true);
  EXPECT_EQ(Suspects(Check({{5, 3, kBad}, {2, 1, kBad}, {0, 0, kBad}}, true)),
            "11/5 5/2 2/1");
}

TEST(LogArithmetic, ASkipLeavesTheSuspects) {
  const LogArithmetic found =
      Check({{4, 2, kGood}, {2, 1, kSkip}, {1, 1, kSkip}, {2, 1, kBad}}, false);
  EXPECT_EQ(Suspects(found), "? 5/2 5/3 5/2");
  EXPECT_EQ(found.closes, true);
}

TEST(LogArithmetic, ContradictionsNameTheLine) {
  // 5 suspects are left, 9 cannot remain.
  LogArithmetic found = Check({{4, 3, kGood}, {9, 3, kGood}}, false);
  EXPECT_EQ(found.closes, false);
  ASSERT_EQ(found.breaks.size(), 1U);
  EXPECT_EQ(found.breaks[0].line, 3);
  // A wrong estimate.
  found = Check({{4, 2, kGood}, {2, 2, kGood}}, false);
  ASSERT_EQ(found.breaks.size(), 1U);
  EXPECT_EQ(found.breaks[0].line, 3);
  // A culprit is named although 3 suspects are left.
  found = Check({{4, 2, kGood}, {2, 1, kGood}}, true);
  ASSERT_EQ(found.breaks.size(), 1U);
  EXPECT_EQ(found.breaks[0].line, 4);
}

TEST(LogArithmetic, MissingAnswersAreNoContradiction) {
  const LogArithmetic found =
      Check({{4, 2, std::nullopt}, {2, 1, std::nullopt}}, true);
  EXPECT_FALSE(found.closes.has_value());
  ASSERT_FALSE(found.breaks.empty());
  EXPECT_EQ(found.breaks[0].kind, ChainBreak::Kind::kMissing);
}

TEST(LogArithmetic, AJumpPartsTheChain) {
  Recording recording = Record({{10, 3, kGood}, {90, 6, kBad}}, false);
  Mark jump{kBad, {"elsewhere"}, {}, 2};
  recording.events.insert(recording.events.begin() + 3, jump);
  const LogArithmetic found = CheckArithmetic(recording, FindSteps(recording));
  EXPECT_EQ(found.closes, false);
  ASSERT_EQ(found.breaks.size(), 1U);
  EXPECT_EQ(found.breaks[0].kind, ChainBreak::Kind::kJump);
  EXPECT_EQ(found.breaks[0].line, 2);
}

TEST(LogArithmetic, MarkingTheSameAgainPartsNothing) {
  Recording recording = Record({{10, 3, kGood}, {5, 3, kBad}}, false);
  Mark again{kGood, {"c2"}, {}, 2};
  recording.events.insert(recording.events.begin() + 3, again);
  EXPECT_EQ(CheckArithmetic(recording, FindSteps(recording)).closes, true);
}

TEST(LogArithmetic, PathLimitedSearchesAreNotChecked) {
  Recording recording = Record({{-1, 0, kGood}}, true);
  EXPECT_EQ(CheckArithmetic(recording, FindSteps(recording)).closes, false);
  std::get<Start>(recording.events[0]).paths = {"src"};
  EXPECT_FALSE(
      CheckArithmetic(recording, FindSteps(recording)).closes.has_value());
}

// Chains drawn at random as git would print them close; one count changed by
// one is found, unless the change can be explained.
TEST(LogArithmetic, RandomChainsClose) {
  std::uint64_t state = 1;
  const auto below = [&state](std::int64_t n) {
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    return static_cast<std::int64_t>((state >> 33U) %
                                     static_cast<std::uint64_t>(n));
  };
  for (int round = 0; round < 2000; ++round) {
    std::int64_t a = 2 + below(5000);
    std::vector<Step> steps;
    std::vector<std::int64_t> suspects;
    while (a > 1) {
      const std::int64_t r = 1 + below(a - 1);
      const auto verdict = static_cast<Verdict>(below(2));
      suspects.push_back(a);
      steps.push_back({static_cast<int>(a - r - 1), EstimateSteps(a), verdict});
      a = verdict == kGood ? a - r : r;
    }
    const LogArithmetic found = Check(steps, true);
    ASSERT_EQ(found.closes, true) << "round " << round;
    for (std::size_t i = 0; i < steps.size(); ++i) {
      const auto& known = found.steps[i].suspects;
      if (known.has_value()) {
        ASSERT_EQ(*known, suspects[i]);
      }
    }
  }
}

}  // namespace
}  // namespace rebisect
