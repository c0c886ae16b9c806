#include "scenarios/recording/run_verdict.h"

#include <gtest/gtest.h>

#include "scenarios/recording/crash_title.h"

namespace rebisect {
namespace {

TEST(RunVerdict, AnyCrash) {
  EXPECT_EQ(AnyCrashVerdict({10, 1, 9}), Verdict::kBad);
  EXPECT_EQ(AnyCrashVerdict({10, 0, 1}), Verdict::kGood);
  EXPECT_EQ(AnyCrashVerdict({10, 0, 0}), Verdict::kSkip);
  EXPECT_EQ(AnyCrashVerdict({}), Verdict::kSkip);
}

TEST(RunVerdict, Syzkaller2018SkipsWhenMostRunsSayNothing) {
  EXPECT_EQ(Syzkaller2018Verdict({10, 1, 0}), Verdict::kBad);
  EXPECT_EQ(Syzkaller2018Verdict({10, 0, 4}), Verdict::kGood);
  EXPECT_EQ(Syzkaller2018Verdict({10, 0, 3}), Verdict::kSkip);
  EXPECT_EQ(Syzkaller2018Verdict({8, 0, 4}), Verdict::kGood);
  EXPECT_EQ(Syzkaller2018Verdict({8, 0, 3}), Verdict::kSkip);
  EXPECT_EQ(Syzkaller2018Verdict({1, 0, 1}), Verdict::kGood);
  EXPECT_EQ(Syzkaller2018Verdict({1, 0, 0}), Verdict::kSkip);
}

TEST(CountRuns, SortsRunsIntoThreeKinds) {
  const std::vector<rebisect::Run> runs = {
      {RunOutcome::kOk},    {RunOutcome::kCrashed}, {RunOutcome::kIgnored},
      {RunOutcome::kInfra}, {RunOutcome::kOk},      {RunOutcome::kFailed}};
  const RunCounts counts = CountRuns(runs);
  EXPECT_EQ(counts, (RunCounts{6, 1, 2, 2}));
  EXPECT_EQ(counts.Neither(), 3);
}

TEST(CountRuns, OneRunStandsForAsManyAsSaid) {
  rebisect::Test test;
  test.runs = {{RunOutcome::kCrashed}};
  EXPECT_EQ(CountRuns(test, 10), (RunCounts{1, 1, 0, 0}));
  test.runs_alike = true;
  EXPECT_EQ(CountRuns(test, 10), (RunCounts{10, 10, 0, 0}));
  test.runs = {{RunOutcome::kInfra}};
  EXPECT_EQ(CountRuns(test, 8), (RunCounts{8, 0, 0, 8}));
}

TEST(NormalTitle, DropsWhatVaries) {
  EXPECT_EQ(NormalTitle("general protection fault in __gfn_to_rmap"),
            NormalTitle("general protection fault in gfn_to_rmap"));
  EXPECT_EQ(NormalTitle("kernel BUG at arch/x86/kvm/mmu/mmu.c:LINE!"),
            NormalTitle("kernel BUG at arch/x86/kvm/mmu.c:4426!"));
  EXPECT_EQ(NormalTitle("WARNING in foo (2)"), NormalTitle("WARNING in foo"));
  EXPECT_NE(NormalTitle("WARNING in foo"), NormalTitle("WARNING in bar"));
  EXPECT_NE(NormalTitle("KASAN: use-after-free Read in foo"),
            NormalTitle("KASAN: use-after-free Write in foo"));
  EXPECT_EQ(NormalTitle(""), "");
  EXPECT_EQ(NormalTitle("____"), "____");
  EXPECT_EQ(NormalTitle("a (2) b"), "a (2) b");
}

}  // namespace
}  // namespace rebisect
