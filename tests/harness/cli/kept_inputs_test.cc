// No command writes over what it reads, by whatever name.

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "tests/harness/testing/program.h"
#include "tests/support/temp_folder.h"

namespace rebisect {
namespace {

using testing_support::GetFile;
using testing_support::ProgramRun;
using testing_support::PutFile;
using testing_support::RunProgram;
using testing_support::TempFolder;

class KeptInputsTest : public ::testing::Test {
 protected:
  KeptInputsTest() {
    record_ = GetFile(std::string(REBISECT_RECORDED_DIR) +
                      "/004_cc113675927a12df.yaml");
    PutFile(In("a.yaml"), record_);
    PutFile(In("b.yaml"), record_);
    std::filesystem::create_symlink(In("a.yaml"), In("link.html"));
    std::filesystem::create_hard_link(In("a.yaml"), In("hard.html"));
  }

  [[nodiscard]] std::string In(const std::string& name) const {
    return folder_ / name;
  }

  /// Runs the command, which has to refuse, and to leave everything as it is.
  void ExpectRefused(const std::vector<std::string>& arguments) {
    const ProgramRun run = RunProgram(arguments);
    std::string line;
    for (const std::string& word : arguments) line += word + ' ';
    EXPECT_EQ(run.exit_code, 2) << line;
    EXPECT_NE(run.errors.find("this is an input of the command"),
              std::string::npos)
        << line << '\n'
        << run.errors;
    EXPECT_EQ(GetFile(In("a.yaml")), record_) << line;
    EXPECT_EQ(GetFile(In("b.yaml")), record_) << line;
  }

  TempFolder folder_;
  std::string record_;
};

TEST_F(KeptInputsTest, OutputUnderTheSameName) {
  for (const char* const command : {"replay", "diagnose"}) {
    ExpectRefused({command, In("a.yaml"), "--html", In("a.yaml")});
  }
  ExpectRefused({"whatif", In("a.yaml"), "--verdict", "any-crash", "--html",
                 In("a.yaml")});
  ExpectRefused({"convert", In("a.yaml"), "--out", In("a.yaml")});
  ExpectRefused({"graph", "export", In("a.yaml"), "--out", In("a.yaml")});
  ExpectRefused({"fit", In("a.yaml"), "-o", In("a.yaml")});
  ExpectRefused({"report", In("a.yaml"), "--html", In("a.yaml")});
  ExpectRefused({"simulate", In("a.yaml"), "--html", In("a.yaml")});
  ExpectRefused({"test", In("a.yaml"), "--html", In("a.yaml")});
  ExpectRefused({"test", In("a.yaml"), "--junit", In("a.yaml")});
}

TEST_F(KeptInputsTest, OutputUnderAnotherName) {
  ExpectRefused({"diagnose", In("a.yaml"), "--html", In("link.html")});
  ExpectRefused({"diagnose", In("a.yaml"), "--html", In("hard.html")});
  ExpectRefused({"replay", In("./a.yaml"), "--html", In("a.yaml")});
}

TEST_F(KeptInputsTest, OutputInAFolderOrAPatternOfInputs) {
  ExpectRefused({"replay", folder_.path(), "--html", In("b.yaml")});
  ExpectRefused({"diagnose", In("*.yaml"), "--html", In("b.yaml")});
}

TEST_F(KeptInputsTest, OutputOverAnOptionsFile) {
  PutFile(In("truth"), "a\tnone\n");
  ExpectRefused({"diagnose", In("a.yaml"), "--truth", In("truth"), "--html",
                 In("truth")});
  EXPECT_EQ(GetFile(In("truth")), "a\tnone\n");
  PutFile(In("list"), In("a.yaml") + "\n");
  const std::string list = GetFile(In("list"));
  ExpectRefused({"replay", "--list", In("list"), "--html", In("list")});
  EXPECT_EQ(GetFile(In("list")), list);
}

TEST_F(KeptInputsTest, OutputOverAToolFile) {
  const std::string suites = REBISECT_SUITES_DIR;
  for (const char* const option : {"--junit", "--html"}) {
    ExpectRefused(
        {"test", suites, "--tool", In("b.yaml"), option, In("b.yaml")});
  }
}

TEST_F(KeptInputsTest, OtherFilesAreReplaced) {
  PutFile(In("old.yaml.out"), "old");
  EXPECT_EQ(RunProgram({"convert", In("a.yaml"), "--out", In("old.yaml.out")})
                .exit_code,
            0);
  EXPECT_NE(GetFile(In("old.yaml.out")), "old");
}

TEST_F(KeptInputsTest, RatesThatAreNoNumbersAreUsageErrors) {
  for (const char* const rate : {"nan", "0.1,nan", "NaN", "inf", "-nan"}) {
    EXPECT_EQ(
        RunProgram({"diagnose", In("a.yaml"), "--error-rate", rate}).exit_code,
        2)
        << rate;
  }
}

}  // namespace
}  // namespace rebisect
