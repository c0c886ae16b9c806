// Bisect tools that are wrong in one way each, and a scenario that shows it.

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>

#include "sim/base/check.h"
#include "tests/e2e/child.h"
#include "tests/support/process.h"
#include "tests/support/temp_folder.h"

namespace rebisect {
namespace {

using nlohmann::json;
using testing_support::Child;
using testing_support::GetFile;
using testing_support::PutFile;
using testing_support::RunProcess;
using testing_support::TempFolder;

struct BrokenTool {
  std::string mistake;   ///< what bisect.sh is told
  std::string scenario;  ///< suite/name
  std::string fault;     ///< part of what is said about it
};

/// For the names of the tests.
void PrintTo(const BrokenTool& tool, std::ostream* stream) {
  *stream << tool.mistake;
}

const BrokenTool kBrokenTools[] = {
    {"is-off-by-one", "basics/after-first-midpoint", "it names n8"},
    {"stops-early", "basics/after-first-midpoint", "it names n10"},
    {"lies", "basics/after-first-midpoint", "it names n16"},
    {"names-two", "basics/after-first-midpoint", "it names 2 culprits"},
    {"makes-up-a-commit", "basics/two-commits", "which is no commit here"},
    {"says-nothing", "basics/two-commits", "nothing that tells the outcome"},
    {"prints-garbage", "basics/two-commits", "nothing that tells the outcome"},
    {"crashes", "basics/first-suspect", "was killed by signal 11"},
    {"loops", "basics/after-first-midpoint", "did not end within 2 seconds"},
    {"walks", "basics/first-suspect", "tests, more than 5"},
    {"asks-twice", "basics/three-commits-first", "asked again"},
    {"takes-skip-for-bad", "skips/parent-of-the-culprit", "it names n8"},
    {"forgets-skips", "skips/parent-of-the-culprit",
     "did not end within 2 seconds"},
    {"never-aborts", "exit-codes/code-128-ends-the-search",
     "expected is 'aborted'"},
    {"leaves-refs", "basics/two-commits",
     "ref refs/bisect/bad was left behind"},
    {"leaves-files", "basics/two-commits", "file bisect.log was left behind"},
    {"leaves-a-process", "basics/two-commits",
     "a process that ran on: sleep 1000"},
    {"moves-head", "basics/three-commits-last", "HEAD was changed"},
};

/// Writes the tool file of a tool that makes the mistake.
void PutTool(const std::string& file, const std::string& mistake,
             int limit_seconds) {
  const std::string folder = REBISECT_BROKEN_TOOLS_DIR;
  std::string tool = GetFile(folder + "/tool.yaml.in");
  const std::pair<std::string, std::string> texts[] = {
      {"PROGRAM\n", folder + "/bisect.sh\n"},
      {"MISTAKE", mistake},
      {"LIMIT", std::to_string(limit_seconds)}};
  for (const auto& [place, text] : texts) {
    const std::size_t at = tool.find(place);
    REBISECT_CHECK(at != std::string::npos);
    tool.replace(at, place.size(), text);
  }
  PutFile(file, tool);
}

/// The result of the scenario with the tool that makes the mistake.
json ResultOf(const std::string& mistake, const std::string& scenario,
              int limit_seconds = 60) {
  const TempFolder temp;
  PutTool(temp / "tool.yaml", mistake, limit_seconds);
  const auto ran =
      RunProcess({REBISECT_PROGRAM, "test", REBISECT_SUITES_DIR, "--tool",
                  temp / "tool.yaml", "--filter", scenario, "--format", "json"},
                 {"", "", {{"TMPDIR", temp.path()}}});
  EXPECT_EQ(ran.exit_code, mistake == "nothing" ? 0 : 1) << ran.err;
  const json report = json::parse(ran.out, nullptr, false);
  EXPECT_TRUE(report.is_object()) << ran.err;
  if (!report.is_object() || report["scenarios"].size() != 1) return {};
  return report["scenarios"][0]["results"][0];
}

class BrokenToolTest : public ::testing::TestWithParam<BrokenTool> {};

TEST_P(BrokenToolTest, IsCaught) {
  const bool endless = GetParam().fault.starts_with("did not end");
  const json result =
      ResultOf(GetParam().mistake, GetParam().scenario, endless ? 2 : 60);
  EXPECT_EQ(result["status"], "failed");
  EXPECT_NE(result["faults"].dump().find(GetParam().fault), std::string::npos)
      << result["faults"].dump(2);
}

// Else the scenario would catch just anybody.
TEST_P(BrokenToolTest, IsTheMistakesFault) {
  const json result = ResultOf("nothing", GetParam().scenario);
  EXPECT_EQ(result["status"], "passed") << result["faults"].dump(2);
}

INSTANTIATE_TEST_SUITE_P(All, BrokenToolTest, ::testing::ValuesIn(kBrokenTools),
                         [](const auto& tool) {
                           std::string name = tool.param.mistake;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

TEST(BrokenTools, AreCutDownToTheirMistake) {
  const TempFolder temp;
  PutTool(temp / "tool.yaml", "is-off-by-one", 60);
  // The third seed's first history has 375 commits.
  const auto ran =
      RunProcess({REBISECT_PROGRAM, "test", "--against", "driver", "--tool",
                  temp / "tool.yaml", "--commits", "400", "--cases", "1",
                  "--seed", "3", "--format", "json"},
                 {"", "", {{"TMPDIR", temp.path()}}});
  EXPECT_EQ(ran.exit_code, 1) << ran.err;
  const json report = json::parse(ran.out, nullptr, false);
  ASSERT_TRUE(report.is_object()) << ran.err;
  ASSERT_EQ(report["different"].size(), 1U);
  EXPECT_GE(report["different"][0]["commits"], 300);
  EXPECT_LE(report["different"][0]["shrunk"]["commits"], 8);
}

int CountFiles(const std::string& folder) {
  int count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    static_cast<void>(entry);
    ++count;
  }
  return count;
}

bool IsRunning(const std::string& pid) {
  const std::string status = GetFile("/proc/" + pid + "/status");
  return !status.empty() && status.find("State:\tZ") == std::string::npos;
}

TEST(BrokenTools, LeaveNothingBehindWhenTheyAreInterrupted) {
  for (const int signal : {SIGINT, SIGTERM}) {
    const TempFolder temp;
    const std::string pids = temp / "pids";
    PutFile(temp / "tool.yaml",
            "rebisect: tool/1\nname: stays\nprogram: sh\n"
            "run: \"setsid sleep 1000 & echo $! $$ >'" +
                pids + ".part'; mv '" + pids + ".part' '" + pids +
                "'; sleep 1000\"\noutcomes: {found: x}\n"
                "supports: []\n");
    std::filesystem::create_directory(temp / "tmp");
    setenv("TMPDIR", (temp / "tmp").c_str(), 1);
    Child child({REBISECT_PROGRAM, "test", REBISECT_SUITES_DIR, "--tool",
                 temp / "tool.yaml", "--filter", "basics/two-commits"},
                temp / "errors");
    unsetenv("TMPDIR");
    while (GetFile(pids).empty() && !child.Ended()) usleep(10'000);
    child.Signal(signal);
    EXPECT_EQ(child.Wait(), 130);
    std::istringstream words(GetFile(pids));
    std::string pid;
    while (words >> pid) EXPECT_FALSE(IsRunning(pid)) << pid;
    EXPECT_EQ(CountFiles(temp / "tmp"), 0) << GetFile(temp / "errors");
  }
}

}  // namespace
}  // namespace rebisect
