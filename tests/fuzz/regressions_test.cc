// What fuzzing begins with, and what it once found, as a test of every build.

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "tests/fuzz/targets.h"
#include "tests/support/temp_folder.h"

namespace rebisect::fuzz {
namespace {

namespace fs = std::filesystem;

const fs::path kProject = REBISECT_SOURCE_DIR;
const fs::path kHere = kProject / "tests/fuzz";

/// The words of the lines of targets.txt: name, dictionary, seeds.
std::vector<std::vector<std::string>> Listed() {
  std::vector<std::vector<std::string>> rows;
  std::ifstream file(kHere / "targets.txt");
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line[0] == '#') continue;
    std::istringstream words(line);
    rows.emplace_back();
    for (std::string word; words >> word;) rows.back().push_back(word);
  }
  return rows;
}

std::vector<fs::path> FilesIn(const fs::path& folder) {
  std::vector<fs::path> files;
  if (!fs::is_directory(folder)) return files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

class FuzzRegression : public testing::TestWithParam<FuzzTarget> {};

TEST_P(FuzzRegression, TakesEveryKnownInput) {
  const std::string name(GetParam().name);
  std::vector<fs::path> folders{kHere / "corpus" / name,
                                kHere / "regressions" / name};
  for (const auto& row : Listed()) {
    if (row[0] != name) continue;
    folders.insert(folders.end(), row.begin() + 2, row.end());
  }
  std::size_t inputs = 0;
  for (const fs::path& folder : folders) {
    for (const fs::path& file : FilesIn(kProject / folder)) {
      SCOPED_TRACE(file);
      GetParam().run(testing_support::GetFile(file));
      ++inputs;
    }
  }
  EXPECT_GT(inputs, 0U) << "nothing to begin with";
}

INSTANTIATE_TEST_SUITE_P(Targets, FuzzRegression,
                         testing::ValuesIn(FuzzTargets().begin(),
                                           FuzzTargets().end()),
                         [](const auto& target) {
                           std::string name(target.param.name);
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

TEST(FuzzTargets, AreThoseOfTheList) {
  std::set<std::string> known;
  for (const FuzzTarget& target : FuzzTargets()) known.emplace(target.name);
  std::set<std::string> listed;
  for (const auto& row : Listed()) {
    listed.insert(row[0]);
    ASSERT_GE(row.size(), 2U) << row[0];
    EXPECT_TRUE(row[1] == "-" || fs::exists(kHere / "dictionaries" / row[1]))
        << row[1];
  }
  EXPECT_EQ(listed, known);
  for (const char* folder : {"corpus", "regressions"}) {
    if (!fs::is_directory(kHere / folder)) continue;
    for (const auto& entry : fs::directory_iterator(kHere / folder)) {
      EXPECT_EQ(known.count(entry.path().filename()), 1U) << entry.path();
    }
  }
}

}  // namespace
}  // namespace rebisect::fuzz
