#include "harness/reference/reference.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <CLI/CLI.hpp>

#include "tests/support/process.h"

namespace rebisect {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing_support::RunProcess;

/// A program with `graph info` and `say`.
class ReferenceTest : public ::testing::Test {
 protected:
  ReferenceTest() {
    CLI::App& graph = *app_.add_subcommand("graph", "about\ngraphs");
    CLI::App& info = *graph.add_subcommand("info", "don't [panic]: \\");
    info.add_option("--format", format_, "how")
        ->check(CLI::IsMember({"text", "json"}));
    info.add_flag("--all", all_, "everything");
    CLI::App& say = *app_.add_subcommand("say", "says");
    say.add_option("FILE", files_, "what")->required();
    say.add_option("-j,--threads", threads_, "how many")->type_name("N");
    say.footer("Examples:\n  say 'it'\n.not a macro\nand on\n  again");
    commands_ = ReferenceOf(app_);
  }

  std::string File(const std::vector<ReferenceFile>& files,
                   const std::string& path) {
    for (const ReferenceFile& file : files) {
      if (file.path == path) return file.text;
    }
    ADD_FAILURE() << path;
    return "";
  }

  /// What bash offers for the last word.
  std::string Offers(const std::string& words, const std::string& function) {
    const std::string script = File(Completions(commands_), "bash/rebisect") +
                               "COMP_WORDS=(" + words +
                               ")\nCOMP_CWORD=$((${#COMP_WORDS[@]} - 1))\n" +
                               function + "\nprintf '%s' \"${COMPREPLY[*]}\"\n";
    return RunProcess({"bash", "-c", script}).out;
  }

  CLI::App app_{"a program", "rebisect"};
  std::string format_;
  std::vector<std::string> files_;
  int threads_ = 0;
  bool all_ = false;
  std::vector<CommandReference> commands_;
};

TEST_F(ReferenceTest, KnowsAllCommands) {
  std::vector<std::string> names;
  for (const CommandReference& command : commands_) {
    names.push_back(Joined(command.words, " "));
  }
  EXPECT_THAT(names, ElementsAre("rebisect", "rebisect graph",
                                 "rebisect graph info", "rebisect say"));
  const CommandReference& info = commands_[2];
  ASSERT_EQ(info.options.size(), 3U);
  EXPECT_THAT(info.options[1].values, ElementsAre("text", "json"));
  EXPECT_EQ(info.options[2].value, "") << "a flag takes no value";
  const CommandReference& say = commands_[3];
  ASSERT_EQ(say.arguments.size(), 1U);
  EXPECT_TRUE(say.arguments[0].required);
  EXPECT_TRUE(say.arguments[0].many);
  EXPECT_THAT(say.options[1].names, ElementsAre("-j", "--threads"));
  EXPECT_EQ(commands_[1].about, "about graphs");
}

TEST_F(ReferenceTest, PagesLeaveNothingToRoff) {
  const auto pages = ManPages(commands_, "1.2");
  EXPECT_EQ(pages.size(), 5U);
  EXPECT_THAT(File(pages, "man1/rebisect-graph-info.1"),
              HasSubstr("info \\- don\\(aqt [panic]: \\e\n"));
  const std::string say = File(pages, "man1/rebisect-say.1");
  EXPECT_THAT(say, HasSubstr("\\fB\\-j\\fR, \\fB\\-\\-threads\\fR \\fIN\\fR"));
  EXPECT_THAT(say, HasSubstr(".SH EXAMPLES\n.EX\n  say \\(aqit\\(aq\n.EE\n.PP\n"
                             "\\&.not a macro\nand on\n.PP\n.EX\n"));
}

TEST_F(ReferenceTest, BashCompletes) {
  EXPECT_EQ(Offers("rebisect ''", "_rebisect"), "graph say");
  EXPECT_EQ(Offers("rebisect gra", "_rebisect"), "graph");
  EXPECT_EQ(Offers("rebisect graph ''", "_rebisect"), "info");
  EXPECT_EQ(Offers("rebisect graph info --f", "_rebisect"), "--format");
  EXPECT_EQ(Offers("rebisect graph info --format ''", "_rebisect"),
            "text json");
  EXPECT_EQ(Offers("rebisect say ''", "_rebisect"), "") << "files";
  EXPECT_EQ(Offers("git rebisect graph i", "_git_rebisect"), "info");
}

}  // namespace
}  // namespace rebisect
