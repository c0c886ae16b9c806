// graph show: a search as a drawing.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <string>
#include <vector>

#include "tests/harness/testing/program.h"
#include "tests/support/temp_folder.h"

namespace rebisect {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using testing_support::JsonLines;
using testing_support::ProgramRun;
using testing_support::PutFile;
using testing_support::RunProgram;
using testing_support::TempFolder;

/// Ids of one digit, repeated.
std::string Id(char digit) { return std::string(40, digit); }

/// Commits as "digit, parents": "1", "21", "321" for a merge of 2 and 1.
class GraphShowTest : public ::testing::Test {
 protected:
  void Commits(const std::vector<std::string>& commits) {
    std::string dag;
    int date = 1500000000;
    for (const std::string& commit : commits) {
      dag += Id(commit[0]) + ' ' + std::to_string(date += 60);
      for (std::size_t i = 1; i < commit.size(); ++i)
        dag += ' ' + Id(commit[i]);
      dag += '\n';
    }
    PutFile(folder_ / "g.dag", dag + names_);
  }

  /// A log: "b9 g1" are the ends, then a verdict and a commit a word.
  void Log(const std::string& start, const std::vector<std::string>& marks) {
    std::string log = "git bisect start\n";
    for (const std::string& mark : marks) {
      log += std::string("git bisect ") +
             (mark[0] == 'b'   ? "bad "
              : mark[0] == 'g' ? "good "
                               : "skip ") +
             Id(mark[1]) + '\n';
    }
    PutFile(folder_ / "b.log", start + log);
  }

  [[nodiscard]] ProgramRun Show(std::vector<std::string> more = {}) const {
    std::vector<std::string> words = {"graph", "show", "--dag",
                                      folder_ / "g.dag"};
    words.insert(words.end(), more.begin(), more.end());
    return RunProgram(words);
  }

  /// The drawing alone.
  [[nodiscard]] std::string Drawn(std::vector<std::string> more = {}) const {
    more.push_back(folder_ / "b.log");
    const ProgramRun run = Show(more);
    EXPECT_EQ(run.exit_code, 0) << run.errors;
    EXPECT_EQ(run.errors, "");
    return run.out.substr(run.out.find("\n\n") + 2);
  }

