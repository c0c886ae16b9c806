// Syzkaller's rules against the verdicts it gave: every recorded verdict of a
// period is the one that the rule of that period makes of the recorded runs.
#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "scenarios/logs/parse.h"
#include "scenarios/recording/steps.h"
#include "tests/oracle/verdict/judge_recording.h"
#include "tests/scenarios/recording/shared_files.h"

namespace rebisect {
namespace {

using testing_support::FilesOf;
using testing_support::GetFile;

/// The rules that may have been in force when a record was made. Those of the
/// five shipped ones say it by their compilers and syzkaller's commit; the
/// partial logs by their names, and by lines that came and went: "reproducer
/// seems to be flaky" (until 2023-07-12), "representative crash" (since
/// 2023-06-15), "false negative chance" (since 2023-07-12).
std::vector<std::string> RulesOf(std::string_view file) {
  if (file.starts_with("2023-06")) {
    return {"syzkaller-2018", "syzkaller-2023-05", "syzkaller-2023-06"};
  }
  if (file.starts_with("2024-01")) return {"syzkaller-2023"};
  return {"syzkaller-2018"};
}

using Verdicts = std::map<const rebisect::Test*, Verdict>;

const rebisect::Test* TestAt(const Recording& recording, std::size_t event) {
  return std::get_if<rebisect::Test>(&recording.events[event]);
}

/// What the record says of its tests, the crash's side: the answers of the
/// search, its start commit, and the ends that the releases gave it.
Verdicts RecordedVerdicts(const Recording& recording) {
  Verdicts verdicts;
  const RecordedSearch search = FindSteps(recording);
  for (const Move& move : search.moves) {
    if (!move.verdict || move.tests.empty()) continue;
    verdicts[TestAt(recording, move.tests.back())] =
        CrashVerdict(recording.kind, *move.verdict);
  }
  const auto is_good = [&](const rebisect::Test& test) {
    for (const std::string& good : search.goods) {
      if (SameCommit(test.commit, good) || test.release == good) return true;
    }
    return false;
  };
  for (const std::size_t event : search.other_tests) {
    const rebisect::Test* test = TestAt(recording, event);
    if (test->purpose == TestPurpose::kStart) {
      verdicts[test] = Verdict::kBad;
    } else if (test->purpose == TestPurpose::kRelease &&
               !search.goods.empty()) {
      verdicts[test] = is_good(*test) ? Verdict::kGood : Verdict::kBad;
    }
  }
  return verdicts;
}

/// How many verdicts were compared.
int CompareAll(const std::filesystem::path& folder) {
  int compared = 0;
  for (const auto& path : FilesOf(folder)) {
    if (path.extension() == ".gz") continue;
    const auto recording = ParseRecording(GetFile(path), path.string());
    if (!recording || recording->format != "syzkaller") continue;
    const Verdicts recorded = RecordedVerdicts(*recording);
    for (const std::string& rule : RulesOf(path.filename().string())) {
      const auto policy = MakeVerdictPolicy(rule);
      if (!policy) {
        ADD_FAILURE() << FormatError(policy.error());
        continue;
      }
      VerdictHistory history;
      for (const auto& [test, ruling] :
           testing_support::JudgeRecording(*recording, **policy, &history)) {
        const auto known = recorded.find(test);
        if (known == recorded.end()) continue;
        ++compared;
        EXPECT_EQ(ToString(VerdictOf(ruling)), ToString(known->second))
            << path.filename() << ':' << test->line << ": " << test->commit
            << " by " << rule << ": " << ruling.reason;
      }
    }
  }
  return compared;
}

TEST(RecordedVerdicts, ThoseOfTheShippedRecordings) {
  // 68 steps, 5 start commits and 25 releases.
  EXPECT_EQ(CompareAll(REBISECT_RECORDED_DIR), 98);
}

TEST(RecordedVerdicts, ThoseOfTheRealLogs) {
  REBISECT_SKIP_WITHOUT_SHARED(shared);
  EXPECT_EQ(CompareAll(shared / "recordings"), 98);
  EXPECT_GE(CompareAll(shared / "logs" / "syzkaller"), 8);
}

TEST(RecordedVerdicts, OneCrashInTenIsASkipBy2024sRule) {
  const auto policy = MakeVerdictPolicy("syzkaller-2024");
  ASSERT_TRUE(policy.has_value());
  std::map<std::string, int> differing;
  for (const auto& path : FilesOf(REBISECT_RECORDED_DIR)) {
    if (path.extension() != ".yaml") continue;
    const auto recording = ParseRecording(GetFile(path), path.string());
    ASSERT_TRUE(recording.has_value());
    if (recording->format != "syzkaller") continue;
    const Verdicts recorded = RecordedVerdicts(*recording);
    int& count = differing[path.stem().string().substr(0, 3)];
    VerdictHistory history;
    for (const auto& [test, ruling] :
         testing_support::JudgeRecording(*recording, **policy, &history)) {
      const auto known = recorded.find(test);
      if (known == recorded.end() || VerdictOf(ruling) == known->second) {
        continue;
      }
      ++count;
      EXPECT_EQ(ruling.kind, RulingKind::kSkip);
      EXPECT_EQ(ruling.reason.substr(0, 26), "1 of 10 runs crashed, 9 pa");
    }
  }
  const std::map<std::string, int> expected = {
      {"000", 0}, {"001", 2}, {"002", 0}, {"003", 0}, {"004", 1}};
  EXPECT_EQ(differing, expected);
}

}  // namespace
}  // namespace rebisect
