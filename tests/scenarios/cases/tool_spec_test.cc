#include "scenarios/cases/tool_spec.h"

#include <gtest/gtest.h>

#include <string>

namespace rebisect {
namespace {

ToolSpec ReadTool(const std::string& rest) {
  const auto tool = ReadToolSpec("rebisect: tool/1\n" + rest, "tools/git.yaml");
  EXPECT_TRUE(tool.has_value()) << FormatError(tool.error());
  return tool.value_or(ToolSpec{});
}

/// "line:column: message".
std::string ToolError(const std::string& rest) {
  const auto tool = ReadToolSpec("rebisect: tool/1\n" + rest, "tools/git.yaml");
  if (tool) return "none";
  EXPECT_EQ(tool.error().code, ErrorCode::kInput);
  EXPECT_EQ(tool.error().where.file, "tools/git.yaml");
  return std::to_string(tool.error().where.line) + ":" +
         std::to_string(tool.error().where.column) + ": " +
         tool.error().message;
}

const std::string kScripts =
    "program: git\nrun: |\n  a\n  b\noutcomes: {found: x}\n";

TEST(ToolSpecTest, ReadsADriver) {
  const ToolSpec tool = ReadTool(
      "driver: {git-version: 2.29.0, commit-graph: true, select: bisect}\n"
      "tags: git\nsupports: [skip, terms]\nexit-127: abort\n"
      "exit-codes: git\nlimit: 2.5\nabout: x\n");
  EXPECT_EQ(tool.name, "git");
  EXPECT_EQ(tool.about, "x");
  ASSERT_TRUE(tool.driver.has_value());
  EXPECT_FALSE(tool.scripts.has_value());
  EXPECT_EQ(tool.driver->git_version, "2.29.0");
  EXPECT_TRUE(tool.driver->commit_graph);
  EXPECT_EQ(tool.driver->select, "bisect");
  EXPECT_EQ(tool.tags, std::vector<std::string>{"git"});
  EXPECT_EQ(tool.supports,
            (std::vector<std::string>{"skip", "terms", "exit-127-abort"}));
  EXPECT_TRUE(tool.git_exit_codes);
  EXPECT_EQ(tool.limit_seconds, 2.5);
}

TEST(ToolSpecTest, ADriverIsTheNewestByDefault) {
  const ToolSpec tool = ReadTool("name: own\ndriver: {git-version: newest}\n");
  EXPECT_EQ(tool.name, "own");
  EXPECT_EQ(tool.driver->git_version, "");
  EXPECT_FALSE(tool.git_exit_codes);
  EXPECT_EQ(tool.limit_seconds, 20);
  EXPECT_TRUE(tool.supports.empty());
}

TEST(ToolSpecTest, ReadsScripts) {
  const ToolSpec tool = ReadTool(
      "program: git\nversion: '\"$REBISECT_PROGRAM\" --version'\n"
      "prepare: p\nrun: |\n  one\n  two\nreset: r\ncommit: c\ntranslate: t\n"
      "outcomes:\n  only-skipped: 'only ''skip'''\n  found: 'first bad'\n"
      "culprit: '^([0-9a-f]{40}) is'\ncandidate: '^([0-9a-f]{40})$'\n"
      "exit-127: [bad, abort]\n");
  ASSERT_TRUE(tool.scripts.has_value());
  EXPECT_FALSE(tool.driver.has_value());
  EXPECT_EQ(tool.scripts->program, "git");
  EXPECT_EQ(tool.scripts->version, "\"$REBISECT_PROGRAM\" --version");
  EXPECT_EQ(tool.scripts->prepare, "p");
  EXPECT_EQ(tool.scripts->run, "one\ntwo\n");
  EXPECT_EQ(tool.scripts->reset, "r");
  EXPECT_EQ(tool.scripts->commit, "c");
  EXPECT_EQ(tool.scripts->translate, "t");
  ASSERT_EQ(tool.scripts->outcomes.size(), 2U);
  EXPECT_EQ(tool.scripts->outcomes[0].first, ToolOutcome::kOnlySkipped);
  EXPECT_EQ(tool.scripts->outcomes[0].second, "only 'skip'");
  EXPECT_EQ(tool.scripts->outcomes[1].first, ToolOutcome::kFound);
  EXPECT_EQ(tool.scripts->culprit, "^([0-9a-f]{40}) is");
  EXPECT_EQ(tool.scripts->candidate, "^([0-9a-f]{40})$");
  EXPECT_EQ(tool.supports,
            (std::vector<std::string>{"exit-127-bad", "exit-127-abort"}));
}

TEST(ToolSpecTest, SaysWhatCannotBe) {
  const struct {
    std::string text;
    std::string error;
  } cases[] = {
      {"driver: {}\nprogram: git\n",
       "3:10: 'program' does not go with 'driver'"},
      {"driver: {}\noutcomes: {found: x}\n",
       "3:11: 'outcomes' does not go with 'driver'"},
      {"driver: {git-version: new}\n",
       "2:23: 'git-version' has to be a version"},
      {"driver: {gitversion: new}\n",
       "2:10: unknown key 'gitversion' in a driver; did you mean "
       "'git-version'?"},
      {"driver: git\n", "2:9: a driver has to be a mapping"},
      {"driver: {}\nsupport: [skip]\n",
       "3:1: unknown key 'support' in a tool; did you mean 'supports'?"},
      {"driver: {}\nsupports: [skips]\n",
       "3:12: tools have no feature 'skips'; did you mean 'skip'?"},
      {"driver: {}\nsupports: [exit-127-bad]\n", "3:11: say `exit-127: bad` "},
      {"driver: {}\nexit-127: good\n", "3:11: 'exit-127' cannot be 'good'"},
      {"driver: {}\nexit-codes: gti\n",
       "3:13: 'exit-codes' cannot be 'gti'; did you mean 'git'?"},
      {"driver: {}\nlimit: -1\n", "3:8: 'limit' has to be a number of seconds"},
      {"driver: {}\nname: ''\n", "3:7: 'name' is empty; leave it out"},
      {"about: none\n", "1:1: a tool needs 'run'; only one with a 'driver'"},
      {"program: git\noutcomes: {found: x}\n", "1:1: a tool needs 'run'"},
      {"program: git\nrun: x\n", "1:1: a tool needs 'outcomes'"},
      {"program: git\nrun: ''\noutcomes: {found: x}\n", "3:6: 'run' is empty"},
      {"program: git\nrun: x\noutcomes: {}\n", "4:11: 'outcomes' has to map"},
      {"program: git\nrun: x\noutcomes: {fund: x}\n",
       "4:12: there is no outcome 'fund'; did you mean 'found'?"},
      {"program: git\nrun: x\noutcomes: {found: }\n",
       "4:19: 'found' needs a regular expression"},
      {kScripts + "prepare: [a]\n", "7:10: 'prepare' has to be one value"},
  };
  for (const auto& [text, error] : cases) {
    EXPECT_EQ(ToolError(text).substr(0, error.size()), error) << text;
  }
  EXPECT_EQ(ToolError(kScripts), "none");
  EXPECT_EQ(ToolError("run: x\noutcomes: {found: x}\n"), "none");
  EXPECT_FALSE(ReadToolSpec("rebisect: tools/1\n", "t.yaml").has_value());
}

}  // namespace
}  // namespace rebisect
