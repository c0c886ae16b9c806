// audit, convert, reconstruct and graph, as a person calls them.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "tests/harness/graph/line_dag.h"
#include "tests/harness/testing/program.h"
#include "tests/support/git_command.h"
#include "tests/support/temp_folder.h"

namespace rebisect {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::StartsWith;
using testing_support::GetFile;
using testing_support::JsonLines;
using testing_support::LineDag;
using testing_support::LineId;
using testing_support::ProgramRun;
using testing_support::PutFile;
using testing_support::RunProgram;
using testing_support::RunShell;
using testing_support::TempFolder;

std::string Shipped(const std::string& name) {
  return std::string(REBISECT_RECORDED_DIR) + '/' + name;
}

class DataCommandsTest : public ::testing::Test {
 protected:
  TempFolder folder_;
};

std::string SearchOfN4(int culprit) {
  return "git bisect start '" + LineId(8) + "' '" + LineId(1) +
         "'\ngit bisect bad " + LineId(4) + "\ngit bisect good " + LineId(3) +
         "\n# first bad commit: [" + LineId(culprit) + "] x\n";
}

TEST_F(DataCommandsTest, AuditHoldsUnlessThereIsAnError) {
  PutFile(folder_ / "good.log", SearchOfN4(4));
  PutFile(folder_ / "wrong.log", SearchOfN4(8));
  PutFile(folder_ / "nothing.txt", "no bisection\n");
  EXPECT_EQ(RunProgram({"audit", folder_ / "good.log"}).exit_code, 0);
  const ProgramRun wrong =
      RunProgram({"audit", folder_ / "wrong.log", "--format", "json"});
  EXPECT_EQ(wrong.exit_code, 1);
  const auto answers = JsonLines(wrong.out);
  ASSERT_EQ(answers.size(), 1U);
  EXPECT_EQ(answers[0]["schema"], "rebisect.audit/1");
  EXPECT_EQ(answers[0]["format"], "git-log");
  EXPECT_EQ(answers[0]["kind"], "marks");
  EXPECT_EQ(answers[0]["steps"], 2);
  EXPECT_EQ(answers[0]["start"],
            json({{"bad", LineId(8)}, {"goods", {LineId(1)}}}));
  EXPECT_EQ(answers[0]["culprit"], LineId(8));
  EXPECT_EQ(answers[0]["end"], "culprit");
  EXPECT_TRUE(answers[0]["chain_closes"].is_null());
  ASSERT_EQ(answers[0]["findings"].size(), 1U);
  EXPECT_EQ(answers[0]["findings"][0]["severity"], "error");
  EXPECT_EQ(answers[0]["findings"][0]["code"], "culprit-not-implied");
  EXPECT_EQ(answers[0]["findings"][0]["line"], 4);

  const ProgramRun all =
      RunProgram({"audit", folder_.path(), "--format", "json"});
  EXPECT_EQ(all.exit_code, 2);
  EXPECT_EQ(JsonLines(all.out).size(), 2U);
  EXPECT_THAT(all.errors, HasSubstr("nothing.txt"));
}

TEST_F(DataCommandsTest, AuditOfTheShippedFindsNoErrorAndTheOtherTitles) {
  const ProgramRun run =
      RunProgram({"audit", REBISECT_RECORDED_DIR, "--format", "json"});
  EXPECT_EQ(run.exit_code, 0);
  const auto answers = JsonLines(run.out);
  ASSERT_EQ(answers.size(), 7U);
  for (const std::size_t i : {1U, 4U}) {
    bool other_title = false;
    for (const json& finding : answers[i]["findings"]) {
      other_title = other_title || finding["code"] == "other-title" ||
                    finding["code"] == "related-title";
    }
    EXPECT_TRUE(other_title) << answers[i]["file"];
  }
}

TEST_F(DataCommandsTest, ConvertWritesWhatReadsBackTheSame) {
  PutFile(folder_ / "search.log", SearchOfN4(4));
  const ProgramRun printed = RunProgram({"convert", folder_ / "search.log"});
  EXPECT_EQ(printed.exit_code, 0) << printed.errors;
  EXPECT_THAT(printed.out, StartsWith("rebisect: recording/1\n"));
  PutFile(folder_ / "search.yaml", printed.out);
  EXPECT_EQ(RunProgram({"convert", folder_ / "search.yaml"}).out, printed.out);

  const ProgramRun written = RunProgram(
      {"convert", folder_ / "search.log", "--out", folder_ / "out.yaml"});
  EXPECT_EQ(written.exit_code, 0);
  EXPECT_EQ(written.out, "");
  EXPECT_EQ(GetFile(folder_ / "out.yaml"), printed.out);

  for (const auto& entry :
       std::filesystem::directory_iterator(REBISECT_RECORDED_DIR)) {
    if (entry.path().extension() != ".yaml") continue;
    EXPECT_EQ(RunProgram({"convert", entry.path().string()}).out,
              GetFile(entry.path().string()))
        << entry.path();
  }
}

TEST_F(DataCommandsTest, ConvertWritesJsonToo) {
  PutFile(folder_ / "search.log",
          "git bisect start '1234567' '" + LineId(1) + "'\n");
  const ProgramRun run =
      RunProgram({"convert", "--format", "json", folder_ / "search.log"});
  EXPECT_EQ(run.exit_code, 0) << run.errors;
  EXPECT_EQ(run.out, R"({"schema":"rebisect.recording/1","name":"search",)"
                     R"("format":"git-log","kind":"marks","events":[{"start":)"
                     R"({"bad":"1234567","goods":[")" +
                         LineId(1) + R"("]}}],"end":{"kind":"unfinished"}})" +
                         '\n');
  EXPECT_EQ(RunProgram({"convert", "--format", "json", "--out",
                        folder_ / "out.json", folder_ / "search.log"})
                .exit_code,
            0);
  EXPECT_EQ(GetFile(folder_ / "out.json"), run.out);
}

