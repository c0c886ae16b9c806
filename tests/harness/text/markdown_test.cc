#include "harness/text/markdown.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/harness/testing/program.h"
#include "tests/support/temp_folder.h"

namespace rebisect {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using testing_support::ProgramRun;
using testing_support::PutFile;
using testing_support::RunProgram;
using testing_support::TempFolder;

TEST(MarkdownTest, CodeHoldsWhateverThereIs) {
  EXPECT_EQ(MarkdownCode("@who <b> *x* [a](b) #1 &amp;"),
            "`@who <b> *x* [a](b) #1 &amp;`");
  EXPECT_EQ(MarkdownCode("a`b"), "``a`b``");
  EXPECT_EQ(MarkdownCode("`a``b"), "``` `a``b ```");
  EXPECT_EQ(MarkdownCode("`"), "`` ` ``");
  EXPECT_EQ(MarkdownCode("  a  "), "`a`");
  EXPECT_EQ(MarkdownCode("\x1b[31m\n"), "`?[31m?`");
  EXPECT_EQ(MarkdownCode("   "), "");
}

TEST(MarkdownTest, TextLeavesPlainWordsAlone) {
  for (const char* const text :
       {"the same culprit: none", "14 of 14 agree (tried first, again)",
        "it isn't \"well-known\"; is it?", "95.2% of 10"}) {
    EXPECT_EQ(MarkdownText(text), text);
  }
}

TEST(MarkdownTest, TextOfARecordIsNeverLive) {
  EXPECT_EQ(MarkdownText("thanks @torvalds, see #123"),
            "thanks `@torvalds`, see `#123`");
  EXPECT_EQ(MarkdownText("GH-12 https://x.org www.x.org a@x.org"),
            "`GH-12 https://x.org www.x.org a@x.org`");
  EXPECT_EQ(MarkdownText("at 1234567 deadbeef 73bf1fc58dc4: bad"),
            "at `1234567 deadbeef 73bf1fc58dc4`: bad");
  EXPECT_EQ(MarkdownText("<script> **bold** :smile: a|b \\ $x$ ~~"),
            "`<script> **bold** :smile`: `a|b \\ $x$ ~~`");
  EXPECT_EQ(MarkdownText("(`rm -rf` x)"), "(`` `rm -rf` `` x)");
  EXPECT_EQ(MarkdownText("3. item - one"), "`3`. item `-` one");
  EXPECT_EQ(MarkdownText("&lt; &#64;me"), "`&lt`; `&#64;me`");
  EXPECT_EQ(MarkdownText("(see x/y#3)."), "(see `x/y#3`).");
  EXPECT_EQ(MarkdownText("ünï"), "`ünï`");
  EXPECT_EQ(MarkdownText(""), "");
}

TEST(MarkdownTest, BarsDoNotEndACell) {
  MarkdownLines out;
  out.Heading("x");
  out.Field("one", "1");
  out.Item("two");
  out.Table({{"a", true}, {"b"}}, {{"1", MarkdownCode("x|y")}, {"2"}});
  out.Table({{"none"}}, {});
  EXPECT_EQ(out.Take(),
            "### x\n"
            "\n"
            "- one: 1\n"
            "- two\n"
            "\n"
            "| a | b |\n"
            "|---:|---|\n"
            "| 1 | `x\\|y` |\n"
            "| 2 | |\n");
}

TEST(MarkdownCommandTest, IsRefusedWhereItIsNotOffered) {
  for (const std::vector<std::string>& words :
       std::vector<std::vector<std::string>>{{"convert", "x"},
                                             {"fit", "x"},
                                             {"drive"},
                                             {"graph", "info", "x"},
                                             {"graph", "show", "x"},
                                             {"results", "list", "x"},
                                             {"reproduce", "x"},
                                             {"test", "--against", "git"}}) {
    std::vector<std::string> all = words;
    all.insert(all.end(), {"--format", "markdown"});
    const ProgramRun run = RunProgram(all);
    EXPECT_EQ(run.exit_code, 2) << words.front();
    EXPECT_THAT(run.errors, HasSubstr("markdown")) << words.front();
    EXPECT_EQ(run.out, "") << words.front();
  }
}

TEST(MarkdownCommandTest, HasTheFiguresOfTheText) {
  const std::string record =
      std::string(REBISECT_RECORDED_DIR) + "/004_cc113675927a12df.yaml";
  const auto run = [&](std::vector<std::string> words) {
    words.insert(words.end(), {"--format", "markdown", record});
    return RunProgram(words).out;
  };
  EXPECT_THAT(run({"audit"}),
              HasSubstr("| warning | 103 | `73bf1fc58dc4` counts as bad for 1 "
                        "crash in 10 runs | `few-crashes` |\n"));
  const std::string replay = run({"replay"});
  EXPECT_THAT(replay, HasSubstr("- steps: 14 of 14 agree\n"));
  EXPECT_THAT(replay,
              HasSubstr("| 2 | `135c5504a600` | 3644 | 12 | good | all OK | "
                        "yes |\n"));
  const std::string diagnosis = run({"diagnose"});
  EXPECT_THAT(diagnosis,
              HasSubstr("### `004_cc113675927a12df`: contradicted\n"));
  EXPECT_THAT(diagnosis, HasSubstr("| 5 | `73bf1fc58dc4` | bad | -2.10 | "
                                   "`>99.99%` | 1 other title, 9 OK |  |\n"));
  const std::string whatif =
      run({"whatif", "--verdict", "syzkaller-2024", "--matrix"});
  EXPECT_THAT(whatif, HasSubstr("- parts: at step 5, `73bf1fc58dc4`: skip "
                                "instead of bad; "));
  EXPECT_THAT(whatif, HasSubstr("| 5 | `73bf1fc58dc4` | bad | `skip !` |\n"));
  for (const std::string& text : {replay, diagnosis, whatif}) {
    EXPECT_THAT(text, Not(HasSubstr("\x1b")));
  }
}

TEST(MarkdownCommandTest, SumsUpSuitesAndExperiments) {
  const ProgramRun test =
      RunProgram({"test", std::string(REBISECT_SUITES_DIR) + "/basics.yaml",
                  "--format", "markdown"});
  EXPECT_EQ(test.exit_code, 0) << test.errors;
  EXPECT_THAT(test.out, HasSubstr("| `basics` | "));
  const TempFolder folder;
  const std::string file = folder / "e.yaml";
  PutFile(file, R"(rebisect: experiment/1
name: 'a | @b'
trials: 40
graphs: {generate: linear, commits: 20, seed: 1}
truths: every
noise: {false-bad: 0}
select: [git, best]
)");
  const ProgramRun run = RunProgram({"simulate", file, "--format", "markdown"});
  EXPECT_EQ(run.exit_code, 0) << run.errors;
  EXPECT_THAT(run.out, HasSubstr(" `a | @b`\n"));
  EXPECT_THAT(run.out, HasSubstr("| 2 | `best` | 100.00% "));
}

}  // namespace
}  // namespace rebisect
