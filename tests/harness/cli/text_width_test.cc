// What is printed for a person fits 80 columns.

#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "harness/cli/cli.h"
#include "harness/text/terminal.h"
#include "tests/harness/testing/program.h"
#include "tests/support/temp_folder.h"

namespace rebisect {
namespace {

using testing_support::ProgramRun;
using testing_support::PutFile;
using testing_support::RunProgram;
using testing_support::TempFolder;

using Words = std::vector<std::string>;

std::string Joined(const Words& words) {
  std::string text = "rebisect";
  for (const std::string& word : words) text += ' ' + word;
  return text;
}

void ExpectFits(const std::string& text, const std::string& what) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    EXPECT_LE(Columns(line), 80) << what << ": " << line;
  }
}

/// Runs a command, which must print something.
void ExpectOutputFits(const Words& words) {
  const ProgramRun run = RunProgram(words);
  const std::string what = Joined(words);
  EXPECT_NE(run.exit_code, 2) << what << ": " << run.errors;
  EXPECT_NE(run.out, "") << what;
  ExpectFits(run.out, what);
}

TEST(TextWidthTest, OfReportsOnRecordings) {
  const std::string all = REBISECT_RECORDED_DIR;
  for (const Words& words : std::vector<Words>{
           {"audit", all},
           {"replay", all},
           {"replay", "--verdict", "same-family+threshold:k=2:n=10", all},
           {"diagnose", all},
           {"replay", "--table", "text", all},
           {"diagnose", "--table", "text", all},
           {"evaluate", all},
           {"fit", all},
           {"whatif", "--matrix", "--verdict",
            "any-crash,same-family+threshold:k=2:n=10,syzkaller-2024,majority",
            "--retry", "fixed:n=20", all},
           {"whatif", "--model", "--trials", "5", "--verdict",
            "any-crash,majority", all}}) {
    ExpectOutputFits(words);
  }
}

TEST(TextWidthTest, OfCommandsOnOneRecording) {
  for (const char* const name :
       {"000_44bcc0d44dc46933", "001_8797c81a33fa4415", "002_2bc36a9ae601194e",
        "003_9e5a8c403dd9519c", "004_cc113675927a12df", "git-2006-bad-merge",
        "git-oops-2.42"}) {
    const std::string record =
        std::string(REBISECT_RECORDED_DIR) + '/' + name + ".yaml";
    ExpectOutputFits({"graph", "info", record});
    ExpectOutputFits({"graph", "show", record});
    ExpectOutputFits({"graph", "show", "--all", record});
  }
}

TEST(TextWidthTest, OfWhatReconstructSays) {
  const TempFolder folder;
  const ProgramRun run = RunProgram(
      {"reconstruct",
       std::string(REBISECT_RECORDED_DIR) + "/002_2bc36a9ae601194e.yaml",
       "--into", folder / "again.git"});
  EXPECT_EQ(run.exit_code, 0) << run.errors;
  // But for the folder, which is as long as it is.
  std::string text = run.out;
  const std::string path = folder / "again.git";
  for (std::size_t at = 0; (at = text.find(path)) != std::string::npos;) {
    text.replace(at, path.size(), "again.git");
  }
  ExpectFits(text, "rebisect reconstruct");
}

TEST(TextWidthTest, OfExperiments) {
  const TempFolder folder;
  const std::string store = folder / "results.sqlite";
  const std::string file = folder / "e.yaml";
  PutFile(file, R"(rebisect: experiment/1
name: an experiment whose name is so long that it alone would fill a whole line
trials: 60
graphs:
  - {generate: kernel, commits: 300, seed: 1}
  - {generate: linear, commits: 50, seed: 1}
truths: every
noise:
  - {name: one in twenty, false-bad: 0.05, false-good: 0.05}
select:
  - git
  - "bayes-entropy:false-bad=0.05:false-good=0.05:stop=0.95"
  - "noisy-binary:error=0.05"
)");
  ExpectOutputFits({"simulate", file, "--store", store});
  ExpectOutputFits({"results", "list", store});
  ExpectOutputFits({"results", "show", store});
  ExpectOutputFits({"reproduce", "--trials", "20",
                    std::string(REBISECT_EXPERIMENTS_DIR) + "/published"});
}

TEST(TextWidthTest, OfTestsOfTools) {
  ExpectOutputFits({"test", REBISECT_SUITES_DIR});
  ExpectOutputFits({"test", "--against", "driver", "--cases", "5"});
}

void ExpectHelpFits(const CLI::App& app, const Words& words) {
  for (const CLI::App* const command : app.get_subcommands({})) {
    Words its = words;
    its.push_back(command->get_name());
    Words asked = its;
    asked.emplace_back("--help");
    ExpectOutputFits(asked);
    ExpectHelpFits(*command, its);
  }
}

TEST(TextWidthTest, OfHelp) {
  ExpectOutputFits({"--help"});
  ShowCommandLine([](const CLI::App& app) { ExpectHelpFits(app, {}); });
}

}  // namespace
}  // namespace rebisect
