// Whatever is wrong with an input: an error that says where, exit code 2,
// nothing on the standard output, and no crash.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "tests/harness/graph/line_dag.h"
#include "tests/harness/testing/program.h"
#include "tests/scenarios/logs/fixtures.h"
#include "tests/support/prng.h"
#include "tests/support/temp_folder.h"

namespace rebisect {
namespace {

using ::testing::HasSubstr;
using testing_support::GetFile;
using testing_support::JsonLines;
using testing_support::LineDag;
using testing_support::LineId;
using testing_support::ProgramRun;
using testing_support::PutFile;
using testing_support::RunProgram;
using testing_support::TempFolder;
using testing_support::TestPrng;

/// An error that names `what`, and no result beside it.
void ExpectRefused(const ProgramRun& run, const std::string& what) {
  EXPECT_EQ(run.exit_code, 2) << run.out.substr(0, 400);
  EXPECT_EQ(run.out.substr(0, 400), "");
  EXPECT_THAT(run.errors.substr(0, 2000), HasSubstr(what));
  EXPECT_LT(run.errors.size(), 4000U) << "an error is no copy of the input";
}

/// Every way of giving a file as a record.
std::vector<std::vector<std::string>> RecordCommands(const std::string& file,
                                                     const TempFolder& folder) {
  return {{"audit", file},
          {"audit", file, "--format", "json"},
          {"replay", file},
          {"replay", file, "--format", "json"},
          {"convert", file},
          {"reconstruct", file, "--into", folder / "never.git"},
          {"graph", "info", file},
          {"graph", "export", file}};
}

std::string Noise(std::size_t size) {
  TestPrng prng(20);
  std::string bytes;
  bytes.reserve(size + 8);
  while (bytes.size() < size) {
    const std::uint64_t word = prng.Next();
    for (int i = 0; i < 8; ++i) {
      bytes += static_cast<char>(word >> (8 * i));
    }
  }
  return bytes;
}

/// Lines of words that look a little like those of logs.
std::string NoisyLines(std::size_t size) {
  const std::vector<std::string> kWords{
      "git",  "bisected", "testing", "goods", "# bald:", "[", "]",   "revision",
      "0123", "commits",  "deadbee", "run",   "#0",      ":", "all", "crashes"};
  TestPrng prng(21);
  std::string text;
  text.reserve(size + 64);
  while (text.size() < size) {
    text += prng.Pick(kWords) + (prng.Percent(15) ? '\n' : ' ');
  }
  return text;
}

class BadInputTest : public ::testing::Test {
 protected:
  std::string Put(const std::string& name, const std::string& bytes) {
    PutFile(folder_ / name, bytes);
    return folder_ / name;
  }
  void ExpectNoRecord(const std::string& name, const std::string& bytes) {
    const std::string file = Put(name, bytes);
    for (const auto& arguments : RecordCommands(file, folder_)) {
      SCOPED_TRACE(::testing::PrintToString(arguments));
      ExpectRefused(RunProgram(arguments), name);
    }
    EXPECT_FALSE(std::filesystem::exists(folder_ / "never.git"));
  }
  ProgramRun ReplayOnLine(const std::string& log) {
    return RunProgram({"replay", Put("record.log", log), "--dag",
                       Put("line.dag", LineDag(8)), "--format", "json"});
  }

