// What lies where the program writes: links, folders that are not its own.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "tests/harness/graph/line_dag.h"
#include "tests/harness/testing/program.h"
#include "tests/support/temp_folder.h"

namespace rebisect {
namespace {

namespace fs = std::filesystem;

using ::testing::HasSubstr;
using testing_support::GetFile;
using testing_support::LineDag;
using testing_support::ProgramRun;
using testing_support::PutFile;
using testing_support::RunProgram;
using testing_support::TempFolder;

constexpr char kSuite[] =
    "rebisect: suite/1\nscenarios:\n"
    "  - {name: one, graph: a-b-c, bug: c, expect: {culprit: c}}\n";

class HostileFilesTest : public ::testing::Test {
 protected:
  HostileFilesTest() {
    fs::create_directory(folder_ / "others");
    PutFile(folder_ / "others/file", "theirs\n");
    PutFile(folder_ / "line.dag", LineDag(5));
    PutFile(folder_ / "s.yaml", kSuite);
  }
  void ExpectTheirsUntouched() {
    EXPECT_EQ(GetFile(folder_ / "others/file"), "theirs\n");
    EXPECT_EQ(std::distance(fs::directory_iterator(folder_ / "others"), {}), 1);
  }

  TempFolder folder_;
};

TEST_F(HostileFilesTest, LinksUnderLikelyNamesAsideAreNotFollowed) {
  const std::string out = folder_ / "out.dag";
  for (const char* aside : {".tmp", ".new", ".lock", ".XXXXXX", "~", ".part"}) {
    fs::create_symlink(folder_ / "others/file", out + aside);
  }
  const ProgramRun run = RunProgram(
      {"graph", "export", "--dag", folder_ / "line.dag", "--out", out});
  EXPECT_EQ(run.exit_code, 0) << run.errors;
  EXPECT_THAT(GetFile(out), HasSubstr("refs/tags/v1.0"));
  ExpectTheirsUntouched();
}

TEST_F(HostileFilesTest, ALinkThatIsNamedIsWrittenThroughAsAWhole) {
  // As a shell's `>` does it: whoever names a link means what it leads to.
  fs::create_symlink(folder_ / "target", folder_ / "out.dag");
  PutFile(folder_ / "target", "old\n");
  const ProgramRun run =
      RunProgram({"graph", "export", "--dag", folder_ / "line.dag", "--out",
                  folder_ / "out.dag"});
  EXPECT_EQ(run.exit_code, 0) << run.errors;
  EXPECT_TRUE(fs::is_symlink(folder_ / "out.dag"));
  EXPECT_THAT(GetFile(folder_ / "target"), HasSubstr("refs/tags/v1.0"));
  ExpectTheirsUntouched();
}

TEST_F(HostileFilesTest, FoldersBehindLinksAreNotWrittenTo) {
  fs::create_directory_symlink(folder_ / "others", folder_ / "link");
  const ProgramRun exported =
      RunProgram({"suite", "export", folder_ / "link", folder_ / "s.yaml"});
  EXPECT_EQ(exported.exit_code, 2) << exported.out;
  PutFile(folder_ / "r.log", "git bisect start '" + testing_support::LineId(5) +
                                 "' '" + testing_support::LineId(1) + "'\n");
  const ProgramRun made = RunProgram(
      {"reconstruct", folder_ / "r.log", "--into", folder_ / "link"});
  EXPECT_EQ(made.exit_code, 2) << made.out;
  ExpectTheirsUntouched();
}

TEST_F(HostileFilesTest, ASuiteCannotNameAFolderElsewhere) {
  for (const char* name :
       {"../others", "..", ".", "a/../../others", "/", "a\\0b", ".hidden"}) {
    PutFile(folder_ / "s.yaml",
            std::string(kSuite) + "name: \"" + name + "\"\n");
    const ProgramRun run = RunProgram(
        {"suite", "export", folder_ / "exported", folder_ / "s.yaml"});
    EXPECT_EQ(run.exit_code, 2) << name;
    EXPECT_THAT(run.errors, HasSubstr("a suite cannot be called"));
    EXPECT_FALSE(fs::exists(folder_ / "exported/one"));
  }
  ExpectTheirsUntouched();
}

TEST_F(HostileFilesTest, APathCannotLeaveTheRepository) {
  for (const char* path :
       {"../others/file", "/others", "a/../../b", ".git/x"}) {
    PutFile(folder_ / "s.yaml",
            "rebisect: suite/1\nscenarios:\n  - name: one\n    graph: a-b-c\n"
            "    bug: c\n    expect: {culprit: c}\n    repository:\n"
            "      changes: {\"" +
                std::string(path) + "\": b}\n");
    const ProgramRun run = RunProgram(
        {"suite", "export", folder_ / "exported", folder_ / "s.yaml"});
    EXPECT_EQ(run.exit_code, 2) << path;
  }
  ExpectTheirsUntouched();
}

TEST_F(HostileFilesTest, APathCannotWriteMoreIntoAStream) {
  PutFile(folder_ / "s.yaml",
          "rebisect: suite/1\nscenarios:\n  - name: one\n    graph: a-b-c\n"
          "    bug: c\n    expect: {culprit: c}\n    repository:\n"
          "      changes: {\"x\\nreset refs/heads/evil\\nfrom :1\\n\": b, "
          "'\"q': b}\n");
  const ProgramRun run =
      RunProgram({"suite", "export", folder_ / "exported", folder_ / "s.yaml"});
  ASSERT_EQ(run.exit_code, 0) << run.errors;
  const std::string stream = GetFile(folder_ / "exported/s/one/history.fi");
  EXPECT_EQ(stream.find("\nreset refs/heads/evil"), std::string::npos);
  EXPECT_THAT(stream, HasSubstr("M 100644 inline \"x\\nreset refs"));
  EXPECT_THAT(stream, HasSubstr("M 100644 inline \"\\\"q\"\n"));
}

TEST_F(HostileFilesTest, AToolMayPutALinkInPlaceOfItsFolder) {
  PutFile(folder_ / "t.yaml",
          "rebisect: tool/1\nname: t\nrun: |\n"
          "  for f in \"$REBISECT_WORK\" \"$REBISECT_REPOSITORY\" \"$HOME\" "
          "\"$TMPDIR\"; do rm -rf \"$f\"; ln -s '" +
              (folder_ / "others") +
              "' \"$f\"; done\n  echo found\n"
              "outcomes: {found: '^found'}\nculprit: '^(x)$'\n");
  const ProgramRun run =
      RunProgram({"test", folder_ / "s.yaml", "--tool", folder_ / "t.yaml"});
  EXPECT_EQ(run.exit_code, 1) << run.errors;
  ExpectTheirsUntouched();
}

}  // namespace
}  // namespace rebisect
