// Whatever text an input holds: no output lets it out of its place.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <sstream>

#include "scenarios/yaml/yaml_scalar.h"
#include "sim/base/text.h"
#include "tests/harness/graph/line_dag.h"
#include "tests/harness/testing/program.h"
#include "tests/hostile/hostile_text.h"
#include "tests/support/git_command.h"
#include "tests/support/temp_folder.h"

namespace rebisect {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using testing_support::GetFile;
using testing_support::HostileText;
using testing_support::HostileTexts;
using testing_support::JsonLines;
using testing_support::LineDag;
using testing_support::LineId;
using testing_support::ProgramRun;
using testing_support::PutFile;
using testing_support::RunProgram;
using testing_support::RunShell;
using testing_support::SteeringIn;
using testing_support::TempFolder;

using Commands = std::vector<std::vector<std::string>>;

class OutputsTest : public ::testing::TestWithParam<HostileText> {
 protected:
  OutputsTest() { PutFile(folder_ / "line.dag", LineDag(8)); }

  [[nodiscard]] static std::string Hostile() {
    return std::string(GetParam().text);
  }
  [[nodiscard]] static std::string Quoted() {
    return YamlScalar(Hostile(), true);
  }

  std::string Put(const std::string& name, const std::string& bytes) {
    PutFile(folder_ / name, bytes);
    return folder_ / name;
  }

  /// A search with the text wherever a record may have any.
  std::string Record() {
    const auto test = [](int n, const char* verdict, const char* runs) {
      return "  - test: '" + LineId(n) + "'\n    release: " + Quoted() +
             "\n    compiler: " + Quoted() + "\n    signature: " + Quoted() +
             "\n    runs: [" + runs + "]\n  - " + verdict + ": '" + LineId(n) +
             "'\n";
    };
    const std::string crashed =
        "{outcome: crashed, title: " + Quoted() + ", count: 9}, {outcome: ok}";
    return Put("record.yaml",
               "rebisect: recording/1\nname: " + Quoted() +
                   "\nkind: cause\ntruth: {judgement: wrong, culprit: '" +
                   LineId(5) + "', note: " + Quoted() +
                   "}\nevents:\n  - start: {bad: '" + LineId(8) +
                   "', goods: ['" + LineId(1) + "']}\n" +
                   test(4, "bad", crashed.c_str()) +
                   test(3, "good", "{outcome: ok, count: 10}") +
                   "end: {kind: culprit, culprit: '" + LineId(4) + "'}\n");
  }

  /// Runs it; both outputs have to be harmless, and there has to be a result
  /// or an error.
  ProgramRun Run(const std::vector<std::string>& arguments,
                 const std::string& input = "") {
    ProgramRun run = RunProgram(arguments, input);
    EXPECT_LE(run.exit_code, 2) << ::testing::PrintToString(arguments);
    EXPECT_NE(run.out + run.errors, "");
    EXPECT_EQ(SteeringIn(run.out), "") << ::testing::PrintToString(arguments);
    EXPECT_EQ(SteeringIn(run.errors), "")
        << ::testing::PrintToString(arguments);
    return run;
  }