TEST_F(DataCommandsTest, ConvertTakesTables) {
  PutFile(folder_ / "runs.csv", "commit,outcome,title\n" + LineId(4) +
                                    ",crashed,WARNING in foo\n" + LineId(3) +
                                    ",ok,\n");
  const ProgramRun run =
      RunProgram({"convert", "--from", "csv", folder_ / "runs.csv"});
  EXPECT_EQ(run.exit_code, 0) << run.errors;
  EXPECT_THAT(run.out, HasSubstr("bad: " + LineId(4)));
  EXPECT_THAT(run.out, HasSubstr("good: " + LineId(3)));
  PutFile(folder_ / "bad.csv", "commit,outcome\n" + LineId(4) + ",maybe\n");
  const ProgramRun bad =
      RunProgram({"convert", "--from", "csv", folder_ / "bad.csv"});
  EXPECT_EQ(bad.exit_code, 2);
  EXPECT_THAT(bad.errors, HasSubstr("bad.csv:2"));
  EXPECT_EQ(bad.out, "");
}

TEST_F(DataCommandsTest, ConvertSaysWhereItCannotWrite) {
  PutFile(folder_ / "search.log", SearchOfN4(4));
  const ProgramRun run = RunProgram({"convert", folder_ / "search.log", "--out",
                                     folder_ / "no/such/folder.yaml"});
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_THAT(run.errors, HasSubstr("folder.yaml"));
}

