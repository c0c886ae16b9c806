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

TEST(Layering, HoldsInTheProject) {
  const std::vector<SourceFile> files = ProjectFiles();
  ASSERT_GT(files.size(), 20U) << "too few files in " << REBISECT_SOURCE_DIR;
  std::vector<Finding> findings;
  for (const SourceFile& file : files) {
    for (Finding& finding : CheckText(file.path, file.text)) {
      findings.push_back(std::move(finding));
    }
  }
  EXPECT_TRUE(findings.empty()) << '\n' << Listed(findings);
}

TEST(Layering, EverySourceIsBuilt) {
  const std::vector<Finding> findings = FindOrphans(ProjectFiles());
  EXPECT_TRUE(findings.empty()) << '\n' << Listed(findings);
}

TEST(LayeringRules, NamesTheLineOfAnIncludeUpward) {
  EXPECT_EQ(Listed(CheckText("sim/a.h", "\n#include \"harness/b.h\"\n")),
            "sim/a.h:2: error: includes harness/b.h; sim is the lowest room\n");
}

TEST(LayeringRules, KnowEachRoom) {
  struct Case {
    std::string_view path;
    std::string_view line;
    bool allowed;
  };
  static constexpr Case kCases[] = {
      {"scenarios/a.cc", "#include \"sim/b.h\"", true},
      {"scenarios/a.cc", "#include \"oracle/b.h\"", false},
      {"oracle/a.cc", "#include \"scenarios/b.h\"", true},
      {"oracle/a.cc", "# include \"harness/b.h\"", false},
      {"harness/a.cc", "#include \"oracle/b.h\"", true},
      {"harness/a.cc", "#include \"tests/support/b.h\"", false},
      {"harness/a.cc", "#include <gtest/gtest.h>", false},
      {"harness/testing/a.h", "#include <gtest/gtest.h>", true},
      {"harness/testing/a.h", "#include \"tests/support/b.h\"", false},
      {"tests/sim/a.cc", "#include \"scenarios/b.h\"", false},
      {"tests/sim/a.cc", "#include \"tests/support/b.h\"", true},
      {"tests/e2e/a.cc", "#include \"harness/b.h\"", true},
      {"sim/git/a.cc", "#include <git2.h>", true},
      {"sim/io/a.cc", "#include <git2/oid.h>", false},
      {"tests/harness/a.cc", "#include <git2.h>", false},
      {"sim/io/a.cc", "#include <zlib.h>", true},
      {"sim/git/a.cc", "#include <zlib.h>", false},
      {"scenarios/a.cc", "#include <yaml-cpp/yaml.h>", true},
      {"harness/a.cc", "#include <yaml-cpp/yaml.h>", false},
      {"sim/a.cc", "#include <cstdio>", false},
      {"sim/check.h", "#include <cstdio>", true},
      {"sim/io/a.cc", "#include <cstdio>", true},
      {"sim/a.cc", "  #include <chrono>", false},
      {"sim/a.cc", "// #include <chrono>", true},
      {"sim/a.cc", "#include <fmt/format.h>", false},
      {"sim/a.cc", "#include \"sim/thread_free.h\"", true},
      {"tests/sim/a.cc", "#include <random>", false},
      {"harness/a.cc", "#include \"harness/random.h\"", true},
      {"harness/a.cc", "#include \"random/a.h\"", true},
  };
  for (const Case& c : kCases) {
    EXPECT_EQ(CheckText(c.path, c.line).empty(), c.allowed)
        << c.path << ": " << c.line;
  }
}

TEST(LayeringRules, FindPathsOfAMachine) {
  const std::string line = "see /ho" + std::string("me/someone/linux");
  EXPECT_EQ(CheckText("README.md", line).size(), 1U);
}

TEST(LayeringRules, FindSourcesThatNoListNames) {
  const std::vector<SourceFile> files = {
      {"CMakeLists.txt", "add_executable(x tools/x.cc)"},
      {"sim/CMakeLists.txt", "add_library(sim\n  graph.cc my_set.cc)"},
      {"sim/graph.cc", ""},
      {"sim/set.cc", ""},
      {"tools/x.cc", ""},
  };
  EXPECT_EQ(Listed(FindOrphans(files)),
            "sim/set.cc:1: error: stands in no CMakeLists.txt\n");
}

}  // namespace
}  // namespace rebisect::layering
