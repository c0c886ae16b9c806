#include "harness/diagnose/culprit_findings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/git/write_repository.h"
#include "tests/harness/testing/program.h"
#include "tests/support/git_command.h"
#include "tests/support/graph_literal.h"
#include "tests/support/temp_folder.h"

namespace rebisect {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using testing_support::CommitLiteral;
using testing_support::IdOf;
using testing_support::JsonLines;
using testing_support::ProgramRun;
using testing_support::PutFile;
using testing_support::RunProgram;
using testing_support::RunShell;
using testing_support::TempFolder;

const FileMap kBefore = {{"a.c", "int a;\n"}, {"README", "x\n"}};

/// A root, its child, and what else a test needs; `files` by name.
class CulpritFindingsTest : public ::testing::Test {
 protected:
  void Write(const std::vector<CommitLiteral>& commits,
             const std::map<std::string, FileMap>& files,
             const std::map<std::string, std::string>& refs = {}) {
    const auto graph = CommitGraph::Build(testing_support::Arrays(commits));
    ASSERT_TRUE(graph.has_value());
    WriteOptions options;
    options.files.resize(graph->size());
    for (const auto& [name, content] : files) {
      options.files[*graph->Find(IdOf(name))] = content;
    }
    options.refs["refs/heads/master"] = *graph->Find(IdOf(commits.back().name));
    for (const auto& [ref, name] : refs) {
      options.refs[ref] = *graph->Find(IdOf(name));
    }
    const auto ids = WriteRepository(*graph, folder_ / "r", options);
    ASSERT_TRUE(ids.has_value()) << FormatError(ids.error());
    for (const CommitLiteral& commit : commits) {
      ids_[commit.name] = (*ids)[*graph->Find(IdOf(commit.name))];
    }
  }

  /// good - bad, which changes kBefore into this.
  void WriteChange(const FileMap& after) {
    Write({{"good", {}}, {"bad", {"good"}}},
          {{"good", kBefore}, {"bad", after}});
  }

  std::vector<CulpritFinding> Find(
      const Recording& recording = {},
      const PathRules& rules = PathRules::Default()) {
    GraphOptions options;
    options.repositories = {folder_ / name_};
    auto source = GraphSource::FromOptions(options);
    EXPECT_TRUE(source.has_value());
    GraphQuestion question;
    question.bad = {ids_["bad"]};
    question.goods = {ids_["good"]};
    EXPECT_TRUE((*source)->Load(question).has_value());
    return FindOnCulprit(recording, **source, ids_["bad"], rules);
  }

  std::vector<std::string> Codes(const Recording& recording = {}) {
    std::vector<std::string> codes;
    for (const CulpritFinding& finding : Find(recording)) {
      codes.push_back(finding.code);
    }
    return codes;
  }

  static FileMap With(FileMap files) {
    for (const auto& [path, text] : kBefore) files.emplace(path, text);
    return files;
  }

  std::string name_ = "r";
  TempFolder folder_;
  std::map<std::string, CommitId> ids_;
};

TEST_F(CulpritFindingsTest, NothingOnCode) {
  WriteChange(With({{"a.c", "long a;\n"}, {"README", "y\n"}}));
  EXPECT_THAT(Codes(), IsEmpty());
}

TEST_F(CulpritFindingsTest, DocumentationAlone) {
  WriteChange(With({{"README", "y\n"}, {"Documentation/n.txt", "new\n"}}));
  const auto findings = Find();
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].code, "documentation-only");
  EXPECT_EQ(findings[0].message,
            "it changes only documentation (2 files): a strong doubt, since "
            "what was built cannot differ by it");
}

TEST_F(CulpritFindingsTest, CommentsAlone) {
  WriteChange(With({{"a.c", "/* A. */\nint a; // b\n"}, {"README", "y\n"}}));
  const auto findings = Find();
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].code, "comments-only");
  EXPECT_THAT(findings[0].message,
              HasSubstr("documentation (1 file), comments (1 file): a strong "
                        "doubt"));
}

TEST_F(CulpritFindingsTest, NewFilesAreCode) {
  WriteChange(With({{"b.c", "/* nothing */\n"}}));
  EXPECT_THAT(Codes(), IsEmpty());
}

TEST_F(CulpritFindingsTest, TestsAlone) {
  WriteChange(With({{"tools/testing/a.c", "int b;\n"}, {"README", "y\n"}}));
  EXPECT_THAT(Codes(), ElementsAre("tests-only"));
}

