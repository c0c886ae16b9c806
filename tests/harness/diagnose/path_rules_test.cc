#include "harness/diagnose/path_rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rebisect {
namespace {

using ::testing::HasSubstr;

PathRules Read(const std::string& text) {
  auto rules = PathRules::Read("rebisect: path-rules/1\n" + text, "r.yaml");
  EXPECT_TRUE(rules.has_value()) << FormatError(rules.error());
  return rules ? *std::move(rules) : PathRules();
}

std::string Refusal(const std::string& text) {
  const auto rules = PathRules::Read(text, "r.yaml");
  return rules ? "taken" : FormatError(rules.error());
}

TEST(PathRules, OfTheProgramKnowLinux) {
  const PathRules rules = PathRules::Default();
  const struct {
    const char* path;
    PathKind kind;
    const char* name;
  } cases[] = {
      {"kernel/fork.c", PathKind::kCode, ""},
      {"Documentation/conf.py", PathKind::kDocumentation, ""},
      {"drivers/net/README", PathKind::kDocumentation, ""},
      {"lib/CMakeLists.txt", PathKind::kCode, ""},
      {"MAINTAINERS", PathKind::kDocumentation, ""},
      {"tools/testing/selftests/net/x.c", PathKind::kTests, ""},
      {"arch/x86/kvm/x86.c", PathKind::kCode, ""},
      {"arch/arm64/mm/init.c", PathKind::kOtherArchitecture, "arm64"},
      {"arch/Kconfig", PathKind::kCode, ""},
      {"drivers/s390/block/dasd.c", PathKind::kOtherArchitecture, "s390"},
  };
  for (const auto& c : cases) {
    const PathAnswer answer = rules.Judge(c.path, "x86");
    EXPECT_EQ(answer.kind, c.kind) << c.path;
    EXPECT_EQ(answer.name, c.name) << c.path;
  }
  EXPECT_EQ(rules.Judge("arch/arm64/a.c", "arm64").kind, PathKind::kCode);
  EXPECT_EQ(rules.ArchitectureOf("x86_64"), "x86");
  EXPECT_EQ(rules.ArchitectureOf("gcc (GCC) 8.1.0"), "");
  EXPECT_EQ(rules.assumed_architecture(), "x86");
  EXPECT_FALSE(rules.ConfigKnown());
}

TEST(PathRules, TheFirstThatFitsDecides) {
  const PathRules rules = Read(
      "architecture: amd64\narchitectures: {x86: [amd64]}\n"
      "rules:\n"
      "- {kind: code, paths: [doc/gen/]}\n"
      "- {kind: documentation, paths: [doc/]}\n");
  EXPECT_EQ(rules.assumed_architecture(), "x86");
  EXPECT_EQ(rules.Judge("doc/gen/a", "x86").kind, PathKind::kCode);
  EXPECT_EQ(rules.Judge("doc/a", "x86").kind, PathKind::kDocumentation);
  EXPECT_EQ(rules.Judge("doc", "x86").kind, PathKind::kCode);
}

TEST(PathRules, OptionsThatWereOnMakeCode) {
  const std::string list =
      "rules:\n"
      "- {kind: not-built, option: CONFIG_A, paths: [a/]}\n"
      "- {kind: not-built, option: CONFIG_B, paths: [b/]}\n"
      "- {kind: not-built, paths: [c/]}\n";
  const PathRules unknown = Read(list);
  EXPECT_FALSE(unknown.ConfigKnown());
  EXPECT_EQ(unknown.Judge("a/x", "").name, "CONFIG_A");
  const PathRules known = Read("config: [CONFIG_A]\n" + list);
  EXPECT_TRUE(known.ConfigKnown());
  EXPECT_EQ(known.Judge("a/x", "").kind, PathKind::kCode);
  EXPECT_EQ(known.Judge("b/x", "").kind, PathKind::kNotBuilt);
  EXPECT_EQ(known.Judge("c/x", "").kind, PathKind::kNotBuilt);
}

TEST(PathRules, RefuseWhatIsWrongWithItsPlace) {
  const std::string head = "rebisect: path-rules/1\n";
  const struct {
    std::string text;
    const char* error;
  } cases[] = {
      {"rebisect: noise/1\n", "r.yaml:1:11: error: these are no path rules"},
      {"[]", "r.yaml:1:1: error: these are no path rules"},
      {head, "r.yaml:1:1: error: there is no list 'rules'"},
      {head + "rules: []\nrule: 1\n", "r.yaml:3:1: error: unknown key 'rule'"},
      {head + "rules:\n- 7\n", "r.yaml:3:3: error: a rule has to be a mapping"},
      {head + "rules:\n- {kind: test, paths: [a]}\n",
       "r.yaml:3:10: error: there is no kind 'test'"},
      {head + "rules:\n- {paths: [a]}\n",
       "r.yaml:3:3: error: there is no kind"},
      {head + "rules:\n- {kind: tests}\n", "r.yaml:3:3: error: a rule has"},
      {head + "rules:\n- {kind: tests, paths: []}\n", "r.yaml:3:24: error:"},
      {head + "rules:\n- kind: tests\n  paths:\n  - a\n  - ../b\n",
       "r.yaml:6:5: error: the path '../b' leads outside"},
      {head + "rules:\n- {kind: tests, paths: [[a]]}\n", "r.yaml:3:25: error:"},
      {head + "rules:\n- {kind: tests, path: [a]}\n", "r.yaml:3:3: error:"},
      {head + "rules:\n- {kind: other-architecture, paths: [a]}\n",
       "r.yaml:3:10: error: say which architecture"},
      {head + "rules:\n- {kind: tests, paths: ['a/{architecture}/']}\n",
       "r.yaml:3:10: error: 'architecture' and"},
      {head + "rules:\n- {kind: tests, option: A, paths: [a]}\n",
       "r.yaml:3:10: error: 'option' is for"},
      {head + "rules:\n- {kind: other-architecture, paths: "
              "['a/{architecture}/b']}\n",
       "r.yaml:3:38: error: {architecture}/ has to end a path"},
      {head + "architectures: {x86: }\nrules: []\n", "r.yaml:2:"},
      {head + "config: {A: y}\nrules: []\n", "r.yaml:2:9: error: 'config'"},
  };
  for (const auto& c : cases) {
    EXPECT_THAT(Refusal(c.text), HasSubstr(c.error)) << c.text;
  }
}

}  // namespace
}  // namespace rebisect