TEST_F(DataCommandsTest, ReconstructMakesARefForEveryRecordedCommit) {
  const std::string record = Shipped("002_2bc36a9ae601194e.yaml");
  const std::string into = folder_ / "again.git";
  const ProgramRun run =
      RunProgram({"reconstruct", record, "--into", into, "--format", "json"});
  EXPECT_EQ(run.exit_code, 0) << run.errors;
  const auto answers = JsonLines(run.out);
  ASSERT_EQ(answers.size(), 1U);
  EXPECT_EQ(answers[0]["schema"], "rebisect.reconstruct/1");
  // The search: two ends, 13 steps, the culprit among them.
  ASSERT_GE(answers[0]["recorded"].size(), 15U);
  const std::string mapping = GetFile(into + "/recorded.tsv");
  for (const json& row : answers[0]["recorded"]) {
    const std::string name = row["recorded"];
    EXPECT_EQ(row["ref"], "refs/recorded/" + name);
    EXPECT_THAT(mapping,
                HasSubstr(name + '\t' + row["commit"].get<std::string>() +
                          "\trefs/recorded/" + name + '\n'));
  }
  const json first = JsonLines(
      RunProgram({"replay", record, "--format", "json"}).out)[0]["steps"];
  for (const json& step : first) {
    EXPECT_THAT(mapping,
                HasSubstr(step["recorded_commit"].get<std::string>() + '\t'));
  }
  if (RunShell(folder_.path(), "git --version").status != 0) {
    GTEST_SKIP() << "no git on this machine to read the repository with";
  }
  EXPECT_EQ(RunShell(into, "git fsck --strict").status, 0);
  for (const json& row : answers[0]["recorded"]) {
    const std::string id = testing_support::ShellLine(
        into, "git rev-parse --verify '" + row["ref"].get<std::string>() +
                  "^{commit}'");
    EXPECT_EQ(id, row["commit"]);
  }
}

TEST_F(DataCommandsTest, ReconstructLeavesAFullFolderAlone) {
  PutFile(folder_ / "full/file", "mine");
  const ProgramRun run =
      RunProgram({"reconstruct", Shipped("002_2bc36a9ae601194e.yaml"), "--into",
                  folder_ / "full"});
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_EQ(run.out, "");
  EXPECT_EQ(GetFile(folder_ / "full/file"), "mine");
  EXPECT_FALSE(std::filesystem::exists(folder_ / "full/HEAD"));
}

TEST_F(DataCommandsTest, GraphInfoCounts) {
  PutFile(folder_ / "line.dag", LineDag(8));
  const ProgramRun run =
      RunProgram({"graph", "info", "--dag", folder_ / "line.dag", "--bad",
                  "HEAD", "--good", "v1.0", "--format", "json"});
  EXPECT_EQ(run.exit_code, 0) << run.errors;
  const auto answers = JsonLines(run.out);
  ASSERT_EQ(answers.size(), 1U);
  EXPECT_EQ(answers[0]["schema"], "rebisect.graph-info/1");
  EXPECT_EQ(answers[0]["commits"], 8);
  EXPECT_EQ(answers[0]["edges"], 7);
  EXPECT_EQ(answers[0]["merges"], 0);
  EXPECT_EQ(answers[0]["roots"], 1);
  EXPECT_EQ(answers[0]["suspects"], 7);
  EXPECT_EQ(answers[0]["first_test"], LineId(4));
  EXPECT_THAT(RunProgram({"graph", "info", "--dag", folder_ / "line.dag"}).out,
              HasSubstr("8 (0 merges"));
}

/// The steps of a replay, by the commits' recorded names.
json StepsOf(const std::vector<std::string>& arguments) {
  const auto answers = JsonLines(RunProgram(arguments).out);
  EXPECT_EQ(answers.size(), 1U);
  return answers.empty() ? json() : answers[0]["steps"];
}

TEST_F(DataCommandsTest, AnExportedGraphReplaysTheSame) {
  for (const char* name :
       {"git-oops-2.42", "003_9e5a8c403dd9519c", "000_44bcc0d44dc46933"}) {
    const std::string record = Shipped(std::string(name) + ".yaml");
    const std::string slice = folder_ / (std::string(name) + ".dag.gz");
    const ProgramRun run =
        RunProgram({"graph", "export", record, "--out", slice});
    EXPECT_EQ(run.exit_code, 0) << run.errors;
    EXPECT_EQ(run.out, "");
    EXPECT_EQ(GetFile(slice).substr(0, 2), "\x1f\x8b");
    EXPECT_EQ(StepsOf({"replay", record, "--format", "json"}),
              StepsOf({"replay", record, "--format", "json", "--dag", slice}))
        << name;
  }
}