TEST_F(CulpritFindingsTest, NoChangeAtAll) {
  WriteChange(kBefore);
  EXPECT_THAT(Codes(), ElementsAre("no-change"));
}

TEST_F(CulpritFindingsTest, AnotherArchitectureIsAnAssumptionOrNot) {
  WriteChange(With({{"arch/arm64/a.c", "int b;\n"}}));
  const auto assumed = Find();
  ASSERT_EQ(assumed.size(), 1U);
  EXPECT_EQ(assumed[0].code, "other-architecture");
  EXPECT_THAT(assumed[0].message, HasSubstr("code for arm64 (1 file)"));
  EXPECT_THAT(assumed[0].message, HasSubstr("x86 is assumed"));
  Recording recording;
  rebisect::Test test;
  test.compiler = "s390x-linux-gnu-gcc (GCC) 12.2.0";
  recording.events = {test};
  const auto known = Find(recording);
  ASSERT_EQ(known.size(), 1U);
  EXPECT_THAT(known[0].message, HasSubstr("a build for s390 holds none"));
  EXPECT_THAT(known[0].message, Not(HasSubstr("assumed")));
  test.compiler = "aarch64-linux-gnu-gcc (GCC) 12.2.0";
  recording.events = {test};
  EXPECT_THAT(Codes(recording), IsEmpty());
}

TEST_F(CulpritFindingsTest, NothingIsForAnotherMachineThanNone) {
  WriteChange(With({{"arch/arm64/a.c", "int b;\n"}}));
  const std::string rules =
      "rebisect: path-rules/1\nrules:\n"
      "- {kind: other-architecture, paths: ['arch/{architecture}/']}\n";
  EXPECT_THAT(Find({}, *PathRules::Read(rules, "r")), IsEmpty());
}

TEST_F(CulpritFindingsTest, CommentsCountWhereverTheyAre) {
  Write({{"good", {}}, {"bad", {"good"}}},
        {{"good", With({{"arch/arm64/a.c", "int b;\n"}})},
         {"bad", With({{"arch/arm64/a.c", "int b; /* x */\n"}})}});
  EXPECT_THAT(Codes(), ElementsAre("comments-only"));
}

TEST_F(CulpritFindingsTest, WhatIsNotBuilt) {
  WriteChange(With({{"drivers/x/a.c", "int b;\n"}}));
  const std::string text =
      "rebisect: path-rules/1\nrules:\n"
      "- {kind: not-built, option: CONFIG_X, paths: [drivers/x/]}\n";
  const auto open = Find({}, *PathRules::Read(text, "r"));
  ASSERT_EQ(open.size(), 1U);
  EXPECT_EQ(open[0].code, "not-built");
  EXPECT_THAT(open[0].message, HasSubstr("CONFIG_X"));
  EXPECT_THAT(open[0].message, HasSubstr("is not recorded"));
  const auto known = Find({}, *PathRules::Read(text + "config: []\n", "r"));
  ASSERT_EQ(known.size(), 1U);
  EXPECT_THAT(known[0].message, Not(HasSubstr("is not recorded")));
}

TEST_F(CulpritFindingsTest, AMergeThatIsARelease) {
  Write({{"root", {}},
         {"good", {"root"}},
         {"side", {"root"}},
         {"bad", {"good", "side"}}},
        {{"root", kBefore},
         {"good", With({{"b.c", "int b;\n"}})},
         {"side", With({{"c.c", "int c;\n"}})},
         {"bad", With({{"b.c", "int b;\n"}, {"c.c", "int c;\n"}})}},
        {{"refs/tags/v5.6", "bad"},
         {"refs/tags/mine", "bad"},
         {"refs/tags/v5.5", "good"}});
  EXPECT_THAT(Codes(), ElementsAre("merge", "release-tag"));
  EXPECT_THAT(Find()[1].message, HasSubstr("tagged v5.6:"));
}