  TempFolder folder_;
};

TEST_F(BadInputTest, FilesThatAreNoRecord) {
  ExpectNoRecord("empty.log", "");
  ExpectNoRecord("blank.log", "\n\n  \n");
  ExpectNoRecord("zeros.log", std::string(1000, '\0'));
  ExpectNoRecord("noise.log", Noise(5000));
  ExpectNoRecord("prose.txt", "It was a dark and stormy night.\n");
  ExpectNoRecord("half.log.gz", "\x1f\x8b\x08");
  ExpectNoRecord("elf.log",
                 "\x7f"
                 "ELF\x02\x01\x01");
  ExpectNoRecord("wide.txt", "\xff\xfeg\0i\0t\0");
}

TEST_F(BadInputTest, PathsThatAreNoFile) {
  for (const auto& arguments : RecordCommands(folder_ / "gone.log", folder_)) {
    SCOPED_TRACE(::testing::PrintToString(arguments));
    ExpectRefused(RunProgram(arguments), "gone.log");
  }
  std::filesystem::create_directory(folder_ / "nothing");
  ExpectRefused(RunProgram({"audit", folder_ / "nothing"}), "nothing");
  ExpectRefused(RunProgram({"convert", folder_.path()}), folder_.path());
  ExpectRefused(RunProgram({"drive", "--repo", folder_ / "gone"}), "gone");
  ExpectRefused(RunProgram({"drive", "--repo", folder_.path()}),
                folder_.path());
  ExpectRefused(RunProgram({"drive", "--dag", folder_ / "gone"}), "gone");
}

TEST_F(BadInputTest, ErrorsDoNotSteerTheTerminal) {
  const std::string file = Put("bad.dag", "\x1b[2Jhello\x07 1\n");
  const ProgramRun run = RunProgram({"graph", "info", "--dag", file});
  ExpectRefused(run, "bad.dag:1");
  EXPECT_EQ(run.errors.find('\x1b'), std::string::npos);
  EXPECT_EQ(run.errors.find('\x07'), std::string::npos);
}

/// A result is whole or there is none; exit code 2 goes with an error that
/// names the file.
void ExpectWholeOrRefused(const ProgramRun& run, const std::string& name) {
  ASSERT_TRUE(run.exit_code == 0 || run.exit_code == 1 || run.exit_code == 2)
      << run.exit_code;
  if (run.exit_code == 2) {
    ExpectRefused(run, name);
  } else {
    EXPECT_EQ(run.errors, "");
    EXPECT_NE(run.out, "");
  }
}

TEST_F(BadInputTest, LogsCutAtEveryLine) {
  for (const auto& [name, text] : fixtures::All()) {
    for (std::size_t end = text.find('\n'); end != std::string::npos;
         end = text.find('\n', end + 1)) {
      SCOPED_TRACE(name + " cut at byte " + std::to_string(end));
      const std::string file = Put("cut.log", text.substr(0, end));
      ExpectWholeOrRefused(RunProgram({"audit", file}), "cut.log");
      ExpectWholeOrRefused(RunProgram({"convert", file}), "cut.log");
      const ProgramRun replay =
          RunProgram({"replay", file, "--format", "json"});
      ExpectWholeOrRefused(replay, "cut.log");
      for (const auto& answer : JsonLines(replay.out)) {
        if (answer["outcome"] != "same-culprit") continue;
        EXPECT_EQ(answer["recorded"]["end"], "culprit");
      }
    }
  }
}

TEST_F(BadInputTest, YamlCutAtEveryLine) {
  const std::string text = GetFile(std::string(REBISECT_RECORDED_DIR) +
                                   "/001_8797c81a33fa4415.yaml");
  ASSERT_NE(text, "");
  for (std::size_t end = text.find('\n'); end != std::string::npos;
       end = text.find('\n', end + 1)) {
    SCOPED_TRACE("cut at byte " + std::to_string(end));
    const std::string file = Put("cut.yaml", text.substr(0, end));
    ExpectWholeOrRefused(RunProgram({"audit", file}), "cut.yaml");
    // In the middle of a line too.
    const std::string half = Put("cut.yaml", text.substr(0, end - 2));
    ExpectWholeOrRefused(RunProgram({"convert", half}), "cut.yaml");
  }
}

TEST_F(BadInputTest, YamlThatIsNoRecording) {
  const std::string kHead = "rebisect: recording/1\n";
  const struct {
    std::string text;
    std::string said;
  } kCases[] = {
      {"rebisect: recording/9\n", "bad.yaml:1"},
      {"rebisect: {a: b}\n", "bad.yaml:1"},
      {kHead + "kind: sideways\n", "bad.yaml:2:7"},
      {kHead + "kinds: cause\n", "kind"},
      {kHead + "kind: cause\nkind: fix\n", "bad.yaml:3"},
      {kHead + "events: nothing\n", "bad.yaml:2:9"},
      {kHead + "events:\n  - {bad: {a: b}}\n", "bad.yaml:3"},
      {kHead + "events:\n  - {bad: a, good: b}\n", "bad.yaml:3"},
      {kHead + "events:\n  - {next: abc, revisions_left: many}\n",
       "bad.yaml:3"},
      {kHead + "events:\n  - {next: abc, revisions_left: 99999999999999}\n",
       "bad.yaml:3"},
      {kHead + "events:\n  - test: abc\n    runs: [{outcome: maybe}]\n",
       "bad.yaml:4"},
      {kHead + "name: &anchor x\nend: *anchor\n", "bad.yaml:2"},
      {kHead + "name: !!binary aGVsbG8=\n", "bad.yaml:2"},
      {kHead + "name: x\n---\nname: y\n", "bad.yaml:"},
      {kHead + "events: [\n", "bad.yaml:"},
      {kHead + "events: " + std::string(100000, '[') + "\n", "bad.yaml:"},
      {kHead + "events:\n  - test: a\n    runs: [{outcome: ok, count: "
               "2000000000}]\n",
       "bad.yaml:4"},
  };
  for (const auto& bad : kCases) {
    SCOPED_TRACE(bad.text.substr(0, 80));
    const std::string file = Put("bad.yaml", bad.text);
    ExpectRefused(RunProgram({"audit", file}), bad.said);
    ExpectRefused(RunProgram({"replay", file}), "bad.yaml");
  }
}

TEST_F(BadInputTest, TheLogOfAnotherRepository) {
  const std::string other =
      std::string(REBISECT_RECORDED_DIR) + "/git-oops-2.42.yaml";
  const ProgramRun run =
      RunProgram({"replay", other, "--dag", Put("line.dag", LineDag(8))});
  ExpectRefused(run, "git-oops-2.42.yaml:");
  EXPECT_THAT(run.errors,
              HasSubstr("fe86abd7511a9a6862d5706c6fa1d9b57a63ba09"));
  ExpectRefused(
      RunProgram({"graph", "export", other, "--dag", folder_ / "line.dag"}),
      "43c8a30d150ecede9709c1f2527c8fba92c65f40");
}

TEST_F(BadInputTest, ABadThatIsAnAncestorOfAGood) {
  const ProgramRun drive = RunProgram(
      {"drive", "--dag", Put("line.dag", LineDag(8))}, "start v1.0 HEAD\n");
  const auto answers = JsonLines(drive.out);
  ASSERT_EQ(answers.size(), 1U);
  EXPECT_EQ(answers[0]["state"], "error");
  EXPECT_EQ(answers[0]["next"], nullptr);
  EXPECT_NE(answers[0]["exit_code"], 0);

  for (const char* end : {"", "# first bad commit: [x]\n"}) {
    const ProgramRun run =
        ReplayOnLine("git bisect start\ngit bisect bad " + LineId(2) +
                     "\ngit bisect good " + LineId(6) + '\n' + end);
    EXPECT_EQ(run.exit_code, 1);
    const auto results = JsonLines(run.out);
    ASSERT_EQ(results.size(), 1U);
    EXPECT_EQ(results[0]["outcome"], "different-end");
    EXPECT_EQ(results[0]["replayed"]["culprit"], nullptr);
    EXPECT_EQ(results[0]["replayed"]["end"], "error");
  }
}

TEST_F(BadInputTest, ACommitThatIsGoodAndBad) {
  const ProgramRun run =
      ReplayOnLine("git bisect start\ngit bisect bad " + LineId(3) +
                   "\ngit bisect good " + LineId(3) + '\n');
  EXPECT_EQ(run.exit_code, 1);
  const auto results = JsonLines(run.out);
  ASSERT_EQ(results.size(), 1U);
  EXPECT_EQ(results[0]["outcome"], "different-end");
  ASSERT_FALSE(results[0]["notes"].empty());
  EXPECT_THAT(results[0]["notes"][0].get<std::string>(), HasSubstr("both"));
}

TEST_F(BadInputTest, DagFilesThatAreNoGraph) {
  const std::string a = LineId(1);
  const std::string b = LineId(2);
  const struct {
    std::string text;
    std::string said;
  } kCases[] = {
      {"", "bad.dag"},
      {"# nothing\n", "bad.dag"},
      {a + " 1 " + b + '\n' + b + " 2 " + a + '\n', "bad.dag:1"},
      {a + " 1 " + a + '\n', "bad.dag:1"},
      {a + " 1\n" + a + " 1\n", "bad.dag:2"},
      {a + " 1\n" + b + " 1 " + LineId(3) + '\n', "bad.dag:2"},
      {a + " 1\n" + b + '\n', "bad.dag:2"},
      {a + " soon\n", "bad.dag:1:42"},
      {a + " 99999999999999999999\n", "bad.dag:1:42"},
      {a.substr(1) + " 1\n", "bad.dag:1:1"},
      {a + std::string(24, '0') + " 1\n", "bad.dag:1:1"},
      {a + " 1\n" + b + " refs/heads/x\n" + "x\n", "bad.dag:3"},
      {Noise(4000), "bad.dag:1"},
      {std::string("\x1f\x8b\x08\0\0\0\0\0\0\3 broken", 17), "bad.dag"},
  };
  for (const auto& bad : kCases) {
    SCOPED_TRACE(bad.text.substr(0, 100));
    const std::string file = Put("bad.dag", bad.text);
    ExpectRefused(RunProgram({"drive", "--dag", file}, "start HEAD\n"),
                  bad.said);
    ExpectRefused(RunProgram({"graph", "info", "--dag", file}), bad.said);
  }
}

TEST_F(BadInputTest, ACycleOfManyCommitsIsNotListedWhole) {
  std::string text;
  for (int n = 0; n < 1000; ++n) {
    text += LineId(n) + " 1 " + LineId((n + 1) % 1000) + '\n';
  }
  const ProgramRun run =
      RunProgram({"graph", "info", "--dag", Put("bad.dag", text)});
  ExpectRefused(run, "bad.dag:1");
  EXPECT_THAT(run.errors, HasSubstr("more lines"));
}

TEST_F(BadInputTest, MuchNoise) {
  constexpr std::size_t kSize = 20 * 1000 * 1000;
  const std::string binary = Put("noise.bin", Noise(kSize));
  const std::string lines = Put("noise.txt", NoisyLines(kSize));
  std::string one_line = NoisyLines(kSize);
  std::replace(one_line.begin(), one_line.end(), '\n', ' ');
  const std::string line = Put("line.txt", one_line);
  for (const std::string& file : {binary, lines, line}) {
    SCOPED_TRACE(file);
    ExpectRefused(RunProgram({"audit", file}), file);
    ExpectRefused(RunProgram({"replay", file}), file);
    ExpectRefused(RunProgram({"graph", "info", "--dag", file}), file + ":1");
    ExpectRefused(RunProgram({"convert", "--from", "csv", file}), file + ":1");
    ExpectRefused(RunProgram({"convert", "--from", "jsonl", file}),
                  file + ":1");
  }
}

TEST_F(BadInputTest, NoiseAmidARecordIsKeptAsUnknown) {
  const std::string log = "git bisect start '" + LineId(8) + "' '" + LineId(1) +
                          "'\n" + NoisyLines(100000) + "\ngit bisect bad " +
                          LineId(4) + '\n' + NoisyLines(100000) +
                          "\ngit bisect good " + LineId(3) +
                          "\n# first bad commit: [" + LineId(4) + "] x\n";
  const ProgramRun run = ReplayOnLine(log);
  EXPECT_EQ(run.exit_code, 0) << run.errors;
  EXPECT_EQ(JsonLines(run.out).at(0)["outcome"], "same-culprit");
}

TEST_F(BadInputTest, NoiseAsCommands) {
  const ProgramRun run =
      RunProgram({"drive", "--dag", Put("line.dag", LineDag(8))},
                 "start HEAD v1.0\n" + Noise(200000) + "\nbad\n");
  const auto answers = JsonLines(run.out);
  ASSERT_GT(answers.size(), 100U);
  for (std::size_t i = 1; i + 1 < answers.size(); ++i) {
    EXPECT_EQ(answers[i]["state"], "error");
  }
  EXPECT_EQ(answers.back()["next"], LineId(3)) << "the search stayed as it was";
}

TEST_F(BadInputTest, ARecordWithMoreMarksThanABisectionHas) {
  std::string log =
      "git bisect start '" + LineId(8) + "' '" + LineId(1) + "'\n";
  for (int i = 0; i < 20000; ++i) {
    log += "git bisect good " + LineId(10 + i) + '\n';
  }
  ExpectRefused(ReplayOnLine(log), "record.log:10");
}

TEST_F(BadInputTest, NoPermission) {
  const std::string file = Put("secret.log", "git bisect start\n");
  std::filesystem::permissions(file, std::filesystem::perms::none);
  if (access(file.c_str(), R_OK) == 0) {
    GTEST_SKIP() << "this user (root?) may read every file";
  }
  ExpectRefused(RunProgram({"audit", file}), "secret.log");
  ExpectRefused(RunProgram({"graph", "info", "--dag", file}), "secret.log");
  std::filesystem::create_directory(folder_ / "closed");
  std::filesystem::permissions(folder_ / "closed",
                               std::filesystem::perms::none);
  ExpectRefused(RunProgram({"audit", folder_ / "closed"}), "closed");
  ExpectRefused(RunProgram({"drive", "--repo", folder_ / "closed"}), "closed");
}

}  // namespace
}  // namespace rebisect
