// YAML that is an attack: every reader of it refuses, with a place, at once.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/harness/graph/line_dag.h"
#include "tests/harness/testing/program.h"
#include "tests/support/temp_folder.h"

namespace rebisect {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;
using testing_support::LineDag;
using testing_support::LineId;
using testing_support::ProgramRun;
using testing_support::PutFile;
using testing_support::RunProgram;
using testing_support::TempFolder;

struct Attack {
  std::string name;
  std::string text;  ///< below the line that says what the file is
  std::string error;
};

/// Every further level doubles what the one before stands for.
std::string AliasBomb() {
  std::string text = "a0: &a0 [x, x, x, x]\n";
  for (int i = 1; i < 60; ++i) {
    const std::string before = "*a" + std::to_string(i - 1);
    const std::string name = 'a' + std::to_string(i);
    text += name + ": &" + name + " [" + before + ", " + before + "]\n";
  }
  return text;
}

std::string Times(std::size_t count, const std::string& text) {
  std::string all;
  for (std::size_t i = 0; i < count; ++i) all += text;
  return all;
}

std::vector<Attack> Attacks() {
  return {
      {"aliases that double", AliasBomb(), "anchors are not taken here"},
      {"an alias of nothing", "name: *x\n", ""},
      {"merge keys", "<<: {name: x}\nname: y\n", ""},
      {"a tag that makes objects", "name: !!python/object:os.system [ls]\n",
       "tags are not taken here"},
      {"a huge tag", "name: !" + std::string(1 << 20, 'x') + " y\n", ""},
      {"a tag with a file", "name: !include /etc/passwd\n",
       "tags are not taken here"},
      {"depth in brackets", "name: " + Times(100'000, "["), ""},
      {"depth in dashes", "name:\n  " + Times(100'000, "- "), ""},
      {"depth in mappings", "name: " + Times(100'000, "{a: "), ""},
      {"a key twice", "name: x\nname: y\n", "occurs twice"},
      {"a key that is a mapping", "? {a: b}\n: c\n", ""},
      {"bytes that are no UTF-8", "name: \"\xff\xfe\xc0\xaf\"\nno: 1\n", ""},
      {"bytes that are 0", std::string("name: x\0y\n\0", 11), ""},
      {"a second document", "---\nname: y\n", ""},
      {"a directive", "%YAML 9.9\n---\n", ""},
      {"an end that does not come", "name: \"x\n", ""},
  };
}

class HostileYamlTest : public ::testing::Test {
 protected:
  HostileYamlTest() {
    PutFile(folder_ / "line.dag", LineDag(5));
    PutFile(folder_ / "r.log",
            "git bisect start '" + LineId(5) + "' '" + LineId(1) + "'\n");
  }

  /// Gives the file to its reader.
  ProgramRun Read(const std::string& kind, const std::string& bytes) {
    const std::string file = folder_ / "x.yaml";
    PutFile(file, bytes);
    const std::string log = folder_ / "r.log";
    const std::vector<std::string> graph = {"--dag", folder_ / "line.dag"};
    std::vector<std::string> command;
    if (kind == "recording") command = {"audit", file};
    if (kind == "experiment") command = {"simulate", file};
    if (kind == "suite") command = {"test", file, "--tool", "driver"};
    if (kind == "tool") command = {"test", file, "--tool", file};
    if (kind == "rules") {
      command = {"whatif", log, "--rules", file, "--verdict", "x"};
    }
    if (kind == "gate") command = {"diagnose", log, "--gate", file};
    if (kind == "noise") command = {"diagnose", log, "--prior", file};
    if (kind == "path-rules") command = {"diagnose", log, "--path-rules", file};
    if (command[1] == log) {
      command.insert(command.end(), graph.begin(), graph.end());
    }
    return RunProgram(command);
  }

  TempFolder folder_;
};

TEST_F(HostileYamlTest, IsRefusedByEveryReaderWithItsPlace) {
  for (const char* kind : {"recording", "experiment", "suite", "tool", "rules",
                           "gate", "noise", "path-rules"}) {
    for (const Attack& attack : Attacks()) {
      SCOPED_TRACE(std::string(kind) + ", " + attack.name);
      const ProgramRun run =
          Read(kind, "rebisect: " + std::string(kind) + "/1\n" + attack.text);
      EXPECT_EQ(run.exit_code, 2);
      EXPECT_EQ(run.out, "");
      EXPECT_THAT(run.errors, StartsWith(folder_ / "x.yaml:"));
      EXPECT_THAT(run.errors, HasSubstr("error: "));
      EXPECT_THAT(run.errors, HasSubstr(attack.error));
      EXPECT_LT(run.errors.size(), 2000U);
    }
  }
}

TEST_F(HostileYamlTest, IsNotReadInOtherEncodings) {
  std::string wide;
  for (const char c : std::string("rebisect: recording/1\nkind: cause\n")) {
    wide += c;
    wide += '\0';
  }
  for (const std::string& bytes : {"\xff\xfe" + wide, wide}) {
    const ProgramRun run = Read("recording", bytes);
    EXPECT_EQ(run.exit_code, 2);
    EXPECT_THAT(run.errors, HasSubstr("x.yaml"));
  }
}

TEST_F(HostileYamlTest, AScalarOfAHundredMegabytesIsRefusedUnread) {
  const ProgramRun run = Read(
      "recording",
      "rebisect: recording/1\nname: " + std::string(100'000'000, 'x') + "\n");
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_THAT(run.errors, HasSubstr("64 MiB"));
}

}  // namespace
}  // namespace rebisect