TEST_F(DataCommandsTest, AGraphIsExportedAsJsonInTheOrderOfTheText) {
  PutFile(folder_ / "small.dag",
          "- " + LineId(1) + " 1500000060\n" + LineId(3) + " -5 " + LineId(2) +
              ' ' + LineId(1) + '\n' + LineId(2) + " 7\n" + LineId(3) +
              " refs/heads/\"x\"\n" + LineId(2) + " HEAD\n");
  const ProgramRun run = RunProgram(
      {"graph", "export", "--dag", folder_ / "small.dag", "--format", "json"});
  EXPECT_EQ(run.exit_code, 0) << run.errors;
  EXPECT_EQ(run.out, R"({"schema":"rebisect.graph/1","source":"dag",)"
                     R"("commits":[{"id":")" +
                         LineId(1) +
                         R"(","date":1500000060,"parents":[],"boundary":true},)"
                         R"({"id":")" +
                         LineId(2) + R"(","date":7,"parents":[]},{"id":")" +
                         LineId(3) + R"(","date":-5,"parents":[")" + LineId(2) +
                         R"(",")" + LineId(1) + R"("]}],"names":{"HEAD":")" +
                         LineId(2) + R"(","refs/heads/\"x\"":")" + LineId(3) +
                         "\"}}\n");
}

TEST_F(DataCommandsTest, MadeUpCommitsAreLabelledInJson) {
  const std::string record = Shipped("002_2bc36a9ae601194e.yaml");
  const auto answers = JsonLines(
      RunProgram({"graph", "export", record, "--format", "json"}).out);
  ASSERT_EQ(answers.size(), 1U);
  EXPECT_EQ(answers[0]["source"], "reconstructed");
  for (const json& commit : answers[0]["commits"]) {
    const bool made_up =
        commit["id"].get<std::string>().substr(0, 12) == "000000000000";
    ASSERT_EQ(made_up,
              commit.value("label", "").substr(0, 13) == "hypothetical-")
        << commit;
  }
}

TEST_F(DataCommandsTest, AReconstructedRepositoryReplaysTheSame) {
  const std::string record = Shipped("000_44bcc0d44dc46933.yaml");
  const std::string into = folder_ / "again.git";
  EXPECT_EQ(RunProgram({"reconstruct", record, "--into", into}).exit_code, 0);
  const ProgramRun run =
      RunProgram({"replay", record, "--format", "json", "--repo", into});
  EXPECT_EQ(run.exit_code, 0) << run.errors;
  const auto answers = JsonLines(run.out);
  ASSERT_EQ(answers.size(), 1U);
  EXPECT_EQ(answers[0]["graph"]["source"], "repository");
  EXPECT_EQ(answers[0]["agrees"], true);
  EXPECT_EQ(answers[0]["outcome"], "same-culprit");
  EXPECT_EQ(answers[0]["steps"].size(), 13U);
}

// The search of n11 on LineDag(16), with the counts that git printed.
std::string SessionOf16() {
  const auto left = [](int revisions, int steps, int next) {
    return "Bisecting: " + std::to_string(revisions) + " revision" +
           (revisions == 1 ? "" : "s") + " left to test after this (roughly " +
           std::to_string(steps) + " step" + (steps == 1 ? "" : "s") + ")\n[" +
           LineId(next) + "] x\n";
  };
  return "$ git bisect start " + LineId(16) + ' ' + LineId(1) + '\n' +
         left(7, 3, 8) + "$ git bisect good\n" + left(3, 2, 12) +
         "$ git bisect bad\n" + left(1, 1, 10) + "$ git bisect good\n" +
         left(0, 0, 11) + "$ git bisect bad\n" + LineId(11) +
         " is the first bad commit\n";
}

