#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "tests/layering_rules.h"

namespace rebisect::layering {
namespace {

namespace fs = std::filesystem;

std::string Listed(const std::vector<Finding>& findings) {
  std::string text;
  for (const Finding& finding : findings) {
    text += finding.file + ":" + std::to_string(finding.line) +
            ": error: " + finding.message + "\n";
  }
  return text;
}

/// Sources, scripts and prose; not the compressed data.
bool IsText(const fs::path& path) {
  static constexpr std::string_view kEndings[] = {
      ".h", ".cc", ".txt", ".md", ".sh", ".json", ".yaml", ".cmake"};
  const std::string ending = path.extension().string();
  return std::find(std::begin(kEndings), std::end(kEndings), ending) !=
             std::end(kEndings) ||
         path.filename() == "dev";
}

SourceFile Read(const fs::path& root, const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {path.lexically_relative(root).generic_string(),
          std::string(std::istreambuf_iterator<char>(in), {})};
}

/// The text files of the project, in the order of their paths; what is
/// hidden or built is left out.
std::vector<SourceFile> ProjectFiles() {
  const fs::path root = REBISECT_SOURCE_DIR;
  std::vector<SourceFile> files;
  for (fs::recursive_directory_iterator at(root), end; at != end; ++at) {
    const std::string name = at->path().filename().string();
    if (at->is_directory()) {
      const bool top = at->path().parent_path() == root;
      if (name.starts_with('.') || (top && name.starts_with("build"))) {
        at.disable_recursion_pending();
      }
    } else if (at->is_regular_file() && IsText(at->path())) {
      files.push_back(Read(root, at->path()));
    }
  }
  std::sort(
      files.begin(), files.end(),
      [](const SourceFile& a, const SourceFile& b) { return a.path < b.path; });
  return files;
}

/// The rooms that the project lists.
std::vector<std::string> ProjectRooms(const std::vector<SourceFile>& files) {
  const auto at = std::find_if(
      files.begin(), files.end(),
      [](const SourceFile& file) { return file.path == "CMakeLists.txt"; });
  return at == files.end() ? std::vector<std::string>() : RoomsIn(at->text);
}

TEST(Layering, IncludesOnlyFromRoomsBelow) {
  const std::vector<SourceFile> files = ProjectFiles();
  ASSERT_GT(files.size(), 20U) << "too few files in " << REBISECT_SOURCE_DIR;
  const std::vector<std::string> rooms = ProjectRooms(files);
  ASSERT_GT(rooms.size(), 20U) << "CMakeLists.txt lists no rooms";
  std::vector<Finding> findings;
  for (const SourceFile& file : files) {
    for (Finding& finding : CheckText(rooms, file)) {
      findings.push_back(std::move(finding));
    }
  }
  EXPECT_EQ(Listed(findings), "");
}

TEST(Layering, HasNoIncludeCircle) {
  EXPECT_EQ(Listed(FindCircles(ProjectFiles())), "");
}

TEST(Layering, BuildsEverySource) {
  const std::vector<SourceFile> files = ProjectFiles();
  EXPECT_EQ(Listed(FindStrays(ProjectRooms(files), files)), "");
}

TEST(Layering, DeclaresEverySourceInAHeaderBesideIt) {
  EXPECT_EQ(Listed(FindHeaderless(ProjectFiles())), "");
}

TEST(Layering, DefinesNoTypeNameTwice) {
  EXPECT_EQ(Listed(FindDuplicateTypes(ProjectFiles())), "");
}

const std::vector<std::string> kRooms = {
    "sim/base",       "sim/io",         "sim/git",     "scenarios/logs",
    "oracle/verdict", "harness/replay", "harness/cli", "harness/testing"};

std::string ListedFor(const std::string& path, const std::string& text) {
  return Listed(CheckText(kRooms, {path, text}));
}

TEST(LayeringRules, ReadsTheListOfRooms) {
  EXPECT_EQ(RoomsIn("project(x)\nset(REBISECT_ROOMS\n    sim/a\n    sim/b)\n"),
            (std::vector<std::string>{"sim/a", "sim/b"}));
}

TEST(LayeringRules, NamesTheLineOfAnIncludeUpward) {
  EXPECT_EQ(ListedFor("sim/io/a.h", "\n#include \"harness/cli/b.h\"\n"),
            "sim/io/a.h:2: error: includes harness/cli/b.h; sim/io stands "
            "below harness/cli in REBISECT_ROOMS of CMakeLists.txt\n");
}

TEST(LayeringRules, KnowsEachRoom) {
  struct Case {
    const char* path;
    const char* line;
    bool allowed;
  };
  static constexpr Case kCases[] = {
      {"scenarios/logs/a.cc", "#include \"sim/io/b.h\"", true},
      {"scenarios/logs/a.cc", "#include \"oracle/verdict/b.h\"", false},
      {"oracle/verdict/a.cc", "#include \"scenarios/logs/b.h\"", true},
      {"oracle/verdict/a.cc", "# include \"harness/cli/b.h\"", false},
      {"harness/replay/a.cc", "#include \"harness/replay/b.h\"", true},
      {"harness/replay/a.cc", "#include \"harness/cli/b.h\"", false},
      {"harness/cli/a.cc", "#include \"harness/replay/b.h\"", true},
      {"harness/cli/a.cc", "#include \"tests/support/b.h\"", false},
      {"harness/cli/a.cc", "#include <gtest/gtest.h>", false},
      {"harness/testing/a.h", "#include <gtest/gtest.h>", true},
      {"harness/testing/a.h", "#include \"tests/support/b.h\"", false},
      {"tests/sim/a.cc", "#include \"scenarios/logs/b.h\"", false},
      {"tests/sim/a.cc", "#include \"tests/support/b.h\"", true},
      {"tests/e2e/a.cc", "#include \"harness/cli/b.h\"", true},
      {"sim/git/a.cc", "#include <git2.h>", true},
      {"sim/io/a.cc", "#include <git2/oid.h>", false},
      {"tests/harness/a.cc", "#include <git2.h>", false},
      {"sim/io/a.cc", "#include <zlib.h>", true},
      {"sim/git/a.cc", "#include <zlib.h>", false},
      {"scenarios/yaml/a.cc", "#include <yaml-cpp/yaml.h>", true},
      {"scenarios/logs/a.cc", "#include <yaml-cpp/yaml.h>", false},
      {"sim/base/a.cc", "#include <cstdio>", false},
      {"sim/base/check.h", "#include <cstdio>", true},
      {"sim/io/a.cc", "#include <cstdio>", true},
      {"sim/base/a.cc", "  #include <chrono>", false},
      {"sim/base/a.cc", "// #include <chrono>", true},
      {"sim/base/a.cc", "#include <fmt/format.h>", false},
      {"tests/sim/a.cc", "#include <random>", false},
  };
  for (const Case& c : kCases) {
    EXPECT_EQ(ListedFor(c.path, c.line).empty(), c.allowed)
        << c.path << ": " << c.line;
  }
}

TEST(LayeringRules, FindsPathsOfAMachine) {
  EXPECT_NE(ListedFor("README.md", "see /ho" + std::string("me/x/linux")), "");
}

TEST(LayeringRules, FindsSourcesOutsideTheRooms) {
  EXPECT_EQ(Listed(FindStrays({"sim/base"}, {{"sim/base/a.cc", ""},
                                             {"sim/lost/b.cc", ""},
                                             {"tests/sim/base/a_test.cc", ""},
                                             {"tests/sim/c_test.cc", ""},
                                             {"tests/e2e/d_test.cc", ""}})),
            "sim/lost/b.cc:1: error: is in no room of REBISECT_ROOMS, so that "
            "nothing builds it\n"
            "tests/sim/c_test.cc:1: error: is in no room of REBISECT_ROOMS, so "
            "that nothing builds it\n");
}

TEST(LayeringRules, FindsCirclesOfHeaders) {
  EXPECT_EQ(FindCircles({{"sim/a.h", "#include \"sim/b.h\""},
                         {"sim/b.h", "#include \"sim/c.h\""},
                         {"sim/c.h", "#include \"sim/a.h\""}})
                .size(),
            1U);
  EXPECT_TRUE(FindCircles({{"sim/a.h", "#include \"sim/b.h\""},
                           {"sim/b.h", "#include <vector>"}})
                  .empty());
}

TEST(LayeringRules, FindsSourcesThatNoHeaderDeclares) {
  const std::vector<SourceFile> files = {
      {"sim/a.h", "// Sources: a_read.cc: its reader.\n"},
      {"sim/a.cc", ""},
      {"sim/a_read.cc", ""},
      {"sim/alone.cc", ""}};
  const std::vector<Finding> findings = FindHeaderless(files);
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].file, "sim/alone.cc");
}

TEST(LayeringRules, FindsTypesOfOneName) {
  const std::vector<SourceFile> files = {
      {"sim/a.h",
       "namespace x {\nclass A final : public B {\n  struct C {};\n};"
       "\nenum class E : char { kOne };\n}"},
      {"sim/b.cc",
       "namespace x {\nnamespace {\nstruct A {};\n}\nA Make() {\n"
       "  struct E {};\n}\nstruct C;\n// struct E {\n}"}};
  EXPECT_EQ(Listed(FindDuplicateTypes(files)),
            "sim/b.cc:1: error: defines A, as sim/a.h does\n");
}

}  // namespace
}  // namespace rebisect::layering