TEST_F(CulpritFindingsTest, EqualSignaturesStatedOrTested) {
  WriteChange(With({{"a.c", "long a;\n"}}));
  Recording stated;
  stated.summary.culprit_signature = stated.summary.parent_signature = "ab";
  EXPECT_THAT(Codes(stated), ElementsAre("equal-signature"));
  Recording tested;
  for (const char* name : {"bad", "good"}) {
    rebisect::Test test;
    test.commit = ids_[name].Hex();
    test.signature = "cd";
    tested.events.emplace_back(test);
  }
  EXPECT_THAT(Codes(tested), ElementsAre("equal-signature"));
  std::get<rebisect::Test>(tested.events[0]).signature = "ce";
  EXPECT_THAT(Codes(tested), IsEmpty());
}

TEST_F(CulpritFindingsTest, SayWhatAPartialCloneLacks) {
  WriteChange(With({{"a.c", "int a; // x\n"}}));
  const auto clone = [this](const std::string& filter) {
    name_ = "partial-" + filter.substr(0, 4);
    return RunShell(folder_.path(),
                    "git -C r config uploadpack.allowFilter true && "
                    "git clone -q --bare --filter=" +
                        filter + " file://$PWD/r " + name_)
        .status;
  };
  ASSERT_EQ(clone("tree:0"), 0);
  auto findings = Find();
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].code, "trees-missing");
  EXPECT_THAT(findings[0].message,
              HasSubstr("which files it changes was not looked at: the "
                        "repository lacks"));
  ASSERT_EQ(clone("blob:none"), 0);
  findings = Find();
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].code, "trees-missing");
  EXPECT_THAT(findings[0].message, HasSubstr("whether 1 file"));
}

TEST_F(CulpritFindingsTest, AreInWhatDiagnoseSays) {
  WriteChange(With({{"README", "y\n"}}));
  const std::string bad = ids_["bad"].Hex();
  PutFile(folder_ / "log", "git bisect start '" + bad + "' '" +
                               ids_["good"].Hex() + "'\n# first bad commit: [" +
                               bad + "] x\n");
  const ProgramRun text =
      RunProgram({"diagnose", "--repo", folder_ / "r", folder_ / "log"});
  EXPECT_EQ(text.exit_code, 0) << text.errors;
  EXPECT_THAT(text.out, HasSubstr("  culprit\n    documentation-only: it"));
  const ProgramRun json = RunProgram({"diagnose", "--format", "json", "--repo",
                                      folder_ / "r", folder_ / "log"});
  const auto objects = JsonLines(json.out);
  ASSERT_EQ(objects.size(), 1U);
  ASSERT_EQ(objects[0]["culprit_findings"].size(), 1U);
  EXPECT_EQ(objects[0]["culprit_findings"][0]["code"], "documentation-only");
  EXPECT_TRUE(objects[0]["culprit_findings"][0]["message"].is_string());

  PutFile(folder_ / "rules",
          "rebisect: path-rules/1\nrules: [{kind: code, paths: [.]}]\n");
  const ProgramRun other =
      RunProgram({"diagnose", "--path-rules", folder_ / "rules", "--repo",
                  folder_ / "r", folder_ / "log"});
  EXPECT_EQ(other.exit_code, 0);
  EXPECT_THAT(other.out, Not(HasSubstr("-only")));
  PutFile(folder_ / "rules", "rebisect: path-rules/1\nrules: 1\n");
  const ProgramRun wrong =
      RunProgram({"diagnose", "--path-rules", folder_ / "rules", "--repo",
                  folder_ / "r", folder_ / "log"});
  EXPECT_EQ(wrong.exit_code, 2);
  EXPECT_THAT(wrong.errors, HasSubstr("rules:2:8: error: there is no list"));
}

TEST_F(CulpritFindingsTest, AGraphWithoutTreesHasThoseThatNeedNone) {
  WriteChange(With({{"README", "y\n"}}));
  const std::string bad = ids_["bad"].Hex();
  const std::string good = ids_["good"].Hex();
  PutFile(folder_ / "dag", good + " 1\n" + bad + " 2 " + good + '\n' + bad +
                               " refs/tags/v1.0\n");
  PutFile(folder_ / "log", "git bisect start '" + bad + "' '" + good +
                               "'\n# first bad commit: [" + bad + "] x\n");
  const ProgramRun run = RunProgram({"diagnose", "--format", "json", "--dag",
                                     folder_ / "dag", folder_ / "log"});
  const auto objects = JsonLines(run.out);
  ASSERT_EQ(objects.size(), 1U) << run.errors;
  const auto& findings = objects[0]["culprit_findings"];
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0]["code"], "release-tag");
}

}  // namespace
}  // namespace rebisect
