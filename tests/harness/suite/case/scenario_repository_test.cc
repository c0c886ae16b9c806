#include "harness/suite/case/scenario_repository.h"

#include <gtest/gtest.h>

#include "harness/suite/tools/tool_variables.h"
#include "tests/harness/suite/case/scenario_literal.h"
#include "tests/support/git_command.h"
#include "tests/support/temp_folder.h"

namespace rebisect {
namespace {

using testing_support::GetFile;
using testing_support::PutFile;
using testing_support::RunShell;
using testing_support::ScenarioLiteral;
using testing_support::ShellLine;
using testing_support::TempFolder;
using Lines = std::vector<std::string>;

MadeRepository Make(const ScenarioLiteral& scenario, const TempFolder& folder) {
  auto made = MadeRepository::Make(*scenario, folder.path());
  EXPECT_TRUE(made.has_value()) << FormatError(made.error());
  return *std::move(made);
}

TEST(ScenarioRepository, IsWhatGitMakes) {
  const ScenarioLiteral s(
      "graph: a-b-c\nbug: c\nrepository: {changes: {d/x.txt: [b]}}\n"
      "expect: {culprit: c}");
  const TempFolder folder;
  const MadeRepository made = Make(s, folder);
  EXPECT_EQ(RunShell(made.folder(), "git fsck --full --strict").status, 0);
  EXPECT_EQ(RunShell(made.folder(), "git status --porcelain -b").text,
            "## main\n");
  EXPECT_EQ(ShellLine(made.folder(), "git rev-parse HEAD"), s.Hex("c"));
  EXPECT_EQ(RunShell(made.folder(), "git checkout -q HEAD~; ls").text,
            "COMMIT\nd\n");
  EXPECT_EQ(RunShell(made.folder(), "git checkout -q main").status, 0);
  EXPECT_EQ(made.LeftBehind(), Lines());
}

TEST(ScenarioRepository, CanBeBareOrDetached) {
  const ScenarioLiteral bare(
      "graph: a-b\nbug: b\nrepository: {bare: true}\nexpect: {culprit: b}");
  const TempFolder folder;
  const MadeRepository made = Make(bare, folder);
  EXPECT_EQ(ShellLine(made.folder(), "git rev-parse --is-bare-repository HEAD"),
            "true");
  const ScenarioLiteral detached(
      "graph: a-b\nbug: b\nrepository: {detached: true}\n"
      "expect: {culprit: b}");
  const TempFolder other;
  const std::string tree = Make(detached, other).folder();
  EXPECT_EQ(RunShell(tree, "git symbolic-ref HEAD").status, 128);
  EXPECT_EQ(RunShell(tree, "git status --porcelain").text, "");
}

TEST(ScenarioRepository, CanBeALinkedWorktree) {
  const ScenarioLiteral s(
      "graph: a-b\nbug: b\nrepository: {linked-worktree: true}\n"
      "expect: {culprit: b}");
  const TempFolder folder;
  const MadeRepository made = Make(s, folder);
  EXPECT_EQ(RunShell(made.folder(), "git status --porcelain -b").text,
            "## linked\n");
  EXPECT_EQ(ShellLine(made.folder(), "git worktree list | wc -l"), "2");
  EXPECT_EQ(RunShell(made.folder(), "git fsck --full --strict").status, 0);
  EXPECT_EQ(made.LeftBehind(), Lines());
  RunShell(made.folder(), "git update-ref refs/bisect/bad HEAD");
  EXPECT_EQ(made.LeftBehind(),
            Lines{"ref worktrees/linked/refs/bisect/bad was left behind"});
}

TEST(ScenarioRepository, EndsWhereItIsShallow) {
  const ScenarioLiteral s(
      "graph: a-b-c-d\nstart: {good: b}\nbug: c\n"
      "repository: {shallow: [b]}\nexpect: {culprit: c}");
  const TempFolder folder;
  const MadeRepository made = Make(s, folder);
  EXPECT_EQ(RunShell(made.folder(), "git fsck --full --strict").status, 0);
  EXPECT_EQ(ShellLine(made.folder(), "git rev-list --all --count"), "3");
  EXPECT_NE(RunShell(made.folder(), "git cat-file -e " + s.Hex("a")).status, 0);
}

TEST(ScenarioRepository, ShowsWhatReplaces) {
  const ScenarioLiteral s(
      "graph: [a-b-c, a-x]\nstart: {bad: c}\nbug: c\n"
      "repository: {replace: {c: x}}\nexpect: {culprit: c}");
  const TempFolder folder;
  const MadeRepository made = Make(s, folder);
  EXPECT_EQ(GetFile(made.folder() + "/COMMIT"), "x\n");
  EXPECT_EQ(RunShell(made.folder(), "git status --porcelain").text, "");
  EXPECT_EQ(ShellLine(made.folder(), "git log -1 --format=%s"), "x");
}

TEST(ScenarioRepository, TellsWhatIsLeftBehind) {
  const ScenarioLiteral s("graph: a-b-c\nbug: c\nexpect: {culprit: c}");
  const TempFolder folder;
  const MadeRepository made = Make(s, folder);
  const auto after = [&](const std::string& line) {
    RunShell(made.folder(), line);
    return made.LeftBehind();
  };
  EXPECT_EQ(after("git checkout -q --detach"), Lines{"HEAD was changed"});
  EXPECT_EQ(after("git checkout -q main; git tag v1"),
            Lines{"ref refs/tags/v1 was left behind"});
  EXPECT_EQ(after("git tag -d v1; git pack-refs --all"), Lines());
  EXPECT_EQ(
      after("git reset -q --hard HEAD~"),
      (Lines{"entry of the index COMMIT was changed", "file COMMIT was changed",
             "ref refs/heads/main was changed"}));
  EXPECT_EQ(after("git reset -q --hard " + s.Hex("c") + "; echo x > COMMIT"),
            Lines{"file COMMIT was changed"});
  EXPECT_EQ(after("git add COMMIT; git show HEAD:COMMIT > COMMIT"),
            Lines{"entry of the index COMMIT was changed"});
  EXPECT_EQ(after("git reset -q --hard; mkdir d; touch d/e"),
            Lines{"file d/e was left behind"});
  EXPECT_EQ(after("rm -r d; touch .git/index.lock .git/BISECT_LOG"),
            (Lines{"BISECT_LOG was left behind",
                   "lock file index.lock was left behind"}));
  EXPECT_EQ(after("rm .git/index.lock .git/BISECT_LOG; "
                  "git worktree add -q --detach ../w"),
            Lines{"linked worktree w was left behind"});
  EXPECT_EQ(after("git worktree remove ../w; git config a.b c"),
            Lines{"config was changed"});
  EXPECT_EQ(after("git config --unset a.b; git config --remove-section a; "
                  "rm COMMIT"),
            Lines{"file COMMIT was removed"});
  PutFile(made.folder() + "/.git/index", "garbage");
  EXPECT_EQ(made.LeftBehind()[0],
            "an index that cannot be read was left behind");
  EXPECT_LE(after("rm -rf .git; for i in $(seq 40); do touch $i; done").size(),
            kMaxLines + 1);
}

TEST(ToolVariables, AreWordsForTheShell) {
  const ScenarioLiteral s(
      "graph: n0..n6\n"
      "start: {bad: n5, good: [n0, n1], term-bad: broken, term-good: whole,\n"
      "  first-parent: true, no-checkout: true, paths: [\"a b\", \"it's\"],\n"
      "  marks: [\"skip n2..n4\", \"whole n1 n2\", skip]}\n"
      "bug: n5\nexpect: {culprit: n5}");
  const auto variables = ScenarioVariables(*s);
  EXPECT_EQ(variables.at("REBISECT_START"),
            "'--term-bad=broken' '--term-good=whole' '--first-parent' "
            "'--no-checkout' '" +
                s.Hex("n5") + "' '" + s.Hex("n0") + "' '" + s.Hex("n1") +
                "' '--' 'a b' 'it'\\''s'");
  EXPECT_EQ(variables.at("REBISECT_GOODS"), s.Hex("n0") + ' ' + s.Hex("n1"));
  EXPECT_EQ(variables.at("REBISECT_TERM_GOOD"), "whole");
  EXPECT_EQ(variables.at("REBISECT_PATHS"), "a b\nit's\n");
  EXPECT_EQ(variables.at("REBISECT_MARKS"),
            "skip " + s.Hex("n2") + ".." + s.Hex("n4") + "\nwhole " +
                s.Hex("n1") + ' ' + s.Hex("n2") + "\nskip\n");
  EXPECT_EQ(ReplayLog(*s),
            "git bisect start " + variables.at("REBISECT_START") +
                "\ngit bisect skip " + s.Hex("n3") + "\ngit bisect skip " +
                s.Hex("n4") + "\ngit bisect whole " + s.Hex("n1") +
                "\ngit bisect whole " + s.Hex("n2") +
                "\ngit bisect skip HEAD\n");
}

}  // namespace
}  // namespace rebisect
