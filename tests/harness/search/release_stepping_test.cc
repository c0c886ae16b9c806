#include "harness/search/release_stepping.h"

#include <gtest/gtest.h>

#include "scenarios/logs/parse.h"
#include "tests/support/temp_folder.h"

namespace rebisect {
namespace {

/// The recording that ships under this name; its third release is v5.10.
Recording Shipped003() {
  const std::string file =
      std::string(REBISECT_RECORDED_DIR) + "/003_9e5a8c403dd9519c.yaml";
  auto recording = ParseRecording(testing_support::GetFile(file), file);
  EXPECT_TRUE(recording.has_value());
  return *std::move(recording);
}

Test& Release(Recording& recording, const std::string& name) {
  for (Event& event : recording.events) {
    auto* test = std::get_if<Test>(&event);
    if (test != nullptr && test->release == name) return *test;
  }
  ADD_FAILURE() << "no release " << name;
  return std::get<Test>(recording.events.front());
}

std::vector<ReleaseStep> Check(const Recording& recording) {
  static const auto kAnyCrash = *MakeVerdictPolicy("any-crash");
  return CheckReleaseStepping(recording, *kAnyCrash);
}

/// The names of the steps that do not agree.
std::vector<std::string> Wrong(const Recording& recording) {
  std::vector<std::string> wrong;
  for (const ReleaseStep& step : Check(recording)) {
    EXPECT_EQ(step.agrees, step.explanation.empty());
    if (!step.agrees) wrong.push_back(step.test->release);
  }
  return wrong;
}

const std::vector<Run> kAllOk{{RunOutcome::kOk, "", {}}};
const std::vector<Run> kAllCrash{{RunOutcome::kCrashed, "WARNING in foo", {}}};
const std::vector<Run> kNoBoot{{RunOutcome::kBootFailed, "", {}}};

TEST(ReleaseSteppingTest, TheRecordedWayBackAgrees) {
  const Recording recording = Shipped003();
  const auto steps = Check(recording);
  ASSERT_GT(steps.size(), 10U);
  EXPECT_EQ(steps.front().test->purpose, TestPurpose::kStart);
  EXPECT_EQ(steps[1].test->release, "v5.12");
  EXPECT_EQ(steps.back().verdict, Verdict::kGood);
  for (std::size_t i = 0; i + 1 < steps.size(); ++i) {
    EXPECT_EQ(steps[i].verdict, Verdict::kBad) << i;
  }
  EXPECT_TRUE(Wrong(recording).empty());
}

TEST(ReleaseSteppingTest, FindsAGoodReleaseThatWasSteppedOver) {
  Recording recording = Shipped003();
  Release(recording, "v5.10").runs = kAllOk;
  EXPECT_EQ(Wrong(recording), std::vector<std::string>{"v5.10"});
}

TEST(ReleaseSteppingTest, StepsOverWhatCannotBeJudged) {
  Recording recording = Shipped003();
  Release(recording, "v5.10").runs = kNoBoot;
  EXPECT_TRUE(Wrong(recording).empty());
}

TEST(ReleaseSteppingTest, FindsEndsWhoseRunsSayOtherwise) {
  const Recording recorded = Shipped003();
  const auto steps = Check(recorded);
  const std::string good = steps.back().test->release;
  const std::string bad = steps[steps.size() - 2].test->release;
  Recording recording = recorded;
  Release(recording, good).runs = kAllCrash;
  EXPECT_EQ(Wrong(recording), std::vector<std::string>{good});
  recording = recorded;
  Release(recording, bad).runs = kAllOk;
  EXPECT_EQ(Wrong(recording), std::vector<std::string>{bad});
}

TEST(ReleaseSteppingTest, ASearchForAFixStartsWithHeadPassing) {
  Recording recording;
  recording.kind = RecordingKind::kFix;
  rebisect::Test since;
  since.commit = "aaaaaaa";
  since.purpose = TestPurpose::kStart;
  since.runs = kAllCrash;
  rebisect::Test head;
  head.commit = "fffffff";
  head.purpose = TestPurpose::kHead;
  head.runs = kAllOk;
  Start start;
  start.bad = head.commit;
  start.goods = {since.commit};
  recording.events = {since, head, start};
  EXPECT_TRUE(Wrong(recording).empty());

  std::get<rebisect::Test>(recording.events[1]).runs = kAllCrash;
  const auto steps = Check(recording);
  ASSERT_EQ(steps.size(), 2U);
  EXPECT_TRUE(steps[0].agrees);
  EXPECT_FALSE(steps[1].agrees);
}

}  // namespace
}  // namespace rebisect