  TempFolder folder_;
  std::string names_;
};

TEST_F(GraphShowTest, LinearWithTestsAndStretches) {
  Commits({"1", "21", "32", "43", "54", "65", "76", "87", "98"});
  Log("", {"b9", "g1", "g3", "s6"});
  EXPECT_EQ(Drawn(),
            "* 999999999999 (bad)\n"
            ": 2 untested suspects\n"
            "* 666666666666 (skip, step 2)\n"
            ": 2 untested suspects\n"
            "* 333333333333 (good, step 1)\n"
            ": 1 untested commit, good since step 1\n"
            "o 111111111111 (good)\n");
}

TEST_F(GraphShowTest, WholeSearchHasWhatDroppedOut) {
  Commits({"1", "21", "32", "43", "54", "65", "76", "87", "98"});
  Log("", {"b9", "g1", "b5", "g3"});
  EXPECT_EQ(Drawn(),
            "* 555555555555 (bad, step 1)\n"
            ": 1 untested suspect\n"
            "* 333333333333 (good, step 2)\n"
            ": 1 untested commit, good since step 2\n"
            "o 111111111111 (good)\n");
  EXPECT_EQ(Drawn({"--all"}),
            "* 999999999999 (bad)\n"
            ": 3 untested commits, left out at step 1\n"
            "* 555555555555 (bad, step 1)\n"
            ": 1 untested suspect\n"
            "* 333333333333 (good, step 2)\n"
            ": 1 untested commit, good since step 2\n"
            "o 111111111111 (good)\n");
}

TEST_F(GraphShowTest, Merge) {
  Commits({"1", "21", "31", "423"});
  Log("", {"b4", "g1", "s3", "s2"});
  EXPECT_EQ(Drawn(),
            "* 444444444444 (bad)\n"
            "+-.\n"
            "| * 333333333333 (skip, step 1)\n"
            "* | 222222222222 (skip, step 2)\n"
            "+-'\n"
            "o 111111111111 (good)\n");
}

TEST_F(GraphShowTest, CrissCross) {
  Commits({"1", "21", "31", "423", "532", "645"});
  Log("", {"b6", "g1", "s2", "s3", "s4", "s5"});
  EXPECT_EQ(Drawn(),
            "* 666666666666 (bad)\n"
            "+-.\n"
            "| * 555555555555 (skip, step 4)\n"
            "| +-.\n"
            "* | | 444444444444 (skip, step 3)\n"
            "+-+ |\n"
            "| * | 333333333333 (skip, step 2)\n"
            "+-|-'\n"
            "* | 222222222222 (skip, step 1)\n"
            "+-'\n"
            "o 111111111111 (good)\n");
}

TEST_F(GraphShowTest, OctopusWithAStretch) {
  Commits({"1", "21", "31", "41", "54", "6235", "76"});
  Log("", {"b7", "g1", "s2", "s3", "s5", "s6"});
  EXPECT_EQ(Drawn(),
            "* 777777777777 (bad)\n"
            "* 666666666666 (skip, step 4)\n"
            "+-.-.\n"
            "| | * 555555555555 (skip, step 3)\n"
            "| | : 1 untested suspect\n"
            "| * | 333333333333 (skip, step 2)\n"
            "* | | 222222222222 (skip, step 1)\n"
            "+-'-'\n"
            "o 111111111111 (good)\n");
}

TEST_F(GraphShowTest, SeveralRoots) {
  Commits({"1", "2", "32", "413", "54"});
  Log("", {"b5", "g1", "s3", "s4"});
  EXPECT_EQ(Drawn(),
            "* 555555555555 (bad)\n"
            "* 444444444444 (skip, step 2)\n"
            "+-.\n"
            "| * 333333333333 (skip, step 1)\n"
            "| : 1 untested suspect\n"
            "|\n"
            "o 111111111111 (good)\n");
}

TEST_F(GraphShowTest, MergeBaseAndFirstTestOfASearchAskedFor) {
  names_ = Id('5') + " refs/heads/topic\n" + Id('4') + " refs/tags/v1\n";
  Commits({"1", "21", "32", "42", "53"});
  const ProgramRun run = Show({"--bad", "topic", "--good", "v1"});
  EXPECT_EQ(run.exit_code, 0) << run.errors;
  EXPECT_EQ(run.out,
            "  graph     dag, 5 commits\n"
            "  suspects  2 left of 2\n"
            "\n"
            "* 555555555555 (bad, topic)\n"
            ": 1 untested suspect\n"
            "o 222222222222 (merge base, to be tested)\n");
}

TEST_F(GraphShowTest, HistoryBelowAGoodEndThatIsElsewhere) {
  Commits({"1", "21", "32", "42", "53"});
  Log("", {"b5", "g4"});
  EXPECT_EQ(Drawn(),
            "* 555555555555 (bad)\n"
            ": 1 untested suspect\n"
            "o older commits, good\n");
}

TEST_F(GraphShowTest, JsonHasTheSame) {
  Commits({"1", "21", "31", "423", "54"});
  Log("", {"b5", "g1", "g3"});
  const ProgramRun run = Show({folder_ / "b.log", "--format", "json"});
  ASSERT_EQ(run.exit_code, 0) << run.errors;
  const json shown = JsonLines(run.out).at(0);
  EXPECT_EQ(shown["schema"], "rebisect.graph-show/1");
  EXPECT_EQ(shown["suspects_at_start"], 4);
  EXPECT_EQ(shown["suspects_left"], 3);
  ASSERT_EQ(shown["nodes"].size(), 4U);
  EXPECT_EQ(shown["nodes"][0]["commit"], Id('5'));
  EXPECT_EQ(shown["nodes"][0]["suspect"], true);
  EXPECT_EQ(shown["nodes"][1]["kind"], "stretch");
  EXPECT_EQ(shown["nodes"][1]["commits"], 2);
  EXPECT_EQ(shown["nodes"][1]["parents"], json::array({2}));
  EXPECT_EQ(shown["nodes"][2]["left_at"], 1);
  EXPECT_EQ(shown["nodes"][2]["marks"][0]["verdict"], "good");
  EXPECT_EQ(shown["nodes"][3]["left_at"], 0);
}

TEST_F(GraphShowTest, SaysWhatItLacks) {
  Commits({"1", "21"});
  ProgramRun run = Show();
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_THAT(run.errors, HasSubstr("give a RECORDING, or --bad and --good"));
  run = Show({"--bad", Id('1'), "--good", Id('2')});
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_THAT(run.errors, HasSubstr("there are no commits between"));
  run = Show({"--bad", Id('3'), "--good", Id('1')});
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_THAT(run.errors, HasSubstr("names no commit"));
  PutFile(folder_ / "p.log",
          "git bisect start '" + Id('2') + "' '" + Id('1') + "' '--' 'x'\n");
  run = Show({folder_ / "p.log"});
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_THAT(run.errors, HasSubstr("p.log: error: the search is limited"));
}

TEST_F(GraphShowTest, EveryShippedRecordingHasAsManySuspectsAsItsDiagnosis) {
  const auto diagnoses = JsonLines(
      RunProgram({"diagnose", "--format", "json", REBISECT_RECORDED_DIR}).out);
  for (const json& diagnosis : diagnoses) {
    const std::string name = diagnosis["recording"];
    SCOPED_TRACE(name);
    const ProgramRun run =
        RunProgram({"graph", "show", "--format", "json",
                    std::string(REBISECT_RECORDED_DIR) + '/' + name + ".yaml"});
    ASSERT_EQ(run.exit_code, 0) << run.errors;
    const json shown = JsonLines(run.out).at(0);
    EXPECT_EQ(shown["suspects_at_start"], diagnosis["graph"]["suspects"]);
    std::size_t left = 0;
    for (const json& node : shown["nodes"]) {
      if (node["suspect"] == true) left += node["commits"].get<std::size_t>();
    }
    EXPECT_EQ(shown["suspects_left"], left);
  }
}

}  // namespace
}  // namespace rebisect