  TempFolder folder_;
};

/// Every command that shows a record, in each of its forms.
Commands RecordCommands() {
  Commands commands;
  for (const char* format : {"text", "json", "markdown"}) {
    for (const Commands::value_type& command :
         Commands{{"audit"},
                  {"replay"},
                  {"diagnose"},
                  {"whatif", "--verdict", "any-crash"}}) {
      commands.push_back(command);
      commands.back().insert(commands.back().end(), {"--format", format});
    }
  }
  for (const char* table : {"text", "csv", "jsonl"}) {
    commands.push_back({"replay", "--table", table});
    commands.push_back({"diagnose", "--table", table});
  }
  for (const char* format : {"text", "json"}) {
    commands.push_back({"evaluate", "--format", format});
    commands.push_back({"fit", "--format", format});
    commands.push_back({"graph", "show", "--format", format});
  }
  commands.push_back({"diagnose", "--format", "mail"});
  return commands;
}

TEST_P(OutputsTest, ARecord) {
  const std::string record = Record();
  for (std::vector<std::string> command : RecordCommands()) {
    command.push_back(record);
    const bool graph = command[0] != "audit" && command[0] != "fit";
    if (graph) {
      command.insert(command.end(), {"--dag", folder_ / "line.dag"});
    }
    const ProgramRun run = Run(command);
    EXPECT_LE(run.exit_code, 1) << run.errors;
    if (command[2] == "json") (void)JsonLines(run.out);
  }
}

TEST_P(OutputsTest, ARecordIsTheSameWhenItIsWritten) {
  const std::string record = Record();
  const ProgramRun yaml = Run({"convert", record});
  const ProgramRun json = Run({"convert", record, "--format", "json"});
  EXPECT_EQ(JsonLines(json.out).at(0)["name"], ToUtf8(Hostile()));
  const std::string again = Put("again.yaml", yaml.out);
  EXPECT_EQ(Run({"convert", again}).out, yaml.out);
}

TEST_P(OutputsTest, LogsAndTranscripts) {
  const std::string start =
      "git bisect start '" + LineId(8) + "' '" + LineId(1) + "'\n";
  const std::string log = "# bad: [" + LineId(8) + "] " + Hostile() + '\n' +
                          start + "# good: [" + LineId(4) + "] " + Hostile() +
                          "\ngit bisect good " + LineId(4) + '\n' + Hostile() +
                          "\n# first bad commit: [" + LineId(5) + "] " +
                          Hostile() + '\n';
  const std::string transcript =
      "$ " + start +
      "Bisecting: 3 revisions left to test after this (roughly "
      "2 steps)\n[" +
      LineId(4) + "] " + Hostile() + "\n$ git bisect good\n" + Hostile() + '\n';
  const std::string crashes =
      "testing commit " + LineId(8) + " with " + Hostile() +
      "\nkernel signature: " + Hostile() + "\nrun #0: crashed: " + Hostile() +
      "\nrun #1: " + Hostile() + "\nerror: " + Hostile() + '\n';
  for (const std::string& bytes : {log, transcript, crashes}) {
    const std::string file = Put("some.log", bytes);
    for (const char* command : {"audit", "convert", "replay", "diagnose"}) {
      (void)Run({command, file});
    }
  }
}

TEST_P(OutputsTest, APage) {
  const std::string page = folder_ / "page.html";
  const ProgramRun run = Run(
      {"diagnose", Record(), "--dag", folder_ / "line.dag", "--html", page});
  ASSERT_LE(run.exit_code, 1) << run.errors;
  const std::string html = GetFile(page);
  EXPECT_EQ(SteeringIn(html), "");
  EXPECT_THAT(html, Not(HasSubstr("<img")));
}

TEST_P(OutputsTest, SubjectsAndNamesOfARepository) {
  PutFile(folder_ / "subject", Hostile());
  // git takes no control characters in the names of refs.
  RunShell(folder_.path(),
           "git init -q -b master r; cd r; for i in 1 2 3 4 5 6; do "
           "{ cat ../subject; echo \" $i\"; } >m; "
           "git -c i18n.commitEncoding=latin1 commit -q --allow-empty -F m; "
           "git branch \"b\u202e\xc2\x9b\xff$i\"; done; "
           "git bisect start master master~5 >out; git bisect good >>out; "
           "git bisect log >../r.log");
  const std::string log = folder_ / "r.log";
  const std::string repository = folder_ / "r";
  for (const char* format : {"text", "json", "markdown"}) {
    for (const char* command : {"replay", "diagnose"}) {
      (void)Run({command, log, "--repo", repository, "--format", format});
    }
  }
  for (const char* format : {"text", "json"}) {
    for (const char* what : {"show", "info", "export"}) {
      std::vector<std::string> command = {"graph",    what,       "--repo",
                                          repository, "--format", format};
      if (std::string_view(what) == "show") command.push_back(log);
      if (std::string_view(what) == "export" &&
          std::string_view(format) == "text") {
        command[5] = "dag";
      }
      (void)Run(command);
    }
    const ProgramRun drive =
        Run({"drive", "--repo", repository, "--format", format},
            "start master master~5\ngood\nlog\nbad " + Hostile() + "\n" +
                Hostile() + "\nterms\n");
    EXPECT_THAT(drive.out, HasSubstr("Bisecting"));
  }
  (void)Run({"truth", "--repo", repository, log});
}

TEST_P(OutputsTest, NamesOfFilesAndWords) {
  std::string name = Hostile();
  std::erase(name, '/');
  for (const char* command :
       {"audit", "replay", "diagnose", "convert", "simulate", "test", "report",
        "fit", "evaluate"}) {
    const ProgramRun run = Run({command, folder_ / ("no" + name)});
    EXPECT_EQ(run.exit_code, 2);
    EXPECT_NE(run.errors, "");
  }
  (void)Run({"replay", "--no" + Hostile()});
  (void)Run({"no" + Hostile()});
  (void)Run({"whatif", Record(), "--verdict", Hostile()});
  (void)Run({"whatif", Record(), "--select", Hostile()});
  (void)Run({"graph", "info", "--dag",
             Put("names.dag",
                 LineDag(3) + LineId(2) + " refs/heads/" + Hostile() + '\n')});
  // A file that can be read is shown under its name.
  PutFile(folder_ / (name + ".log"), GetFile(Record()));
  for (const char* table : {"text", "csv", "jsonl"}) {
    (void)Run({"replay", folder_ / (name + ".log"), "--table", table, "--dag",
               folder_ / "line.dag"});
  }
}

TEST_P(OutputsTest, AnExperimentAndItsStore) {
  const std::string experiment =
      Put("e.yaml", "rebisect: experiment/1\nname: " + Quoted() +
                        "\nabout: " + Quoted() +
                        "\ntrials: 2\ngraphs: {generate: kernel, commits: 9, "
                        "seed: 1}\nselect: [git, best]\n");
  const std::string store = folder_ / "store.sqlite";
  for (const char* format : {"text", "json", "markdown"}) {
    (void)Run({"simulate", experiment, "--format", format});
  }
  (void)Run({"simulate", experiment, "--store", store});
  for (const char* format : {"text", "json", "markdown"}) {
    (void)Run({"results", "show", store, "--format", format});
  }
  (void)Run({"results", "list", store});
  for (const char* format : {"json", "csv"}) {
    (void)Run({"results", "export", store, "--format", format});
  }
}

TEST_P(OutputsTest, ASuiteAndATool) {
  const std::string suite =
      Put("s.yaml", "rebisect: suite/1\nabout: " + Quoted() +
                        "\nscenarios:\n  - {name: one, about: " + Quoted() +
                        ", graph: a-b-c, bug: c, expect: {culprit: b}}\n");
  // A tool that prints the text, and takes it for its answer.
  const std::string tool =
      Put("t.yaml", "rebisect: tool/1\nname: t\nabout: " + Quoted() +
                        "\nrun: |\n  cat '" + Put("said", Hostile()) +
                        "'\noutcomes: {found: '.'}\nculprit: '^(.*)$'\n");
  for (const char* format : {"text", "json", "markdown", "tap"}) {
    (void)Run({"test", suite, "--tool", tool, "--format", format});
    (void)Run({"test", suite, "--tool", "driver", "--format", format});
  }
  const std::string junit = folder_ / "junit.xml";
  (void)Run({"test", suite, "--tool", tool, "--junit", junit});
  EXPECT_EQ(SteeringIn(GetFile(junit)), "");
  EXPECT_THAT(GetFile(junit), Not(HasSubstr("<img")));
  const std::string exported = folder_ / "exported";
  (void)Run({"suite", "export", exported, suite});
  EXPECT_EQ(SteeringIn(GetFile(exported + "/s/one/expected.json")), "");
}

INSTANTIATE_TEST_SUITE_P(Hostile, OutputsTest,
                         ::testing::ValuesIn(HostileTexts()),
                         [](const auto& param_info) {
                           std::string name(param_info.param.name);
                           std::erase_if(name, [](char c) {
                             return c == ' ' || c == '-';
                           });
                           return name;
                         });

TEST(HostileOutputs, FormulasAreTextsInCsv) {
  const TempFolder folder;
  PutFile(folder / "line.dag", LineDag(8));
  for (const char* text : {"=1+1", "+1", "-1", "@sum"}) {
    PutFile(folder / "record.yaml",
            "rebisect: recording/1\nname: \"" + std::string(text) +
                "\"\nkind: cause\nevents:\n  - start: {bad: '" + LineId(8) +
                "', goods: ['" + LineId(1) + "']}\n");
    const ProgramRun run =
        RunProgram({"replay", folder / "record.yaml", "--dag",
                    folder / "line.dag", "--table", "csv"});
    EXPECT_THAT(run.out, HasSubstr("\r\n'" + std::string(text) + ","));
  }
}

TEST(HostileOutputs, AMailHasTheHeadersItHas) {
  const TempFolder folder;
  PutFile(folder / "line.dag", LineDag(8));
  PutFile(folder / "record.yaml",
          "rebisect: recording/1\nkind: cause\nevents:\n  - start: {bad: '" +
              LineId(8) + "', goods: ['" + LineId(1) + "']}\n  - test: '" +
              LineId(8) +
              "'\n    purpose: start\n    runs: [{outcome: crashed, title: "
              "\"x\\r\\nBcc: all@example.com\\r\\n\\r\\n<b>\"}]\n"
              "end: {kind: culprit, culprit: '" +
              LineId(4) + "'}\n");
  const ProgramRun run =
      RunProgram({"diagnose", folder / "record.yaml", "--dag",
                  folder / "line.dag", "--format", "mail"});
  EXPECT_EQ(run.out.rfind("Subject: ", 0), 0U) << run.errors;
  EXPECT_EQ(run.out.find("\n\n"), run.out.find('\n')) << run.out;
  EXPECT_THAT(run.out, Not(HasSubstr("\nBcc:")));
}

}  // namespace
}  // namespace rebisect
