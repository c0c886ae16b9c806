// Many recordings in one call of `replay` and `diagnose`.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "sim/io/input.h"
#include "tests/harness/graph/line_dag.h"
#include "tests/harness/testing/program.h"
#include "tests/support/git_command.h"
#include "tests/support/temp_folder.h"

namespace rebisect {
namespace {

using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;
using testing_support::JsonLines;
using testing_support::LineDag;
using testing_support::LineId;
using testing_support::ProgramRun;
using testing_support::PutFile;
using testing_support::RunProgram;
using testing_support::RunShell;
using testing_support::TempFolder;

const std::string kRecorded = REBISECT_RECORDED_DIR;
const std::string kSyzkaller = kRecorded + "/00*.yaml";

/// A `git bisect log` on LineDag(): the last commit bad, the first good, and
/// the verdicts on the commits numbered so.
std::string LineLog(int bad, const std::vector<std::pair<int, bool>>& steps) {
  std::string text =
      "git bisect start '" + LineId(bad) + "' '" + LineId(1) + "'\n";
  for (const auto& [n, is_good] : steps) {
    text += "git bisect " + std::string(is_good ? "good " : "bad ") +
            LineId(n) + '\n';
  }
  return text;
}

std::vector<std::string> Names(const std::vector<json>& rows) {
  std::vector<std::string> names;
  for (const json& row : rows) names.push_back(row["recording"]);
  return names;
}

TEST(ManyRecordings, ATableHasARowForEach) {
  const ProgramRun run =
      RunProgram({"diagnose", kSyzkaller, "--table", "jsonl"});
  ASSERT_EQ(run.exit_code, 0) << run.errors;
  const auto rows = JsonLines(run.out);
  ASSERT_EQ(rows.size(), 5U);
  std::vector<std::string> trust;
  for (const json& row : rows) {
    EXPECT_EQ(row["schema"], "rebisect.recording/1");
    EXPECT_EQ(row["agrees"], true) << row;
    EXPECT_EQ(row["outcome"], "same-culprit");
    EXPECT_TRUE(row["action"].is_null());
    trust.push_back(row["trust"]);
  }
  EXPECT_THAT(trust, ElementsAre("trustworthy", "contradicted", "trustworthy",
                                 "trustworthy", "contradicted"));
  EXPECT_THAT(rows[1]["reason"], StartsWith("verdict-likely-wrong: step 8"));
}

TEST(ManyRecordings, TheTableOfReplayNeedsNoDiagnosis) {
  const ProgramRun run = RunProgram({"replay", kSyzkaller, "--table", "csv"});
  ASSERT_EQ(run.exit_code, 0) << run.errors;
  EXPECT_THAT(run.out,
              StartsWith("recording,file,error,agrees,outcome,culprit,trust,"
                         "posterior,action,code,claim,reason\r\n"));
  EXPECT_THAT(run.out, HasSubstr(",true,same-culprit,"));
  const ProgramRun text = RunProgram({"replay", kSyzkaller, "--table", "text"});
  EXPECT_THAT(text.out, Not(HasSubstr("trust"))) << "nothing is known of it";
}

TEST(ManyRecordings, TextFitsTheWidth) {
  for (const char* command : {"replay", "diagnose"}) {
    const ProgramRun run = RunProgram({command, kRecorded, "--table", "text"});
    std::istringstream lines(run.out);
    int count = 0;
    for (std::string line; std::getline(lines, line); ++count) {
      EXPECT_LE(Columns(line), 80) << line;
    }
    EXPECT_EQ(count, 8) << "a head and seven recordings";
  }
}

TEST(ManyRecordings, ABadOneDoesNotStopTheOthers) {
  const TempFolder folder;
  PutFile(folder / "b.log", "no bisection\n");
  PutFile(folder / "a.log", LineLog(9, {{5, true}, {7, false}, {6, true}}));
  PutFile(folder / "c.log", LineLog(9, {{5, false}, {3, true}, {4, true}}));
  PutFile(folder / "line.dag", LineDag(9));
  const ProgramRun run = RunProgram({"replay", "--dag", folder / "line.dag",
                                     folder.path(), "--table", "jsonl"});
  EXPECT_EQ(run.exit_code, 2);
  const auto rows = JsonLines(run.out);
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_EQ(rows[0]["agrees"], true) << rows[0];
  EXPECT_TRUE(rows[1]["agrees"].is_null());
  EXPECT_THAT(rows[1]["error"], HasSubstr("no line of a bisection"));
  EXPECT_THAT(std::string(rows[1]["file"]), EndsWith("b.log"));
  EXPECT_EQ(rows[2]["agrees"], true) << rows[2];
  EXPECT_THAT(run.errors, HasSubstr("b.log:1:1: error: "));
}

TEST(ManyRecordings, ThreadsDoNotChangeAByte) {
  for (const char* command : {"replay", "diagnose"}) {
    const auto with = [&](const char* threads) {
      return RunProgram({command, kRecorded, kRecorded, kRecorded, "--format",
                         "json", "-j", threads})
          .out;
    };
    const std::string one = with("1");
    EXPECT_EQ(JsonLines(one).size(), 21U);
    EXPECT_EQ(with("2"), one) << command;
    EXPECT_EQ(with("5"), one) << command;
  }
}

TEST(ManyRecordings, AListNamesThem) {
  const TempFolder folder;
  PutFile(folder / "list", kRecorded + "/002_2bc36a9ae601194e.yaml\r\n\n" +
                               kRecorded + "/000_44bcc0d44dc46933.yaml\n");
  const ProgramRun run =
      RunProgram({"replay", "--list", folder / "list", "--table", "jsonl"});
  ASSERT_EQ(run.exit_code, 0) << run.errors;
  EXPECT_THAT(Names(JsonLines(run.out)),
              ElementsAre("002_2bc36a9ae601194e", "000_44bcc0d44dc46933"));
}

TEST(ManyRecordings, NoRecordingAtAllIsAnError) {
  const TempFolder folder;
  PutFile(folder / "list", "\n");
  EXPECT_THAT(RunProgram({"replay"}).errors,
              HasSubstr("no recording is given"));
  EXPECT_THAT(RunProgram({"replay", "--list", folder / "list"}).errors,
              HasSubstr("the list holds no path"));
  EXPECT_THAT(RunProgram({"replay", folder / "*.log"}).errors,
              HasSubstr("no file matches the pattern"));
  EXPECT_EQ(RunProgram({"replay", folder / "*.log"}).exit_code, 2);
  EXPECT_EQ(RunProgram({"replay", "--table", "xml", kRecorded}).exit_code, 2);
}

TEST(ManyRecordings, OneGraphServesAllAndEachIsJudgedAsIfAlone) {
  const TempFolder folder;
  PutFile(folder / "line.dag", LineDag(40));
  std::string alone;
  for (int bad = 5; bad <= 40; bad += 5) {
    const std::string log =
        folder / ("to" + std::to_string(100 + bad) + ".log");
    PutFile(log, LineLog(bad, {{1 + (bad - 1) / 2, true}}));
    alone += RunProgram({"replay", "--dag", folder / "line.dag", log,
                         "--format", "json"})
                 .out;
  }
  const ProgramRun all = RunProgram({"replay", "--dag", folder / "line.dag",
                                     folder.path(), "--format", "json"});
  EXPECT_EQ(all.out, alone);
}

TEST(ManyRecordings, ARepositoryIsLoadedForAllOfThem) {
  const TempFolder folder;
  RunShell(folder.path(),
           "git init -q repo && cd repo && for i in 1 2 3 4 5 6 7 8 9; do git "
           "commit -q --allow-empty -m $i && git tag v$i; done");
  for (const char* ends : {"v5 v1", "v9 v4", "v7 v2"}) {
    RunShell(folder / "repo",
             std::string("git bisect start ") + ends +
                 " >/dev/null 2>&1; git bisect run test 1 -eq 2 >/dev/null "
                 "2>&1; git bisect log > ../'" +
                 ends + ".log'; git bisect reset 2>/dev/null");
  }
  const ProgramRun run = RunProgram(
      {"replay", "--repo", folder / "repo", folder.path(), "--format", "json"});
  EXPECT_EQ(run.exit_code, 0) << run.errors;
  const auto replays = JsonLines(run.out);
  ASSERT_EQ(replays.size(), 3U);
  for (const json& replay : replays) {
    EXPECT_EQ(replay["outcome"], "same-culprit");
    EXPECT_EQ(replay["graph"]["commits"], 9) << "what all of them need";
  }
}

TEST(ManyRecordings, OneThatTheRepositoryLacksDoesNotStopTheOthers) {
  const TempFolder folder;
  RunShell(folder.path(),
           "git init -q repo && cd repo && for i in 1 2 3 4 5; do git commit "
           "-q --allow-empty -m $i && git tag v$i; done");
  RunShell(folder / "repo",
           "git bisect start v5 v1 >/dev/null; git bisect good >/dev/null; git "
           "bisect good >/dev/null; git bisect log > ../a.log; git bisect "
           "reset 2>/dev/null");
  // A commit whose parent is not there: its history cannot be loaded.
  RunShell(folder / "repo",
           "id=$(git cat-file commit HEAD | sed 's/^parent .*/parent "
           "1111111111111111111111111111111111111111/' | git hash-object -t "
           "commit -w --stdin --literally); echo \"git bisect start $id v1\" > "
           "../b.log; echo \"git bisect good v2\" >> ../b.log");
  const ProgramRun run = RunProgram(
      {"replay", "--repo", folder / "repo", folder.path(), "--table", "jsonl"});
  const auto rows = JsonLines(run.out);
  ASSERT_EQ(rows.size(), 2U) << run.errors;
  EXPECT_EQ(rows[0]["agrees"], true) << rows[0];
  EXPECT_THAT(std::string(rows[1]["error"]),
              HasSubstr("1111111111111111111111111111111111111111"));
}

TEST(ManyRecordings, ATableIsNoFormat) {
  for (const char* command : {"replay", "diagnose"}) {
    const ProgramRun run = RunProgram(
        {command, kSyzkaller, "--table", "text", "--format", "json"});
    EXPECT_EQ(run.exit_code, 2);
    EXPECT_THAT(run.errors, HasSubstr("--format"));
  }
}

TEST(ManyRecordings, AVerdictPolicyJudgesEachRecordAnew) {
  const auto replay = [](const std::string& input) {
    return RunProgram({"replay", input, "--verdict", "same-family+threshold",
                       "--format", "json"})
        .out;
  };
  std::string alone;
  for (const char* name :
       {"000_44bcc0d44dc46933", "001_8797c81a33fa4415", "002_2bc36a9ae601194e",
        "003_9e5a8c403dd9519c", "004_cc113675927a12df"}) {
    alone += replay(kRecorded + "/" + name + ".yaml");
  }
  EXPECT_EQ(replay(kSyzkaller), alone);
}

TEST(ManyRecordings, PagesHoldReportsOrRows) {
  const TempFolder folder;
  for (const char* command : {"replay", "diagnose"}) {
    const std::string page = folder / "page.html";
    ASSERT_EQ(RunProgram({command, kSyzkaller, "--html", page}).exit_code, 0);
    EXPECT_THAT(*ReadInput(page),
                HasSubstr(std::string("rebisect.") + command + "/1"));
    ASSERT_EQ(
        RunProgram({command, kSyzkaller, "--table", "text", "--html", page})
            .exit_code,
        0);
    EXPECT_THAT(*ReadInput(page), HasSubstr("rebisect.recording/1"));
  }
}

}  // namespace
}  // namespace rebisect