TEST_F(DataCommandsTest, MissingCommitsAreNamedOrFilledIn) {
  PutFile(folder_ / "session.txt", SessionOf16());
  // The graph ends below a missing step, below the first, at the good end.
  for (const int known : {9, 7, 1}) {
    const std::string dag = folder_ / "old.dag";
    PutFile(dag, LineDag(known));
    const std::vector<std::string> arguments = {
        "replay", folder_ / "session.txt", "--dag", dag, "--format", "json"};
    const ProgramRun without = RunProgram(arguments);
    EXPECT_EQ(without.exit_code, 2) << known;
    EXPECT_EQ(without.out, "");
    EXPECT_THAT(without.errors, HasSubstr("the graph lacks " + LineId(16)));

    std::vector<std::string> filling = arguments;
    filling.push_back("--fill-missing");
    const ProgramRun run = RunProgram(filling);
    EXPECT_EQ(run.exit_code, 0) << known << run.errors;
    const auto answers = JsonLines(run.out);
    ASSERT_EQ(answers.size(), 1U);
    EXPECT_EQ(answers[0]["graph"]["source"], "mixed");
    EXPECT_EQ(answers[0]["agrees"], true) << known;
    EXPECT_EQ(answers[0]["outcome"], "same-culprit");
    EXPECT_EQ(answers[0]["replayed"]["culprit"], LineId(11));
    ASSERT_EQ(answers[0]["steps"].size(), 4U);
    EXPECT_EQ(answers[0]["steps"][0]["revisions_left"], 7);
  }
}

TEST_F(DataCommandsTest, NothingIsFilledInWhereNothingIsMissing) {
  PutFile(folder_ / "session.txt", SessionOf16());
  PutFile(folder_ / "whole.dag", LineDag(16));
  const auto answers = JsonLines(
      RunProgram({"replay", folder_ / "session.txt", "--dag",
                  folder_ / "whole.dag", "--fill-missing", "--format", "json"})
          .out);
  ASSERT_EQ(answers.size(), 1U);
  EXPECT_EQ(answers[0]["graph"]["source"], "dag");
  EXPECT_EQ(answers[0]["agrees"], true);
}

TEST_F(DataCommandsTest, GraphCommandsNameWhatTheyLack) {
  PutFile(folder_ / "line.dag", LineDag(8));
  EXPECT_EQ(RunProgram({"graph", "info"}).exit_code, 2);
  const ProgramRun run = RunProgram(
      {"graph", "export", "--dag", folder_ / "line.dag", "--bad", "v9.9"});
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_EQ(run.out, "");
  EXPECT_THAT(run.errors, HasSubstr("v9.9"));
}

TEST(CommandLineTest, HelpIsAResultAndUsageAnError) {
  EXPECT_EQ(RunProgram({"--help"}).exit_code, 0);
  for (const char* command :
       {"audit", "replay", "drive", "convert", "reconstruct", "graph"}) {
    const ProgramRun run = RunProgram({command, "--help"});
    EXPECT_EQ(run.exit_code, 0) << command;
    EXPECT_THAT(run.out, HasSubstr(command));
    EXPECT_EQ(run.errors, "") << command;
  }
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{},
        {"frobnicate"},
        {"replay"},
        {"replay", "x", "--format", "xml"},
        {"drive"},
        {"drive", "--repo"},
        {"replay", "x", "--git-version", "three"},
        {"reconstruct", "x"},
        {"graph"}}) {
    const ProgramRun run = RunProgram(arguments);
    EXPECT_EQ(run.exit_code, 2) << ::testing::PrintToString(arguments);
    EXPECT_EQ(run.out, "") << ::testing::PrintToString(arguments);
    EXPECT_NE(run.errors, "") << ::testing::PrintToString(arguments);
  }
}

TEST(CommandLineTest, KindsOfGraphDoNotMix) {
  const std::string record = Shipped("git-oops-2.42.yaml");
  const std::string dag = Shipped("git-oops-2.42.dag.gz");
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{"replay", record, "--dag", dag, "--repo", "."},
        {"replay", record, "--dag", dag, "--reconstruct"},
        {"drive", "--dag", dag, "--repo", "."}}) {
    const ProgramRun run = RunProgram(arguments);
    EXPECT_EQ(run.exit_code, 2) << run.out;
    EXPECT_EQ(run.out, "");
    EXPECT_THAT(run.errors, HasSubstr("cannot be used"));
  }
}

}  // namespace
}  // namespace rebisect
